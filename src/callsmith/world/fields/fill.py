"""Turning stories into records: a schema compiled once into functions that fill its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from callsmith.catalog import data
from callsmith.records import Entity, Field, Json, Schema, Toolset
from callsmith.schema import escape, figures, settle, types
from callsmith.world.agreement.afterwards import afterwards
from callsmith.world.agreement.agreement import Agreement, agreed_as_found, agreement_of
from callsmith.world.agreement.allowed import within_bounds
from callsmith.world.agreement.balanced import balanced
from callsmith.world.agreement.cases import in_cases
from callsmith.world.agreement.consequent import consequent
from callsmith.world.agreement.gathered import by_heads, gathering, near_price, no_more, roomy, seated
from callsmith.world.agreement.in_state import in_state
from callsmith.world.agreement.referring import agreeing
from callsmith.world.agreement.roles import one_in_each_role
from callsmith.world.agreement.standing_counts import counted_so
from callsmith.world.agreement.tallied import tallied
from callsmith.world.agreement.totals import reckoned_apart
from callsmith.world.fields.choices import recurs, some_of
from callsmith.world.fields.declared import shown_at
from callsmith.world.fields.identity import leaf_at
from callsmith.world.fields.leaves import leaf
from callsmith.world.fields.measures import built_in, unfamiliar
from callsmith.world.fields.occasions import made_now
from callsmith.world.fields.seldom import seldom
from callsmith.world.fields.sites import MISSING, Fill, Site, blank
from callsmith.world.fields.views import View, many_view, one_view
from callsmith.world.fields.worn import worn
from callsmith.world.inferred.tagging import tags_of
from callsmith.world.stories.bearers import several_leaf
from callsmith.world.stories.calling_off import is_account
from callsmith.world.stories.machine_runs import ran
from callsmith.world.stories.reached import while_working
from callsmith.world.stories.stages import STATUS
from callsmith.world.stories.stated import as_stated
from callsmith.world.stories.story import Story

_DEEP = 8
_GIVEN_OUT = (("code",), ("reference",), ("barcode",), ("number",))
_JUDGED = {
    "rating",
    "score",
    "stars",
    "grade",
    "satisfaction",
    "feedback",
    "rank",
}  # of what nobody has seen yet


class Shape(Struct, frozen=True):
    """How an entity's stories become records: as they are found, and as a call has just made them."""

    full: Callable[[Story], dict[str, Json]]
    fresh: Callable[[Story], dict[str, Json]]


_shapes: dict[tuple[str, str], Shape] = {}


def shape_of(toolset: Toolset, entity: Entity, family: str) -> Shape:
    """The entity's shape, compiled once for each toolset."""
    known = _shapes.get((toolset.hash, entity.key))
    if known is None:
        if len(_shapes) > 2000:
            _shapes.clear()
        compiler = Compiler(toolset, entity, family)
        known = _shapes[(toolset.hash, entity.key)] = Shape(
            compiler.whole(entity.schema, False), compiler.whole(entity.schema, True)
        )
    return known


_INSTANCES = ("default", "examples")


class Compiler:
    """Compiles schemas of one entity."""

    def __init__(self, toolset: Toolset, entity: Entity, family: str) -> None:
        self.toolset = toolset
        self.entity = entity
        self.family = family
        self.fields: Mapping[str, Field] = {field.pointer: field for field in entity.fields}
        self.said = {
            item.sets
            for tool in toolset.tools
            if tool.entity == entity.key and tool.deed == "create"
            for item in tool.inputs
            if item.klass not in ("opaque_id", "plumbing", "ambient")
        } - {entity.id_pointer}

    def whole(self, schema: Schema, fresh: bool) -> Callable[[Story], dict[str, Json]]:
        """A function from stories to full records."""
        made = self.object(settle(schema), "", (), fresh, 0, True)

        def run(story: Story) -> dict[str, Json]:
            record = made(story)
            return record if isinstance(record, dict) else {}

        return run

    def value(
        self,
        schema: Schema,
        pointer: str,
        path: tuple[str, ...],
        fresh: bool,
        depth: int,
        own: bool,
        *,
        required: bool,
    ) -> Fill:
        settled = settle(schema)
        if own:
            settled = shown_at(self.toolset, self.entity.key, pointer, self.usual(settled, pointer))
        nullable = "null" in types(schema) or "null" in types(settled)
        site = Site(
            toolset=self.toolset, entity=self.entity, family=self.family, pointer=pointer, path=path,
            schema=settled, field=self.fields.get(pointer), required=required, nullable=nullable, own=own,
        )  # fmt: skip
        kinds = types(settled)
        if seldom(site):
            return lambda story: site.absent
        if "object" in kinds and settled.get("properties") and depth < _DEEP:
            return self.nested(site, fresh, depth)
        if "array" in kinds:
            return self.array(site, fresh, depth)
        return self.single(site, fresh)

    def usual(self, schema: Schema, pointer: str) -> Schema:
        """A field as the record itself describes it, where one that shows the record describes it otherwise.

        What is usual and what is an example are the record's own: both show the same value.
        """
        known = leaf_at(self.entity.schema, pointer)
        if types(known) != types(schema) or {"object", "array"} & {*types(schema)}:
            return schema
        return {**schema, **{name: known[name] for name in _INSTANCES if name in known}}

    def single(self, site: Site, fresh: bool) -> Fill:
        made, lasting = leaf(site)
        if fresh and (not lasting or self.left_open(site)) and not self.given_out(site):
            return (made_now(site) if unfamiliar(self.toolset, self.entity.toolkit) else None) or blank(site)
        return made

    def given_out(self, site: Site) -> bool:
        """Whether a new record has a code at once that no call states: that of a voucher."""
        if not site.own or len(site.path) != 1 or not site.required or site.words[-1:] not in _GIVEN_OUT:
            return False
        return "string" in site.types and site.pointer not in self.said

    def left_open(self, site: Site) -> bool:
        """Whether nobody but people says what a field holds, so that it is empty until they do."""
        if site.required and not site.nullable or not unfamiliar(self.toolset, self.entity.toolkit):
            return False
        if not site.own or "boolean" in site.types or site.facet == "currency" or set(site.around) & STATUS:
            return False
        return site.pointer in self.said or bool({*site.words} & _JUDGED)

    def nested(self, site: Site, fresh: bool, depth: int) -> Fill:
        view = one_view(site)
        if view is None:
            gate = _gate(site)
            if gate is None or fresh and site.nullable and not site.around & STATUS:
                return blank(site)
            inner = self.object(site.schema, site.pointer, site.path, fresh, depth + 1, site.own)
            return _unless_empty(inner, site, gate)
        compiler, path, own = self.under(view, site)
        inner = compiler.object(site.schema, "", path, fresh, depth + 1, own)
        missing: Json = None if site.nullable else MISSING
        look = view.one

        def run(story: Story) -> Json:
            seen = look(story) if look is not None else None
            if seen is None:
                return missing
            return inner(seen)

        if fresh and not view.lasting:
            return blank(site)
        return run if view.whole is None else self.either(view.whole, site, run, fresh, depth)

    def either(self, view: View, site: Site, otherwise: Fill, fresh: bool, depth: int) -> Fill:
        """The toolkit's record of a person, or the person as such where it keeps none."""
        compiler, path, own = self.under(view, site)
        inner = compiler.object(site.schema, "", path, fresh, depth + 1, own)
        look = view.one

        def run(story: Story) -> Json:
            seen = look(story) if look is not None else None
            return otherwise(story) if seen is None else inner(seen)

        return run

    def under(self, view: View, site: Site) -> tuple[Compiler, tuple[str, ...], bool]:
        """The compiler for what a view shows: the linked entity's own, or one for a person or a label."""
        if view.loose:
            thing = Entity(key="", toolkit=self.entity.toolkit, noun=site.name, plural=site.name, schema={},
                           id_pointer="/id", label_pointer=_named(site))  # fmt: skip
            return Compiler(self.toolset, thing, view.loose), (), True
        if view.entity:
            for entity in self.toolset.entities:
                if entity.key == view.entity:
                    return Compiler(self.toolset, entity, view.family), (), True
        nobody = Entity(key="", toolkit=self.entity.toolkit, noun="person", plural="people", schema={})
        person = Compiler(self.toolset, nobody, "person")
        head = site.pointer + ("/*" if "array" in site.types else "")
        person.fields = {
            pointer[len(head) :]: field
            for pointer, field in self.fields.items()
            if pointer.startswith(head + "/")
        }
        return person, site.path, False

    def array(self, site: Site, fresh: bool, depth: int) -> Fill:
        items = site.schema.get("items")
        if not isinstance(items, Mapping):
            return blank(site)
        settled = settle(items)
        if (tagged := tags_of(site, settled)) is not None:
            return tagged
        facets = {pointer: field.facet for pointer, field in self.fields.items()}
        if (single := worn(site, settled, facets)) is not None:
            return single
        if (several := some_of(site, settled)) is not None:
            return several
        if settled.get("type") == "string" and (names := several_leaf(site)) is not None:
            return names
        view = many_view(site, settled)
        if view is None:
            if {"wday", "intervals"} <= set(settled.get("properties", {})):
                return _week
            if {"type", "text"} <= set(settled.get("properties", {})) and site.family == "template":
                return _template
            if settled.get("properties"):
                return blank(site)
            return self.single(site, fresh)
        if fresh and not view.lasting:
            return blank(site)
        compiler, path, own = self.under(view, site)
        if view.inside:
            inner: Fill = self.object(settled, site.pointer + "/*", site.path, fresh, depth + 1, True)
        elif settled.get("properties"):
            inner = compiler.object(settled, "", path, fresh, depth + 1, own)
        else:
            inner = compiler.value(items, site.pointer + "/*", path, fresh, depth + 1, False, required=True)
        look = view.many

        def run(story: Story) -> Json:
            made = [inner(seen) for seen in look(story)] if look is not None else []
            return [value for value in made if value is not MISSING and value != ""]

        return run

    def object(
        self, schema: Schema, pointer: str, path: tuple[str, ...], fresh: bool, depth: int, own: bool
    ) -> Fill:
        needed = schema.get("required", schema["properties"] if pointer and figures(schema) else ())
        fills: list[tuple[str, Fill]] = []
        for name, child in schema.get("properties", {}).items():
            here = f"{pointer}/{escape(name)}"
            fills.append(
                (name, self.value(child, here, (*path, name), fresh, depth, own, required=name in needed))
            )

        def run(story: Story) -> Json:
            made = {}
            for name, fill in fills:
                value = fill(story)
                if value is not MISSING:
                    made[name] = value
            return made

        whole: Fill = run
        if not fresh and not built_in(self.entity.toolkit):
            whole = self.agreed(run, schema, pointer, own)
        elif not fresh and not pointer and own and ran(self.toolset, self.entity):
            agreement = agreement_of(self.toolset, self.entity)
            whole = run if agreement is None else _agreed(run, agreement)
        if not pointer and self.entity.key in self.toolset.fixtures:
            return as_stated(whole, self.entity.key, schema)
        return whole

    def agreed(self, made: Fill, schema: Schema, pointer: str, own: bool) -> Fill:
        """A filler of objects that agree in themselves and with the records they name."""
        if pointer:
            return balanced(made, schema)
        full = own and schema is settle(self.entity.schema)
        agreement = agreement_of(self.toolset, self.entity) if full else None
        made = consequent(made, self.entity) if full else made
        made = made if agreement is None else _agreed(made, agreement)
        made = in_cases(seated(made, self.toolset, self.entity), self.entity) if full else made
        made = agreeing(made, self.toolset, self.entity, schema)
        if full:
            for rule in (one_in_each_role, gathering, counted_so, near_price, no_more, by_heads, roomy):
                made = rule(made, self.toolset, self.entity)
            made = afterwards(made, self.toolset, self.entity)
        if not full:
            return made
        made = in_cases(made, self.entity)
        reckoned = reckoned_apart(self.toolset, self.entity)
        if (last := balanced(made, schema, reckoned)) is not made:
            made = agreeing(last, self.toolset, self.entity, schema, False)
        return within_bounds(in_state(tallied(made, self.toolset, self.entity), self.entity), schema)


def _agreed(made: Fill, agreement: Agreement) -> Fill:
    """A filler of records whose moments and details agree."""

    def run(story: Story) -> Json:
        record = made(story)
        return agreed_as_found(agreement, record, story) if isinstance(record, dict) else record

    return run


def _week(story: Story) -> Json:
    """Office hours from Monday to Friday."""
    first, last = (("09:00", "17:00"), ("08:30", "16:30"), ("09:00", "18:00"))[story.bits % 3]
    days = ("monday", "tuesday", "wednesday", "thursday", "friday")
    return [{"type": "wday", "wday": day, "intervals": [{"from": first, "to": last}]} for day in days]


def _template(story: Story) -> Json:
    """The body of a message template, which its name tells."""
    known: dict[str, str] = data.read("catalog/lexicon/bodies.yaml")["template"]
    return [{"type": "BODY", "text": known.get(story.title, story.traits.get("body") or known["any"])}]


_NEVER = {"quoted", "tracking", "no", "reconfirmation", "payment", "error", "thread"}


def _gate(site: Site) -> Callable[[Story], bool] | None:
    """When a group of fields is there: a cancellation where something was cancelled; None for never."""
    words = set(site.words)
    if not site.required and (working := while_working(site)) is not None:
        return working
    if not site.required and words & _NEVER and not words & {"method", "details"}:
        return None
    if is_account(site.name):
        return lambda story: story.state == "gone"
    if words & {"resolution"}:
        return lambda story: story.state in ("done", "gone")
    if words == {"recurring"}:
        return lambda story: recurs(story)
    if words & {"due", "deadline"}:
        return lambda story: bool(story.due) and ("deadline" not in words or story.bits % 9 == 0)
    if words & {"file"} and words & {"attachment"}:
        return lambda story: story.bits % 11 == 0
    return lambda story: True


def _unless_empty(inner: Fill, site: Site, gate: Callable[[Story], bool]) -> Fill:
    """An object all of whose fields are empty is left out, as a resolution while unresolved."""
    missing: Json = None if site.nullable else MISSING
    needed = () if site.required else _sure(site.schema)
    certain = site.required and not site.nullable

    def run(story: Story) -> Json:
        if not gate(story):
            return missing
        made = inner(story)
        if (
            not made
            or all(value is None or value == "" for value in made.values())
            or any(made.get(n) is None for n in needed)
        ):
            return made if certain else missing
        return made

    return run


def _named(site: Site) -> str:
    schema = settle(site.schema.get("items", site.schema))
    return next(
        (f"/{name}" for name in ("title", "name", "login") if name in schema.get("properties", {})), ""
    )


def _sure(schema: Schema) -> tuple[str, ...]:
    """Plain fields that a group cannot be without."""
    return tuple(
        name
        for name in schema.get("required", ())
        if not {"null", "object", "array"} & set(types(schema["properties"].get(name, {"type": "null"})))
    )
