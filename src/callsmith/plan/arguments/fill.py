"""Choosing arguments: what the user states, what the system prompt gives, what is plumbing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct

from callsmith.catalog.figures import figure_of, name_words, texts
from callsmith.errors import PlanUnfit
from callsmith.execute import values_at
from callsmith.facts.phones import phone_like
from callsmith.meaning import Ambient, Detail, Fixed, Listed, Source, Stated, Target
from callsmith.plan.arguments.apart import agreeing
from callsmith.plan.arguments.beside import as_others, of_the_same
from callsmith.plan.arguments.keyed import as_shown, key_there, names_new, of_service
from callsmith.plan.arguments.messages import of_one
from callsmith.plan.arguments.owing import sum_of
from callsmith.plan.arguments.sent import as_sent
from callsmith.plan.arguments.spans import MOMENTS, lasting, partner
from callsmith.plan.arguments.together import fitting
from callsmith.plan.bearing import bearer_of
from callsmith.plan.draft import Draft, invented
from callsmith.plan.known import SILENT, SURE, id_taken, names_tenant, owned
from callsmith.records import Json, Parameter, Person, Tool

SAYABLE = ("natural_key", "preference", "content")


_SHORT = 40  # letters of what somebody would type
UNSAID = ("mime", "object", "color", "language", "locale", "mask", "version")


class Filled(Struct):
    """Arguments with what the user has to state for them."""

    arguments: dict[str, Source]
    details: list[Detail]
    missing: list[Parameter]
    person: Person | None = None  # whom a record about a person is about
    container: Target | None = None  # what it is made under


def locally_required(tool: Tool, pointer: str) -> bool:
    """Whether an argument must be there once its parent is."""
    schema: Any = tool.parameters
    steps = pointer.split("/")[1:]
    for step in steps[:-1]:
        schema = schema.get("items", {}) if step == "*" else schema.get("properties", {}).get(step, {})
    return steps[-1] in schema.get("required", ())


def said_name(parameter: Parameter) -> str:
    """What a detail is called by: of ``/attendees/*/email`` it is the attendees that a person speaks of."""
    before, inside, _ = parameter.pointer.partition("/*/")
    return before.rsplit("/", 1)[-1] if inside else parameter.name


def detail(
    parameter: Parameter, value: Json, role: str = "", shape: str = "value", shown: str = ""
) -> Detail:
    values = value if shape in ("list", "span", "range") else [value]
    if not role:
        role = "filters" if parameter.filters else "sets"
    if parameter.scope or (parameter.refers and parameter.klass == "natural_key"):
        role = "names"
    return Detail(
        parameter=said_name(parameter),
        facet=parameter.facet,
        phrase=parameter.phrase,
        role=role,  # type: ignore[arg-type]
        shape=shape,  # type: ignore[arg-type]
        values=list(values),
        shown=shown,
        required=parameter.required,
        through=parameter.compare == "le",
    )


def state(draft: Draft, filled: Filled, tool: Tool, parameter: Parameter, value: Json = None) -> None:
    """Have the user state a value for a parameter (and for the other end, when it is one end of a span).

    Raises:
        PlanUnfit: no believable value is known for it.
    """
    if parameter.pointer in filled.arguments:
        return
    pasted = parameter.facet == "url" and parameter.required and tool.deed == "create"
    if parameter.facet in UNSAID or parameter.facet == "url" and not pasted:
        raise PlanUnfit(f"nobody says a {parameter.name}")
    pair = partner(tool, parameter) if value is None else None
    if pair is not None:
        span(draft, filled, tool, pair)
        return
    if value is None:
        own = _of_person(draft, filled, tool, parameter)
        value = of_the_same(draft, tool, filled.arguments, parameter) if own is None else own
    if value is None:
        value = of_service(draft, parameter, filled.details) or _on_offer(draft, tool, parameter)
    if value is None:
        value = fitting(draft, filled.details, parameter, invented(draft, tool, parameter))
    value = agreeing(draft, filled.arguments, tool, parameter, as_others(draft, tool, parameter, value))
    if (
        value is not None
        and value == parameter.schema.get("default")
        and parameter.facet in ("enum", "count", "number")
        and not parameter.required
    ):
        raise PlanUnfit("nobody asks for the usual")
    if parameter.facet == "enum" and SILENT.search(str(value)):
        raise PlanUnfit("nobody asks for what is left open")
    if value is None or isinstance(value, str) and not value.strip():
        raise PlanUnfit(f"no believable value for {tool.name} {parameter.pointer}")
    code = _currency(draft, filled, tool) if parameter.facet in ("amount", "amount_minor") else ""
    is_list = "*" in parameter.pointer
    if is_list and not isinstance(value, list):
        value = [value]
    entity = draft.known.entities.get(tool.entity)
    if is_list and entity is not None and owned(entity, parameter):
        filled.details.append(detail(parameter, value[0]))
        filled.arguments[parameter.pointer] = Listed([Stated(item) for item in value])
    elif isinstance(value, list):
        filled.details.append(detail(parameter, value, shape="list"))
        filled.arguments[parameter.pointer] = Listed([Stated(item) for item in value])
    else:
        shape = "flag" if isinstance(value, bool) else "value"
        filled.details.append(detail(parameter, value, shape=shape, shown=code))
        filled.arguments[parameter.pointer] = Stated(as_sent(parameter, value))
    _companions(draft, filled, tool, parameter)


def _on_offer(draft: Draft, tool: Tool, parameter: Parameter) -> Json | None:
    """What providers sell it by: a short name that examples show, or a size in gigabytes; names of what people own.

    Raises:
        PlanUnfit: it is the name of something else, and no such names are known.
    """
    schema = parameter.schema
    if parameter.facet == "title" and (bearer := bearer_of(parameter.phrase)):
        names = [*map(str, schema.get("examples", ())), *texts(parameter.name)]
        if not names and parameter.sets:
            return None
        if not names:
            raise PlanUnfit(f"no names of a {bearer} are known")
        return draft.choice(names)
    if parameter.facet == "count" and parameter.phrase.endswith(" gb"):
        low, high = schema.get("minimum", 1), schema.get("maximum", 500)
        sizes = figure_of("gigabytes")
        return draft.choice([int(size) for size in (sizes.values if sizes else ()) if low <= size <= high])
    shown = [item for item in schema.get("examples", ()) if isinstance(item, str)]
    # Of a text nobody understands the example is the one value known to fit.
    strange = parameter.facet == "text" and any("unknown meaning" in reason for reason in parameter.reasons)
    if strange and parameter.klass == "preference":
        shown = [item for item in shown if len(item) < _SHORT]
    offered = (
        (parameter.facet == "key" or strange)
        and not parameter.refers
        and not names_new(draft, tool, parameter)
        and not {*name_words(parameter.name)} & {"zip", "postcode", "postal"}
    )
    often = (
        _WRITTEN_ONCE if parameter.required and len(shown) == 1 and shown[0].count(" ") > 2 else _ONE_SHOWN
    )
    alone = len(shown) == 1 and (not parameter.required or often == _WRITTEN_ONCE)
    if offered and alone and not draft.chance(often):
        raise PlanUnfit(f"one {parameter.name} is known, and it is not everyone's")
    return draft.choice(shown) if offered and shown else None


_ONE_SHOWN = 0.15  # how often somebody asks for the one value that an example shows
_WRITTEN_ONCE = 0.4  # how often, where something has to be said and the example is a sentence
_CAST = 0.3  # how often whoever is put on record is one of the few that have been spoken of


def _of_person(draft: Draft, filled: Filled, tool: Tool, parameter: Parameter) -> Json | None:
    """Name, address and number of one person, when the tool makes a record about a person."""
    entity = draft.known.entities.get(tool.entity)
    if tool.deed != "create" or entity is None or not entity.person and parameter not in of_one(tool):
        return None
    if "*" in parameter.pointer and not owned(entity, parameter):
        return None
    if filled.person is None:
        named = {str(pointed(record, entity.label_pointer)) for record in draft.world.records(entity.key)}
        outside = [
            p
            for p in draft.scene.people
            if p.relation in ("client", "supplier", "friend") and p.name not in named
        ]
        others = [p for p in draft.world.strangers() if p.name not in named]
        of_cast = not others or bool(outside) and draft.chance(_CAST)
        filled.person = draft.choice(outside if of_cast else others)
    person = filled.person
    parts = {"first name": person.given, "last name": person.family, "username": person.username}
    phone = phone_like(person.phone, parameter.schema)
    known = {"email": person.email, "phone": phone, "company": person.company}
    named_so = parameter.sets == entity.label_pointer or parameter.facet == "person"
    return parts.get(parameter.phrase) or known.get(parameter.facet) or (person.name if named_so else None)


def _currency(draft: Draft, filled: Filled, tool: Tool) -> str:
    """The currency an amount is in: that of the tool's own currency argument, filled along with the amount."""
    parameter = next((p for p in tool.inputs if p.facet == "currency"), None)
    code = draft.scene.currency
    if parameter is None:
        return code
    allowed = [str(value) for value in parameter.schema.get("enum", ())]
    examples = [*allowed, *map(str, parameter.schema.get("examples", ()))]
    lower = (
        any(value.islower() for value in examples)
        or "lower" in str(parameter.schema.get("description", "")).lower()
    )
    value = code.lower() if lower else code
    if allowed and value not in allowed:
        value = allowed[0]
    filled.arguments.setdefault(parameter.pointer, Stated(value))
    code = value.upper()
    return code


def span(draft: Draft, filled: Filled, tool: Tool, pair: tuple[Parameter, Parameter]) -> None:
    """Have the user state a start and a length or an end."""
    start = draft.world.invent(tool, pair[0], draft.rng)
    if not isinstance(start, str):
        raise PlanUnfit(f"no believable start for {tool.name}")
    minutes = draft.choice(lasting(draft, tool))
    if pair[0].facet == "date":
        end: str = (date.fromisoformat(start) + timedelta(days=draft.choice((1, 2, 3, 4)))).isoformat()
    else:
        end = (datetime.fromisoformat(start) + timedelta(minutes=minutes)).isoformat()
    filled.details.append(detail(pair[0], [start, end], shape="span"))
    filled.arguments[pair[0].pointer] = Stated(start)
    filled.arguments[pair[1].pointer] = Stated(end)
    for end_parameter in pair:
        _companions(draft, filled, tool, end_parameter)


def _companions(draft: Draft, filled: Filled, tool: Tool, parameter: Parameter) -> None:
    """Fill what the same object requires beside a value, and the time zone beside a time."""
    parent = parameter.pointer.rsplit("/", 1)[0]
    for other in tool.inputs:
        if other.pointer in filled.arguments or other.pointer.rsplit("/", 1)[0] != parent or not parent:
            continue
        if other.facet == "time_zone" and parameter.facet in MOMENTS and "*" not in parent:
            filled.arguments[other.pointer] = Ambient(draft.scene.time_zone)
        elif locally_required(tool, other.pointer) and not partner(tool, other):
            require(draft, filled, tool, other)


def require(draft: Draft, filled: Filled, tool: Tool, parameter: Parameter) -> None:
    """Fill a parameter that has to be there, by its class.

    Raises:
        PlanUnfit: it is an id to be found first (the caller locates those), or nothing is known for it.
    """
    if parameter.pointer in filled.arguments:
        return
    if names_tenant(parameter) and (parameter.confidence >= SURE or parameter.klass == "opaque_id"):
        filled.arguments[parameter.pointer] = Ambient(tenant(draft, parameter))
        return
    if parameter.confidence < SURE:
        raise PlanUnfit(f"{tool.name} {parameter.pointer} is not understood well enough")
    if parameter.klass == "plumbing":
        default = parameter.default if parameter.default is not None else parameter.schema.get("default")
        if default is None:
            raise PlanUnfit(f"{tool.name} {parameter.pointer} is plumbing without a default")
        filled.arguments[parameter.pointer] = Fixed(default)
    elif parameter.klass == "ambient" or parameter.facet == "owner":
        filled.arguments[parameter.pointer] = Ambient(ambient(draft, tool, parameter))
    elif parameter.klass in SAYABLE:
        state(draft, filled, tool, parameter)
    else:
        raise PlanUnfit(f"{tool.name} {parameter.pointer} has to be found first")


def complete(draft: Draft, filled: Filled, tool: Tool, record: Mapping[str, Any], entity: str) -> None:
    """Fill the rest of what a call needs: where ``record`` lies, and whatever else is required.

    Raises:
        PlanUnfit: something of it has to be found first, or nothing is known for it.
    """
    scopes(draft, filled, tool, record, entity)
    for parameter in tool.inputs:
        if not parameter.required or parameter.pointer in filled.arguments:
            continue
        known = as_shown(draft, tool, parameter, record, entity)
        if isinstance(known, Stated):
            state(draft, filled, tool, parameter, known.value)
        elif known is not None:
            filled.arguments[parameter.pointer] = known
        elif (owed := sum_of(draft, tool, parameter, record, entity)) is not None:
            state(draft, filled, tool, parameter, owed)
        else:
            require(draft, filled, tool, parameter)


def tenant(draft: Draft, parameter: Parameter) -> Json:
    """The id of the one workspace, organisation or account the user works in.

    Raises:
        PlanUnfit: the world has none.
    """
    entity = draft.known.entities[parameter.refers]
    records = draft.world.records(entity.key)
    if not records:
        raise PlanUnfit(f"there is no {entity.noun}")
    return pointed(records[0], id_taken(parameter, entity))


def _owning(draft: Draft, parameter: Parameter) -> Json:
    """Whose the places are that an argument names the owner of, by what lies in one of them; None if nothing does."""
    for entity in draft.known.entities.values():
        held = entity.parent and (not parameter.refers or entity.parent == parameter.refers)
        for record in draft.world.records(entity.key)[:1] if held else ():
            scope = draft.world.scope_of(entity.key, record)
            value = scope.get(parameter.name, scope.get("owner"))
            if value is not None:
                return value
    return None


def ambient(draft: Draft, tool: Tool, parameter: Parameter) -> Json:
    scene = draft.scene
    if parameter.default is not None:
        return parameter.default
    if "default" in parameter.schema:
        return parameter.schema["default"]
    known = {
        "email": scene.user.email,
        "person": scene.user.name,
        "username": scene.user.username,
        "time_zone": scene.time_zone,
        "currency": scene.currency,
        "company": scene.company,
    }
    value = known.get(parameter.facet)
    if parameter.facet == "owner":
        value = _owning(draft, parameter)
    if value is None:
        value = draft.world.invent(tool, parameter, draft.rng)
    if value is None:
        raise PlanUnfit(f"{tool.name} {parameter.pointer} is ambient but unknown here")
    return value


def scopes(draft: Draft, filled: Filled, tool: Tool, record: Mapping[str, Any] | None, entity: str) -> None:
    """Name the container the tool works in: the one the record lies in, or one the user picks.

    Raises:
        PlanUnfit: the container's id has to be found first.
    """
    address = draft.world.scope_of(entity, record) if record is not None else {}
    for parameter in tool.inputs:
        if not parameter.scope or parameter.pointer in filled.arguments:
            continue
        if names_tenant(parameter):
            if parameter.required:
                require(draft, filled, tool, parameter)
            continue
        value = address.get(parameter.name)
        if not parameter.required and parameter.klass in ("ambient", "plumbing"):
            if value not in (
                None,
                parameter.default,
                parameter.schema.get("default"),
                draft.scene.user.email,
            ):
                raise PlanUnfit(f"it lies in another {parameter.name} than the usual one")
        elif parameter.klass == "ambient" or parameter.facet == "owner":
            filled.arguments[parameter.pointer] = Ambient(value or ambient(draft, tool, parameter))
        elif parameter.klass == "natural_key":
            chosen = value if value is not None else key_there(draft, tool, parameter, record)
            if chosen is None:
                raise PlanUnfit(f"no {parameter.name} known for {tool.name}")
            if str(chosen) in draft.stated:
                filled.arguments[parameter.pointer] = Stated(chosen)
            else:
                state(draft, filled, tool, parameter, chosen)
        elif parameter.klass == "plumbing":
            require(draft, filled, tool, parameter)
        elif parameter.required:
            filled.missing.append(parameter)


def pointed(record: Mapping[str, Any], pointer: str) -> Json:
    """The first value at a field pointer, or None."""
    return next(iter(values_at(record, pointer)), None)
