"""What one attempt asks of models, its calls counted, so that a journal finds each again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping

import msgspec

from callsmith.errors import ModelError, Unanswered
from callsmith.ports import Model
from callsmith.records import Json, Place, Reply, Request, Role, Schema, Usage
from callsmith.schema import first_error, unwritable

JSON = "JSON"  # the form most answers are asked for in
SHOWN = 4000  # characters of a wrong answer that are sent back with what is wrong with it
_STARTS = 64  # places in an answer at which JSON is looked for
_FENCE = re.compile(r"```[A-Za-z0-9]*[ \t]*\n(.*?)```", re.DOTALL)
_OPEN = re.compile(r"[{\[]")


class Streaks:
    """Answers in a row of each role and form that had not that form, over a whole run: a model that never keeps to one
    ends it.

    ``most`` of them raise, once; 0 never does.
    """

    def __init__(self, most: int = 0) -> None:
        self._most = most
        self._formless: dict[tuple[Role, str], int] = {}

    def formed(self, role: Role, form: str) -> None:
        """A role gave an answer of its form, whatever stands in it."""
        self._formless[role, form] = 0

    def formless(self, role: Role, form: str, wrong: str) -> None:
        """A role gave none, however often it was corrected.

        Raises:
            ModelError: it has not for a long time.
        """
        self._formless[role, form] = count = self._formless.get((role, form), 0) + 1
        if count == self._most:
            raise ModelError(
                f"the {role} answered {count} requests for {form} in a row in no form it was told; "
                f"the last time: {wrong}",
                hint="try another model or structured: under models, or set limits: max_formless; "
                "the same command goes on",
                lasting=True,
            )


class Asking:
    """What one attempt asks of models. A role without an endpoint of its own is played by the writer's.

    Calls are counted when they are asked, so single calls may be gathered. Chains of calls that run beside one
    another would be counted in the order they arrive in: run them one after the other.

    ``calls`` and ``usage`` are what was asked so far, whether it was paid for now or found in a journal.
    """

    def __init__(
        self, models: Mapping[Role, Model], slot: int, attempt: int, streaks: Streaks | None = None
    ) -> None:
        self._streaks = streaks or Streaks()
        self.calls = 0
        self.usage = Usage()
        self._models = models
        self._slot = slot
        self._attempt = attempt
        self._next = 0

    async def ask(self, role: Role, request: Request, *, left: int = 1) -> Reply:
        """The answer to one request.

        ``left``: how many calls the conversation is still expected to need, this one included.

        Raises:
            ModelError: no answer can be had.
        """
        return await self._ask(role, request, self._reserved(1), left)

    async def ask_json(
        self,
        role: Role,
        request: Request,
        *,
        fault: Callable[[Json], str] = lambda _: "",
        corrections: int = 2,
        left: int = 1,
    ) -> Json:
        """The answer to a request with a ``schema``, as a value that satisfies it and in which ``fault`` finds nothing.

        Code fences and prose around the JSON are passed over. What does not fit is sent back with the validator's
        own words, or those of ``fault``, at most ``corrections`` times.

        Raises:
            ModelError: no answer can be had.
            Unanswered: no answer fitted.
        """
        schema = request.schema
        if schema is None:
            raise ValueError("ask_json needs a request with a schema")
        place = self._reserved(corrections + 1)  # so that a correction shifts the count of nothing else
        wrong = ""
        formless = True
        for turn in range(corrections + 1):
            reply = await self._ask(role, request, place + turn, left)
            value, wrong = read_json(reply, schema)
            if not wrong:
                formless = False
                self.formed(role)
                wrong = fault(value)
            if not wrong:
                return value
            request = msgspec.structs.replace(request, messages=_corrected(request, reply, wrong))
        if formless:
            self.formless(role, wrong)
        raise Unanswered(f"{role}: {wrong}")

    def formed(self, role: Role, form: str = JSON) -> None:
        """Tell that a role gave an answer of a form, for whoever reads answers itself."""
        self._streaks.formed(role, form)

    def formless(self, role: Role, wrong: str, form: str = JSON) -> None:
        """Tell that a role gave none of a form, however often it was corrected.

        Raises:
            ModelError: it has not for a long time.
        """
        self._streaks.formless(role, form, wrong)

    def _reserved(self, count: int) -> int:
        place = self._next
        self._next += count
        return place

    async def _ask(self, role: Role, request: Request, n: int, left: int) -> Reply:
        model = self._models.get(role) or self._models.get("writer")
        if model is None:
            raise ModelError(
                f"no model plays the {role}",
                hint=f"name one under models: {role}, or one for all under models: default",
                lasting=True,
            )
        reply = await model.complete(request, Place(self._slot, self._attempt, n, left))
        used, total = reply.usage, self.usage
        self.calls += 1
        self.usage = Usage(
            total.prompt + used.prompt, total.completion + used.completion, total.cached + used.cached
        )
        return reply


def read_json(reply: Reply, schema: Schema) -> tuple[Json, str]:
    """The value in an answer that satisfies ``schema`` and ``""``, or None and what is wrong with the answer."""
    wrong = ""
    for value in _values(reply.text):
        odd = unwritable(value)
        error = ("", f"it cannot be written: {odd}") if odd else first_error(schema, value)
        if error is None:
            return value, ""
        pointer, message = error
        wrong = wrong or (f"at {pointer}: {message}" if pointer else message)
    if reply.finish == "length":
        return None, "the answer was cut off at the limit of its length; answer more briefly"
    return None, wrong or "the answer holds no JSON"


def _values(text: str) -> Iterator[Json]:
    """JSON in an answer: the whole of it, its fenced blocks, then whatever begins like an object or an array."""
    for part in (text, *_FENCE.findall(text)):
        try:
            yield json.loads(part, parse_constant=_refused)
        except (ValueError, RecursionError):
            continue
    decoder = json.JSONDecoder(parse_constant=_refused)
    start, tried = 0, 0
    while tried < _STARTS and (found := _OPEN.search(text, start)):
        tried += 1
        try:
            value, start = decoder.raw_decode(text, found.start())
            yield value
        except (ValueError, RecursionError):
            start = found.start() + 1


def _refused(constant: str) -> Json:
    raise ValueError(f"{constant} is not JSON")


def _corrected(request: Request, reply: Reply, wrong: str) -> list[Mapping[str, Json]]:
    """The conversation with a wrong answer and what is wrong with it."""
    return [
        *request.messages,
        {"role": "assistant", "content": reply.text[:SHOWN]},
        {
            "role": "user",
            "content": f"That answer does not fit: {wrong}\nAnswer again, with nothing but the JSON.",
        },
    ]
