"""Who has signed follows from how far a paper is, and of which sort a paper is from its title."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from callsmith.catalog.belonging import told_by_name, told_in
from callsmith.catalog.lives import standing
from callsmith.records import Entity, Json, Schema, Toolset
from callsmith.schema import settle
from callsmith.seeds import number
from callsmith.world.fields.choices import enum_leaf
from callsmith.world.fields.identity import styled
from callsmith.world.fields.sites import Site
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import family_of
from callsmith.world.stories.naming import split
from callsmith.world.stories.story import Story

Fields = Mapping[str, Schema]
Step = Callable[[dict[str, Any], Story], None]
_DONE = frozenset("signed completed complete executed approved accepted finished".split())
_PARTLY = frozenset("partially partly partial".split())
_REFUSED = frozenset("declined rejected refused".split())


def signed(entity: Entity, fields: Fields, toolset: Toolset) -> Step | None:
    """Those whom a record lists say what its state says of them, and it was over when the last of them had done so."""
    status = standing(fields)
    listed = next((name for name, schema in fields.items() if status and _are_asked(schema)), "")
    if not listed:
        return None
    inner = settle(fields[listed]["items"])["properties"]
    over = next((name for name in fields if {*split(name)} & (_DONE - {"accepted"}) and fields[name].get("format") ==
                 "date-time"), "")  # fmt: skip
    sent = next((name for name in fields if {*split(name)} & {"sent", "issued"} and fields[name].get("format") ==
                 "date-time"), "")  # fmt: skip

    lapses = next((name for name in fields if {*split(name)} & {"expires", "expiry", "expiration"} and
                   fields[name].get("format") == "date-time"), "")  # fmt: skip

    def run(record: dict[str, Any], story: Story) -> None:
        people, stands = record.get(listed), str(record.get(status) or "")
        if not isinstance(people, list) or not people or story.fresh:
            return
        clock = story.population.clock
        record[listed] = [
            _told(one, inner, (stands, place, story)) if isinstance(one, dict) else one
            for place, one in enumerate(people)
        ]
        if over and record.get(over) and {*split(stands)} & _DONE and not {*split(stands)} & _PARTLY:
            record[over] = clock.utc(_at(story, len(people) - 1))
        if lapses and record.get(lapses):
            record[lapses] = clock.utc(_at(story, -1) + (14, 14, 30, 30)[mix(story.bits, 1489) % 4] * 86400)
        if sent and (record.get(sent) is not None or not {*split(stands)} & {"draft", "created", "new"}):
            record[sent] = clock.utc(_at(story, -1))

    return run


def signing(entity: Entity, fields: Fields, toolset: Toolset) -> Step | None:
    """Somebody who is to sign has done so as far as what they are to sign says."""
    above = next((one for one in toolset.entities if one.key == entity.parent), None)
    if above is None or not _says_signed(fields):
        return None
    whole = {name: settle(schema) for name, schema in above.schema.get("properties", {}).items()}
    name = standing(whole)
    if not name or not any(_are_asked(schema) for schema in whole.values()):
        return None
    site = Site(
        toolset=toolset, entity=above, family=family_of(above).name, pointer=f"/{name}", path=(name,),
        schema=whole[name], field=None, required=name in above.schema.get("required", ()), nullable=False, own=True,
    )  # fmt: skip
    made = enum_leaf(site)
    if made is None:
        return None
    stands = made[0]

    def run(record: dict[str, Any], story: Story) -> None:
        paper = story.links.get(above.key)
        if paper is None or story.fresh:
            return
        those = paper.children.get(entity.key, [])
        place = next((at for at, one in enumerate(those) if one is story), 0)
        record.update(_told(record, fields, (str(stands(paper) or ""), place, paper)))

    return run


def _are_asked(schema: Schema) -> bool:
    items = schema.get("items")
    inner = settle(items).get("properties", {}) if isinstance(items, Mapping) else {}
    return _says_signed({name: settle(child) for name, child in inner.items()})


def _says_signed(fields: Fields) -> bool:
    options = {
        word
        for schema in fields.values()
        for one in schema.get("enum", ())
        if one
        for word in split(str(one))
    }
    return (
        "signed_at" in fields
        or "signedAt" in fields
        or bool(options & {"signed", "approved"} and options & _REFUSED)
    )


def _told(one: Mapping[str, Any], fields: Fields, how: tuple[str, int, Story]) -> dict[str, Any]:
    """What one of those who are asked says, by the state of what they are asked to sign."""
    stands, place, paper = how
    words = {*split(stands)}
    done = bool(words & _PARTLY) and not place or not words & _PARTLY and bool(words & _DONE)
    refused = bool(words & _REFUSED) and not place
    made, clock = dict(one), paper.population.clock
    for name, schema in fields.items():
        options = [option for option in schema.get("enum", ()) if option]
        if options and name == standing(fields):
            made[name] = _option(options, done=done, refused=refused)
        elif schema.get("format") == "date-time" and name in made:
            seen = {*split(name)} & {"viewed", "opened", "seen"}
            at = _at(paper, place) - 1800 if seen else _at(paper, place)
            says = (
                done if {*split(name)} & _DONE else refused if {*split(name)} & _REFUSED else done or refused
            )
            if seen or {*split(name)} & (_DONE | _REFUSED):
                made[name] = clock.utc(at) if says else None
        elif "reason" in split(name) and name in made and not refused:
            made[name] = None
        elif name == "role" and options and not place:
            made[name] = next(
                (option for option in options if {*split(str(option))} & {"signer", "signatory"}),
                made.get(name),
            )
    return made


def _option(options: list[Json], *, done: bool, refused: bool) -> Json:
    wanted = (
        _DONE
        if done
        else _REFUSED
        if refused
        else frozenset(("waiting", "pending", "open", "sent", "unsigned", "invited"))
    )
    return next((option for option in options if {*split(str(option))} & wanted), options[0])


def _at(paper: Story, place: int) -> int:
    """When it was sent, and when each of those who are asked had signed."""
    now = paper.population.clock.now
    sent = min(
        paper.created, now - (3 + mix(paper.bits, 1493) % 9) * 86400 - mix(paper.bits, 1499) % 30 * 900
    )
    sent -= 35 * 86400 if "expired" in str(paper.traits.get("stands", "")) else 0
    at = sent + (place + 1) * 6 * 3600 + mix(paper.bits, 1487) % 20 * 300 * (place >= 0)
    return min(at, now - 3600)


_PAPERS = frozenset("template contract agreement document envelope paper form policy".split())


def of_a_sort(entity: Entity, fields: Fields, toolset: Toolset) -> Step | None:
    """A paper is of the sort that its title tells."""
    label = entity.label_pointer[1:]
    names = ("category", "type", "kind", "contract_type", "agreement_type", "document_type", "template_type")
    sort = next((name for name in fields if "_".join(split(name)) in names and fields[name].get("enum")), "")
    if entity.noun.rpartition(" ")[2] not in _PAPERS or not label or not sort or label == sort:
        return None
    options = tuple(option for option in fields[sort]["enum"] if option)

    def run(record: dict[str, Any], story: Story) -> None:
        told = told_by_name(str(record.get(label) or ""), options)
        if told and record.get(sort) is not None:
            record[sort] = told

    return run


def from_its_template(entity: Entity, fields: Fields, toolset: Toolset) -> Step | None:
    """A paper is made from a template of its sort: the lease in Mill Street from that of leases."""
    named = {other.key for other in toolset.entities if other.noun.rpartition(" ")[2] == "template"}
    found = next(((field.pointer[1:], field.refers) for field in entity.fields if field.refers in named and
                  field.pointer.count("/") == 1), None)  # fmt: skip
    label = entity.label_pointer[1:]
    if found is None or not label or found[0] == label:
        return None
    name, key = found

    def run(record: dict[str, Any], story: Story) -> None:
        told = told_in("papers", str(record.get(label) or ""))
        fit = [one for one in story.population.stories(key) if told_in("papers", one.title) == told]
        if told and fit and record.get(name) is not None and not story.fresh:
            story.links[key] = fit[mix(story.bits, 1511) % len(fit)]
            record[name] = story.links[key].id

    return run


SIGNATURES = (signing, signed, of_a_sort, from_its_template)


def newly_asked(record: Mapping[str, Json], fields: Fields) -> dict[str, Json]:
    """A new record whose people are to sign: each with an id of their own, and nobody has signed yet."""
    made = dict(record)
    for name, schema in fields.items():
        people = made.get(name)
        if not isinstance(people, list) or not _are_asked(schema):
            continue
        inner = {field: settle(child) for field, child in settle(schema["items"])["properties"].items()}
        status, role = standing(inner), inner.get("role", {})
        news = []
        for one in people:
            person = dict(one) if isinstance(one, dict) else {}
            bits = number("asked", name, str(person.get("email") or person.get("name") or ""))
            if "id" in inner and person.get("id") in (None, person.get("email"), person.get("name")):
                person["id"] = styled(inner["id"], bits)
            if status and person.get(status) is None:
                options = [option for option in inner[status].get("enum", ()) if option]
                person |= {status: _option(options, done=False, refused=False)} if options else {}
            if person.get("role") is None and "signer" in role.get("enum", ()):
                person["role"] = "signer"
            order = {field: place for place, field in enumerate(inner)}
            news.append(dict(sorted(person.items(), key=lambda item: order.get(item[0], len(order)))))
        made[name] = news
    return made
