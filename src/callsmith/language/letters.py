"""What the assistant writes for the user to others: mails, messages, comments."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from callsmith.catalog.data import read
from callsmith.language.grammar import Grammar, alternative_of, capitalised, expand, has, load
from callsmith.language.spoken import Speaker
from callsmith.language.words import with_article
from callsmith.records import Json, Person, Scene, Topic
from callsmith.seeds import Rng

LetterKind = Literal["tell", "ask", "request", "remind"]

MESSAGES = "language/en/messages.yaml"
KINDS: tuple[LetterKind, ...] = ("tell", "tell", "tell", "ask", "request", "remind")


class Letter(Struct, frozen=True):
    """A message and how the user asks for it.

    ``say`` follows the verb: tell <who> ``say``, ask <who> ``say``, remind <who> ``say``.
    """

    kind: LetterKind
    say: str
    subject: str
    body: str
    about: str
    topic: str


def letter(
    scene: Scene,
    recipient: Person,
    register: str,
    rng: Rng,
    plain: bool = False,
    kinds: Sequence[LetterKind] = KINDS,
    *,
    topics: Sequence[Topic] = (),
) -> Letter:
    """A message about one of ``topics``, by default the scene's; ``plain`` leaves out greeting and closing."""
    grammar = load(MESSAGES)
    topics = topics or scene.topics
    topic = topics[int(rng.random() * len(topics))]
    kind = kinds[int(rng.random() * len(kinds))]
    say, text, about = _matter(grammar, kind, topic, rng)
    values = {"about": about, "About": capitalised(about), "topic": topic.name}
    subject = capitalised(expand(grammar, f"subject.{kind}", values, rng, register))
    return Letter(kind, say, subject, whole(scene, recipient, register, rng, text, plain), about, topic.name)


def whole(scene: Scene, recipient: Person, register: str, rng: Rng, text: str, plain: bool) -> str:
    """The text of a message around its one sentence."""
    text = capitalised(text.strip())
    if text[-1] not in ".?!":
        text += "."
    if plain:
        return text
    grammar = load(MESSAGES)
    names = {"given": recipient.given, "sender": scene.user.given}
    greeting = expand(grammar, "greeting", names, rng, register)
    closing = expand(grammar, "closing", names, rng, register)
    return f"{greeting}\n\n{text}\n\n{closing}"


def _matter(grammar: Grammar, kind: str, topic: Topic, rng: Rng) -> tuple[str, str, str]:
    """What is said, its text in the message, and what it is about; the same inline choices in each."""
    entries: list[Mapping[str, Any]] = [entry for entry in read(MESSAGES)[kind] if _goes_with(entry, topic)]
    entry = entries[int(rng.random() * len(entries))]
    values = {"topic": topic.name}

    def worded(text: str) -> str:
        one = Grammar({**grammar.symbols, "_text": (alternative_of(text),)})
        return _articled(expand(one, "_text", values, rng), topic.name)

    said = worded(entry["say"] if kind == "tell" else entry["ask"])
    return said, said if kind == "tell" else worded(entry["text"]), worded(entry["about"])


def _articled(text: str, topic: str) -> str:
    """The text with the article that the matter's first letter asks for: an exchange partnership estimate."""
    return re.sub(rf"\b([Aa])n? {re.escape(topic)}\b", lambda found: found[1] + with_article(topic)[1:], text)


def _goes_with(entry: Mapping[str, Any], topic: Topic) -> bool:
    """Whether a sentence suits a matter: of its kind, and not naming its head twice."""
    return (
        topic.kind in entry.get("kinds", [topic.kind])
        and entry["about"].split()[-1] not in topic.name.split()
    )


def comment(group: str, rng: Rng) -> str:
    """A note one leaves on an issue, a task or a file; ``group`` is work, code or doc."""
    return expand(load(MESSAGES), f"comment.{group}", {}, rng)


def todo(scene: Scene, rng: Rng) -> str:
    """A task title."""
    grammar = load(MESSAGES)
    topic = scene.topics[int(rng.random() * len(scene.topics))]
    symbol = f"todo.{topic.kind}" if has(grammar, f"todo.{topic.kind}") and rng.random() < 0.5 else "todo"
    said = expand(grammar, symbol, {"topic": topic.name, "company": scene.company}, rng)
    return capitalised(_articled(said, topic.name))


def fact_sentence(
    scene: Scene, about: tuple[str, str, str], facet: str, value: Json, currency: str, rng: Rng
) -> str:
    """One sentence that passes on a field of a record; ``about`` is (noun, title, field phrase)."""
    noun, title, field = about
    speaker = Speaker(scene.now, scene.time_zone, scene.currency, False, rng)
    moment = speaker.local(value) if facet in ("date_time", "date", "timestamp") else None
    if isinstance(moment, datetime):
        said = speaker.exact_moment(moment)
    elif moment is not None:
        said = speaker.exact_day(moment)
    else:
        said = speaker.value(value, facet, currency)
    person = noun in ("contact", "customer", "user", "member", "invitee", "person")
    symbol = "fact.link" if facet == "url" else "fact.person" if person else "fact"
    values = {"noun": noun, "title": title, "field": field, "value": said}
    return expand(load("language/en/facts.yaml"), symbol, values, rng)
