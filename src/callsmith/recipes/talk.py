"""Plain talk with tools present: nothing asked for needs one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from callsmith.catalog.data import read
from callsmith.language.grammar import Grammar, alternative_of, capitalised, expand, tidy
from callsmith.language.words import listed
from callsmith.meaning import Ask, Reply, Round
from callsmith.seeds import Rng

CHAT = "language/en/chat.yaml"
_FIELD = re.compile(r"\{(\w+)\.(\w+)\}")


@lru_cache(maxsize=1)
def _symbols() -> Grammar:
    return Grammar(
        {name: tuple(alternative_of(a) for a in items) for name, items in read(CHAT)["symbols"].items()}
    )


def small_talk(abilities: Sequence[str], register: str, rng: Rng) -> list[Round]:
    """One exchange of one to four turns, worded."""
    exchanges = read(CHAT)["exchanges"]
    exchange: Mapping[str, Any] = exchanges[int(rng.random() * len(exchanges))]
    drawn = {
        name: records[int(rng.random() * len(records))]
        for name, records in sorted(exchange.get("vars", {}).items())
    }
    rounds = []
    for turn in exchange["turns"]:
        said = _worded(turn["user"], drawn, abilities, register, rng)
        answered = _worded(turn["assistant"], drawn, abilities, register, rng)
        if register != "casual" or rng.random() < 0.4:
            said = capitalised(said)
        reply = Reply("chat", text=capitalised(answered))
        rounds.append(Round(f"chat: {exchange['id']}", Ask("chat", "", "", "", ""), [], reply, said))
    return rounds


def _worded(
    text: str, drawn: Mapping[str, Mapping[str, str]], abilities: Sequence[str], register: str, rng: Rng
) -> str:
    fields = {f"{name}.{key}": str(value) for name, record in drawn.items() for key, value in record.items()}
    grammar = Grammar({**_symbols().symbols, "_text": (alternative_of(text),)})
    return tidy(expand(grammar, "_text", {**fields, "abilities": listed(list(abilities))}, rng, register))
