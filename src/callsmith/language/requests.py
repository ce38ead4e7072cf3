"""The user's side: a meant request becomes what a person would type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from callsmith.catalog.data import read
from callsmith.language.grammar import capitalised, mark, tidy, unmarked
from callsmith.language.voicing import NAMELIKE, Voicing
from callsmith.language.words import gerund, listed, with_article
from callsmith.meaning import Ask, Detail, Target
from callsmith.plan.known import PERSONAL

PAST = ("created", "updated", "sent", "received", "closed", "merged", "modified", "completed")


def request(voice: Voicing, ask: Ask, before: Ask | None) -> str:
    """One user message, marked."""
    body = core(voice, ask)
    for other in ask.also:
        body = joined(voice, body, core(voice, other))
    if ask.act in ("answer_missing", "choose", "thank", "chat"):
        return tidy(sentence_case(voice, body))
    return tidy(sentence_case(voice, around(voice, ask, body, before)))


def core(voice: Voicing, ask: Ask) -> str:
    """The request itself, without what stands around it."""
    words: str = _CORES[ask.act](voice, ask)
    return words


def joined(voice: Voicing, first: str, second: str) -> str:
    also = voice.pick(read("language/en/requests.yaml")["also"])
    head = first.rstrip()
    if head[-1] not in ".?!":
        head += "."
    return f"{head} {also.capitalize()} {second}"


def sentence_case(voice: Voicing, text: str) -> str:
    """Capital letters as this person types them."""
    if voice.register == "casual" and voice.chance(0.55):
        return text
    out = capitalised(text)
    for stop in (". ", "? ", "! "):
        parts = out.split(stop)
        out = stop.join([parts[0], *[capitalised(part) for part in parts[1:]]])
    return out


def around(voice: Voicing, ask: Ask, body: str, before: Ask | None) -> str:
    """What people add: an opener, a reason before or after."""
    roll = voice.rng.random()
    situation = situation_of(voice, ask)
    values = asides(voice, ask)
    if before is None:
        if roll < 0.24:
            said = voice.say(f"reason.{situation}.before", **values)
            body = f"{capitalised(said)} {body}"
        elif roll < 0.48:
            after = voice.say(f"reason.{situation}.after", **values)
            body = appended(voice, body, after)
        if voice.chance(0.22):
            body = opened(voice.say(f"lead.{voice.register}", **values), body)
        return body
    if roll < 0.12:
        body = appended(voice, body, voice.say(f"reason.{situation}.after", **values))
    if voice.chance(0.5):
        amends = ask.act == "change" and before.act in ("create", "change") and before.noun == ask.noun
        symbol = "follow.change" if amends else "follow.look" if ask.act == "look_up" else "follow.any"
        body = opened(voice.say(symbol, **values), body)
    return body


def opened(opener: str, body: str) -> str:
    opener = opener.strip()
    if not opener:
        return body
    if opener[-1] in ".!?":
        return f"{opener} {capitalised(body)}"
    return f"{opener} {lowered(body)}"


def lowered(text: str) -> str:
    """The first letter in lower case, unless the word is a name, an abbreviation or "I"."""
    first = text.split(" ", 1)[0]
    if (
        not first[:1].isupper()
        or first[1:2].isupper()
        or first.rstrip(",.") in ("I", "I'm", "I'd", "I've", "I'll")
    ):
        return text
    return text[0].lower() + text[1:]


def appended(voice: Voicing, body: str, after: str) -> str:
    body = body.rstrip()
    if body[-1:] == "." and voice.chance(0.45):
        return f"{body[:-1]}{voice.pick((', ', ' - ', ', '))}{after}."
    if body[-1:] not in ".?!":
        body += "."
    return f"{body} {capitalised(after)}."


def situation_of(voice: Voicing, ask: Ask) -> str:
    noun = ask.noun
    money = ("invoice", "payment", "refund", "charge", "subscription", "price", "coupon", "dispute")
    if any(word in noun for word in money) and voice.chance(0.6):
        return "money"
    moments = any(item.shape == "span" or item.facet == "date_time" for item in ask.details)
    table: dict[str, Sequence[str]] = {
        "list": ("look", "look", "find"), "list_under": ("look",), "count": ("count",), "look_up": ("look", "find"),
        "find": ("find",), "compare": ("compare",), "create": ("create",), "remove": ("remove",),
        "change": ("reschedule",) if moments else ("change",), "do": ("finish",) if ask.state else ("any",),
        "connect": ("share", "change"), "send": ("send",), "create_under": ("comment",) if ask.gist else ("create",),
        "recall": ("look",), "compute": ("any",),
    }  # fmt: skip
    return str(
        voice.pick(
            (*table.get(ask.act, ("any",)), "any") if voice.chance(0.3) else table.get(ask.act, ("any",))
        )
    )


def asides(voice: Voicing, ask: Ask) -> dict[str, str]:
    scene = voice.plan.scene
    taken = {str(item.shown) for item in ask.details} | {ask.gist.get("given", "")}
    taken |= {target.person.shown for target in ask.targets if target.person}
    others = [p for p in scene.people if p.relation == "colleague" and p.given not in taken]
    colleague = voice.pick(others) if others else None
    topic = voice.pick(scene.topics).name
    values = {
        "topic": mark(topic, "topic"),
        "team": voice.pick(_TEAMS),
        "company": mark(scene.company, "company"),
    }
    if colleague is not None:
        values["colleague"] = mark(colleague.given, "person")
        values["role"] = mark(colleague.role, "role")
    return values


_TEAMS = ("the finance team", "the sales team", "the team", "the support team", "legal", "operations", "the board", "marketing",
          "accounting", "the front office", "purchasing", "the project team")  # fmt: skip


# ---------------------------------------------------------------- cores


def mood(voice: Voicing, vp: str) -> str:
    return voice.say("mood", vp=vp, vping=gerund_of(vp))


def gerund_of(vp: str) -> str:
    return gerund(vp) if vp[:1].isalpha() else vp


def noun_phrase(voice: Voicing, ask: Ask) -> tuple[str, str, list[Detail]]:
    """(before the noun, after it, what did not fit) of a narrowed plural."""
    before: list[str] = []
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
        post = voice.put(item, "post")
        if post is None:
            attr = voice.put(item, "attr")
            if attr is None:
                rest.append(item)
            else:
                before.append(attr)
        else:
            after.append(post)
    return " ".join(before), " ".join(after), rest


def list_request(voice: Voicing, ask: Ask) -> str:
    before, after, _ = noun_phrase(voice, ask)
    bare = " ".join(part for part in (before, ask.plural, after) if part)
    determined = unmarked(before).startswith(("the ", "my "))
    symbol = "count" if ask.act == "count" else "list"
    if symbol == "list" and after and not before and voice.chance(0.12):
        return voice.say("list.topic", post=after, plural=ask.plural)
    np = (
        bare
        if determined
        else voice.pick((bare, f"the {bare}", f"all {bare}", f"all the {bare}", bare, f"my {bare}"))
    )
    if determined:
        return voice.say(symbol, np=np, np_all=np) if symbol == "list" else mood(voice, f"count {np}")
    return voice.say(symbol, np=np, np_bare=bare, np_all=f"all the {bare}")


def look_up_request(voice: Voicing, ask: Ask) -> str:
    target = ask.targets[0]
    where = scope_words(voice, ask)
    thing = voice.record(target) + where
    field = ask.field
    special = special_question(ask)
    if ask.act == "recall" and target.by == "pronoun":
        return voice.say("recall.it", field=field)
    if ask.act == "recall":
        return voice.say("recall", field=field, T=thing)
    if special and voice.known(f"look_up.{special}") and voice.chance(0.6):
        return voice.say(f"look_up.{special}", T=thing, fields=ask.field)
    return voice.say("look_up", field=field, T=thing)


def special_question(ask: Ask) -> str:
    """The natural way to ask for some fields: when, where, who, how much."""
    field, facet = ask.field.lower(), ask.field_facet
    if facet in ("date_time", "date", "timestamp"):
        for word, name in (
            ("due", "due"),
            ("start", "start"),
            ("end", "end"),
            ("creat", "created"),
            ("updat", "updated"),
            ("modif", "updated"),
        ):
            if word in field:
                return name
        return ""
    if facet in ("place",):
        return "place"
    if facet == "enum" and ("status" in field or "state" in field):
        return "status"
    if facet in ("amount", "amount_minor"):
        return "amount" if field in ("amount", "total", "price") else ""
    if facet == "url" and "link" in field:
        return "url"
    if facet == "duration_minutes":
        return "duration"
    if facet in ("person", "email", "username"):
        for word, name in (("sender", "sender"), ("from", "sender"), ("assignee", "assignee"), ("organi", "organizer"), ("author", "author"),
                           ("creator", "author"), ("reporter", "author"), ("owner", "owner")):  # fmt: skip
            if word in field:
                return name
    return ""


def scope_words(voice: Voicing, ask: Ask) -> str:
    """Where the record lies, when the user says so: "in optics-web"."""
    parts = [
        voice.put(item, "post")
        for item in ask.details
        if item.role == "names" and not _names_target(ask, item)
    ]
    text = " ".join(part for part in parts if part)
    return f" {text}" if text else ""


def _names_target(ask: Ask, item: Detail) -> bool:
    targets = [*ask.targets, *([ask.container] if ask.container else [])]
    return any(target.by == "key" and target.key in item.values for target in targets)


def compare_request(voice: Voicing, ask: Ask) -> str:
    where = scope_words(voice, ask)
    first, second = voice.record(ask.targets[0]), voice.record(ask.targets[1]) + where
    special = compare_kind(ask)
    if special and voice.chance(0.65):
        return voice.say(f"compare.{special}", T=first, T2=second, field=ask.field)
    return voice.say("compare", T=first, T2=second, field=ask.field)


def compare_kind(ask: Ask) -> str:
    """The natural way to set two values side by side, by what they are."""
    if ask.field_facet in ("amount", "amount_minor"):
        return "amount"
    if ask.field_facet not in ("date_time", "date", "timestamp"):
        return ""
    field = ask.field.lower()
    for words, kind in ((("due", "deadline"), "due"), (("creat", "open"), "created"), (("chang", "updat", "modif"), "updated"),
                        (("start",), "moment"), (("sent", "received"), "past")):  # fmt: skip
        if any(word in field for word in words):
            return kind
    return "past" if field == "date" else ""


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
    later = [item for item in details if item not in main]
    np = made_noun(voice, ask, main)
    kind = family(ask.noun)
    verbs = f"create.V.{kind}" if kind and voice.chance(0.7) else "create.V"
    verb = ask.verb if ask.verb and voice.chance(0.35) else voice.say(verbs)
    text = voice.say("create.state", np=np) if voice.chance(0.3) else mood(voice, f"{verb} {np}")
    return with_later(voice, text, later)


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
    title = next((item for item in details if item.facet == "title" and item.role == "sets"), None)
    noun = ask.noun
    posts: list[str] = []
    attrs: list[str] = []
    for item in details:
        if item is title:
            continue
        attr = voice.put(item, "attr") if voice.chance(0.4) else None
        if attr:
            attrs.append(attr)
        else:
            posts.append(voice.put(item, "post") or "")
    named = title_phrase(voice, ask, title) if title is not None else ""
    head = (
        with_article(" ".join([*attrs, noun]))
        if not voice.chance(0.15)
        else f"a new {' '.join([*attrs, noun])}"
    )
    if title is not None and not attrs and noun in ("event", "meeting", "appointment") and voice.chance(0.5):
        head, named = mark(f"{title.values[0]}", title.parameter), ""
        head = voice.pick((f'"{head}"', head))
    return " ".join(part for part in (head, named, *posts) if part)


def title_phrase(voice: Voicing, ask: Ask, title: Detail) -> str:
    text = str(title.values[0])
    value = mark(text, title.parameter)
    if (
        ask.noun in ("task", "todo", "subtask", "reminder")
        and text[:1].isupper()
        and voice.chance(0.55)
        and _imperative(text)
    ):
        return f"to {mark(text[0].lower() + text[1:], title.parameter)}"
    if ask.noun in NAMELIKE:
        return str(voice.pick((f"called {value}", f"named {value}", f'"{value}"', value)))
    return str(
        voice.pick(
            (f'called "{value}"', f'"{value}"', f"called {value}", f'titled "{value}"', f"named {value}")
        )
    )


def _imperative(text: str) -> bool:
    first = text.split()[0].lower()
    return first in _IMPERATIVES


_IMPERATIVES = frozenset(
    [
        "call",
        "draft",
        "chase",
        "book",
        "order",
        "check",
        "send",
        "review",
        "update",
        "prepare",
        "write",
        "fix",
        "ask",
        "collect",
        "pick",
        "renew",
        "file",
        "print",
        "schedule",
        "plan",
        "find",
        "buy",
        "test",
        "clean",
        "confirm",
        "get",
        "go",
        "look",
        "make",
        "move",
        "pay",
        "read",
        "reply",
        "return",
        "set",
        "sign",
        "sort",
        "submit",
        "talk",
        "tell",
        "think",
        "upload",
        "finish",
        "compare",
        "email",
        "mail",
        "arrange",
        "invite",
        "measure",
        "count",
        "archive",
        "agree",
        "approve",
        "cancel",
        "clarify",
        "contact",
        "create",
        "decide",
        "define",
        "discuss",
        "document",
        "double-check",
        "follow",
        "gather",
        "hand",
        "hire",
        "brief",
        "estimate",
    ]
)


def change_request(voice: Voicing, ask: Ask) -> str:
    target = ask.targets[0]
    thing = voice.record(target) + scope_words(voice, ask)
    items = [item for item in ask.details if item.role != "names" or not _names_target(ask, item)]
    items = [item for item in items if item.role == "sets"]
    first = items[0]
    kind = change_kind(first)
    new = voice.spoken(first)
    if first.facet == "title" and voice.chance(0.7):
        new = f'"{new}"'
    values = {"T": thing, "new": new, "field": first.phrase or first.parameter}
    if voice.chance(0.22):
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
    if "start" in ask.field or "time" in ask.field:
        kind = "moment"
    symbol = f"change.open.{kind}" if kind and voice.known(f"change.open.{kind}") else "change.open"
    return mood(voice, voice.say(symbol, T=thing, field=ask.field))


def change_kind(item: Detail) -> str:
    name = item.parameter.lower()
    if item.facet == "label":
        return "label"
    if "due" in name or "deadline" in name:
        return "due"
    if item.facet in ("date_time", "date", "time", "timestamp"):
        return "moment" if item.shape == "span" or "start" in name else ""
    if item.facet == "title":
        return "title"
    if item.facet in ("enum", "place"):
        return item.facet
    return "person" if "assignee" in name else ""


def act_request(voice: Voicing, ask: Ask) -> str:
    things = [
        voice.record(target) if target.by != "the" or not target.filters else batch_np(voice, ask)
        for target in ask.targets
    ]
    thing = listed(things) + (scope_words(voice, ask) if not ask.targets[0].filters else "")
    details = [item for item in ask.details if item.role == "sets"]
    done = any(
        value in (True, "closed", "completed", "done") for value in ask.state.values()
    ) and ask.verb in ("complete", "close", "finish")
    if ask.act == "remove":
        if voice.chance(0.25) and len(things) == 1 and not ask.targets[0].filters:
            return voice.say("remove.state", T=thing)
        verb = voice.say("remove.V") if ask.verb in ("delete", "remove") else ask.verb
        return with_later(voice, mood(voice, f"{verb} {thing}"), details)
    if done and voice.chance(0.7):
        if len(things) == 1 and not ask.targets[0].filters and voice.chance(0.2):
            return voice.say("do.done.state", T=thing)
        return with_later(voice, mood(voice, voice.say("do.done", T=thing)), details)
    labels = next((item for item in details if item.facet == "label"), None)
    if labels is not None:
        vp = voice.say("change.vp.label", T=thing, new=voice.spoken(labels))
        return with_later(voice, mood(voice, vp), [item for item in details if item is not labels])
    posts = [voice.put(item, "post") or "" for item in details]
    return mood(voice, " ".join([acting(ask, thing), *posts]).strip())


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
    return str(
        voice.pick((f"all {bare}", f"all the {bare}", f"the {bare}", f"every one of the {bare}", bare))
    )


def connect_request(voice: Voicing, ask: Ask) -> str:
    assert ask.container is not None
    thing, place = voice.record(ask.targets[0]), voice.record(ask.container)
    name = ask.field.lower()
    if ask.container.noun in PERSONAL:
        kind, place = "person", mark(ask.container.label, "label")
    elif "label" in name or "tag" in name:
        kind = "label"
    else:
        kind = "in" if any(word in name for word in ("parent", "folder", "section", "project")) else "to"
    verb = ask.verb or "add"
    return mood(voice, voice.say(f"connect.{kind}", T=thing, C=place, V=verb))


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
        return mood(voice, voice.say("forward.vp", C=place, who=voice.spoken(to)))
    response = next((item for item in details if "response" in item.parameter.lower()), None)
    if response is not None and voice.known(f"respond.{response.values[0]}"):
        rest = [item for item in details if item is not response]
        return with_later(voice, mood(voice, voice.say(f"respond.{response.values[0]}", T=place)), rest)
    title = next((item for item in details if item.facet in ("title", "file_name")), None)
    if ask.verb in ("copy", "duplicate", "clone") and title is not None:
        quoted = f'"{mark(str(title.values[0]), title.parameter)}"'
        rest = [item for item in details if item is not title]
        return with_later(voice, mood_first(voice, voice.say("copy.vp", C=place, q=quoted)), rest)
    np = made_noun(voice, ask, details[:2])
    preposition = within(ask.container.noun)
    verb = voice.say("create.V")
    return with_later(voice, mood(voice, f"{verb} {np} {preposition} {place}"), details[2:])


def within(noun: str) -> str:
    """How something made belongs to a thing: for a customer, to a task, in a folder."""
    if noun in PERSONAL or noun in ("product", "company", "invoice", "order", "campaign"):
        return "for"
    return "to" if noun in ("task", "issue", "project", "list", "pull request", "event") else "in"


def mood_first(voice: Voicing, vp: str) -> str:
    """An imperative that ends on a quotation stays an imperative: nothing may follow the words quoted."""
    opener = voice.pick(("", "", "", "please ", "can you ", "could you ", "go ahead and "))
    text = f"{opener}{vp}".rstrip()
    last = unmarked(text)[-1]
    return text if last in ".?!" else f"{text}."


def list_under_request(voice: Voicing, ask: Ask) -> str:
    assert ask.container is not None
    place = voice.record(ask.container)
    noun = ask.container.noun
    where = (
        "on"
        if noun in ("issue", "pull request", "task", "invoice", "board", "calendar", "customer")
        else "in"
    )
    return voice.say("list_under", plural=ask.plural, C=place, **{"in": where})


def send_request(voice: Voicing, ask: Ask) -> str:
    gist = ask.gist
    address = next((item for item in ask.details if item.role == "to"), None)
    given = mark(gist["given"], "person")
    message = address is not None and address.facet == "phone"
    channel = {
        "M": voice.say("send.M.message" if message else "send.M"),
        "m": "message" if message else voice.pick(("mail", "email")),
    }
    later = ""
    who = given
    if address is not None:
        said = mark(str(address.values[0]), address.parameter)
        if voice.chance(0.6):
            who = voice.say("address.after", who=given, address=said)
        else:
            later = voice.say("number.later" if message else "address.later", who=given, address=said)
    say = mark(gist["say"], "gist")
    manner = "draft" if ask.noun == "draft" else "send"
    vp = voice.say(f"{manner}.{gist['kind']}", who=who, say=say, **channel)
    text = mood_first(voice, vp) if voice.chance(0.6) else mood(voice, vp)
    return f"{text} {capitalised(later)}" if later else text


def share_request(voice: Voicing, ask: Ask) -> str:
    """Passing on what something says."""
    address = next(item for item in ask.details if item.role == "to")
    given = mark(ask.gist["given"], "person")
    said = mark(str(address.values[0]), address.parameter)
    later = ""
    who = voice.say("address.after", who=given, address=said)
    if voice.chance(0.35):
        who = given
        kind = "number.later" if address.facet == "phone" else "address.later"
        later = voice.say(kind, who=given, address=said)
    thing = voice.record(ask.targets[0]) + scope_words(voice, ask)
    symbol = "share.link" if ask.field_facet == "url" else "share"
    verb = voice.say("send.M.message" if address.facet == "phone" else "send.M")
    text = mood(voice, voice.say(symbol, who=who, T=thing, field=ask.field, M=verb))
    return f"{text} {capitalised(later)}" if later else text


def create_if_request(voice: Voicing, ask: Ask) -> str:
    """Making something at a time, if the time is free."""
    when = next(item for item in ask.details if item.shape == "span")
    rest = [item for item in ask.details if item is not when]
    made = made_noun(voice, ask, rest)
    verb = voice.say(f"create.V.{family(ask.noun)}" if family(ask.noun) else "create.V")
    return voice.say("create_if", when=voice.spoken(when), vp=f"{verb} {made}")


def narrow_request(voice: Voicing, ask: Ask) -> str:
    item = ask.details[0]
    attr = voice.put(item, "attr")
    post = voice.put(item, "post")
    if attr and (not post or voice.chance(0.6)):
        return voice.say("narrow.attr", attr=attr)
    return voice.say("narrow", post=post or attr or "")


def answer_request(voice: Voicing, ask: Ask) -> str:
    item = ask.details[0]
    value = voice.spoken(item)
    symbol = "answer.text" if item.facet in ("title", "body", "text", "email", "phone") else "answer"
    if item.facet in ("body", "text"):
        return value
    return voice.say(symbol, value=value)


def choose_request(voice: Voicing, ask: Ask) -> str:
    target = ask.targets[0]
    label = mark(target.label, "label")
    thing = voice.pick((voice.record(target), f'"{label}"', label))
    return voice.say("choose", T=thing)


def compute_request(voice: Voicing, ask: Ask) -> str:
    parts = [voice.put(item, "post") or "" for item in ask.details]
    return mood(voice, " ".join([ask.verb or "work out", *parts]))


def thank_request(voice: Voicing, ask: Ask) -> str:
    return voice.say("thank")


_CORES: dict[str, Any] = {
    "list": list_request, "count": list_request, "look_up": look_up_request, "recall": look_up_request,
    "compare": compare_request, "create": create_request, "change": change_request, "change_open": change_open_request, "do": act_request,
    "remove": act_request, "connect": connect_request, "create_under": under_request, "list_under": list_under_request,
    "send": send_request, "answer_missing": answer_request, "choose": choose_request, "compute": compute_request,
    "thank": thank_request, "share": share_request, "create_if": create_if_request, "narrow": narrow_request,
}  # fmt: skip


def target_words(target: Target) -> str:
    return target.label or str(target.key or "")
