"""Who is a person among the records of tools, by their noun and what is noted of them."""

from __future__ import annotations

from collections.abc import Set
from typing import Literal

from callsmith.catalog import data

WORDS = "catalog/lexicon/persons.yaml"
FIRM = frozenset(
    ("contact_name", "contact_person", "vat_number", "vat_id", "company_number", "legal_name", "trading_name")
)
"""Fields that only a firm has, even where it is a customer."""
_FIRM_NAMES = frozenset(("company_name", "business_name", "firm_name"))
_OWN_NAMES = frozenset(("name", "full_name", "display_name", "first_name", "firstname", "given_name", "last_name",
                        "surname", "contact_name", "contact"))  # fmt: skip
_OF_VEHICLES = frozenset(
    ("plate", "license_plate", "licence_plate", "number_plate", "plate_number", "registration_number")
)
"""Fields that only a vehicle has: a coach with a plate trains nobody."""
PERSONAL = ("customer", "contact", "user", "invitee", "member", "person", "guest", "employee")


def is_person(noun: str, names: Set[str]) -> bool:
    """Whether records of a noun, such as ``dog_owner``, with fields of such names are people."""
    if of_firms(names) or names & _OF_VEHICLES:
        return False
    return noun in PERSONAL or bool(kind_of_person(noun, names))


def of_firms(names: Set[str]) -> bool:
    """Whether fields of such names are those of a firm: what only firms have, or the name of one and of nobody."""
    return bool(names & FIRM or names & _FIRM_NAMES and not names & _OWN_NAMES)


def kind_of_person(noun: str, names: Set[str], *, trade: bool = False) -> Literal["patron", "staff", ""]:
    """Whether records of a noun are people who come or who work there; "" for things.

    Noun and names of fields have their words joined by ``_``, the last one in the singular. In a known ``trade``
    words that mostly mean people do.
    """
    if names & _OF_VEHICLES:
        return ""
    words = data.read(WORDS)
    last = noun.rsplit("_", 1)[-1]
    human = bool(names & {*words["told"], *words["whole"], *words["reached"]})
    for wanted in (noun, last):
        if wanted in words["both"] and not human and not (trade and wanted in words["mostly"]):
            continue
        if wanted in words["served"]:
            return "patron"
        if wanted in words["staff"]:
            return "staff"
    named = bool(names & {"name", "full_name", "display_name"})
    called = named and bool(names & {*words["reached"]})
    if names & {*words["placed"]}:
        return ""
    if called and last in words["bearers"]:
        return "patron"
    if names & {*words["settled"]}:
        return ""
    if names & {*words["whole"]} or called:
        return "patron"
    ends = any(last.endswith(end) and len(last) > len(end) + 2 for end in words["ends"])
    return "staff" if named and ends and names & {*words["sure"]} else ""
