"""When everyday things take place: what is planned lies ahead, what is over behind, and ends come after beginnings."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from callsmith.catalog import data
from callsmith.catalog.lives import begins_and_ends, planning, state_named
from callsmith.records import Json, Tool
from callsmith.schema import settle
from callsmith.seeds import Rng
from callsmith.world.fields.choices import over
from callsmith.world.fields.magnitudes import magnitude_leaf
from callsmith.world.fields.occasions import logged, moment_of, writer
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.clock import DAY, Clock
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import PEOPLE, everyday
from callsmith.world.stories.lives import due_of, end_of, options_of, stands, told_by
from callsmith.world.stories.naming import split
from callsmith.world.stories.nouns import is_technical
from callsmith.world.stories.relations import Kind
from callsmith.world.stories.stages import ACTIVE
from callsmith.world.stories.story import Story

_DATED = re.compile(r"[0-9]{4}-[0-9]{2}|[0-9]{2}:[0-9]{2}|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2}")
_STANDING = {"status", "state", "stage"}
_HOURS = (9, 9, 10, 10, 11, 12, 14, 14, 15, 16, 17, 18)


def planned_leaf(site: Site) -> tuple[Fill, bool] | None:
    """The moment of an everyday record that people plan by, where the name tells which it is."""
    words, table = set(site.words), data.read("catalog/lexicon/planned.yaml")
    if site.facet == "time" and site.own and site.schema.get("format", "time") == "time":
        hour = _hour(words)
        if "format" in site.schema:
            return (lambda story: f"{hour(story)}:00"), False
        return (hour, False) if "string" in site.types else None
    shown = [one for one in site.schema.get("examples", ()) if isinstance(one, str)]
    if shown and "format" not in site.schema and not any(_DATED.match(one) for one in shown):
        return None  # a day as people say it: 31 March
    born = site.family in PEOPLE and words_of_birth() & words
    known = born or everyday(site.entity, site.family) or words & set(table["fetched"])
    if not site.own or len(site.path) != 1 or not known:
        return None
    write = writer(site)
    options = options_of(site.entity)
    part = next(
        (name for name, forms in table["parts"].items() if any(set(form.split()) <= words for form in forms)),
        "",
    )
    part = _of_journey(site, words) or part
    if not part and words == {"date"} and site.entity.noun.split(" ")[-1] in table["happening"]:
        part = "start"
    if not part and write is not None and _sole_moment(site, options):
        part = "start"
    if write is not None and not part and site.required and state_named(site.words, options) is not None:
        part = "start"  # what has to be given: when a tasting is held, whether it was or not
    if write is not None and not part and options:
        return _reached(site, options, write), False
    if write is None or not part:
        return None
    short = site.schema.get("format") != "date" and site.facet != "date"

    def run(story: Story) -> object:
        return write(story, _moment(story, site, part, words, short))

    return run, False


def _sole_moment(site: Site, options: Sequence[Json]) -> bool:
    """Whether a field is the one moment of what is scheduled, which is then when it takes place."""
    if not planning(options) or not begins_and_ends(options) or logged(site.words):
        return False
    fields = site.entity.schema.get("properties", {})
    moments = [
        name
        for name in fields
        if settle(fields[name]).get("format") in ("date", "date-time")
        and not logged(split(name))
        and state_named(split(name), options) is None
    ]
    return moments == [site.name]


def _of_journey(site: Site, words: set[str]) -> str:
    """Which end of a journey a moment is, of what goes somewhere."""
    table = data.read("catalog/lexicon/planned.yaml")["journey"]
    if not {"_".join(split(name)) for name in site.entity.schema.get("properties", {})} & {*table["fields"]}:
        return ""
    return next((end for end in ("start", "end") if words & {*table[end]}), "")


def _hour(words: set[str]) -> Fill:
    """A time of day; an end lies hours after the beginning it goes with."""
    lasts = bool(words & {"end", "ends", "until", "to", "close", "closes", "closing", "finish"})

    def run(story: Story) -> Json:
        half = 12 + mix(story.bits, 831) % 20 + lasts * (2 + mix(story.bits, 832) % 10)
        return f"{half // 2:02d}:{half % 2 * 30:02d}"

    return run


def _reached(site: Site, options: Sequence[Json], write: Callable[[Story, int], Json]) -> Fill:
    """The moment at which a record came to stand where it does; of others, when it was made or last changed."""
    other, absent = moment_of(site), site.absent
    words = site.words

    def run(story: Story) -> Json:
        come = told_by(words, story, options)
        seconds = other(story) if come is None else story.finished if come else 0
        return write(story, seconds) if seconds else absent

    return run


_RESULT = {"goals", "score", "result", "winner", "attendance"}


def result_leaf(site: Site) -> tuple[Fill, bool] | None:
    """How something ended that takes place: nothing is there before it has."""
    happening = data.read("catalog/lexicon/planned.yaml")["happening"]
    if site.required or not set(site.words) & _RESULT or site.entity.noun.split(" ")[-1] not in happening:
        return None
    made = magnitude_leaf(site)
    if made is None:
        return None
    fill, lasting = made
    return (lambda story: fill(story) if over(story) and story.state != "gone" else site.absent), lasting


def words_of_birth() -> frozenset[str]:
    """The words that tell a date of birth."""
    return frozenset(data.read("catalog/lexicon/planned.yaml")["parts"]["birth"])


def lies_behind(verb: str, name: str) -> bool:
    """Whether a day is over when somebody notes it down: when money was spent, when what is logged took place."""
    known = data.read("catalog/lexicon/planned.yaml")
    words = split(name)
    if (
        words
        and words[0].endswith("ed")
        and words[-1] in ("at", "on", "date", "time")
        and not {*words} & {*known["coming"]}
    ):
        return True
    return bool({*words} & {*known["behind"]}) or words == ("date",) and verb in known["noting"]


def observing(tool: Tool) -> bool:
    """Whether what a tool makes is a note of what was seen, done or measured: nobody notes that of next Friday."""
    known = data.read("catalog/lexicon/planned.yaml")
    if tool.deed != "create":
        return False
    noun = tool.entity.rpartition(".")[2].rpartition("_")[2]
    return noun in known["observed"] or any({*split(item.name)} & {*known["seen"]} for item in tool.inputs)


def some_birth(clock: Clock, kind: Kind | None, rng: Rng) -> int:
    """When somebody, or an animal, may have been born."""
    usual = (18, 78) if kind is not None and kind.family.name in PEOPLE else (1, 12)
    ages = data.read("catalog/lexicon/planned.yaml")["ages"]
    young, old = ages.get(kind.entity.noun.rpartition(" ")[2], usual) if kind is not None else usual
    years = rng.randint(int(young), int(old))
    return clock.now - (years * 365 + rng.randrange(365)) * DAY


def _moment(story: Story, site: Site, part: str, words: set[str], short: bool) -> int:
    clock, bits = story.population.clock, story.bits
    if part == "birth":
        ages = data.read("catalog/lexicon/planned.yaml")["ages"]
        usual = (18, 78) if site.family in PEOPLE else (1, 12)
        if {"died", "death", "deceased"} & {
            word for name in site.entity.schema.get("properties", {}) for word in split(name)
        }:
            usual = (52, 97)
        young, old = map(int, ages.get(site.entity.noun.rpartition(" ")[2], usual))
        return clock.now - (young * 365 + 20 + mix(bits, 811) % ((old - young) * 365)) * DAY
    if part in ("due", "lent") and stands(story):
        return clock.at(due_of(story), 12) if part == "due" else story.created
    if part == "ahead":
        return clock.at(1 + mix(bits, 813) % 75, 9 + mix(bits, 815) % 8)
    if part in ("due", "lent"):
        past = over(story)
        due = -2 - mix(bits, 813) % 38 if past else mix(bits, 813) % 24 - 4
        return clock.at(due - (21 if part == "lent" else 0) if due < 20 else due - 24, 12)
    if _ran(site) and "valid" not in words and short:
        begun = story.created + mix(bits, 814) % 90
        ended = begun + (7, 12, 18, 35)[mix(bits, 817) % 4] * 60
        return begun if part == "start" else min(ended, clock.now - 30)
    start = _day(story, site, valid="valid" in words)
    begun = clock.at(start, _HOURS[mix(bits, 815) % len(_HOURS)], mix(bits, 816) % 2 * 30)
    if start == 0 and short and story.state == "open":
        begun = _soon(story, begun)
    if part == "start":
        return begun
    if short:
        lengths = data.read("catalog/lexicon/happenings.yaml")["lasting"]
        long: Sequence[int] = lengths.get(site.entity.noun.rpartition(" ")[2], (60, 60, 90, 120))
        return begun + long[mix(bits, 817) % len(long)] * 60
    lasts = (30, 90, 180, 365)[mix(bits, 818) % 4] if "valid" in words else 1 + mix(bits, 818) % 7
    if stands(story) and "valid" not in words:  # who has left has left, who is there has not
        if story.state in ("done", "gone"):
            return min(begun + lasts * DAY, clock.at(-1, 10))
        if story.state == "active":
            return clock.at(1 + mix(bits, 818) % 4, 10)
    return begun + lasts * DAY


def _soon(story: Story, begun: int) -> int:
    """When something begins today that has not begun: within hours, or it should have minutes ago."""
    clock = story.population.clock
    if not 8 <= clock.local(clock.now).hour < 19:
        return begun + DAY
    late = mix(story.bits, 820) % 3 == 0
    slot = clock.now // 900 * 900
    return slot - 900 * (mix(story.bits, 821) % 2) if late else slot + 900 * (1 + mix(story.bits, 821) % 8)


def _day(story: Story, site: Site, *, valid: bool) -> int:
    """Days from today to the beginning."""
    draw = mix(story.bits, 812)
    if valid:
        return -(draw % 25)
    if _ran(site):
        return -1 - draw % 30
    if stands(story) and story.state in ("done", "gone"):
        return end_of(story)
    names = {word for name in site.entity.schema.get("properties", {}) for word in split(name)}
    standing = bool(names & _STANDING)
    if story.state in ("done", "gone") if standing else over(story):
        return -2 - draw % 40
    if stands(story) and story.state == "active":
        fetched = set(site.words) & {*data.read("catalog/lexicon/planned.yaml")["fetched"]}
        today = _of_journey(site, set(site.words)) or story.traits["stands"] == "arrived"
        return draw % 3 if fetched else 0 if today else -(draw % 3)
    if story.state == "active" and _underway(site):
        return 0 if site.schema.get("format") == "date-time" else -(draw % 2)
    if standing:
        return 0 if mix(story.bits, 819) % 3 == 0 else 1 + draw % 14
    return draw % 32 - 14


def _ran(site: Site) -> bool:
    """Whether a record tells of what machines did, which nobody plans: an analysis, an import."""
    told = data.read("catalog/lexicon/happenings.yaml")
    last = site.entity.noun.rpartition(" ")[2]
    happens = last in (*told["occasions"], *told["planned"], *told["qualified"], "maintenance", "window")
    planned = happens or {"scheduled", "planned", "window"} & {*site.words}
    return is_technical(site.toolset, site.entity.toolkit) and not planned


def _underway(site: Site) -> bool:
    """Whether one of the states a record may have is that it goes on."""
    fields = site.entity.schema.get("properties", {})
    options = (option for name in _STANDING for option in fields.get(name, {}).get("enum", ()))
    return any(set(split(str(option))) & ACTIVE for option in options)
