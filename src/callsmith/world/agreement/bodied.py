"""The measures of one body agree with each other and with how old whoever has it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from callsmith.catalog.bodily import is_borne, measures_of, usual_years
from callsmith.records import Entity, Schema
from callsmith.schema import types
from callsmith.world.agreement.worth import figure, plain_name
from callsmith.world.stories.clock import DAY
from callsmith.world.stories.dice import wide
from callsmith.world.stories.naming import split
from callsmith.world.stories.planned import words_of_birth
from callsmith.world.stories.story import Story

Fields = Mapping[str, Schema]
Step = Callable[[dict[str, Any], Story], None]


def bodied(entity: Entity, fields: Fields) -> Step | None:
    """The measures that a record has of a body: what lasts is the same in all that is noted of one."""
    by = measures_of(entity)
    if not by:
        return None
    birth = next((name for name in fields if words_of_birth() & {*split(name)}), "")
    age = next((name for name in fields if plain_name(name) in ("age", "age year")), "")

    def run(record: dict[str, Any], story: Story) -> None:
        whose = next((other for other in story.links.values() if is_borne(_noun(other))), None)
        usual = usual_years(_noun(whose) if whose is not None else entity.noun)
        years = _years(record, birth, age, story, usual)
        own = wide(story.bits, 1201)
        body = wide(whose.bits, 1201) if whose is not None else own
        for name, measure in by.items():
            if figure(record, name):
                whole = "number" not in types(fields[name])
                record[name] = measure.value(years, body if measure.lasting else own, whole)

    return run


def _noun(story: Story) -> str:
    return story.entity.rpartition(".")[2].replace("_", " ")


def _years(record: Mapping[str, Any], birth: str, age: str, story: Story, usual: float) -> float:
    clock = story.population.clock
    born = clock.parse(record.get(birth)) if birth else None
    if born is not None:
        return max(0.0, (clock.now - born) / DAY / 365.25)
    return float(record[age]) if age and figure(record, age) else usual
