"""What goes by the name of whoever it is for: a booking, a place on a waiting list."""

from __future__ import annotations

from callsmith.catalog import data
from callsmith.catalog.figures import name_words
from callsmith.records import Entity


def in_a_name(entity: Entity) -> bool:
    """Whether what a record is called is the name of whoever booked it, or asks for something."""
    words = data.read("catalog/lexicon/persons.yaml")
    noun = entity.noun.lower().replace(" ", "_")
    if entity.label_pointer != "/name":
        return False
    named = {noun, noun.rpartition("_")[2]}
    reached = {"_".join(name_words(name)) for name in entity.schema.get("properties", {})}
    return bool(named & {*words["booked"]}) or bool(named & {*words["asked"]} and reached & {*words["reach"]})
