"""What kind of thing an entity is: a mail, an event, an invoice, a person."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from msgspec import UNSET, Struct

from callsmith.catalog import data
from callsmith.catalog.booked import in_a_name
from callsmith.catalog.persons import FIRM, WORDS, kind_of_person, of_firms
from callsmith.catalog.trades import MACHINES
from callsmith.records import Entity
from callsmith.schema import leaves
from callsmith.world.stories.naming import stem
from callsmith.world.stories.nouns import by_name, lexicon

PEOPLE = ("member", "contact", "customer", "invitee", "patron", "staff")
_BORNE = (*PEOPLE, "permission", "membership")  # called by the name of a person
_MADE = ("film", "book", "show", "episode", "photo")  # what somebody made, of which no office has a story
_MATTERLESS = ("unknown", "patron", "staff")
_TITLED = ("issue", "task", "subtask")


class Family(Struct, frozen=True):
    """A kind of thing, with how many of them there are and how many are finished or cancelled."""

    name: str
    count: int = 30
    done: float = 0.0
    gone: float = 0.0


def family_of(entity: Entity) -> Family:
    """The first family whose nouns and fields fit; else a person, a piece of work or an ``unknown`` thing."""
    noun = stem(entity.key.rsplit(".", 1)[-1])
    last = noun.rsplit("_", 1)[-1]
    names = {stem(step) for pointer, _, _ in leaves(entity.schema) for step in pointer.split("/") if step}
    told = {stem(name) for name in entity.schema.get("properties", {})}
    names |= FIRM if of_firms(told) else set()
    named = _first_name(entity)
    staff = noun in data.read(WORDS)["staff"]
    for wanted in dict.fromkeys((noun, last)):
        for rule in _rules().get(wanted, ()):
            if named and not (rule["name"] in _BORNE or staff and "titles" not in rule):
                continue
            if _of_this(rule, entity, whole=wanted == noun) and _fits(rule, wanted, names, entity):
                return _made(rule)
    person = kind_of_person(noun, told, trade=entity.trade not in (UNSET, MACHINES))
    if person:
        return Family(person, 36 if person == "patron" else 9)
    if entity.names:
        return Family("unknown", 24)
    other = data.read("catalog/lexicon/families.yaml")[-1]
    return _made(other) if _work(entity, names) else Family("unknown", 24)


@lru_cache(maxsize=1)
def _rules() -> dict[str, list[dict[str, Any]]]:
    """The rules for each noun, those that come first first: of a trade, of compounds, of certain fields, of offices."""
    *known, _ = data.read("catalog/lexicon/families.yaml")
    kinds = lexicon()["kinds"]
    plain = [rule for rule in kinds if not rule.get("trades", rule.get("compounds") or rule.get("first"))]
    first = [rule for rule in kinds if rule.get("first") and not rule.get("trades")]
    ranked = (
        [rule for rule in kinds if rule.get("trades")],
        [rule for rule in kinds if rule.get("compounds") and not rule.get("trades")],
        [rule for rule in first if rule.get("called")],
        [rule for rule in first if not rule.get("called")],
        known,
        [rule for rule in plain if rule.get("called")],
        [rule for rule in plain if not rule.get("called")],
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for rule in (rule for rules in ranked for rule in rules):
        for noun in rule["nouns"]:
            found.setdefault(noun, []).append(rule)
    return found


@lru_cache(maxsize=1)
def _heads() -> dict[str, frozenset[str]]:
    """Nouns that mean the same where another word stands before them, and those that machines share with others."""
    table = data.read("catalog/lexicon/called.yaml")
    return {name: frozenset(table[name].split()) for name in ("kept", "doubtful")}


def _of_this(rule: dict[str, Any], entity: Entity, *, whole: bool) -> bool:
    """Whether a rule is for the trade of an entity; ``whole``: it has the whole noun and not its last word alone."""
    if rule.get("technical"):  # a pay machine runs no service
        noun = stem(entity.key.rsplit(".", 1)[-1])
        sure = bool(rule.get("with")) or entity.trade is UNSET and noun not in _heads()["doubtful"]
        return entity.trade == MACHINES or whole and sure
    if not whole and entity.toolkit not in data.files("catalog/toolkits") and not rule.get("trades"):
        last = entity.key.rsplit("_", 1)[-1]
        if not rule.get("compounds") and entity.trade != MACHINES and stem(last) not in _heads()["kept"]:
            return False  # a sound card pays for nothing, a bean lot is no place to park
    if rule.get("called") and entity.toolkit in data.files("catalog/toolkits"):
        return False
    if rule.get("called") and entity.trade == MACHINES and MACHINES not in rule.get("trades", ()):
        return False
    if rule.get("compounds") and whole:
        return False
    return not rule.get("trades") or entity.trade in rule["trades"]


def _first_name(entity: Entity) -> bool:
    """Whether a record goes by the first or the last name of somebody."""
    label = stem(entity.label_pointer.rpartition("/")[2])
    return (
        label == "full_name"
        and entity.person
        or label
        in (
            "first_name",
            "given_name",
            "forename",
            "surname",
            "last_name",
            "family_name",
        )
    )


def titled(entity: Entity) -> bool:
    """Whether records are called by a title, and not by what is noted of them."""
    last = stem(entity.label_pointer.rpartition("/")[2])
    if entity.label_pointer.count("/") == 2 and any(
        one.pointer == entity.label_pointer and one.facet == "place" for one in entity.fields
    ):
        return False  # the first line of an address
    return bool(last) and (last == "content" or last not in data.read(WORDS)["prose"])


def _fits(rule: dict[str, Any], noun: str, names: set[str], entity: Entity) -> bool:
    if rule["name"] in _TITLED and not titled(entity):
        return False  # a parking ticket is no piece of work
    if noun not in rule["nouns"] or not names.issuperset(rule.get("fields", ())):
        return False
    if names & {*rule.get("unless", ())}:
        return False
    return not rule.get("with") or bool(names & set(rule["with"]))


def matterless(entity: Entity, family: str) -> bool:
    """Whether no matter of an office has to do with a record, such as a person or a booking."""
    if entity.names:
        return True
    if family in lexicon()["everyday"]:
        return not by_name()[family].get("about")
    if family == "slot" and "status" in entity.schema.get("properties", {}):
        return not titled(entity) or entity.label_pointer.endswith(
            ("_at", "At")
        )  # of a tour, and in no calendar
    return family in _MATTERLESS or family == "event" and (not titled(entity) or in_a_name(entity))


def everyday(entity: Entity, family: str) -> bool:
    """Whether records are of everyday life, where no story of an office says what they cost and when they are."""
    return family in lexicon()["everyday"] or family in _MADE or matterless(entity, family)


def _work(entity: Entity, names: set[str]) -> bool:
    """Whether a record is a piece of work, which bears the title of a matter."""
    words = data.read(WORDS)
    if stem(entity.label_pointer.rpartition("/")[2]) not in words["titled"]:
        return False
    return bool(names & set(words["doing"]) or names & set(words["kept"]) and names & set(words["prose"]))


def _made(rule: dict[str, object]) -> Family:
    return Family(
        name=str(rule["name"]),
        count=int(str(rule["count"])),
        done=float(str(rule.get("done", 0.0))),
        gone=float(str(rule.get("gone", 0.0))),
    )
