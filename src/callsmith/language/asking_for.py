"""How users ask to see, to know and to compare."""

from __future__ import annotations

import re

from callsmith.catalog.figures import name_words
from callsmith.language.addressing import lying
from callsmith.language.asking_one import due, of_its_own, theirs
from callsmith.language.grammar import unmarked
from callsmith.language.moods import mood, scope_words
from callsmith.language.named_details import name_alone
from callsmith.language.relating import PARTS, counted, deed, several, sized, unitless
from callsmith.language.routes import from_before_to
from callsmith.language.stating import STATES
from callsmith.language.voicing import Voicing
from callsmith.language.words import lexicon, with_article
from callsmith.meaning import Ask, Detail, Target
from callsmith.plan.known import OCCASIONS, takes_place

_PAST = {
    "do we have": "did we have",
    "do I have": "did I have",
    "have we got": "did we have",
    "have I got": "did I have",
    "we have": "we had",
    "we've got": "we had",
    "are there": "were there",
    "is there": "was there",
    "there are": "there were",
    "can you see": "were there",
}
_PRESENT = re.compile(rf"\b({'|'.join(map(re.escape, _PAST))})\b")
_OVER = re.compile(r"(?<!since )(?<!from )\b(last|yesterday)\b")


def noun_phrase(voice: Voicing, ask: Ask) -> tuple[str, str, list[Detail]]:
    """(before the noun, after it, what did not fit) of a narrowed plural."""
    before: list[str] = [
        "completed" if "check" in pointer or "done" in pointer else pointer.strip("/")
        for pointer, value in ask.state.items()
        if value is True and pointer.count("/") == 1
    ]
    after: list[str] = []
    rest: list[Detail] = []
    items = list(ask.details)
    voice.rng.shuffle(items)
    items.sort(key=lambda item: item.shape in ("range", "after", "before"))
    for item in items:
        if item.parameter == "mine" or (not before and voice.chance(0.7)):
            attr = voice.put(item, "attr")
            if attr is not None:
                before.append(attr)
                continue
        post = voice.put(item, "post", ask.noun)
        if post is None:
            attr = voice.put(item, "attr")
            if attr is None:
                rest.append(item)
            else:
                before.append(attr)
        else:
            after.append(post)
    after.sort(key=lambda part: not unmarked(part).startswith(("called ", "named ")))
    after = from_before_to(after)
    before.sort(key=lambda part: not unmarked(part).startswith(("the ", "my ")))  # the first five open ones
    return " ".join(before), " ".join(after), rest


def list_request(voice: Voicing, ask: Ask) -> str:
    before, after, _ = noun_phrase(voice, ask)
    said = _listed(voice, ask, before, after)
    voice.talk["listed"] = "whole" if _WHOLE.search(unmarked(said)) else ""
    if ask.noun in OCCASIONS and _OVER.search(unmarked(after)):
        return _PRESENT.sub(lambda found: _PAST[found[0]], said)  # what is over is not there now
    return said


_WHOLE = re.compile(r"\b(?:all|every|everything|each)\b", re.IGNORECASE)


def _listed(voice: Voicing, ask: Ask, before: str, after: str) -> str:
    bare = " ".join(part for part in (before, ask.plural, after) if part)
    determined = unmarked(before).startswith(("the ", "my "))
    if ask.field:
        if determined:  # nobody asks what the first three are
            return voice.say("list.each", np=bare, field=ask.field)
        return voice.say("list.each", np=f"the {bare}", np_bare=bare, field=ask.field)
    symbol = "count" if ask.act == "count" else "list"
    if symbol == "list" and not determined:
        one = _by_its_name(voice, ask, before, after) or _by_its_key(voice, ask)
        if one:
            return one
    others = any(item.facet in PERSONS for item in ask.details) or not _of_ones_own(voice, ask)
    mine = "the" if others else "my"  # of somebody else, or of the house
    np = (
        bare
        if determined
        else voice.pick((bare, f"the {bare}", f"all {bare}", f"all the {bare}", bare, f"{mine} {bare}"))
    )
    if determined:
        return voice.say(symbol, np=np, np_all=np) if symbol == "list" else mood(voice, f"count {np}")
    dated = any(item.facet in ("date", "date_time") for item in ask.details)
    now = "" if dated else voice.pick(("", "", " right now", " at the moment", " by now"))
    said = voice.say(symbol, np=np, np_bare=bare, np_all=f"all the {bare}", now=now)
    return said if _of_ones_own(voice, ask) else _HAVING.sub(lambda found: f"{found[1]} we", said)


_HAVING = re.compile(r"\b(do|did|have) I\b")


def _of_ones_own(voice: Voicing, ask: Ask) -> bool:
    """Whether what is listed may be the user's: mail and tasks at a desk are, the stock of a shop is the house's."""
    own = ask.noun.rpartition(" ")[2] in lexicon("ones_own")
    return own and voice.plan.scene.trade in ("any", "own")


_CALLED = re.compile(r"(?:called|named) (.+)$")


def _by_its_name(voice: Voicing, ask: Ask, before: str, after: str) -> str:
    """How one looks for a single thing whose name is known; "" where a list is asked for."""
    found = _CALLED.match(unmarked(after)) if before or after else None
    if found is None or len(ask.details) > 2:
        return ""
    name = after.partition(" ")[2]
    one = with_article(" ".join(part for part in (before, ask.noun) if part))
    person = voice.personal(ask.noun) or ask.noun in lexicon("namelike") or voice.called_by_name(ask.noun)
    symbol = "list.named.person" if person and not before and name_alone(found[1]) else "list.named"
    return voice.say(symbol, v=name, noun=ask.noun, one=one)


_KEYS = ("key", "number_key", "email", "phone")


def _by_its_key(voice: Voicing, ask: Ask) -> str:
    """How one looks for the single thing that has a number or an address; "" where a list is asked for."""
    item = ask.details[0] if len(ask.details) == 1 else None
    if item is None or item.facet not in _KEYS or item.shape != "value" or item.role != "filters":
        return ""
    return voice.say("list.keyed", v=voice.spoken(item), noun=ask.noun, field=item.phrase or item.facet)


def look_up_request(voice: Voicing, ask: Ask) -> str:
    said = _ASKED_AFTER.sub(lambda found: f"{_SEVERAL[found[1]]} they", _looked_up(voice, ask))
    return _TOLD_OF.sub(lambda found: f"they {_SEVERAL[found[1]]}", said)


_SEVERAL = {"is": "are", "does": "do", "did": "did", "was": "were", "has": "have"}
_ASKED_AFTER = re.compile(rf"\b({'|'.join(_SEVERAL)}) them\b")  # a person that is spoken of is no "them"
_TOLD_OF = re.compile(rf"\bthem ({'|'.join(_SEVERAL)})\b")


def _looked_up(voice: Voicing, ask: Ask) -> str:
    target = ask.targets[0]
    where = scope_words(voice, ask)
    thing = voice.record(target) + where
    field = ask.field
    special = special_question(ask)
    if special.startswith("status") and voice.personal(target.noun):
        special = ""  # nobody asks what state somebody is in
    if said := of_its_own(voice, ask, thing, special):
        return said
    if ask.field_facet in PERSONS and field.endswith(" by"):
        return voice.say("look_up.deed", T=thing, verb=field[:-3])
    if (
        ask.field_facet in _WHEN
        and (asked := deed(field, ask.noun))
        and special not in ("due", "start", "created", "made", "updated")
        and not (special == "closed" and ask.noun.rpartition(" ")[2] in lexicon("pursued"))
    ):
        return voice.say("look_up.when", asked=asked[0].replace("{T}", thing))
    if special and voice.known(f"look_up.{special}") and voice.chance(1 if special in _ALWAYS else 0.65):
        measured = sized(ask.field).replace("{T}", thing)
        things = ask.field.removeprefix("number of ")
        said = voice.say(f"look_up.{special}", T=thing, fields=things, asked=measured)
        if not _stands_before_a_colon(target, thing, said):
            return re.sub(r"\bits\b", "their", said) if voice.personal(target.noun) else said
    return _by_the_field(voice, ask, thing, special)


def _stands_before_a_colon(target: Target, thing: str, said: str) -> bool:
    """Whether a bare "it" begins a request, before a colon or a comma, where it cannot stand."""
    start = re.match(rf"{re.escape(unmarked(thing))}[:,]", unmarked(said), re.IGNORECASE)
    return target.by in ("pronoun", "the") and start is not None


def _by_the_field(voice: Voicing, ask: Ask, thing: str, special: str) -> str:
    """A question for a field by its name."""
    target, field = ask.targets[0], ask.field
    part_of_name = field.lower() in PARTS
    field = unitless(field)
    of = voice.pick(
        ("of", "of", "for", "on") if field in ("status", "due date", "priority") else ("of", "of", "for")
    )
    who = ".who" if special in PEOPLE or ask.field_facet == "person" and not part_of_name else ""
    if who:
        field = field.removesuffix(" e-mail address").removesuffix(" email").removesuffix(" name")
    named = target.by not in ("key", "latest") and not _AT_LENGTH.search(unmarked(thing))
    theirs_alone = named and voice.personal(target.noun) and not scope_words(voice, ask)
    if theirs_alone and not special and voice.chance(0.85):
        whose = theirs(voice, ask, thing, field)
        said = voice.say(f"look_up.theirs{who}{'.more' * (ask.act == 'recall')}", W=whose)
        return _BE.sub("what are", said) if several(ask.field) else said
    if ask.act == "recall" and target.by == "pronoun":
        said = voice.say(f"recall.it{who}", field=field)
        return re.sub(r"\bits\b", "their", said) if voice.personal(target.noun) else said
    if ask.act == "recall":
        return voice.say(f"recall{who}", field=field, T=thing, of=of)
    for _ in range(_TRIES):
        said = voice.say(f"look_up{who}", field=field, T=thing, of=of)
        if not _stands_before_a_colon(target, thing, said):
            break
    return _BE.sub("what are", said) if several(ask.field) else said


_AT_LENGTH = re.compile(r"\b(?:called|named|like|who|that) ")
_TRIES = 6
_BE = re.compile(r"\bwhat(?:'s| is)(?= )")


_ALWAYS = ("place", "units", "count", "duration")
_ASKED = ("due", "start", "created", "made", "updated")  # in words of their own
_WHEN = ("date", "date_time", "timestamp")
PERSONS = ("person", "email", "username")
PEOPLE = ("sender", "assignee", "organizer", "author", "maker", "owner")


TICKETS = ("issue", "ticket", "pull request", "task", "subtask", "project")
PURSUED = (*TICKETS, "bug", "incident", "case", "problem")  # what somebody reports
REMARKS = ("comment", "reply", "message", "email", "draft", "conversation", "note")


def _of_its_own(field: str, noun: str) -> bool:
    """Whether a state is that of the whole thing: how a machine is going is not whether it is monitored."""
    *before, last = field.split()
    return last in STATES and {*before} <= {*noun.split(), "current", "overall"}


def special_question(ask: Ask) -> str:
    """The natural way to ask for some fields: when, where, who, how much."""
    field, facet = ask.field.lower(), ask.field_facet
    if facet in ("date_time", "date", "timestamp"):
        for word, name in (
            ("due", "due"),
            ("start", "start" if takes_place(ask.noun) else ""),
            ("end", "end"),
            ("creat", "created" if ask.noun in TICKETS else "made" if ask.noun not in REMARKS else ""),
            ("clos", "closed"),
            ("updat", "updated"),
            ("modif", "updated"),
        ):
            if word in field:
                return name
        return ""
    if facet in ("place",):
        return "place"
    if facet == "enum" and _of_its_own(field, ask.noun):
        pursued = ask.noun.split(" ")[-1] in lexicon("pursued")
        return (
            "status.open" if {*ask.field_choices} == {"open", "closed"} else f"status{'.pursued' * pursued}"
        )
    if facet in ("amount", "amount_minor"):
        return {"amount": "amount", "total": "amount", "price": "price", "cost": "price"}.get(field, "")
    if facet == "url" and "link" in field:
        return "url"
    if facet == "duration_minutes" and unitless(field) in ("length", "duration"):
        return "duration"
    if facet == "duration_minutes" and unitless(ask.field) == ask.field:
        return "spent" if ask.field.endswith("spent") else "duration"
    if facet in ("number", "count"):
        return "units" if sized(field) else "count" if counted(field) else ""
    if facet in ("person", "email", "username"):
        for word, name in (
            ("sender", "sender"),
            ("from", "sender"),
            ("assignee", "assignee"),
            ("organi", "organizer"),
            ("author", "author" if ask.noun in PURSUED else "maker"),
            ("creator", "author" if ask.noun in PURSUED else "maker"),
            ("reporter", "author"),
            ("owner", "owner"),
        ):
            if word in field:
                return name
    return ""


# Which of two an answer begins with.
_LEADING = {"amount": "size", "price": "price", "updated": "latest", "newer": "latest"}


def compare_request(voice: Voicing, ask: Ask) -> str:
    where = scope_words(voice, ask)
    first, second = voice.record(ask.targets[0]), voice.record(ask.targets[1]) + where
    special = compare_kind(ask)
    voice.talk["compared"] = ""
    when = deed(ask.field, ask.noun) if ask.field_facet in _WHEN and not special else ()
    if when:
        return voice.say("compare.when", asked=when[0].replace("{T}", first), T2=second)
    if special and voice.chance(0.65):
        if special == "past" and voice.chance(0.5):
            special = "newer"
        voice.talk["compared"] = _LEADING.get(special, "moment")
        return voice.say(f"compare.{special}", T=first, T2=second, field=ask.field)
    told = ask.field_facet in ("phone", "email", "url", "person", "username", "place", "company")
    symbol = "compare.each" if told else "compare"
    field = unitless(ask.field)
    if ask.field_facet in ("number", "count") and counted(field) and not field.startswith("number of "):
        field = f"number of {field}"  # nobody wants the copies themselves
    return voice.say(symbol, T=first, T2=second, field=field)


def compare_kind(ask: Ask) -> str:
    """The natural way to set two values side by side, by what they are."""
    if ask.field_facet in ("amount", "amount_minor"):
        return "price" if {*ask.field.lower().split()} & {"price", "cost", "fee", "fare"} else "amount"
    if ask.field_facet not in ("date_time", "date", "timestamp"):
        return ""
    field = ask.field.lower()
    for words, kind in (
        (("deadline",) if due(field) else ("due", "deadline"), "due"),
        (("creat", "open"), "created"),
        (("chang", "updat", "modif"), "updated"),
        (("start",), "moment"),
        (("sent", "received"), "past"),
    ):
        if any(word in field for word in words):
            return kind
    return "past" if field == "date" else ""


def list_under_request(voice: Voicing, ask: Ask) -> str:
    assert ask.container is not None
    place = voice.record(ask.container)
    attached = (
        "comment",
        "permission",
        "attachment",
        "label",
        "worklog",
        "work log",
        "link",
        "reminder",
        "note",
    )
    people = ("collaborator", "member", "invitee", "user", "attendee", "follower")
    where = "on" if ask.noun in attached else "of" if ask.noun in people else "in"
    if ask.container.noun in ("product", "invoice", "subscription") or voice.called_by_name(
        ask.container.noun
    ):
        where = "for"
    if where == "in":
        where = lying(ask.noun, ask.container.noun, ask.container.signs)
    place += scope_words(voice, ask)
    days = (_day_of(voice, item, ask.noun) for item in ask.details if item.role in ("sets", "filters"))
    place = " ".join([place, *filter(None, days)])
    said: str = voice.say("list_under", plural=ask.plural, C=place, **{"in": where})
    return said.replace("does it have?", "are theirs?") if voice.personal(ask.container.noun) else said


def _day_of(voice: Voicing, item: Detail, noun: str) -> str:
    """What a look into something is restricted to: a day stands with its preposition."""
    if (
        item.facet == "date"
        and item.shape == "value"
        and {*name_words(item.parameter)[-1:]} & {"date", "day"}
    ):
        return str(voice.on(item))
    return voice.put(item, "post", noun) or ""


def narrow_request(voice: Voicing, ask: Ask) -> str:
    item = ask.details[0]
    attr = voice.put(item, "attr")
    post = voice.put(item, "post")
    if attr and (not post or voice.chance(0.6)):
        return voice.say("narrow.attr", attr=attr)
    return voice.say("narrow", post=post or attr or "")
