"""What a staging API holds, found by its own read-only listings, so that people can ask for what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from callsmith.records import Answered, Call, Entity, Json, Parameter, Result, Tool, Toolset
from callsmith.schema import steps
from callsmith.world.inferred.pointing import first, reader
from callsmith.world.journal import only_reads

CALLS = 150  # requests an exploration makes at most
PAGES = 5  # of one listing
PARENTS = 8  # records looked into for what lies in them
KEPT = 200  # records of one entity
ROUNDS = 3  # listings of what lies in what lies in what is there
PAGE = 100  # records asked for at once
SURE = 0.5
_TOKENS = ("next_page_token", "nextPageToken", "next_cursor", "nextCursor", "next_token", "cursor", "next")

Ask = Callable[[Call], Result]


class Seen(Struct, frozen=True):
    """A record the API showed, and the arguments that name where it lies."""

    record: Mapping[str, Json]
    scope: Mapping[str, Json] = field(default_factory=dict)


class Explored(Struct, frozen=True):
    """What was found before the first conversation, and how."""

    now: str = ""  # the API's own clock at that time, ISO in UTC
    records: Mapping[str, Sequence[Seen]] = field(default_factory=dict)
    calls: Sequence[Answered] = ()


def explore(toolset: Toolset, ask: Ask) -> tuple[dict[str, list[Seen]], list[Answered]]:
    """Records by entity, from listings that need no argument, or none but a record found before.

    Bounded: ``CALLS`` requests, ``PAGES`` pages a listing, ``KEPT`` records an entity. A listing that fails is left
    out; the calls say so.
    """
    survey = Survey(toolset, ask)
    for _ in range(ROUNDS):
        before = len(survey.calls)
        for tool in toolset.tools:
            if tool.effect in ("list", "search", "read") and only_reads(tool) and tool.confidence >= SURE:
                survey.look(tool)
        if len(survey.calls) == before:
            break
    return survey.found, survey.calls


class Survey:
    """An exploration under way."""

    def __init__(self, toolset: Toolset, ask: Ask) -> None:
        self.entities = {entity.key: entity for entity in toolset.entities}
        self.found: dict[str, list[Seen]] = {}
        self.calls: list[Answered] = []
        self._known: set[tuple[str, str, str]] = set()
        self._asked: set[tuple[str, str]] = set()
        self._ask = ask

    def look(self, tool: Tool) -> None:
        """Ask a tool for everything it shows, wherever its required arguments are known."""
        for scope in self._scopes(tool):
            known = (tool.name, str(sorted(scope.items())))
            if known in self._asked:
                continue
            self._asked.add(known)
            self._pages(tool, scope)

    def _scopes(self, tool: Tool) -> Iterator[dict[str, Json]]:
        """The required arguments, taken from records found: none, or those of what the tool looks into."""
        needed = [parameter for parameter in tool.inputs if parameter.required]
        if not needed:
            yield {}
            return
        if tool.effect == "read":
            return  # one record at a time shows nothing that a list does not
        inner = [parameter for parameter in needed if parameter.refers]
        holders = {parameter.refers for parameter in inner}
        for key in sorted(holders, key=lambda name: -len(self._scope_of(name))):
            for seen in self.found.get(key, [])[:PARENTS]:
                scope = dict(seen.scope)
                entity = self.entities[key]
                scope |= {p.name: first(seen.record, entity.id_pointer) for p in inner if p.refers == key}
                if all(scope.get(parameter.name) is not None for parameter in needed):
                    yield {parameter.name: scope[parameter.name] for parameter in needed}
            return

    def _scope_of(self, key: str) -> Mapping[str, Json]:
        held = self.found.get(key)
        return held[0].scope if held else {}

    def _pages(self, tool: Tool, scope: Mapping[str, Json]) -> None:
        size = _by_facet(tool, "limit")
        token = _by_facet(tool, "page_token")
        page = next((p for p in tool.inputs if p.name.lower() in ("page", "page_number", "pageno")), None)
        offset = next((p for p in tool.inputs if p.name.lower() in ("offset", "skip", "start")), None)
        arguments = dict(scope)
        if size is not None:
            most = size.schema.get("maximum")
            arguments[size.name] = min(PAGE, int(most)) if isinstance(most, (int, float)) else PAGE
        seen = 0
        for number in range(1, PAGES + 1):
            if len(self.calls) >= CALLS:
                return
            result = self._ask(Call(f"explore{len(self.calls)}", tool.name, arguments))
            self.calls.append(Answered(0, tool.name, dict(arguments), result.value, result.error))
            if result.error:
                return
            shown = self._keep(tool, result.value, scope)
            seen += shown
            following = next((value for name in _TOKENS if (value := first(result.value, f"/{name}"))), None)
            if token is not None and isinstance(following, str):
                arguments[token.name] = following
            elif shown and page is not None and "integer" in str(page.schema.get("type")):
                arguments[page.name] = number + 1
            elif shown and offset is not None and "integer" in str(offset.schema.get("type")):
                arguments[offset.name] = seen
            else:
                return

    def _keep(self, tool: Tool, value: Json, scope: Mapping[str, Json]) -> int:
        """How many records were new."""
        new = 0
        for place in tool.yields:
            entity = self.entities.get(place.entity)
            if entity is None or not entity.id_pointer:
                continue
            held = self.found.setdefault(entity.key, [])
            lies_in = {name: item for name, item in scope.items() if _is_scope(tool, name)}
            for record in reader(place.pointer)(value):
                own = first(record, entity.id_pointer) if isinstance(record, Mapping) else None
                known = (entity.key, str(own), str(sorted(lies_in.items())) if entity.parent else "")
                if own is None or known in self._known or len(held) >= KEPT:
                    continue
                self._known.add(known)
                held.append(Seen(record, lies_in))
                new += 1
        return new


def _is_scope(tool: Tool, name: str) -> bool:
    return any(parameter.name == name and parameter.scope for parameter in tool.inputs)


def _by_facet(tool: Tool, facet: str) -> Parameter | None:
    for parameter in tool.inputs:
        if parameter.facet == facet and len(steps(parameter.pointer)) == 1:
            return parameter
    return None


def as_values(entity: Entity, record: Mapping[str, Json]) -> dict[str, Json]:
    """What a record says of every field of its entity; None of those it does not have."""
    pointers = dict.fromkeys(field.pointer.partition("/*")[0] for field in entity.fields)
    return {pointer: first(record, pointer) for pointer in pointers}
