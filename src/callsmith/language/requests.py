"""The user's side: a meant request becomes what a person would type."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from msgspec import structs

from callsmith.catalog.data import read
from callsmith.language.asking_after import answer_consult, consult_more, consult_request
from callsmith.language.asking_change import act_request, change_open_request, change_request
from callsmith.language.asking_compute import (
    again_request,
    answer_compute,
    compute_request,
    on_request,
)
from callsmith.language.asking_enquired import enquire_answer, enquire_more, enquire_request
from callsmith.language.asking_for import (
    compare_request,
    list_request,
    list_under_request,
    look_up_request,
    narrow_request,
)
from callsmith.language.asking_to import (
    connect_request,
    create_if_request,
    create_request,
    create_several,
    under_request,
)
from callsmith.language.grammar import capitalised, mark, outside, tidy, unmarked
from callsmith.language.postal import at_one_address
from callsmith.language.sending import (
    answer_request,
    choose_request,
    send_request,
    share_request,
    thank_request,
)
from callsmith.language.settings import part_request
from callsmith.language.voicing import Voicing
from callsmith.language.words import with_article
from callsmith.meaning import Ask, Target

UNFRAMED = (
    "answer_missing", "choose", "thank", "chat", "compute_answer", "compute_again", "compute_on",
    "consult_answer", "consult_again", "consult_other",
    "enquire_again", "enquire_answer",
)  # fmt: skip
PAST = ("created", "updated", "sent", "received", "closed", "merged", "modified", "completed")


def request(voice: Voicing, ask: Ask, before: Ask | None) -> str:
    """One user message, marked."""
    text = _asked(voice, ask, before)
    for names in read("language/en/lexicon.yaml")["familiar"]:
        one, several = names[0]
        if ask.noun == one:
            if one not in voice.talk:
                voice.talk[one], voice.talk[several] = voice.pick(names)
            text = outside(text, partial(_familiar, voice, names[0]))
    return text


def _familiar(voice: Voicing, names: Sequence[str], text: str) -> str:
    """The text with a thing called as this person calls it; an article goes with the word."""

    def renamed(match: re.Match[str]) -> str:
        name = voice.talk[match[2].lower()]
        article = "" if not match[1] else with_article(name).split()[0] + " "
        return capitalised(article + name) if match.group()[0].isupper() else article + name

    return re.sub(rf"\b(an? )?({names[1]}|{names[0]})\b", renamed, text, flags=re.IGNORECASE)


def _asked(voice: Voicing, ask: Ask, before: Ask | None) -> str:
    if ask.act == "create" and ask.also and voice.chance(0.65):
        body = create_several(voice, [ask, *ask.also])
    else:
        body = core(voice, ask)
        for other in ask.also if ask.act not in ("compute", "consult", "enquire") else ():
            body = joined(voice, body, core(voice, other))
    if ask.act.startswith("consult") and before is None:
        return tidy(sentence_case(voice, opened_plainly(voice, body)))
    if ask.act == "consult_answer" and re.match(r"\S*[._/*]\S", unmarked(body)):
        return tidy(body)  # a file is called as it is
    if ask.act in UNFRAMED or ask.act.startswith("consult"):
        return tidy(sentence_case(voice, body))
    return tidy(sentence_case(voice, around(voice, ask, body, before)))


def core(voice: Voicing, ask: Ask) -> str:
    """The request itself, without what stands around it."""
    first = next((item for item in ask.details if item.shape == "first"), None)
    rest = ask if first is None else structs.replace(ask, details=[d for d in ask.details if d is not first])
    words: str = _CORES[ask.act](voice, at_one_address(rest))
    if first is None:
        return words
    when = voice.on(structs.replace(first, shape="value"))
    said = words.rstrip() + ("" if words.rstrip()[-1] in ".?!" else ".")
    return f"{said} {capitalised(voice.say('first_free', when=when))}"


def joined(voice: Voicing, first: str, second: str) -> str:
    also = voice.pick(read("language/en/requests.yaml")["also"])
    head = first.rstrip()
    if head[-1] not in ".?!":
        head += "."
    return f"{head} {also.capitalize()} {lowered(second)}"


def sentence_case(voice: Voicing, text: str) -> str:
    """Capital letters as this person types them."""
    if (
        voice.register == "casual"
        and voice.talk.setdefault("case", voice.pick(("low", "low", "usual"))) == "low"
    ):
        if not unmarked(text)[:1].isupper():
            return text
    out = capitalised(text)
    for stop in (". ", "? ", "! "):
        parts = out.split(stop)
        out = stop.join([parts[0], *[capitalised(part) for part in parts[1:]]])
    return out


def around(voice: Voicing, ask: Ask, body: str, before: Ask | None) -> str:
    """What people add: an opener, a reason before or after."""
    roll = voice.rng.random()
    if (
        voice.plan.scene.trade != "any" or voice.shop
    ):  # whoever keeps dogs or cakes says little of what goes on around a request
        roll = 8 * roll if roll < 0.065 else 0.52 + 1.1 * (roll - 0.065)
    elif roll < 0.52:
        roll = 1.6 * roll if roll < 0.325 else 0.53 + (roll - 0.325)
    values = asides(voice, ask)
    if before is None:
        if roll < 0.26:
            body = f"{capitalised(reason(voice, ask, 'before', values))} {body}"
        elif roll < 0.52:
            body = appended(voice, body, reason(voice, ask, "after", values))
        elif roll < 0.72:
            lead = voice.say(f"lead.{voice.register}", **values)
            if "question" not in lead or body.rstrip().endswith("?"):
                body = opened(lead, body)
        return body
    if roll < 0.06:
        return appended(voice, body, reason(voice, ask, "after", values))
    if voice.chance(0.5):
        amends = ask.act == "change" and before.act in ("create", "change") and before.noun == ask.noun
        symbol = (
            "follow.change"
            if amends
            else "follow.look"
            if ask.act in ("look_up", "look_into", "recall", "list", "count", "narrow")
            else "follow.any"
        )
        body = opened(voice.say(symbol, **values), body)
    return body


_LED = re.compile(r"(?:before|so that|for|while|in the meantime|to start|first)\b", re.IGNORECASE)


def opened_plainly(voice: Voicing, body: str) -> str:
    """A request to a tool that stands for itself: at most a word or two before it."""
    if voice.rng.random() < 0.75 or _LED.match(body):
        return body
    lead = voice.say("consult.lead")
    return opened(lead, body)


_BIDDEN = re.compile(r"\basked me to\W*$")  # to do something, and not to know it
_ONE = re.compile(r"\b(?:it|it's|its)\b", re.IGNORECASE)


def reason(voice: Voicing, ask: Ask, place: str, values: dict[str, str]) -> str:
    """Why somebody asks; where several things are asked for, nothing is said of "it"."""
    looks = ask.act in ("list", "count", "compare", "list_under", "look_up", "look_into", "narrow", "recall")
    several = ask.act in ("list", "count", "compare", "list_under") or ask.also or len(ask.targets) > 1
    manner = "plain" if voice.shop else "reason"
    symbol = f"{manner}.{situation_of(voice, ask)}.{place}"
    said = voice.say(symbol, **values)
    for _ in range(6):
        done = looks and _BIDDEN.search(unmarked(said))
        if not done and (not several or not _ONE.search(unmarked(said))):
            break
        said = voice.say(symbol, **values)
    return said


_HEADED = re.compile(r"[^.?!\"]{0,28}:|let's see|hold on|wait\b", re.IGNORECASE)


def opened(opener: str, body: str) -> str:
    opener = opener.strip()
    if not opener or _HEADED.match(unmarked(body)):
        return body  # one opener is enough
    if body.lower().startswith("and "):  # nor is a thing begun twice
        body = body[4:]
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
        "list": ("look", "look", "find"),
        "list_under": ("look",),
        "count": ("count",),
        "look_up": ("look",),
        "look_into": ("look",),
        "enquire": ("look",),
        "find": ("find",),
        "compare": ("compare",) if ask.field_facet in ("amount", "amount_minor", "enum") else ("look",),
        "create": ("create",),
        "remove": ("remove",),
        "change": ("reschedule",) if moments else ("change",),
        "do": ("finish",) if ask.state else ("any",),
        "connect": ("any",),
        "send": ("send",),
        "create_under": ("comment",) if ask.gist else ("create",),
        "recall": ("look",),
        "compute": ("any",),
    }
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
    topic = voice.pick([item for item in scene.topics if item.kind != "incident"] or scene.topics).name
    teams = [team for team in scene.teams if not team.endswith("s")]  # one team wants, several want
    values = {
        "topic": mark(topic, "topic"),
        "team": voice.pick(teams or read("language/en/lexicon.yaml")["teams"]),
        "company": mark(scene.company, "company"),
    }
    if scene.trade != "own":  # what is said at a desk, with meetings and slides, not in a kennel or a bakery
        values["desk"] = ""
    if colleague is not None:
        values["colleague"] = mark(colleague.given, "person")
        values["role"] = mark(colleague.role, "role")
    return values


_CORES: dict[str, Any] = {
    "list": list_request,
    "count": list_request,
    "look_up": look_up_request,
    "look_into": part_request,
    "recall": look_up_request,
    "compare": compare_request,
    "create": create_request,
    "change": change_request,
    "change_open": change_open_request,
    "do": act_request,
    "remove": act_request,
    "connect": connect_request,
    "create_under": under_request,
    "list_under": list_under_request,
    "send": send_request,
    "answer_missing": answer_request,
    "choose": choose_request,
    "compute": compute_request,
    "compute_again": again_request,
    "compute_on": on_request,
    "compute_answer": answer_compute,
    "consult": consult_request,
    "consult_again": consult_more,
    "consult_other": consult_more,
    "consult_found": consult_request,
    "consult_answer": answer_consult,
    "enquire": enquire_request,
    "enquire_again": enquire_more,
    "enquire_answer": enquire_answer,
    "thank": thank_request,
    "share": share_request,
    "create_if": create_if_request,
    "narrow": narrow_request,
}


def target_words(target: Target) -> str:
    return target.label or str(target.key or "")
