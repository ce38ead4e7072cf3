"""Values a person might state for a parameter: a title, a moment, a colleague, an amount."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import structs

from callsmith.catalog import data
from callsmith.catalog.belonging import topical
from callsmith.catalog.figures import usual_values
from callsmith.catalog.grounds import grounds, is_ground
from callsmith.catalog.sorts import mark_of, marked
from callsmith.facts.amounts import coined
from callsmith.facts.phones import phone_like
from callsmith.records import Json, Parameter, Person, Tool, Topic
from callsmith.schema import types
from callsmith.seeds import Rng
from callsmith.world.fields.addresses import house_number, is_postcode, postcode_in, street_for
from callsmith.world.fields.amounts import FEW, FOR_ONE
from callsmith.world.fields.declared import stated_at
from callsmith.world.fields.languages import languages_of, other_language
from callsmith.world.fields.links import given_url, urls_of
from callsmith.world.fields.magnitudes import in_cents, magnitude_in, said_unit, written
from callsmith.world.fields.measures import in_bounds, in_order, measure_in, unfamiliar
from callsmith.world.fields.pairing import option_of
from callsmith.world.fields.places import spots_of, towns_or
from callsmith.world.fields.texts import NO_TEXT
from callsmith.world.fields.usual import said_near
from callsmith.world.inferred.errand import Running
from callsmith.world.inferred.held import among_counted, among_real
from callsmith.world.inferred.inventing_bought import of_what_is_bought
from callsmith.world.inferred.inventing_keys import beside_key, own_key
from callsmith.world.inferred.inventing_people import NEW_PEOPLE, handle, of_a_body, some_body, somebody
from callsmith.world.inferred.inventing_sorts import from_template, names_it, sort_for, tellers
from callsmith.world.inferred.inventing_times import date, date_time, states_age, time, timestamp
from callsmith.world.stories.families import PEOPLE, everyday, matterless
from callsmith.world.stories.lives import brought
from callsmith.world.stories.naming import split
from callsmith.world.stories.nouns import is_technical, lexicon
from callsmith.world.stories.numbered import counted, sorting
from callsmith.world.stories.relations import Kind
from callsmith.world.stories.remarks import lines_for, prose, said
from callsmith.world.stories.story import Story
from callsmith.world.stories.telling import SUMS, body_of, slots_of, title_for
from callsmith.world.stories.troubled import hardly_told
from callsmith.world.stories.wording import render

_AMOUNTS = (
    900,
    1200,
    1950,
    2400,
    3500,
    4500,
    4900,
    6490,
    7900,
    9900,
    12500,
    14900,
    18000,
    24000,
    36000,
    48000,
)


# What a text is bound to a form by, as the last word of its name.
_FORMAL = frozenset(
    "cidr arn ip host hostname url uri template script policy certificate token credentials checksum hash digest key"
    " regex pattern expression path dns endpoint json xml yaml code address zone subnet block".split()
)


def _formal(parameter: Parameter) -> bool:
    """Whether a text is bound to a form that a sentence does not have."""
    words = split(parameter.name)
    return bool(words) and (words[-1] in _FORMAL or "arn" in words or "cidr" in words)


def invent(world: Running, tool: Tool, parameter: Parameter, rng: Rng) -> Json | None:
    """A believable value for the parameter in the world's scene, or None when there is none to think of."""
    schema = parameter.schema
    options = [option for option in schema.get("enum", ()) if option is not None]
    if parameter.facet == "enum" and not options and types(schema) == ("string",):
        options = _held(world, tool, parameter)
    unsaid = parameter.klass in ("opaque_id", "plumbing", "ambient", "query")
    if parameter.refers or unsaid or hardly_told(tool, parameter.name):
        return None
    if (part := of_what_is_bought(world, tool, parameter, rng)) is not None:
        return _fitting(part, parameter)
    if not options and (real := among_real(world.population.toolset, tool, parameter)):
        return rng.choice(real)
    if parameter.facet == "language" and (options or tool.deed == "create"):
        return _language(world, tool, options, rng)
    if options:
        return option_of(world, tool, parameter, options, rng)
    if parameter.facet == "enum" and names_it(world, tool, parameter):
        return _fitting(from_template(tool, rng) or _title(world, tool, parameter, rng), parameter)
    if parameter.facet == "enum":
        return sort_for(world, tool, parameter, rng, lambda: _title_like(world, tool, rng))
    if (number := _number(world, tool, parameter, rng)) is not None:
        bounds = stated_at(world.population.toolset, tool.entity, parameter.sets, schema)
        bounded = structs.replace(parameter, schema=bounds)
        return in_order(world.invented, tool, parameter, _fitting(number, bounded))
    if is_ground(parameter.name) and types(schema) == ("string",):
        kind = world.population.kinds.get(tool.entity)
        why = grounds(tool.verb, kind.entity.noun if kind else "") or _lines(world, kind, parameter)
        return _fitting(rng.choice(list(why)), parameter) if why else None
    if tool.deed == "act" and f" {parameter.name.lower()} " in tool.phrase and types(schema) == ("string",):
        if lines := _lines(world, world.population.kinds.get(tool.entity), parameter):
            return _fitting(said(rng.choice(list(lines)), world.population.scene.user.given), parameter)
    if parameter.facet in ("text", "key", "number_key") and types(schema) == ("string",):
        if form := mark_of(split(parameter.name)):
            return _fitting(marked(form, rng.getrandbits(60)), parameter)
    if house_number(parameter.name) and types(schema) == ("string",):
        return _fitting(str(rng.randrange(1, 120)), parameter)
    if is_postcode(split(parameter.name)) and types(schema) == ("string",):
        return _fitting(postcode_in(world.population.place, rng.getrandbits(60)) or None, parameter)
    maker = _MAKERS.get(parameter.facet)
    if maker is None or (parameter.facet in ("text", "body") and _formal(parameter)):
        return None
    return _fitting(maker(world, tool, parameter, rng), parameter)


def _language(world: Running, tool: Tool, options: list[Json], rng: Rng) -> Json:
    """A language other than the last one thought of for the tool: nobody translates from French to French."""
    known = options or list(languages_of(world.population.toolset, tool.toolkit)) or ["en"]
    last = world.sorts.pop(f"{tool.name}\nlanguage", "")
    value = rng.choice(other_language(known, last))
    world.sorts[f"{tool.name}\nlanguage"] = str(value)
    return value


def _held(world: Running, tool: Tool, parameter: Parameter) -> list[Json]:
    """The choices of the field that the parameter writes or restricts, where it does not list them itself."""
    kind = world.population.kinds.get(tool.entity)
    place = parameter.sets or parameter.filters
    fields = kind.entity.fields if kind and place else ()
    found = next((field.schema.get("enum", ()) for field in fields if field.pointer == place), ())
    return [option for option in found if option is not None]


def _number(world: Running, tool: Tool, parameter: Parameter, rng: Rng) -> Json | None:
    """A number as large as such things are; None where it is not known how large that is."""
    kinds = types(parameter.schema)
    kind = world.population.kinds.get(tool.entity)
    coins = parameter.facet == "amount_minor"
    if (
        kind is None
        or not {"integer", "number"} & set(kinds)
        or coins
        and not in_cents(split(parameter.name))
    ):
        return None
    if split(parameter.name) == ("quantity",) and kind.entity.noun.split(" ")[-1] in FOR_ONE:
        return rng.choice(FEW)
    years = states_age(parameter.name)
    if years and (born := world.invented.pop(f"{tool.name}\nborn", 0)):
        return born  # as old as the day of birth says
    toolset, draw = world.population.toolset, rng.randrange(1 << 30)
    if (measured := of_a_body(world, tool, kind.entity, parameter, rng)) is not None:
        return measured
    if real := among_counted(toolset, tool, parameter):
        return rng.choice(real)
    if near := said_near(toolset, tool.entity, parameter):
        return rng.choice(near)
    unit = said_unit(parameter.facet, parameter.schema)
    found = magnitude_in(toolset, kind.entity, kind.family.name, parameter.name, unit)
    stated = stated_at(toolset, tool.entity, parameter.sets, parameter.schema)
    if parameter.facet in ("number", "count", "amount", "duration_minutes", "duration_seconds"):
        found = found or measure_in(toolset, kind.entity, parameter.pointer, stated, parameter.facet)
    found = in_bounds(found, split(parameter.name), stated)
    if found and coins:
        return round(found.value(draw, world.population.scale) * 100)
    if not found and parameter.facet in ("number", "count") and (usual := usual_values(parameter.name)):
        options = [value for value in usual if "number" in kinds or isinstance(value, int)]
        return rng.choice(options)
    scale = 1 if coined(split(parameter.name)) else world.population.scale
    value = written(found, draw, scale, "number" not in kinds) if found else None
    world.invented |= {f"{tool.name}\nage": round(value)} if years and isinstance(value, (int, float)) else {}
    return value


def _fitting(value: Json, parameter: Parameter) -> Json | None:
    schema = parameter.schema
    if isinstance(value, str) and len(value) > schema.get("maxLength", len(value)):
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        low, high = schema.get("minimum", value), schema.get("maximum", value)
        value = min(max(value, low), high)
    if isinstance(value, int) and not isinstance(value, bool) and types(schema) == ("string",):
        return str(value)
    return value


def _story(world: Running, tool: Tool, rng: Rng) -> Story:
    population = world.population
    scene = population.scene
    kind = population.kinds.get(tool.entity)
    topic: Topic | None = rng.choice(scene.topics)
    code = bool(kind and kind.code)
    if code or kind and matterless(kind.entity, kind.family.name):
        topic = None
    return Story(
        population=population,
        entity=tool.entity,
        family=kind.family.name if kind else "thing",
        bits=rng.getrandbits(62),
        ordinal=0,
        author=scene.user,
        owner=scene.user,
        others=(rng.choice([person for person in scene.people if person.relation == "colleague"]),),
        topic=topic,
        kind="code" if code else topic.kind if topic else "any",
        created=population.clock.now,
        updated=population.clock.now,
    )


def _title(world: Running, tool: Tool, parameter: Parameter, rng: Rng) -> Json | None:
    story = _story(world, tool, rng)
    kind = world.population.kinds.get(tool.entity)
    if story.family in ("patron", "staff") and kind and parameter.sets != kind.entity.label_pointer:
        return None  # what a teacher teaches is not their name
    if story.family in NEW_PEOPLE:
        return somebody(world, tool, parameter, rng).name
    if kind is not None and counted(world.population.toolset, kind.entity, story.family):
        return None
    taken_titles = {
        str(entry.story.title).lower() for entry in world.overlay.entries(tool.entity) if entry.story
    } if kind else set()  # fmt: skip
    if story.family == "price":  # a price is named after whom or what it is for; its product is known
        return rng.choice(data.read("catalog/lexicon/titles.yaml")["tier"])
    known = tellers(tool, kind, world.population.toolset)
    wanted, title = world.sorts.pop(f"{tool.name}\nsort", ""), ""
    sure = bool(wanted) and topical([wanted, wanted])
    for attempt in range(60):  # a Merlot is made of no other grape
        title = title_for(story, rng, {*taken_titles})
        told = next((name for teller in known if (name := teller(title))), "")
        if told == wanted if sure else told in ("", wanted) if wanted else told or not known or attempt > 20:
            break
    if told and not wanted:
        world.sorts[f"{tool.name}\nname"] = told
    return title


def _title_like(world: Running, tool: Tool, rng: Rng) -> str:
    """What such a thing might be called."""
    return title_for(_story(world, tool, rng), rng, set())


def _lines(world: Running, kind: Kind | None, parameter: Parameter) -> Sequence[str]:
    """What may be noted of such a record in a text of that name."""
    if kind is None:
        return ()
    return lines_for(world.population.toolset, kind.entity, kind.family.name, parameter.name)


def _body(world: Running, tool: Tool, parameter: Parameter, rng: Rng) -> Json | None:
    kind = world.population.kinds.get(tool.entity)
    strange = unfamiliar(world.population.toolset, tool.toolkit)
    if lines := _lines(world, kind, parameter):
        return said(rng.choice(list(lines)), world.scene.user.given)
    if strange and not prose(split(parameter.name), tool.entity.rpartition(".")[2]):
        return None
    if kind and (everyday(kind.entity, kind.family.name) or brought(kind.entity, kind.family.name)):
        return None
    story = _story(world, tool, rng)
    # Of a customer or a calendar nobody dictates a text that would be more than a guess.
    if story.topic is None and story.kind == "any" or story.family in NO_TEXT and parameter.facet == "body":
        return None
    return body_of(story)


def _called(world: Running, tool: Tool, parameter: Parameter, rng: Rng) -> Json | None:
    """A person's name; that of an animal for a patient who is one."""
    kind = world.population.kinds.get(tool.entity)
    words = {*split(parameter.name)}
    own = kind is not None and parameter.sets == kind.entity.label_pointer != ""
    own = own and kind is not None and {*split(parameter.name)} <= {"name", *split(kind.entity.noun)}
    if (
        kind is not None
        and own
        and words <= {"name", "title", "label", *kind.entity.noun.split()}  # a hirer's name is no hire's
        and matterless(kind.entity, kind.family.name)
        and kind.family.name not in PEOPLE
    ):
        return _title(world, tool, parameter, rng)
    person = somebody(world, tool, parameter, rng)
    if words & {"first", "given", "forename"}:
        return person.given
    return person.family if words & {"last", "family", "surname"} else person.name


def _amount(minor: bool) -> Callable[[Running, Tool, Parameter, Rng], Json | None]:
    def make(world: Running, tool: Tool, parameter: Parameter, rng: Rng) -> Json | None:
        kind = world.population.kinds.get(tool.entity)
        sums = SUMS.get(kind.family.name if kind else "")
        scale = world.population.scale
        value = rng.choice(sums) * 100 * scale if sums else rng.choice(_AMOUNTS) * scale
        return value if minor else value / 100

    return make


def _place(world: Running, tool: Tool, parameter: Parameter, rng: Rng) -> Json | None:
    kind = world.population.kinds.get(tool.entity)
    if told := towns_or(parameter.schema):
        return rng.choice(told)
    if {"address", "street", "road"} & {*split(parameter.name)}:
        shown = next((one for one in parameter.schema.get("examples", ()) if isinstance(one, str)), "")
        return street_for(tool, world.population.place, rng, shown)
    if kind is not None and everyday(kind.entity, kind.family.name):
        return rng.choice(spots_of(kind.entity, parameter.name))
    return rng.choice(data.read("catalog/lexicon/places.yaml")["rooms" if rng.random() < 0.7 else "venues"])


def _label(world: Running, tool: Tool, parameter: Parameter, rng: Rng) -> Json | None:
    for key, kind in world.population.kinds.items():
        if kind.family.name == "label" and key.split(".")[0] == tool.toolkit:
            titles = [entry.record.get("name") for entry in world.overlay.entries(key)]
            return rng.choice([title for title in titles if title] or [None])
    own = world.population.kinds.get(tool.entity)
    titles = data.read("catalog/lexicon/titles.yaml")["label"]
    families = (kind.family.name for kind in world.population.kinds.values())
    machine = is_technical(world.population.toolset, tool.toolkit)
    if own and not own.code and not machine and (sorts := sorting(families)):
        slots = slots_of(_story(world, tool, rng), rng)
        return render(rng.choice(sorts["any"]), slots).lower()
    sort = "code" if own and own.code else "machine" if machine else "own"
    chosen: str = rng.choice(titles[sort])
    return chosen.lower().replace(" ", "-")


def _file_name(world: Running, tool: Tool, parameter: Parameter, rng: Rng) -> Json | None:
    story = _story(world, tool, rng)
    if story.family == "snippet":  # code, and no office paper
        return f"{rng.choice(lexicon()['words']['job'])}{rng.choice(('.py', '.sh', '.yaml', '.sql', '.md'))}"
    title = title_for(structs.replace(story, family="file"), rng, set())
    return title + rng.choice((".pdf", ".docx", ".xlsx"))


def _url(world: Running, tool: Tool, parameter: Parameter, rng: Rng) -> Json | None:
    """An address that people have at hand: of a site they watch, a page they keep."""
    forms = urls_of(kind.entity.noun) if (kind := world.population.kinds.get(tool.entity)) else []
    return given_url(forms, world.scene, rng.getrandbits(60)) if forms else None


def _phone(person: Person, parameter: Parameter) -> str:
    formed = phone_like(person.phone, parameter.schema)
    return formed if parameter.schema.get("examples") else formed.replace(" ", "")


_MAKERS: dict[str, Callable[[Running, Tool, Parameter, Rng], Json | None]] = {
    "title": lambda world, tool, parameter, rng: beside_key(
        world, tool, parameter, _title(world, tool, parameter, rng)
    ),
    "key": lambda world, tool, parameter, rng: own_key(
        world, tool, parameter, lambda: _title(world, tool, parameter, rng)
    ),
    "body": _body,
    "text": _body,
    "date_time": date_time,
    "date": date,
    "time": time,
    "timestamp": timestamp,
    "amount": _amount(False),
    "amount_minor": _amount(True),
    "place": _place,
    "label": _label,
    "file_name": _file_name,
    "email": lambda world, tool, parameter, rng: somebody(world, tool, parameter, rng).email,
    "person": lambda world, tool, parameter, rng: _called(world, tool, parameter, rng),
    "phone": lambda world, tool, parameter, rng: _phone(somebody(world, tool, parameter, rng), parameter),
    "username": lambda world, tool, parameter, rng: handle(world, tool, parameter, rng),
    "company": lambda world, tool, parameter, rng: some_body(world, tool, parameter, rng) or None,
    "duration_minutes": lambda world, tool, parameter, rng: rng.choice((15, 20, 30, 30, 45, 60, 60, 90)),
    "duration_seconds": lambda world, tool, parameter, rng: rng.choice((1, 2, 2, 3, 4, 6)) * 1800,
    "count": lambda world, tool, parameter, rng: rng.choice((1, 2, 3, 4, 5)),
    "limit": lambda world, tool, parameter, rng: rng.choice((3, 5, 5, 10)),
    "percent": lambda world, tool, parameter, rng: rng.choice((5, 10, 10, 15, 20, 25)),
    "flag": lambda world, tool, parameter, rng: rng.random() < 0.7,
    "currency": lambda world, tool, parameter, rng: world.scene.currency,
    "city": lambda world, tool, parameter, rng: world.scene.city,
    "country": lambda world, tool, parameter, rng: world.population.place["code"],
    "color": lambda world, tool, parameter, rng: (
        None  # a number or a code, which nobody says
        if parameter.schema.get("pattern") or split(parameter.name)[-1:] == ("id",)
        else rng.choice(("blue", "green", "red", "yellow", "purple", "orange"))
    ),
    "url": _url,
    "language": lambda world, tool, parameter, rng: "en",
}
