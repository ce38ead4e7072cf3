"""The company, the people and the moment one world is about, drawn from a seed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import structs

from callsmith.catalog import data
from callsmith.catalog.trades import scene_of
from callsmith.records import Person, Scene, Topic
from callsmith.seeds import Rng, rng

_PLACES = "catalog/lexicon/places.yaml"
CIRCLES = "catalog/lexicon/circles.yaml"
_SPELLED = {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "Ae",
            "ı": "i", "İ": "I", "å": "a", "Å": "A", "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe",
            "Ü": "Ue"}  # fmt: skip


@lru_cache(maxsize=256)
def scene_among(
    seed: int,
    circle: str,
    currencies: tuple[str, ...] = (),
    places: tuple[str, ...] = (),
    *,
    mobile: bool = False,
) -> Scene:
    """The scene of ``seed`` with people and matters of a circle of ``circles.yaml``; any office for ``""``.

    With ``currencies`` it is where one of these is used, with ``places`` (cities, codes of countries) in one of them;
    ``mobile``: people are reached by mobile phone.
    """
    made = scene(seed, currencies, places, mobile=mobile)
    if not circle:
        return made
    own = trade_named(circle)
    draw = rng("circle", circle, seed)
    roles = iter(draw.sample(own["roles"], len(own["roles"])))
    industry, company, sort = made.industry, made.company, made.trade
    if "houses" in own:  # a domain of its own; other circles are found in companies of any sort
        industry, company = own["name"], f"{made.company.split()[0]} {draw.choice(own['houses'])}"
        sort = "unknown" if own.get("neutral") else "own"

    def placed(person: Person) -> Person:
        if person.relation not in ("self", "colleague"):
            return person
        return structs.replace(person, role=next(roles), company=company)

    return structs.replace(
        made,
        company=company,
        industry=industry,
        user=placed(made.user),
        people=tuple(placed(person) for person in made.people),
        topics=_topics(draw, own),
        teams=tuple(own["teams"]),
        trade=sort,
    )


@lru_cache(maxsize=64)
def trade_named(name: str) -> dict[str, Any]:
    """A circle's or an industry's data by its name: a circle may take from an industry what it does not say itself.

    Of any other name only that is known, and what any small organisation has.
    """
    industries = {trade["name"]: trade for trade in data.read("catalog/lexicon/industries.yaml")}
    for circle in data.read(CIRCLES):
        if name in (circle["name"], circle.get("industry_name")):
            said = {**industries.get(circle.get("industry", ""), {}), **circle}
            return {**said, "name": circle.get("industry_name") or circle.get("industry") or circle["name"]}
    neutral = next(circle for circle in data.read(CIRCLES) if circle.get("neutral"))
    if own := scene_of(name):
        return {**neutral, **own, "neutral": True}
    if name not in industries:
        house = " ".join(word[:1].upper() + word[1:] for word in name.split())
        return {**neutral, "name": name, "houses": [house]}
    return dict(industries[name])


@lru_cache(maxsize=256)
def scene(
    seed: int, currencies: tuple[str, ...] = (), places: tuple[str, ...] = (), *, mobile: bool = False
) -> Scene:
    """The scene of ``seed``: the same in any process, and shared by all toolkits of a world."""
    draw = rng("scene", seed)
    trade = draw.choice(data.read("catalog/lexicon/industries.yaml"))
    known = data.read(_PLACES)
    cities = known["cities"]
    every = [*cities, *known["larger"]]
    named = [city for city in every if city["city"] in places]
    near = [city for city in cities if city["code"] in places] or [
        city for city in every if city["code"] in places
    ]
    paid = [city for city in every if city["currency"] in currencies and not named and not near]
    cities = (
        named or near or ([] if any(city["currency"] in currencies for city in cities) else paid) or cities
    )
    place = draw.choice([city for city in cities if city["currency"] in currencies] or cities)
    place = _reached(place) if mobile else place
    stems = draw.sample(data.read("catalog/lexicon/names.yaml")["stems"], 10)
    company = f"{stems[0]} {draw.choice(trade['houses'])}"
    domain = f"{ascii_slug(stems[0])}.example"
    user, *others = _cast(draw, trade, place, company, stems)
    return Scene(
        company=company,
        domain=domain,
        industry=trade["name"],
        city=place["city"],
        country=place["country"],
        time_zone=place["zone"],
        currency=place["currency"],
        now=_moment(draw, place["zone"]),
        user=user,
        people=tuple(others),
        topics=_topics(draw, trade),
    )


def ascii_slug(text: str, join: str = "") -> str:
    """Lower-case ASCII letters and digits of ``text``, as an e-mail address spells a name."""
    spelled = "".join(_SPELLED.get(letter, letter) for letter in text)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode().lower()
    return join.join(re.findall("[a-z0-9]+", plain))


def trade_of(made: Scene) -> dict[str, Any]:
    """The industry's data: roles, products, topics by kind."""
    return trade_named(made.industry)


def place_of(made: Scene) -> dict[str, Any]:
    """The city's data: country code, phone prefix."""
    known = data.read(_PLACES)
    for place in (*known["cities"], *known["larger"]):
        if place["city"] == made.city:
            return dict(place)
    raise KeyError(made.city)


def _reached(place: dict[str, Any]) -> dict[str, Any]:
    """A city in which people have the numbers of mobile phones."""
    return {**place, "phone": data.read(_PLACES)["mobiles"].get(place["code"], place["phone"])}


def _moment(draw: Rng, zone: str) -> str:
    day = datetime(2025, 1, 2) + timedelta(days=draw.randrange(1080))
    if day.weekday() == 6:
        day += timedelta(days=1)
    hour = draw.choice((8, 9, 9, 10, 10, 11, 11, 12, 13, 14, 14, 15, 15, 16, 16, 17))
    local = day.replace(hour=hour, minute=draw.randrange(60), tzinfo=ZoneInfo(zone))
    return local.isoformat(timespec="seconds")


def _topics(draw: Rng, trade: dict[str, Any]) -> tuple[Topic, ...]:
    every = [(kind, name) for kind, names in trade["topics"].items() for name in names]
    draw.shuffle(every)
    return tuple(
        Topic(name=name, kind=kind, words=tuple(word for word in re.findall(r"\w+", name) if len(word) > 2))
        for kind, name in every[:28]
    )


def _cast(
    draw: Rng, trade: dict[str, Any], place: dict[str, Any], company: str, stems: Sequence[str]
) -> list[Person]:
    names = _Names(draw, place["country"])
    lexicon = data.read("catalog/lexicon/names.yaml")
    roles = draw.sample(trade["roles"], min(7, len(trade["roles"])))
    home = f"{ascii_slug(stems[0])}.example"
    cast = [
        _person(names, "self" if not index else "colleague", role, company, home, place)
        for index, role in enumerate(roles)
    ]
    relations = (
        ("client", lexicon["client_houses"], ("buyer", "office manager", "project lead", "owner"), 3),
        ("supplier", lexicon["supplier_houses"], ("account manager", "sales lead", "dispatcher"), 3),
    )
    stem = 1
    for relation, houses, jobs, size in relations:
        for _ in range(size):
            firm = f"{stems[stem]} {draw.choice(houses)}"
            site = f"{ascii_slug(stems[stem])}.example"
            for _ in range(draw.choice((1, 1, 2))):
                cast.append(_person(names, relation, draw.choice(jobs), firm, site, place))
            stem += 1
    for _ in range(draw.choice((1, 2, 2, 3))):
        site = draw.choice(data.read("catalog/lexicon/people.yaml")["friend_domains"])
        cast.append(_person(names, "friend", "friend", "", site, place))
    return cast[:1] + _shared_given(draw, cast[1:], names)


def _shared_given(draw: Rng, cast: list[Person], names: _Names) -> list[Person]:
    """Sometimes two people bear one given name, so that "Dana" alone is not enough."""
    if draw.random() > 0.4:
        return cast
    one, two = draw.sample(range(len(cast)), 2)
    family = names.family_for(cast[one].given, cast[one].family)
    kept = cast[two]
    local = f"{ascii_slug(cast[one].given)}.{ascii_slug(family)}"
    cast[two] = Person(
        name=f"{cast[one].given} {family}",
        given=cast[one].given,
        family=family,
        email=f"{local}@{kept.email.split('@')[1]}",
        phone=kept.phone,
        username=ascii_slug(cast[one].given[:1] + family),
        role=kept.role,
        relation=kept.relation,
        company=kept.company,
    )
    return cast


def _person(
    names: _Names, relation: Any, role: str, company: str, site: str, place: dict[str, Any]
) -> Person:
    given, family = names.fresh(home=relation in ("self", "colleague", "friend"))
    draw = names.draw
    local = f"{ascii_slug(given)}.{ascii_slug(family)}"
    if relation == "friend":
        local += str(draw.choice(("", "", draw.randrange(70, 99), draw.randrange(2, 30))))
    style = draw.randrange(3)
    username = (
        ascii_slug(given[:1] + family),
        f"{ascii_slug(given)}-{ascii_slug(family)}",
        f"{ascii_slug(given)}{ascii_slug(family)[:1]}",
    )[style]
    digits = f"{draw.randrange(10**6, 10**7)}"
    return Person(
        name=f"{given} {family}",
        given=given,
        family=family,
        email=f"{local}@{site}",
        phone=f"{place['phone']} {digits[:3]} {digits[3:]}",
        username=username,
        role=role,
        relation=relation,
        company=company,
    )


def strangers(made: Scene, seed: int, count: int) -> tuple[Person, ...]:
    """People outside the cast, such as customers of a shop; deterministic for (scene, seed)."""
    draw = rng("strangers", seed)
    names = _Names(draw, made.country)
    names.used.update(person.name for person in (made.user, *made.people))
    names.givens.update(person.given for person in (made.user, *made.people))
    domains = data.read("catalog/lexicon/people.yaml")["friend_domains"]
    place = place_of(made)
    mobile = _reached(place)
    place = mobile if made.user.phone.startswith(mobile["phone"]) else place
    return tuple(_person(names, "client", "customer", "", draw.choice(domains), place) for _ in range(count))


class _Names:
    """Draws full names, each once, mostly of the country's own cultures."""

    def __init__(self, draw: Rng, country: str) -> None:
        lexicon = data.read("catalog/lexicon/people.yaml")
        self.draw = draw
        self.cultures = lexicon["cultures"]
        self.near = lexicon["near"].get(country, list(self.cultures))
        self.used: set[str] = set()
        self.givens: set[str] = set()

    def fresh(self, home: bool) -> tuple[str, str]:
        """A given and a family name that no one here bears; after some tries the given name may recur."""
        for attempt in range(60):
            near = self.draw.random() < (0.6 if home else 0.4)
            culture = self.cultures[self.draw.choice(self.near if near else sorted(self.cultures))]
            given, family = self.draw.choice(culture["given"]), self.draw.choice(culture["family"])
            name = f"{given} {family}"
            if name not in self.used and (given not in self.givens or attempt > 30):
                break
        self.used.add(name)
        self.givens.add(given)
        return given, family

    def family_for(self, given: str, other: str) -> str:
        """Another family name of a culture in which ``given`` is at home."""
        for culture in self.cultures.values():
            if given in culture["given"]:
                return str(self.draw.choice([name for name in culture["family"] if name != other]))
        raise KeyError(given)


def domain_of(company: str) -> str:
    """Where the people of a company have their addresses."""
    return f"{ascii_slug(company, '-')}.example"


def housed(made: Scene, company: str) -> Scene:
    """The scene in the house of another company: whoever works there has an address there."""
    made = structs.replace(made, company=company, domain=domain_of(company))
    own = ("self", "colleague")
    return structs.replace(
        made,
        user=employed(made.user, made),
        people=tuple(employed(one, made) if one.relation in own else one for one in made.people),
    )


def employed(person: Person, made: Scene) -> Person:
    """Someone as one who works in the house of a scene: with an address there."""
    email = f"{person.email.partition('@')[0].rstrip('0123456789')}@{made.domain}"
    return structs.replace(person, email=email, company=made.company)
