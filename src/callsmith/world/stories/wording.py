"""Titles and short texts of records, composed from template data and what a record is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from callsmith.catalog import data
from callsmith.records import Person, Scene, Topic
from callsmith.seeds import Rng
from callsmith.world.scene import ascii_slug, trade_of
from callsmith.world.stories.clock import DAY, Clock
from callsmith.world.stories.naming import capital, singular
from callsmith.world.stories.nouns import lexicon

_TITLES = "catalog/lexicon/titles.yaml"
_BODIES = "catalog/lexicon/bodies.yaml"
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip


def title_groups(family: str) -> dict[str, list[str]]:
    """Templates of a family by kind; those of any other thing where it has none of its own."""
    every = data.read(_TITLES)
    return dict(every.get(family) or every["thing"])


def body_groups(family: str) -> dict[str, Any]:
    """Sentences of a family by kind."""
    every = data.read(_BODIES)
    return dict(every.get(family) or every["task"])


def render(template: str, slots: Slots) -> str:
    """The template with its slots filled: a noun that ends a name is part of it, as in Riverside Leisure Centre."""
    return template.replace(" {Noun}", " {noun-title}").format_map(slots)


def grouped(money: int, currency: str) -> str:
    """An amount of so many euros, as an office writes it in its own currency: ``JPY 1,840,000``."""
    scale = data.read("catalog/lexicon/places.yaml")["worth"].get(currency, 1)
    return f"{currency} {money * scale:,}"


_SUMS = (180, 240, 360, 480, 650, 790, 900, 1200, 1450, 1800, 2400, 2750, 3600, 3800, 4900, 6400, 7200, 9500,
         12000, 14800, 18400, 26500)  # fmt: skip
_AGREEING = {"is": ("is", "are"), "has": ("has", "have"), "needs": ("needs", "need"), "it": ("it", "they"),
             "was": ("was", "were")}  # fmt: skip
SAID = ("topic", "city", "nextmonth", "aspect", "aspect2", "firm", "full", "person", "number", "part", "thing",
        "weekday", "amount", "count", "product")  # fmt: skip
"""Slots that stay the same throughout one matter: a title, its text and the answers to it."""


def is_plural(noun: str) -> bool:
    """Whether a noun phrase stands for several things."""
    last = noun.split()[-1] if noun else ""
    return singular(last.lower()) != last.lower()


class Slots:
    """What templates may name, worked out only when a template asks. ``when`` is the record's moment."""

    def __init__(self, scene: Scene, clock: Clock, draw: Rng, topic: Topic | None, when: int) -> None:
        self._scene = scene
        self._clock = clock
        self._draw = draw
        self._topic = topic
        self._when = when
        self.known: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        if name not in self.known:
            self.known[name] = self._make(name)
        return self.known[name]

    def person(self, people: Sequence[Person], writer: Person, reader: Person) -> None:
        """Settles who writes, who reads and who is spoken of."""
        self.known["writer"] = writer.given
        self.known["reader"] = reader.given
        present = (writer.email, reader.email)
        told = [person for person in people if person.email not in present]
        if told:
            first = self._draw.choice(told)
            self.known["person"] = first.given
            rest = [person for person in told if person.given != first.given]
            if rest:
                self.known["person2"] = self._draw.choice(rest).given

    def _make(self, name: str) -> str:
        if "-" in name:
            base, _, form = name.rpartition("-")
            return _FORMS[form](self[base])
        if name[:1].isupper():
            return capital(self[name.lower()])
        if name in ("topic", "aspect", "aspect2"):
            return self._matter(name)
        if name in ("part", "thing", "things", "thing2", "athing"):
            return self._code(name)
        if name in _AGREEING:
            return _AGREEING[name][is_plural(self["aspect"])]
        if name in ("tis", "has2"):
            return {"tis": ("is", "are"), "has2": ("has", "have")}[name][is_plural(self["topic"])]
        if name in ("person", "person2", "full", "full2", "firm", "self"):
            return self._someone(name)
        if name in ("weekday", "month", "nextmonth", "year", "lastyear", "quarter", "day"):
            return self._moment(name)
        if name not in _DRAWN and name[:-1] in _DRAWN and name.endswith("2"):
            drawn = (str(_DRAWN[name[:-1]](self._scene, self._draw)) for _ in range(9))
            return next((one for one in drawn if one != self[name[:-1]]), self[name[:-1]])
        return self._listed(name) if name not in _DRAWN else str(_DRAWN[name](self._scene, self._draw))

    def _listed(self, name: str) -> str:
        """A word of one of the lists of nouns.yaml or things.yaml; ``image2`` is another than ``image``."""
        taken = self[name[:-1]] if name.endswith("2") else None
        options = lexicon()["words"][name.rstrip("2")]
        chosen = str(self._draw.choice([option for option in options if option != taken]))
        return chosen.format_map(self) if "{" in chosen else chosen

    def _matter(self, name: str) -> str:
        if name == "topic":
            return self._topic.name if self._topic else "week"
        kind = self._topic.kind if self._topic else "routine"
        options = data.read(_TITLES)["aspects"][kind]
        taken = self.known.get("aspect") if name == "aspect2" else None
        said = set(self["topic"].split())
        fit = [option for option in options if option != taken and not said & set(option.split())]
        return str(self._draw.choice(fit or options))

    def _code(self, name: str) -> str:
        lexicon = data.read(_TITLES)["code"]
        if name == "part":
            return str(self._draw.choice(lexicon["parts"]))
        if name == "things":
            return plural(self["thing"])
        if name == "athing":
            thing = self["thing"]
            return (
                f"{'an' if thing[0] in 'aeio' or thing[:2] == 'un' and thing[:3] != 'uni' else 'a'} {thing}"
            )
        taken = self.known.get("thing") if name == "thing2" else None
        return str(self._draw.choice([thing for thing in lexicon["things"] if thing != taken]))

    def _someone(self, name: str) -> str:
        people, draw, scene = self._scene.people, self._draw, self._scene
        if name == "self":
            return scene.user.given
        if name == "full2":
            return self["person"] if "full" not in self.known else self["full"]
        if name == "firm":
            kind = self._topic.kind if self._topic else "deal"
            wanted = "supplier" if kind == "supplier" else "client"
            person = draw.choice([p for p in people if p.relation == wanted])
            self.known.setdefault("full", person.name)
            return person.company
        if name == "full":
            kind = self._topic.kind if self._topic else "deal"
            if kind == "hiring":
                return applicant(scene, draw)
            person = draw.choice([p for p in people if p.relation in ("client", "supplier")])
            self.known.setdefault("firm", person.company)
            return person.name
        return str(draw.choice([p for p in people if p.relation == "colleague"]).given)

    def _moment(self, name: str) -> str:
        local = self._clock.local(self._when)
        if name == "weekday":
            ahead = self._clock.local(self._when + DAY * self._draw.randrange(1, 7)).weekday()
            return _WEEKDAYS[ahead if ahead < 5 else self._draw.randrange(5)]
        if name == "month":
            return _MONTHS[local.month - 1]
        if name == "day":
            return local.strftime("%Y-%m-%d")
        if name == "nextmonth":
            return _MONTHS[local.month % 12]
        if name == "quarter":
            return f"Q{(local.month + 2) // 3}"
        return str(local.year - (name == "lastyear"))


_FORMS: Mapping[str, Callable[[str], str]] = {
    "slug": lambda text: ascii_slug(text, "-"),
    "cap": capital,
    "title": lambda text: " ".join(map(capital, text.split(" "))),
    "lower": lambda text: text if text[1:2].isupper() else text[:1].lower() + text[1:],
    "upper": lambda text: ascii_slug(text, "_").upper(),
}
_DRAWN: Mapping[str, Callable[[Scene, Rng], str]] = {
    "city": lambda scene, draw: draw.choice(data.read("catalog/lexicon/places.yaml")["cities"])["city"],
    "country": lambda scene, draw: scene.country,
    "company": lambda scene, draw: scene.company.split()[0],
    "stem": lambda scene, draw: scene.company.split()[0],
    "house": lambda scene, draw: scene.company.split()[-1],
    "product": lambda scene, draw: draw.choice(trade_of(scene)["products"]),
    "amount": lambda scene, draw: grouped(draw.choice(_SUMS), scene.currency),
    "number": lambda scene, draw: str(draw.randrange(2000, 9800)),
    "number2": lambda scene, draw: str(draw.randrange(11, 48)),
    "count": lambda scene, draw: str(draw.randrange(6, 60)),
    "minutes": lambda scene, draw: draw.choice(("15", "30", "45", "60")),
    "version": lambda scene, draw: f"{draw.randrange(1, 6)}.{draw.randrange(0, 14)}.{draw.randrange(0, 9)}",
    "room": lambda scene, draw: draw.choice(data.read("catalog/lexicon/places.yaml")["rooms"]),
}


def applicant(scene: Scene, draw: Rng) -> str:
    """The name of someone who applies; nobody of the cast."""
    cultures = data.read("catalog/lexicon/people.yaml")["cultures"]
    known = {person.name for person in (scene.user, *scene.people)}
    while True:
        culture = cultures[draw.choice(sorted(cultures))]
        name = f"{draw.choice(culture['given'])} {draw.choice(culture['family'])}"
        if name not in known:
            return name


def plural(noun: str) -> str:
    """More than one of a noun."""
    if singular(noun) != noun:
        return noun
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun + "es"
    return noun + "s"
