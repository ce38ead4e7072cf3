"""What somebody states of a thing that was bought: its sort, its make and what it cost go together."""

from __future__ import annotations

from callsmith.catalog.bought import Bought, bought_of, words_of
from callsmith.records import Json, Parameter, Tool
from callsmith.schema import types
from callsmith.seeds import Rng
from callsmith.world.agreement.bought import costs
from callsmith.world.agreement.worth import plain_name
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.inferred.errand import Running


def of_what_is_bought(world: Running, tool: Tool, parameter: Parameter, rng: Rng) -> Json | None:
    """The sort, make, model or price of a new thing; None for everything else."""
    said = plain_name(parameter.name)
    makes, models, paid = words_of("makers"), words_of("models"), words_of("paid")
    if tool.deed != "create" or said not in makes | models | paid | words_of("kinds"):
        return None
    kind = world.population.kinds.get(tool.entity)
    nouns = [kind.entity.noun.replace(" ", "_"), kind.entity.noun.rpartition(" ")[2]] if kind else []
    sorts = _sorts(tool)
    kept = bool({*nouns} & words_of("things")) or any(map(bought_of, nouns))
    if not kept or not sorts and not any(map(bought_of, nouns)):
        return None
    if not unfamiliar(world.population.toolset, tool.toolkit):
        return None
    key = f"{tool.name}\nbought"
    stated = world.sorts.get(key, "").split("\n")
    if len(stated) < 4 or said in stated[3].split("|"):
        stated = _drawn(sorts or nouns, rng)
    world.sorts[key] = "\n".join((*stated[:3], f"{stated[3]}|{said}"))
    known = bought_of(stated[0])
    if known is None:
        return None
    if said in paid and {"integer", "number"} & {*types(parameter.schema)}:
        return costs(known, f"{stated[1]} {stated[2]}", 1) * world.population.scale
    if types(parameter.schema) != ("string",) or said in paid:
        return None
    options = [option for option in parameter.schema.get("enum", ()) if option is not None]
    wanted = stated[1] if said in makes else stated[2] if said in models else stated[0]
    return (
        next((one for one in options if one == wanted), None)
        if options
        else wanted
        if said not in words_of("kinds")
        else None
    )


def _sorts(tool: Tool) -> list[str]:
    """The sorts that the call may state of a thing, of which makes are known."""
    for item in tool.inputs:
        options = [str(option) for option in item.schema.get("enum", ()) if option]
        known = [option for option in options if bought_of(option)]
        if plain_name(item.name) in words_of("kinds") and len(known) >= min(2, len(options)) > 0:
            return known
    return []


def _drawn(sorts: list[str], rng: Rng) -> list[str]:
    sort = rng.choice([one for one in sorts if bought_of(one)])
    known: Bought | None = bought_of(sort)
    make = rng.choice(known.makes) if known is not None else None
    return [sort, make.name if make else "", rng.choice(make.models) if make else "", ""]
