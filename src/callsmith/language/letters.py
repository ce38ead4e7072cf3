"""What the assistant writes for the user to others: mails, messages, comments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from callsmith.catalog.data import read
from callsmith.language.grammar import Grammar, alternative_of, capitalised, expand, load
from callsmith.records import Person, Scene
from callsmith.seeds import Rng

MESSAGES = "language/en/messages.yaml"


class Letter(Struct, frozen=True):
    """A message and how the user asks for it.

    ``say`` follows the verb: tell <who> ``say``, ask <who> ``say``, remind <who> ``say``.
    """

    kind: Literal["tell", "ask", "request", "remind"]
    say: str
    subject: str
    body: str
    about: str
    topic: str


def letter(scene: Scene, recipient: Person, register: str, rng: Rng, topic: str = "", plain: bool = False) -> Letter:
    """A message about one matter; ``plain`` leaves out greeting and closing (chat, comments)."""
    grammar = load(MESSAGES)
    topic = topic or scene.topics[int(rng.random() * len(scene.topics))].name
    kind: Literal["tell", "ask", "request", "remind"] = rng.choice(("tell", "tell", "tell", "ask", "request", "remind"))
    say, text, about = _matter(grammar, kind, {"topic": topic, "team": "the team", "company": scene.company}, rng)
    values = {"about": about, "About": capitalised(about), "topic": topic}
    subject = expand(grammar, "subject.tell" if kind in ("tell", "remind") else "subject.ask", values, rng, register)
    return Letter(kind, say, capitalised(subject), whole(scene, recipient, register, rng, text, plain), about, topic)


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


def _matter(grammar: Grammar, kind: str, values: Mapping[str, str], rng: Rng) -> tuple[str, str, str]:
    entries = read(MESSAGES)[kind]
    entry: Mapping[str, Any] = entries[int(rng.random() * len(entries))]
    said = entry["say"] if kind == "tell" else entry["ask"]
    one = Grammar({**grammar.symbols, "_said": (alternative_of(said),), "_about": (alternative_of(entry["about"]),)})
    said = expand(one, "_said", values, rng)
    about = expand(one, "_about", values, rng)
    if kind == "tell":
        return said, said, about
    one = Grammar({**grammar.symbols, "_text": (alternative_of(entry["text"]),)})
    return said, expand(one, "_text", values, rng), about


def comment(group: str, rng: Rng) -> str:
    """A note one leaves on an issue, a task or a file; ``group`` is work, code or doc."""
    return expand(load(MESSAGES), f"comment.{group}", {}, rng)


def todo(scene: Scene, rng: Rng) -> str:
    """A task title."""
    topic = scene.topics[int(rng.random() * len(scene.topics))].name
    values = {"topic": topic, "team": "the team", "company": scene.company}
    return capitalised(expand(load(MESSAGES), "todo", values, rng))
