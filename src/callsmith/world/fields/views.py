"""What a nested object or list in a record shows: another record, a person, or several of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct, structs

from callsmith.catalog import data
from callsmith.records import Person, Schema
from callsmith.schema import settle, types
from callsmith.seeds import number
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.fields.sites import Site, linked, role_of, who
from callsmith.world.scene import ascii_slug
from callsmith.world.stories.bearers import bearer, named_in, those
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import PEOPLE, everyday, family_of
from callsmith.world.stories.naming import stem
from callsmith.world.stories.relations import by_noun, referred
from callsmith.world.stories.story import Story, view_of
from callsmith.world.stories.telling import wares

_PERSONAL = {"email", "email_address", "login", "username", "display_name", "account_id", "phone", "gid"}
_PARTY = ("guest", "participant", "attendee", "traveler", "traveller", "passenger", "player", "visitor")
_SIGNERS = ("signer", "signatory", "approver", "cosigner", "party", "undersigned")
_ENDINGS = {"closed", "merged", "completed", "resolved", "canceled", "cancelled", "archived", "deleted", "dismissed",
            "fixed", "suspended", "revoked", "disabled", "rejected", "blocked", "locked"}  # fmt: skip
LOOSE = {"milestone": "sprint", "team": "group", "category": "label", "sprint": "sprint"}
_CROWD = {"attendee", "guest", "participant", "invitee", "recipient", "assignee", "follower", "member", "owner",
          "reviewer", "requested_reviewer", "watcher", "collaborator", "to", "cc", "bcc", "user",
          "event_membership", "host", "contact"}  # fmt: skip


class View(Struct, frozen=True):
    """How to get from a record's story to the story of what it shows."""

    entity: str = ""  # "" for a person who is no record of the toolkit's own
    family: str = "person"
    one: Callable[[Story], Story | None] | None = None
    many: Callable[[Story], Sequence[Story]] | None = None
    lasting: bool = True
    whole: View | None = None  # the toolkit's own record of a person, where it keeps one
    inside: bool = False  # elements are parts of the record itself
    loose: str = ""  # family of something that is no entity of its own but has a name and an id: a milestone


def one_view(site: Site) -> View | None:
    """What a nested object shows; None when it is just a group of the record's own fields."""
    names = {stem(name) for name in site.schema.get("properties", {})}
    role = role_of(site)
    if site.family == "repo" and site.name in ("owner", "organization"):
        return View(loose="house", one=_house_view)
    inner = _inner_reference(site)
    if inner and inner != site.entity.key and _alone(site, inner):
        look = linked if site.required and not site.nullable else held_by
        return View(entity=inner, family=_family(site, inner), one=lambda story: look(story, inner))
    if role and names & {"email", "email_address", "display_name", "login"} and not site.refers:
        return _person_view(site, role)
    key = site.refers or _inner_reference(site) or referred(site.name, site.entity.toolkit, site.toolset)
    if key and _family(site, key) not in PEOPLE and key != site.entity.key:
        family = _family(site, key)
        if site.required and not site.nullable:
            return View(entity=key, family=family, one=lambda story: linked(story, key))
        return View(entity=key, family=family, one=lambda story: held_by(story, key))
    if role and (names & _PERSONAL or "name" in names and role != "reader"):
        return _person_view(site, role)
    if site.family == "repo" and site.name == "owner":
        return None
    if names & {"title", "name"} and names & {"id", "number", "gid"} and stem(site.name) in LOOSE:
        noun = stem(site.name)
        return View(loose=LOOSE[noun], one=lambda story: _apart(story, noun, site), lasting=False)
    if key == site.entity.key and site.name in ("parent", "parentIssue", "parent_task"):
        return View(entity=key, family=site.family, one=lambda story: story.traits.get("parent"))
    return None


def _alone(site: Site, key: str) -> bool:
    """Whether a record of an API nobody has described further shows one of another kind, and in one place alone."""
    places = [one for one in site.entity.fields if one.refers == key and one.pointer.endswith("/id")]
    whole = all("*" not in one.pointer for one in places)
    return unfamiliar(site.toolset, site.entity.toolkit) and len(places) == 1 and whole


def _person_view(site: Site, role: str) -> View:
    plain = _plain_view(site, role)
    toolkit = site.entity.toolkit
    key = next((entity.key for entity in site.toolset.entities
                if entity.toolkit == toolkit and _family(site, entity.key) in PEOPLE[:2]), "")  # fmt: skip
    if not key or key == site.entity.key:
        return plain

    def record(story: Story) -> Story | None:
        seen = plain.one(story) if plain.one is not None else None
        return (
            story.population.person_story(toolkit, seen.subject)
            if seen is not None and seen.subject
            else None
        )

    return structs.replace(plain, whole=View(entity=key, family=_family(site, key), one=record))


def _plain_view(site: Site, role: str) -> View:
    if role == "author" and site.family == "membership":
        role = "subject"
    if (served := _served_view(site)) is not None:
        return served
    lasting = role in ("author", "user")
    if {"by"} <= set(site.words) and set(site.words) & _ENDINGS:

        def after(story: Story) -> Story | None:
            return _seen(story, "owner") if story.state in ("done", "gone") and story.finished else None

        return View(one=after, lasting=True)
    if role == "owner" and (site.nullable or not site.required):

        def maybe(story: Story) -> Story | None:
            if mix(story.bits, 61) % 5 == 0 and story.state == "open":
                return None
            return view_of(story, story.owner, 0)

        return View(one=maybe, lasting=False)
    return View(one=lambda story: _seen(story, role), lasting=lasting)


def _served_view(site: Site) -> View | None:
    """Whom an everyday record is about, where that is nobody of the house: the owner of a pet, the contact."""
    if not site.own or not unfamiliar(site.toolset, site.entity.toolkit):
        return None
    noun = _outsider(site.name, site)
    if not noun:
        return None

    def seen(story: Story) -> Story | None:
        person = None if story.fresh else story.subject or named_in(story, noun)
        return view_of(story, person, 0) if person is not None else None

    return View(one=seen, lasting=False)


def _outsider(name: str, site: Site) -> str:
    words = data.read("catalog/lexicon/persons.yaml")
    noun, _ = bearer(f"{name}_name", site.entity, site.family, site.toolset)
    return "" if noun in (*words["staff"], *words["makers"], "house") else noun


def _seen(story: Story, role: str) -> Story | None:
    person = who(story, role)
    return view_of(story, person, 0) if person is not None else None


def _house_view(story: Story) -> Story:
    """The company as the owner of a repository."""
    company = story.population.scene.company
    handle = ascii_slug(company.split()[0])
    bits = number(story.population.seed, story.entity.split(".")[0], company)
    return structs.replace(view_of(story, story.population.scene.user, 0), bits=bits, title=handle, family="house",
                           id=str(10_000_000 + bits % 80_000_000))  # fmt: skip


def _apart(story: Story, noun: str, site: Site) -> Story | None:
    """One of a few milestones that records of a container share; often none."""
    if (site.nullable or not site.required) and mix(story.bits, 73) % 5 < 3:
        return None
    place = uid_of_container(story)
    step = mix(story.bits, 74) % 3
    bits = number(story.population.seed, noun, place, step)
    first = 2 + number(story.population.seed, noun, place) % 4
    title = f"v{first}.{step}" if noun == "milestone" else f"Sprint {10 * first + step}"
    made = view_of(story, story.author, 0)
    due = story.population.clock.at(14 * (step + 1) + bits % 9, 17)
    return structs.replace(made, bits=bits, title=title, number=step + 1, id=str(1_000_000 + bits % 9_000_000),
                           family=LOOSE[noun], due=due, state="open", subject=None, traits={"step": step})  # fmt: skip


def uid_of_container(story: Story) -> str:
    """The id of what a record lies in; "" when it lies in nothing."""
    return story.container.id if story.container is not None else ""


def _tagged(story: Story) -> list[Story]:
    """Labels by name, each the same wherever it is used."""
    names = story.traits.get("tags")
    if names is None:
        known = data.read("catalog/lexicon/titles.yaml")
        options = (
            known["label"]["code"]
            if story.kind == "code"
            else known["tags"].get(story.kind, known["tags"]["any"])
        )
        size = (0, 1, 1, 2)[mix(story.bits, 75) % 4]
        names = list(
            dict.fromkeys(options[mix(story.bits, 76 + turn) % len(options)] for turn in range(size))
        )
    made = []
    for name in () if story.fresh and "tags" not in story.traits else names:
        bits = number(story.population.seed, story.entity.split(".")[0], "label", name)
        view = view_of(story, story.author, 0)
        key = str(100_000_000 + bits % 800_000_000)
        made.append(structs.replace(view, bits=bits, title=name, id=key, family="label", subject=None))
    return made


def held_by(story: Story, key: str) -> Story | None:
    """The record of ``key`` that a story is linked to, either way; none is made up."""
    found = story.links.get(key)
    if found is None:
        back = story.children.get(key)
        found = back[0] if back else None
    return found


def _inner_reference(site: Site) -> str:
    for field in site.entity.fields:
        head, _, tail = field.pointer.rpartition("/")
        if head == site.pointer and field.refers and tail in ("id", "key", "gid", "uri", "uuid"):
            return field.refers
    return ""


def _lies_in(site: Site, key: str) -> bool:
    """Whether records of a kind lie in those that list them, as those who sign do in what they sign."""
    return any(one.key == key and one.parent == site.entity.key for one in site.toolset.entities)


def _family(site: Site, key: str) -> str:
    for entity in site.toolset.entities:
        if entity.key == key:
            return family_of(entity).name
    return ""


def many_view(site: Site, items: Schema) -> View | None:
    """What a list shows; None when its elements are plain values of the record."""
    names = {stem(name) for name in items.get("properties", {})}
    noun = stem(site.name)
    key = by_noun(noun, site.entity.toolkit, site.toolset.entities)
    family = _family(site, key) if key else ""
    if noun in ("label", "tag") and "name" in names and not key:
        return View(loose="label", many=_tagged)
    if (
        names
        and names & {"project", "section"}
        and all(_links_to(site, name) for name in items["properties"])
    ):
        return View(inside=True, many=lambda story: [story], lasting=False)
    if key and family not in PEOPLE and key != site.entity.key and (names or family != "label"):
        return View(entity=key, family=family, many=lambda story: _held(story, key, noun), lasting=False)
    if key and family in PEOPLE and _lies_in(site, key):
        return View(entity=key, family=family, many=lambda story: _held(story, key, noun), lasting=False)
    if names & {"price", "amount", "quantity", "unit_amount"} and not key:
        ordered = [
            field.refers
            for field in site.entity.fields
            if field.refers and field.pointer.startswith(f"{site.pointer}/*/")
        ]
        some = unfamiliar(site.toolset, site.entity.toolkit)
        return View(
            inside=True, many=lambda story: parts(story, ordered) if some else [_part(story)], lasting=False
        )
    if (party := party_of(site, names)) is not None:
        return party
    crowd = noun if noun in _CROWD else noun.rsplit("_", 1)[-1]
    if crowd in _CROWD and (names & (_PERSONAL | {"name", "user", "id"}) or _addresses(items, names)):
        alone = crowd in ("owner", "host")
        return View(many=lambda story: _crowd(story, crowd), lasting=alone)
    return None


def party_of(site: Site, names: set[str]) -> View | None:
    """Those who take part in something that no office keeps, of whom the record says the names: passengers."""
    noun = stem(site.name).rsplit("_", 1)[-1]
    named = names & {"name", "full_name", "first_name"}
    if (
        not site.own
        or not named
        or noun not in data.read("catalog/lexicon/persons.yaml")["served"] + [*_PARTY, *_SIGNERS]
    ):
        return None
    signs = noun in _SIGNERS
    known = everyday(site.entity, site.family) or signs
    if not known or not unfamiliar(site.toolset, site.entity.toolkit):
        return None
    fields = [name for name in site.entity.schema.get("properties", {}) if name != site.name]
    contact = next((other for name in fields if (other := _outsider(name, site))), "")

    def several(story: Story) -> list[Story]:
        first = [named_in(story, contact)] if contact else []
        everyone = those(story.population, story.entity.split(".")[0], noun)
        more = [everyone[mix(story.bits, 91 + place) % len(everyone)] for place in range(3)]
        size = 2 + mix(story.bits, 90) % 2 if signs else 1 + mix(story.bits, 90) % 3
        people = list({person.email: person for person in (*first, *more) if person is not None}.values())[
            :size
        ]
        return [
            structs.replace(view_of(story, person, place), family="patron")
            for place, person in enumerate(people)
        ]

    return View(loose="patron", many=several, lasting=False)


def _part(story: Story) -> Story:
    """The one line of an order or bill: about the same thing, under an id of its own."""
    return structs.replace(story, bits=story.bits ^ 0x11E)


def parts(story: Story, keys: Sequence[str]) -> list[Story]:
    """The lines of an order or bill, each about another of the things that ``keys`` list."""
    made: list[Story] = []
    key = keys[0] if keys else ""
    options = story.population.stories(key) if key in story.population.kinds else []
    first = linked(story, key) if options else None
    for place in range((1, 2, 2, 3)[mix(story.bits, 77) % 4]):
        links, traits = dict(story.links), dict(story.traits)
        if first is not None and place:
            at = next(number for number, one in enumerate(options) if one is first)
            other = options[(at + place * (1 + mix(story.bits, 78) % 5)) % len(options)]
            if any(other is one.links.get(key) for one in made) or other is first:
                continue
            links[key] = other
        elif first is not None:
            links[key] = first
        bits = number(story.bits, "line", place) if place else story.bits ^ 0x11E
        if first is None and place >= len(wares(story)):
            break  # a house that sells less
        sold = links[key].title if first is not None else wares(story)[place]
        title = sold if story.family in ("invoice", "payment", "line") else story.title
        made.append(structs.replace(story, bits=bits, links=links, traits=traits, title=title))
    return made


def _links_to(site: Site, name: str) -> bool:
    return bool(referred(name, site.entity.toolkit, site.toolset))


def _addresses(items: Schema, names: set[str]) -> bool:
    return not names and "string" in types(settle(items))


def _held(story: Story, key: str, noun: str) -> Sequence[Story]:
    story.population.stories(key)
    children = story.children.get(key)
    if children is not None:
        return children
    if story.entity and key in story.population.kinds and story.entity in story.population.kinds[key].links:
        return ()
    found = linked(story, key)
    if found is None or noun in ("label", "tag") and mix(story.bits, 71) % 3 and not story.fresh:
        return ()
    return (found,)


def _crowd(story: Story, crowd: str) -> list[Story]:
    people: tuple[Person, ...]
    if crowd in ("owner", "host"):
        people = (story.author,)
    elif crowd == "assignee":
        people = (story.owner,) if mix(story.bits, 61) % 4 else ()
    elif crowd in ("cc",):
        people = story.others[1:]
    elif crowd == "bcc":
        people = ()
    elif crowd in ("to", "recipient"):
        people = story.others[:1]
    elif crowd in ("event_membership", "membership"):
        people = (story.author,)
    elif crowd in ("attendee", "participant", "guest"):
        people = (story.author, *story.others) if story.others else ()
    else:
        people = story.others
    return [view_of(story, person, place) for place, person in enumerate(people)]
