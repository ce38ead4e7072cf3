"""A model behind an endpoint: its requests limited, tried again where that helps, and accounted for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import msgspec

from callsmith import seeds
from callsmith.config_models import Endpoint
from callsmith.errors import BudgetSpent, ModelError
from callsmith.models import http, profiles, troubles, wire
from callsmith.models.budget import Budget, Figures, Tally
from callsmith.models.journal import Journal
from callsmith.models.limits import Limit, Outcome, Patience
from callsmith.models.profiles import Kind
from callsmith.models.troubles import Trouble
from callsmith.ports import Admitted
from callsmith.records import Place, Reply, Request, Usage

TRIES = 8  # of one call
FIRST_TRIES = 3  # of one call to a server that was never reached
PROBES = 3  # of one way to tell a form, where a server fails at it
GONE = 3  # calls in a row, of a server that answered before, that end without an answer
UNWILLING = 10  # requests in a row that a server that never answered turned down
LARGEST = 1 << 20  # bytes of an answer, and as many more for each token it may have:
PER_TOKEN = 64


class Server:
    """What all roles played by one endpoint share: its limit, and what was learned of it."""

    def __init__(self, endpoint: Endpoint, key: str, limit: Limit, journal: Journal | None) -> None:
        self.endpoint = endpoint
        self.limit = limit
        self.url = endpoint.base_url.rstrip("/") + "/chat/completions"
        self.tokens_field = "max_tokens"
        self.answered = 0
        self.exhausted = 0  # calls in a row that ended without an answer
        self.unwilling = 0  # requests in a row that were turned down for what they are
        self._key = key
        self._journal = journal
        self._forms: dict[Kind, asyncio.Task[str]] = {}

    @property
    def authorization(self) -> str:
        """What every request carries; the only place the key is put."""
        return f"Bearer {self._key}" if self._key else ""

    def trouble(self, status: int, headers: Mapping[str, str], payload: bytes) -> Trouble:
        """What a refusal means."""
        return troubles.of_status(self.endpoint, self._key, status, headers, payload)

    async def form(
        self, kind: Kind, ask: Callable[[Request, str], Awaitable[Reply]], figures: Figures
    ) -> str:
        """How the server takes a schema or a grammar: found out once, and remembered with the run."""
        known = self._forms.get(kind)
        if known is None:
            known = self._forms[kind] = asyncio.create_task(self._find_out(kind, ask))
        try:
            form = await asyncio.shield(known)
        except (ModelError, BudgetSpent):
            self._forms.pop(kind, None)
            raise
        wanted = self.endpoint.structured
        if form == "none" and wanted != "none":
            figures.note(
                f"{self.endpoint.label} does not hold answers to a {kind}; they are checked all the same"
            )
        elif form.endswith("?"):
            figures.note(
                f"{self.endpoint.label} ignores a {kind} sent as {form[:-1]}; answers are checked all the same"
            )
        return form.rstrip("?")

    async def _find_out(self, kind: Kind, ask: Callable[[Request, str], Awaitable[Reply]]) -> str:
        wanted = self.endpoint.structured
        if wanted == "none":
            return "none"
        name = f"form {kind} {wanted} {self.endpoint.label}"
        kept = self._journal.meta(name) if self._journal else None
        if isinstance(kept, str):
            return kept
        form = "none"
        for candidate in profiles.candidates(kind, wanted):
            if await self._heeded(kind, candidate, ask):
                form = candidate
                break
            if wanted == candidate:
                form = f"{candidate}?"  # as the configuration says, though the server seems to ignore it
        if self._journal and self.answered:  # of a server that fails at everything nothing is known
            self._journal.remember(name, form)
        return form

    async def _heeded(self, kind: Kind, form: str, ask: Callable[[Request, str], Awaitable[Reply]]) -> bool:
        try:
            reply = await ask(profiles.probe(kind), form)
        except ModelError as error:
            if error.lasting:
                raise
            return False
        return profiles.heeded(kind, reply.text)


class HttpModel:
    """One role's model. Its key is in no repr, no error, no log and no journal."""

    def __init__(
        self,
        server: Server,
        transport: http.Transport,
        budget: Budget,
        tally: Tally,
        figures: Figures,
        *,
        admitted: Admitted = lambda _: None,
    ) -> None:
        self._admitted = admitted
        self.name = server.endpoint.model
        self._server = server
        self._endpoint = server.endpoint
        self._transport = transport
        self._budget = budget
        self._tally = tally
        self._figures = figures
        self._patience = Patience(server.endpoint.timeout, lambda: server.limit.idle)

    @property
    def waiting(self) -> int:
        """Calls that wait for room at the endpoint."""
        return self._server.limit.crowd

    def canonical(self, request: Request) -> bytes:
        """All that shapes the answer to a request."""
        return wire.canonical(self._endpoint, request)

    async def complete(self, request: Request, place: Place) -> Reply:
        """The model's answer.

        Raises:
            ModelError: it was refused, or did not come in a bounded number of tries.
            BudgetSpent: the run's limits do not allow another call.
        """
        kind = profiles.kind_of(request)
        if kind is None:
            return await self._answer(request, "", place)
        form = await self._server.form(kind, self._probe, self._figures)
        reply = await self._answer(profiles.told(request, form), form, place)
        held = kind == "schema" and form != "none" and reply.finish == "stop"
        if held and request.schema is not None and profiles.misfit(reply.text, request.schema):
            self._tally.misfits += 1
            self._figures.note(f"{self._endpoint.label} gave answers that do not have the form it was told")
        return reply

    async def _probe(self, request: Request, form: str) -> Reply:
        return await self._answer(request, form, Place(-1, 0, 0, left=1 << 30))

    async def _answer(self, request: Request, form: str, place: Place) -> Reply:
        server = self._server
        fields = profiles.fields(request, form)
        most = LARGEST + PER_TOKEN * (self._endpoint.max_tokens or request.max_tokens)
        given_up = turn = 0
        while True:
            got = await self._try(request, fields, place, most, given_up)
            if isinstance(got, Reply):
                return got
            turn += 1
            if got.kind == "fields" and server.tokens_field == "max_tokens":
                server.tokens_field = "max_completion_tokens"
                continue
            failure = self._final(got, turn, probing=place.slot < 0)
            if failure is not None:
                self._tally.failed += 1
                raise failure
            given_up += got.lost == "late"
            self._tally.retries += 1
            rng = seeds.rng("retry", place.slot, place.attempt, place.n, turn)
            await asyncio.sleep(troubles.pause(got, turn - 1, rng))

    def _final(self, trouble: Trouble, tries: int, probing: bool) -> ModelError | None:
        """The error a call ends in after so many tries, or None where another is worth it."""
        server = self._server
        if trouble.kind == "lasting":
            return troubles.error(self._endpoint, trouble, lasting=True)
        if trouble.kind in ("asked_too_much", "fields"):
            server.unwilling += not probing
            never = not server.answered and server.unwilling >= UNWILLING
            return troubles.error(self._endpoint, trouble, lasting=never)
        if probing and trouble.lost is None and trouble.kind == "passing" and tries >= PROBES:
            return troubles.error(
                self._endpoint, trouble, tries=tries
            )  # some fail at a field they do not know
        nobody = trouble.lost == "unreachable" and not server.answered
        if tries >= (FIRST_TRIES if nobody else TRIES):
            server.exhausted += 1
            lasting = not server.answered or server.exhausted >= GONE
            return troubles.error(self._endpoint, trouble, tries=tries, lasting=lasting)
        return None

    async def _try(
        self, request: Request, fields: profiles.Fields, place: Place, largest: int, given_up: int
    ) -> Reply | Trouble:
        server = self._server
        epoch = await server.limit.enter(place.left, wire.prefix(request))
        self._admitted(place)
        outcome: Outcome = "failed"
        usage: Usage | None = None
        retry_after, opened = 0.0, False
        try:
            await self._budget.open()
            opened = True
            self._tally.in_flight += 1
            payload = wire.body(self._endpoint, request, fields, server.tokens_field)
            again = partial(self._beside, payload, place.left, largest)
            status, headers, raw = await self._patience.over(self._post(payload, largest), given_up, again)
            if status != 200 or wire.holds_error(raw):
                trouble = server.trouble(status, headers, raw)
                outcome = "refused" if trouble.kind == "overloaded" else "failed"
                retry_after = trouble.retry_after
                return trouble
            outcome = "answered"
            reply, metered = wire.reply(raw)
            usage = self._account(reply, metered, len(payload))
            server.answered += 1
            server.exhausted = server.unwilling = 0
            return reply
        except TimeoutError:
            return Trouble("passing", "no answer in time", "a longer timeout may help", lost="late")
        except http.Lost as lost:
            return troubles.of_lost(lost)
        except wire.Malformed as malformed:
            usage = malformed.usage
            return Trouble("passing", str(malformed))
        except wire.Declined as declined:
            usage = declined.usage
            return Trouble("asked_too_much", str(declined))
        except BudgetSpent as spent:
            server.limit.close(spent)
            raise
        finally:
            if opened:
                self._tally.in_flight -= 1
                self._tally.cost += self._budget.close(usage, self._endpoint.price)
            server.limit.leave(epoch, outcome, retry_after)

    def _post(self, payload: bytes, largest: int) -> Awaitable[http.Answer]:
        return self._transport.post(self._server.url, payload, self._server.authorization, largest)

    async def _beside(self, payload: bytes, left: int, largest: int) -> http.Answer | None:
        """What the same request gives that is asked a second time while the first is still waited for."""
        limit = self._server.limit
        if self._budget.spent is not None:
            return None
        self._tally.retries += 1
        place = await limit.enter(left)
        try:
            status, headers, raw = await self._post(payload, largest)
        except http.Lost:
            return None
        finally:
            limit.leave(place, "failed")
        return (status, headers, raw) if status == 200 and not wire.holds_error(raw) else None

    def _account(self, reply: Reply, metered: bool, sent: int) -> Usage:
        """What the answer used; where the server does not say, a guess of four bytes a token."""
        tally, used = self._tally, reply.usage
        if not metered:
            tally.unmetered += 1
            said = len(reply.text) + len(reply.reasoning) + len(msgspec.json.encode(reply.calls))
            used = Usage(sent // 4, said // 4)
        tally.answered += 1
        tally.prompt += used.prompt
        tally.completion += used.completion
        tally.cached += used.cached
        return used
