"""What may not be done to a record in the state it stands in: nobody changes what was delivered."""

from __future__ import annotations

from callsmith.catalog.allowances import refuses
from callsmith.catalog.lives import standing, words_of
from callsmith.world.inferred.errand import Errand
from callsmith.world.inferred.refusals import Refusal

_DEEDS = ("create", "act", "update", "delete")


def untimely(errand: Errand) -> Refusal | None:
    """Why a call is not for the records it names, where its description says for which it is."""
    tool = errand.spec.tool
    if tool.deed not in _DEEDS or not tool.entity:
        return None
    named = [] if tool.deed == "create" else [(tool.entity, target) for target in errand.targets]
    named += [(key, entry) for key, entry in errand.found.items() if key != tool.entity]
    for key, target in named:
        entity = errand.world.population.kinds[key].entity
        if refuses(tool, entity, target.record):
            refusals = tool.hints.get("refusals")
            if key == tool.entity and isinstance(refusals, (list, tuple)) and len(refusals) == 1:
                return Refusal("conflict", f"{refusals[0]}.", noun=entity.noun)
            now = target.record[standing(entity.schema["properties"])]
            return Refusal(
                "conflict", f"The {entity.noun} is {' '.join(words_of(str(now)))}.", noun=entity.noun
            )
    return None
