"""What intents share: arguments that name other records, focus, and how a finished call is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from callsmith.errors import PlanUnfit
from callsmith.meaning import Ask, Bound, Detail, Listed, Pick, Reply, Source, Target
from callsmith.plan.arguments.fill import pointed
from callsmith.plan.draft import Draft, identity
from callsmith.plan.known import SURE, id_taken, names_tenant
from callsmith.plan.stages import crossing
from callsmith.plan.targets import Located
from callsmith.records import Entity, Parameter, Tool


def holders(tool: Tool) -> list[Parameter]:
    """Parameters that name other records to be found first."""
    return [
        p
        for p in tool.inputs
        if p.klass == "opaque_id" and p.required and not p.scope and not names_tenant(p)
    ]


def sought(parameter: Parameter) -> bool:
    """Whether a call cannot do without this value, and nobody says it: it is found with another tool."""
    given = parameter.default is not None or "default" in parameter.schema
    return parameter.required and parameter.klass == "opaque_id" and not given and not names_tenant(parameter)


def done(draft: Draft, bound: Bound, entity: Entity, ask: Ask) -> Reply:
    return Reply("done", [bound.step.id], entity.key, draft.records_of(bound, entity.key), ask=ask)


def focus_on(draft: Draft, entity: Entity, record: Mapping[str, Any] | None) -> None:
    if record is not None and entity.id_pointer:
        draft.turn_to(entity, record)


def wrapped(parameter: Parameter, source: Source) -> Source:
    """A source as a parameter takes it: one element where it wants an array."""
    if "*" not in parameter.pointer or isinstance(source, Listed):
        return source
    return Listed([source])


def id_parameter(tool: Tool, entity: Entity) -> Parameter:
    """The argument that names the record a tool works on.

    Raises:
        PlanUnfit: it has none, or one that is not understood.
    """
    for parameter in tool.inputs:
        if (
            parameter.pointer == tool.id_field or (not tool.id_field and parameter.refers == entity.key)
        ) and not parameter.scope:
            if parameter.confidence < SURE or "*" in parameter.pointer and not lists_ids(parameter):
                break
            return parameter
    raise PlanUnfit(f"{tool.name} does not say which {entity.noun}")


def lists_ids(parameter: Parameter) -> bool:
    """Whether an argument is a list of the ids of records, which has to be given: the instances that are stopped."""
    return parameter.required and parameter.pointer.endswith("/*") and parameter.pointer.count("/") == 2


def as_taken(located: Located, parameter: Parameter, entity: Entity) -> Located:
    """A record that was found, named by the field that an argument wants: by its name and not by its ARN."""
    take, source = id_taken(parameter, entity), located.source
    if not isinstance(source, Pick) or source.take == take or pointed(located.shown, take) is None:
        return located
    return msgspec.structs.replace(located, source=msgspec.structs.replace(source, take=take))


def close_both(draft: Draft, intent: str, asks: Sequence[Ask], replies: Sequence[Reply]) -> None:
    ask = msgspec.structs.replace(asks[0], also=list(asks[1:]))
    draft.close(intent, ask, msgspec.structs.replace(replies[0], also=list(replies[1:])))


def made(draft: Draft, entity: Entity, shown: Sequence[Mapping[str, Any]]) -> None:
    """Remember what a call brought about, and turn the talk to it."""
    for record in shown[:1]:
        focus_on(draft, entity, record)
        remembered(draft, entity, [record])


def remembered(draft: Draft, entity: Entity, shown: Sequence[Mapping[str, Any]]) -> None:
    """Remember what a call brought about.

    Raises:
        PlanUnfit: something of the same person was made for that time already.
    """
    earlier = [draft.seen[key][1] for key in draft.made if key in draft.seen and key[0] == entity.key]
    if any(crossing(entity, record, other) for record in shown for other in earlier):
        raise PlanUnfit(f"there is a {entity.noun} for that time already")
    draft.made.update((entity.key, identity(entity, record)) for record in shown)


def placed(
    targets: Sequence[Target], details: Sequence[Sequence[Detail]]
) -> tuple[list[Target], list[Detail]]:
    """Say of each record where it lies, when they lie in different places; else once for all.

    ``details`` are what is said of each record's whereabouts, in the order of ``targets``.
    """
    places = []
    for target, each in zip(targets, details, strict=True):
        # Finding a record and acting on it both take its whereabouts; they are said once.
        said = {
            str(item.values): item
            for item in each
            if item.role == "names" and not (target.by == "key" and target.key in item.values)
        }
        places.append(list(said.values()))
    rest = [item for each in details for item in each]
    if all(place == places[0] for place in places):
        once = {str(item.values if item.role == "names" else item): item for item in rest}
        return list(targets), list(once.values())
    apart = [
        msgspec.structs.replace(target, places=place) for target, place in zip(targets, places, strict=True)
    ]
    known = [item.values for place in places for item in place]
    return apart, [item for item in rest if item.role != "names" or item.values not in known]


def retitled(draft: Draft, title: str, written: bool = True, machine: bool = False) -> str:
    """A title as somebody would correct it: of the same matter, a little more exact.

    ``written``: it is of a file or a document, which have versions; ``machine``: of something that runs; anything else
    is put off or taken up again.
    """
    if title == title.lower() and not set(title) & set(" ./:") and title.isascii():
        return title + draft.choice(
            ("-v2", "-old", "-new", "-main", "-archive")
        )  # a name of machines has no blanks
    if machine:
        return title + draft.choice(
            (" (old)", " 2", " (internal)", " - archive", " (backup)", " (new)", " EU", " (temporary)")
        )
    if not written:
        heads = [head for head in ("Follow-up: ", "Urgent: ", "Postponed: ", "Part 2: ") if ":" not in title]
        tails = [" (postponed)", " (part 2)", " (urgent)", ", second round", " (follow-up)", ", next steps"]
        return draft.choice([head + title for head in heads] + [title + tail for tail in tails])
    stem, dot, ending = title.rpartition(".")
    if not (dot and 2 <= len(ending) <= 4 and ending.isalnum()):
        stem, dot, ending = title, "", ""
    year = draft.scene.now[:4]
    endings = [
        " (final)",
        " v2",
        " - draft",
        f" {year}",
        " (old)",
        " (revised)",
        " - archive",
        ", second version",
        " (internal)",
    ]
    starts = ["Updated: ", "Draft: ", "New: "]
    fresh = [stem + tail for tail in endings if tail.strip(" -,()") not in stem]
    fresh += [head + stem for head in starts if not dot and ":" not in stem]
    return f"{draft.choice(fresh)}{dot}{ending}"


def is_folder(record: Mapping[str, Any]) -> bool:
    return str(record.get("mimeType", "")).endswith("folder")
