"""How two things belong together: one in the other, for somebody, a copy of it; a detail after the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.language.grammar import capitalised, unmarked
from callsmith.language.voicing import Voicing
from callsmith.language.words import listed
from callsmith.meaning import Ask, Detail, Target
from callsmith.plan.arguments.ties import TYING
from callsmith.plan.known import COPYING, FOLLOWING


def name_parts(voice: Voicing, ask: Ask) -> list[Detail]:
    """The first and the last name of somebody new, which are said as one; none where either is not given."""
    if not voice.personal(ask.noun):
        return []
    parts: Sequence[Sequence[str]] = read("language/en/relating.yaml")["names"]
    said = {"".join(name_words(item.parameter)): item for item in ask.details if item.role == "sets"}
    found = [next((said[word] for word in words if word in said), None) for words in parts]
    return [item for item in found if item is not None] if all(found) else []


PARTING = ("detach", "disassociate", "dissociate", "disconnect", "unlink", "unassign", "deregister", "remove")
_CHANGING = ("", "update", "change", "modify", "patch", "edit", "set", "put", "give", "hand", "file", "tie")
_PLACES = ("parent", "folder", "section", "project", "category", "playlist", "album", "collection", "board")


def connection(voice: Voicing, ask: Ask, container: Target) -> str:
    """What bringing two things together means: giving it to a person, labelling it, putting it in or on the other."""
    name = ask.field.lower()
    if ask.verb in PARTING:
        return "from"
    if ask.verb not in TYING and ask.verb not in _CHANGING:
        return "deed"  # what is offered or redirected is not said to be assigned or put
    if voice.personal(container.noun):
        return "follower" if any(word in name for word in FOLLOWING) else "person"
    if "label" in name or "tag" in name:
        return "label"
    return "in" if any(word in name for word in _PLACES) else "to"


_TAKEN_OF = ("snapshot", "copy", "backup", "clone", "dump", "image")


_HOLDING = ("folder", "list", "project", "board", "calendar", "group", "channel", "team", "playlist", "section",
            "category", "album", "collection", "space", "workspace", "notebook", "database")  # fmt: skip


def made_of(voice: Voicing, ask: Ask) -> str:
    """How a new thing is made out of another, where it does not lie in it: a copy, a snapshot of it, one from it."""
    assert ask.container is not None
    words = name_words(ask.field)
    sourced = bool({"source", "original"} & {*words})
    if ask.container.noun == ask.noun and (sourced or ask.verb in COPYING):
        return "copy"
    if ask.noun.split(" ")[-1] in _TAKEN_OF and within(voice, ask.container.noun) == "in":
        return "of"
    if ask.field.lower().endswith("ids") and ask.container.noun.split(" ")[-1] not in _HOLDING:
        return "with"  # several can be named: a scene with a device
    return "from" if sourced or ask.container.noun.split(" ")[-1] in (*_TAKEN_OF, "template") else ""


def within(voice: Voicing, noun: str) -> str:
    """How something made belongs to a thing: for a customer, to a task, in a folder."""
    bearers = ("product", "company", "invoice", "order", "campaign", "customer", "client", "supplier", "vendor",
               "tenant", "subscriber", "merchant", "partner")  # fmt: skip
    if voice.personal(noun) or noun in bearers:
        return "for"
    if noun == "task":
        return "under"
    return "to" if noun in ("issue", "list", "pull request", "event") else "in"


_CLAUSE = re.compile(
    r"(?:the|it|it's|they're|there|they)\b|[a-z]+ (?:it|this|in|on|the)\b|.* (?:is|are|should|takes|goes|will) "
)
_NO_CLAUSE = re.compile(r"(?:in|on|at|for|with|to|by|from|under|of|as) |the \S+ \S+$")


def said_alone(voice: Voicing, item: Detail) -> bool:
    """Whether a detail makes a sentence of its own, as nobody says "E-mail ana@hollis.example." after the rest."""
    said = unmarked(voice.put(item, "frag") or "")
    return bool(said) and _CLAUSE.match(said) is not None and _NO_CLAUSE.match(said) is None


def with_later(voice: Voicing, text: str, later: Sequence[Detail]) -> str:
    """Add what was not said in the main clause as sentences of its own."""
    fragments = [
        part for part in (voice.put(item, "frag") or voice.put(item, "post") for item in later) if part
    ]
    if not fragments:
        return text
    if len(fragments) > 1:
        fragments = [listed(fragments)]
    for fragment in fragments:
        text = f"{text.rstrip()} {capitalised(voice.say('more', detail=fragment))}"
    return text
