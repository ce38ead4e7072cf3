"""What records live in: a repository, a calendar, a project; and the arguments that say which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import structs

from callsmith.records import Parameter, Tool
from callsmith.schema import collections
from callsmith.understand.entities import Draft, Nouns, canonical
from callsmith.understand.references import by_collection, refers
from callsmith.understand.shapes import id_words
from callsmith.understand.words import singular, tokens

_ASKING = ("read", "list", "search")


def add_unshown(nouns: Nouns, tools: Sequence[Tool]) -> None:
    """Add containers that no tool shows, with nothing but their keys: a repository is its owner and name."""
    for tool in tools:
        names = tool.parameters.get("properties", {})
        by_words = {" ".join(tokens(name)): name for name in names}
        repo = by_words.get("repo") or by_words.get("repository")
        if repo and "owner" in by_words and "repository" not in nouns.drafts:
            keys = {by_words["owner"]: names[by_words["owner"]], repo: names[repo]}
            schema = {"type": "object", "title": "Repository", "properties": keys, "required": list(keys)}
            nouns.drafts["repository"] = Draft(("repository",), [schema])
    _shared_ids(nouns, tools)
    _collected(nouns, tools)


def _collected(nouns: Nouns, tools: Sequence[Tool]) -> None:
    """What the names that arguments ask for lead through and no tool shows: the project that all lies in."""
    for tool in tools:
        properties = tool.parameters.get("properties", {})
        for name in tool.parameters.get("required", ()):
            chain = collections(properties.get(name, {}))
            for place, one in enumerate(chain):
                if not by_collection(one, nouns):
                    words = canonical((*tokens(one)[:-1], singular(tokens(one)[-1])))
                    pattern = "/".join(f"{above}/[^/]+" for above in chain[: place + 1])
                    held = {"type": "string", "pattern": f"^{pattern}$"}
                    schema = {"type": "object", "properties": {"name": held}}
                    nouns.drafts[" ".join(words)] = Draft(words, [schema], unshown=True)


def in_tenant(chain: Sequence[str], nouns: Nouns) -> bool:
    """Whether collections lead to the one place that a user works in: a project, or where in the world it runs."""
    root = nouns.drafts.get(by_collection(chain[0], nouns))
    return root is not None and root.unshown and tuple(chain[1:]) in ((), ("locations",))


def _shared_ids(nouns: Nouns, tools: Sequence[Tool]) -> None:
    """Identifiers that several tools require and no result shows, such as a board's."""
    counts: dict[str, int] = {}
    for tool in tools:
        for name in tool.parameters.get("required", ()):
            words = tokens(name)
            if len(words) > 1 and singular(words[-1]) in id_words():
                noun = " ".join(canonical(words[:-1]))
                if noun not in nouns.drafts and "or" not in words:
                    counts[name] = counts.get(name, 0) + 1
    for name, count in counts.items():
        if count < 3:
            continue
        words = canonical(tokens(name)[:-1])
        example = next(
            tool.parameters["properties"][name] for tool in tools if name in tool.parameters["properties"]
        )
        other = refers(f"/{name}", "", "", nouns)
        if other and (
            other.endswith(f" {words[-1]}") and len(words) == 1 or len(words[0]) == other.count(" ") + 1
        ):
            continue  # another name for what is shown: a lb is a load balancer, a check an uptime check
        schema = {"type": "object", "properties": {"id": example}, "required": ["id"]}
        nouns.drafts.setdefault(" ".join(words), Draft(words, [schema]))


def find(nouns: Nouns, tools: Sequence[Tool]) -> None:
    """Give each entity its container and the entities that arguments must name to reach it."""
    by_entity: dict[str, list[Tool]] = {}
    chains: dict[str, Counter[tuple[str, ...]]] = {}
    for tool in tools:
        for parameter in tool.inputs if tool.effect != "opaque" else ():
            if chain := collections(parameter.schema):
                chains.setdefault(parameter.refers, Counter())[chain] += 1
        by_entity.setdefault(tool.entity, []).append(tool)
    for noun, draft in nouns.drafts.items():
        key = nouns.key(noun)
        mine = by_entity.get(key, [])
        reached = [tool for tool in mine if tool.deed != "create"]
        draft.chain = chain = _chain(chains.get(key, {}))
        if chain:
            above = by_collection(chain[-2], nouns) if len(chain) > 1 else ""
            draft.scope = [nouns.key(above)] if above and above != noun else []
        else:
            draft.scope = _always_named(reached, key) if reached else _only_made(mine, key)
        draft.parent = draft.scope[-1] if draft.scope else ""


def _chain(votes: Mapping[tuple[str, ...], int]) -> tuple[str, ...]:
    """What names of a kind of record lead through: of several ways, the shortest that is not rare."""
    usual = [one for one, count in votes.items() if count * 2 >= max(votes.values())]
    return min(usual, key=lambda one: (len(one), one), default=())


def strange(chain: tuple[str, ...], target: str, own: str, nouns: Nouns) -> bool:
    """Whether names that lead through ``chain`` are none of those that records of a noun have, or that hold its own."""
    known = nouns.drafts[target].chain if target in nouns.drafts else ()
    if target == own or own not in nouns.drafts:
        return bool(known) and known != chain
    mine = nouns.drafts[own].chain
    return (
        bool(known)
        and known != chain
        or len(mine) > 1
        and target != own
        and mine[-1:] != chain[-1:]
        and mine[:-1] != chain
    )


def _named(tool: Tool, key: str) -> list[Parameter]:
    # An owner alone is an account and names no repository of it.
    paired = any(parameter.facet == "repo" for parameter in tool.inputs)
    return [
        parameter
        for parameter in tool.inputs
        if parameter.refers
        and (parameter.facet != "owner" or paired)
        and parameter.pointer != tool.id_field
        and parameter.pointer.count("/") == 1
        and (parameter.required or (parameter.klass == "ambient" and parameter.default is not None))
        and (parameter.refers != key)
    ]


def _always_named(tools: Sequence[Tool], key: str) -> list[str]:
    counts: dict[str, int] = {}
    for tool in tools:
        for target in dict.fromkeys(parameter.refers for parameter in _named(tool, key)):
            counts[target] = counts.get(target, 0) + 1
    asked = [tool for tool in tools if tool.deed in _ASKING] or tools
    needed = {target for target in counts if counts[target] >= 0.6 * len(tools)}
    return [target for target in counts if target in needed and any(
        parameter.refers == target for tool in asked for parameter in _named(tool, key)
    )]  # fmt: skip


def _only_made(tools: Sequence[Tool], key: str) -> list[str]:
    """For records that are only ever made: what they need and do not themselves hold."""
    return list(dict.fromkeys(
        parameter.refers for tool in tools for parameter in _named(tool, key) if not parameter.sets
    ))  # fmt: skip


def scoped(tool: Tool, nouns: Nouns, noun: str) -> tuple[Parameter, ...]:
    """The inputs with those marked that name the container the tool works in."""
    own = nouns.key(noun)
    scope = nouns.drafts[noun].scope
    seen: set[tuple[str, str]] = set()
    paired = any(parameter.facet == "repo" for parameter in tool.inputs)
    result = []
    for parameter in tool.inputs:
        of_own = parameter.facet == "owner" and parameter.refers == own and parameter.required and paired
        inside = parameter.refers in scope and (parameter.required or parameter.klass == "ambient")
        if parameter.facet == "owner" and not paired and parameter.refers != own:
            parameter = structs.replace(parameter, refers="")
        mark = (parameter.refers, "owner" if parameter.facet == "owner" else "")
        if (inside or of_own) and parameter.pointer != tool.id_field and mark not in seen:
            seen.add(mark)
            parameter = structs.replace(parameter, scope=True)
        result.append(parameter)
    return tuple(result)
