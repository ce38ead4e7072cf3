"""How users ask for things to be made, changed, removed and connected."""

from __future__ import annotations

import re
from collections.abc import Sequence

from callsmith.language.asking_for import noun_phrase
from callsmith.language.grammar import capitalised, mark, unmarked
from callsmith.language.joining import connection, made_of, name_parts, within
from callsmith.language.moods import mood, mood_first, names_target, scope_words
from callsmith.language.relating import called_by_name, day_of, kept_for, personal
from callsmith.language.voicing import Voicing, moment_of, plain_title
from callsmith.language.words import lexicon, listed, with_article
from callsmith.meaning import Ask, Detail
from callsmith.plan.known import COPYING, takes_place


def family(noun: str) -> str:
    table = {
        "event": ("event", "meeting", "appointment", "invitation"), "task": ("task", "subtask", "todo", "reminder"),
        "document": ("document", "doc", "file", "folder", "spreadsheet", "sheet"),
        "money": ("invoice", "payment", "refund", "coupon", "price", "subscription", "charge", "invoice item"),
        "issue": ("issue", "ticket", "bug", "pull request"), "person": ("customer", "contact", "user"),
    }  # fmt: skip
    return next((name for name, nouns in table.items() if noun in nouns), "")


def create_request(voice: Voicing, ask: Ask) -> str:
    details = list(ask.details)
    voice.rng.shuffle(details)
    details.sort(
        key=lambda item: (
            item.facet != "title" or item.role != "sets",
            item.role == "names" and voice.chance(0.6),
        )
    )
    main = details[: voice.pick((1, 2, 2, 3, 3)) if len(details) > 1 else 1]
    # When and where belong to the thing itself and are no afterthought.
    main += [item for item in details if item not in main and (item.role == "names" or item.shape == "span")]
    main += [item for item in details if item not in main and moment_of(item) in ("from", "until")]
    main.sort(key=lambda item: {"from": 1, "until": 2}.get(moment_of(item), 0))
    main += [item for item in name_parts(ask) if item not in main]
    later = [item for item in details if item not in main]
    np = made_noun(voice, ask, main)
    kind = family(ask.noun)
    verbs = f"create.V.{kind}" if kind and voice.chance(0.7) else "create.V"
    verb = ask.verb if ask.verb and voice.chance(0.15) else voice.say(verbs)
    bare = voice.chance(0.4) and not re.search(r"\band (?:label|tag|give|assign|let|have) ", unmarked(np))
    text = voice.say("create.state", np=np) if bare else mood(voice, f"{verb} {np}")
    return with_later(voice, text, later)


def create_several(voice: Voicing, asks: Sequence[Ask]) -> str:
    """Things of one sort in one breath: "a label called Clients and one called Travel"."""
    nouns: list[str] = []
    for ask in asks:
        details = list(ask.details)
        voice.rng.shuffle(details)
        details.sort(key=lambda item: not names_it(ask, item) or item.role != "sets")
        phrase = made_noun(voice, ask, details)
        for head in (with_article(ask.noun), f"a new {ask.noun}"):
            if nouns and phrase.startswith(head):
                rest = phrase[len(head) :]
                rest = rest if _FOLLOWING.match(unmarked(rest)) else f" called{rest}"  # "another Leo"
                phrase = voice.pick(("one", "another", "another one")) + rest
        nouns.append(phrase)
    kind = family(asks[0].noun)
    verb = voice.say(f"create.V.{kind}" if kind else "create.V")
    joiner = voice.pick((" and ", ", and ", " and also ", ", plus "))
    return mood(voice, f"{verb} {joiner.join(nouns)}")


_FOLLOWING = re.compile(r" (?:[a-z]+\b|[\"(]|$)|$")


def with_later(voice: Voicing, text: str, later: Sequence[Detail]) -> str:
    """Add what was not said in the main clause as sentences of its own."""
    fragments = [
        part for part in (voice.put(item, "frag") or voice.put(item, "post") for item in later) if part
    ]
    if not fragments:
        return text
    if len(fragments) > 1 and voice.chance(0.6):
        fragments = [listed(fragments)]
    for fragment in fragments:
        text = f"{text.rstrip()} {capitalised(voice.say('more', detail=fragment))}"
    return text


def made_noun(voice: Voicing, ask: Ask, details: Sequence[Detail]) -> str:
    title = next((item for item in details if item.role == "sets" and names_it(ask, item)), None)
    noun = ask.noun
    posts: list[str] = []
    attrs: list[str] = []
    whole = name_parts(ask)
    for item in details:
        if item is title or title in whole and item in whole:
            continue
        post = voice.put(item, "post", noun)
        attr = voice.put(item, "attr") if post is None or voice.chance(0.4) else None
        if attr:
            attrs.append(attr)
        else:
            posts.append(post or "")
    posts = _with_once(posts)
    one = " ".join(mark(str(part.values[0]), part.parameter) for part in whole) if title in whole else ""
    named = title_phrase(voice, ask, title, one) if title is not None else ""
    head = (
        with_article(" ".join([*attrs, noun]))
        if not voice.chance(0.15)
        else f"a new {' '.join([*attrs, noun])}"
    )
    if title is not None and not attrs and noun in ("event", "meeting", "appointment") and voice.chance(0.5):
        head, named = mark(f"{title.values[0]}", title.parameter), ""
        head = f'"{head}"' if len(str(title.values[0]).split()) > 3 else voice.pick((f'"{head}"', head))
    return " ".join(part for part in (head, named, *posts) if part)


def names_it(ask: Ask, item: Detail) -> bool:
    return (item.facet == "title" and item.shape != "list") or (
        item.facet == "person"
        and (personal(ask.noun.split(" ")[-1]) or personal(ask.noun))
        and _OWN_NAME.search(item.parameter) is not None
    )


_OWN_NAME = re.compile(r"name$", re.IGNORECASE)


def _with_once(posts: Sequence[str]) -> list[str]:
    """What follows a noun, "with" said once: "for Ana with a note and the number 7"."""
    several = [post for post in posts if post.startswith("with ")]
    if len(several) < 2:
        return list(posts)
    rest = [post for post in posts if post not in several]
    return [*rest, "with " + " and ".join(post.removeprefix("with ") for post in several)]


def title_phrase(voice: Voicing, ask: Ask, title: Detail, whole: str = "") -> str:
    text = str(title.values[0])
    value = whole or mark(text, title.parameter)
    if (
        ask.noun in ("task", "todo", "subtask", "reminder")
        and text[:1].isupper()
        and voice.chance(0.55)
        and _imperative(text)
    ):
        return f"to {mark(text[0].lower() + text[1:], title.parameter)}"
    namelike = ask.noun in lexicon("namelike") or called_by_name(ask.noun)
    symbol = "titled.name" if namelike else "titled"
    symbol = f"titled.{ask.noun}" if voice.known(f"titled.{ask.noun}") else symbol
    said: str = voice.say(symbol, v=value)
    for _ in range(6):  # a title that would break the sentence stands in quotation marks
        if '"' in said or plain_title(text):
            break
        said = voice.say(symbol, v=value)
    return said


def _imperative(text: str) -> bool:
    first = text.split()[0].lower()
    return first in lexicon("imperatives")


def change_request(voice: Voicing, ask: Ask) -> str:
    target = ask.targets[0]
    thing = voice.record(target) + scope_words(voice, ask)
    items = [item for item in ask.details if item.role != "names" or not names_target(ask, item)]
    items = [item for item in items if item.role == "sets"]
    first = items[0]
    kind = change_kind(first)
    kind = "" if kind == "moment" and not takes_place(ask.noun) else kind
    new = voice.spoken(first)
    if first.facet == "title" and voice.chance(0.7):
        new = f'"{new}"'
    field = first.phrase or first.parameter
    field = day_of(field, ask.noun) if first.facet in ("date", "date_time") else field
    values = {"T": thing, "new": new, "q": f'"{new}"', "field": field}
    if ask.gist.get("fresh") and kind in ("due", "deadline", "", "place"):
        text = mood(voice, voice.say("change.vp.set", **values))
    elif kind not in ("label", "closed", "open") and voice.chance(0.22):
        symbol = f"change.state.{kind}" if voice.known(f"change.state.{kind}") else "change.state"
        text = voice.say(symbol, **values)
    else:
        symbol = f"change.vp.{kind}" if kind and voice.known(f"change.vp.{kind}") else "change.vp"
        text = mood(voice, voice.say(symbol, **values))
    return with_later(voice, text, items[1:])


def change_open_request(voice: Voicing, ask: Ask) -> str:
    """A change asked for without the new value."""
    thing = voice.record(ask.targets[0]) + scope_words(voice, ask)
    kind = change_kind(Detail(ask.field, ask.field_facet, ask.field, "sets", "value", []))
    moved = ask.field.startswith("start") or ask.field == "time"
    if moved and takes_place(ask.noun):
        kind = "moment"
    elif kind == "moment":
        kind = ""
    symbol = f"change.open.{kind}" if kind and voice.known(f"change.open.{kind}") else "change.open"
    field = day_of(ask.field, ask.noun) if ask.field_facet in ("date", "date_time") else ask.field
    return mood(voice, voice.say(symbol, T=thing, field=field))


def change_kind(item: Detail) -> str:
    name = item.parameter.lower()
    if item.facet == "label":
        return "label"
    if "deadline" in name:
        return "deadline"
    if "due" in name:
        return "due"
    if item.facet in ("date_time", "date", "time", "timestamp"):
        whole = "start" in name and item.phrase.startswith(("start", item.parameter))
        return "moment" if item.shape == "span" or whole else ""
    if item.facet == "title":
        return "title"
    if (
        item.facet == "enum"
        and item.phrase in ("status", "state")
        and item.values[:1] in (["closed"], ["open"])
    ):
        return str(item.values[0])
    if item.facet == "enum" and item.phrase in ("priority", "privacy"):
        return item.phrase
    if item.facet in ("enum", "place"):
        return item.facet
    if item.shape == "list" and ("attendee" in name or "guest" in name):
        return "attendees"
    return "person" if "assignee" in name else ""


def act_request(voice: Voicing, ask: Ask) -> str:
    things = [
        voice.record(target) if target.by != "the" or not target.filters else batch_np(voice, ask)
        for target in ask.targets
    ]
    thing = listed(things) + (scope_words(voice, ask) if ask.targets[0].by != "the" else "")
    details = [item for item in ask.details if item.role == "sets"]
    done = any(
        value in (True, "closed", "completed", "done") for value in ask.state.values()
    ) and ask.verb in ("complete", "close", "finish")
    if ask.act == "remove":
        plain = ask.verb in ("delete", "remove")
        if plain and voice.chance(0.25) and len(things) == 1 and not ask.targets[0].filters:
            return voice.say("remove.state", T=thing)
        if ask.verb == "permanently delete":
            vp = voice.say("remove.forever", T=thing)
            return with_later(voice, mood(voice, vp), details)
        verb = voice.say("remove.V") if plain else ask.verb
        return with_later(voice, mood(voice, f"{verb} {thing}"), details)
    if done and voice.chance(0.7):
        if len(things) == 1 and not ask.targets[0].filters and voice.chance(0.2):
            return voice.say("do.done.state", T=thing)
        return with_later(voice, mood(voice, voice.say("do.done", T=thing)), details)
    response = next((item for item in details if is_response(item)), None)
    if response is not None:
        return mood(voice, voice.say(f"respond.{response.values[0]}", T=thing))
    labels = next((item for item in details if item.facet == "label"), None)
    if labels is not None:
        said, rest = f'"{voice.spoken(labels)}"', [item for item in details if item is not labels]
        if voice.chance(0.25):
            return with_later(voice, voice.say("change.state.label", T=thing, q=said), rest)
        return with_later(voice, mood(voice, voice.say("change.vp.label", T=thing, q=said)), rest)
    if len(details) == 1 and len(things) == 1 and ask.verb in _CHANGING and details[0].facet in _SETTINGS:
        return mood(voice, _setting(voice, ask, details[0], thing))
    posts = " ".join(voice.put(item, "post") or "" for item in details)
    head, second, tail = posts.partition(" with ")
    posts = f"{head} and {tail}" if second and head.startswith("with ") else posts
    return mood(voice, f"{acting(ask, thing)} {posts}".strip())


_CHANGING = ("update", "change", "set", "set up", "modify", "configure", "put", "adjust")
_SETTINGS = ("enum", "flag", "count", "number", "percent", "duration_minutes", "duration_seconds")


_BARE = ("status", "state", "type", "mode", "enabled", "value", "setting")


def _setting(voice: Voicing, ask: Ask, item: Detail, thing: str) -> str:
    """One setting of a thing: "set the payer of that bucket to Requester", "turn versioning on for it"."""
    field = item.phrase or item.parameter
    part = re.match(r"\S+ the (.+) of an? ", ask.phrase)
    if part and field in _BARE:
        field = part[1] if item.facet == "flag" else f"{part[1]} {field}"
    if item.facet == "flag":
        symbol = "setting.on" if item.values[0] else "setting.off"
        return voice.say(symbol, T=thing, field=mark(field, item.parameter))
    return voice.say("setting.vp", T=thing, field=field, v=voice.spoken(item))


RESPONSES = ("accepted", "declined", "tentative")


def is_response(item: Detail) -> bool:
    """Whether a detail answers an invitation."""
    return "response" in item.parameter.lower() and item.values[0] in RESPONSES


def acting(ask: Ask, thing: str) -> str:
    """The tool's own imperative with the record in its place; a particle verb takes a pronoun inside."""
    for spot in (with_article(ask.noun), ask.plural, ask.noun):
        before, found, after = ask.phrase.partition(f" {spot}")
        if found and (not after or after[0] == " "):
            return f"{before} {thing}{after}"
    head, _, particle = ask.verb.partition(" ")
    inside = particle in ("off", "up", "out", "down") and unmarked(thing) == "it"
    return f"{head} {thing} {particle}" if inside else f"{ask.verb} {thing}"


def batch_np(voice: Voicing, ask: Ask) -> str:
    before, after, _ = noun_phrase(
        voice, Ask("list", "", "", ask.noun, ask.plural, details=ask.targets[0].filters)
    )
    bare = " ".join(part for part in (before, ask.plural, after) if part)
    if unmarked(before).startswith("the "):
        return bare
    return str(
        voice.pick((f"all {bare}", f"all the {bare}", f"the {bare}", f"every one of the {bare}", bare))
    )


def connect_request(voice: Voicing, ask: Ask) -> str:
    assert ask.container is not None
    thing, place = voice.record(ask.targets[0]), voice.record(ask.container)
    kind = connection(ask, ask.container)
    if kind in ("person", "follower", "label"):
        place = mark(ask.container.label, "label")
    if kind == "person" and ask.container.title == voice.plan.scene.user.name:
        kind = "me"
    verb = "add" if ask.verb in ("", "update", "modify", "patch", "edit") else ask.verb
    return mood(voice, voice.say(f"connect.{kind}", T=thing, C=place + scope_words(voice, ask), V=verb))


def under_request(voice: Voicing, ask: Ask) -> str:
    """Making something inside, or attached to, another thing."""
    assert ask.container is not None
    place = voice.record(ask.container) + scope_words(voice, ask)
    text_item = next(
        (item for item in ask.details if item.facet in ("body", "text") and item.role == "sets"), None
    )
    if text_item is not None:
        gist = mark(str(text_item.values[0]), text_item.parameter)
        verb = "reply" if ask.verb in ("reply", "respond") else "comment"
        vp = voice.say(
            f"{verb}.vp",
            noun=ask.noun if verb == "comment" else "reply",
            C=place,
            gist=gist,
            gist_quoted=f'"{gist}"',
        )
        rest = [item for item in ask.details if item is not text_item and item.role == "sets"]
        return with_later(voice, mood_first(voice, vp), rest)
    details = [item for item in ask.details if item.role == "sets"]
    if ask.verb == "forward":
        to = next((item for item in details if item.facet in ("email", "phone")), None)
        if to is None:
            return mood(voice, voice.say("forward.open", C=place))
        copied = [item for item in details if item is not to]
        return with_later(voice, mood(voice, voice.say("forward.vp", C=place, who=voice.spoken(to))), copied)
    response = next((item for item in details if "response" in item.parameter.lower()), None)
    if response is not None and voice.known(f"respond.{response.values[0]}"):
        rest = [item for item in details if item is not response]
        return with_later(voice, mood(voice, voice.say(f"respond.{response.values[0]}", T=place)), rest)
    title = next((item for item in details if item.facet in ("title", "file_name")), None)
    if ask.verb in COPYING and title is not None:
        quoted = f'"{mark(str(title.values[0]), title.parameter)}"'
        rest = [item for item in details if item is not title]
        return with_later(voice, mood_first(voice, voice.say("copy.vp", C=place, q=quoted)), rest)
    relation = made_of(ask)
    if relation == "copy":
        return with_later(voice, mood(voice, voice.say("copy.open", C=place)), details)
    ends = {"from": 1, "until": 2}  # both ends of a time in one breath
    main = [*details[:2], *[item for item in details[2:] if moment_of(item) in ends]]
    later = [item for item in details[2:] if item not in main]
    main.sort(key=lambda item: ends.get(moment_of(item), 0))
    np = made_noun(voice, ask, main)
    preposition = relation or within(ask.container.noun)
    if preposition == "in" and kept_for(ask.noun):
        others = any(item.role == "names" and personal(item.phrase) for item in ask.details)
        preposition = "of" if others else "for"
    verb = voice.say("create.V")
    return with_later(voice, mood(voice, f"{verb} {np} {preposition} {place}"), later)


def create_if_request(voice: Voicing, ask: Ask) -> str:
    """Making something at a time, if the time is free."""
    when = next(item for item in ask.details if item.shape == "span")
    rest = [item for item in ask.details if item is not when]
    made = made_noun(voice, ask, rest)
    verb = voice.say(f"create.V.{family(ask.noun)}" if family(ask.noun) else "create.V")
    return voice.say("create_if", when=voice.spoken(when), vp=f"{verb} {made}")
