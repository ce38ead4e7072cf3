"""Numbers for which a definition says what is usual: most are that, the others lie near it or are its other choices."""

from __future__ import annotations

from callsmith.records import Json, Parameter, Schema, Toolset
from callsmith.schema import types
from callsmith.world.fields.declared import stated_at
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import split
from callsmith.world.stories.story import Story

_STEPS = (1000, 500, 100, 50, 25, 10, 5, 1, 0.5, 0.25, 0.1, 0.05, 0.01)
_SHARES = (0.5, 2, 0.75, 1.5, 0.5, 2, 3, 1.25)
_NEAR, _SIZES = (0.75, 0.8, 0.9, 1.1, 1.2, 1.25, 1.5), (0.9, 0.93, 0.96, 1.04, 1.07, 1.1)  # of an example
_MOSTLY = 55  # of a hundred
_PLUMBING = ("limit", "page", "offset", "per", "size", "timeout", "retries", "version", "port")


def usual_leaf(site: Site) -> tuple[Fill, bool] | None:
    """A number that its definition, or that of the call which sets it, has a usual value for."""
    if not site.own or len(site.path) != 1 or site.refers or "enum" in site.schema:
        return None
    if not {"integer", "number"} & {*site.types} or not unfamiliar(site.toolset, site.entity.toolkit):
        return None
    schema = stated_at(site.toolset, site.entity.key, site.pointer, site.schema)
    choices = [
        one for one in schema.get("enum", ()) if isinstance(one, (int, float)) and not isinstance(one, bool)
    ]
    near = choices or near_usual(schema, site.words)
    if not near:
        return None
    usual, salt = schema.get("default", near[0]), site.salt

    def run(story: Story) -> Json:
        if mix(story.bits, salt) % 100 < _MOSTLY:
            return usual
        return near[mix(story.bits, salt + 1) % len(near)]

    return run, True


def near_usual(schema: Schema, words: tuple[str, ...], near: tuple[float, ...] = ()) -> list[Json]:
    """Values near the usual one, within the bounds; none where nothing is said to be usual."""
    usual = schema.get("default")
    if (
        isinstance(usual, bool)
        or not isinstance(usual, (int, float))
        or usual <= 0
        or {*words} & {*_PLUMBING}
    ):
        return []
    whole = "number" not in types(schema) or usual == int(usual) and usual >= 10
    step = next(
        (one for one in _STEPS if one <= usual / 4 and abs(usual / one - round(usual / one)) < 1e-6), 1
    )
    step = max(1, step) if whole else step
    shares = (2, 3, 2, 4) if usual == 1 and whole else near or _SHARES
    low, high = schema.get("minimum", 0), schema.get("maximum", usual * 4)
    made = [round(round(usual * share / step) * step, 2) for share in shares]
    return [round(one) if whole else one for one in made if low <= one <= high and one not in (0, usual)]


def said_near(toolset: Toolset, entity: str, parameter: Parameter) -> list[Json]:
    """Values that people state for a number of which a usual one or an example is known."""
    if not parameter.sets or parameter.facet == "limit" or not unfamiliar(toolset, entity.partition(".")[0]):
        return []
    schema = stated_at(toolset, entity, parameter.sets, parameter.schema)
    shown = [one for one in schema.get("examples", ()) if not isinstance(one, (str, bool))]
    if len(shown) == 1 and "default" not in schema:
        schema = {**schema, "default": shown[0]}
        sized = "size" in split(parameter.name)
        return near_usual(schema, split(parameter.name), _SIZES if sized else _NEAR)
    return near_usual(schema, split(parameter.name))
