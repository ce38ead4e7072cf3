"""How well a conversation uses its functions, as a model judges it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from callsmith.compose.answers import TEXT, fields
from callsmith.compose.tasks import Prompts
from callsmith.models.asking import Asking
from callsmith.prompts import render
from callsmith.records import Json

SCORES = (1, 2, 3, 4, 5)


async def scored(asking: Asking, prompts: Prompts, messages: Json, functions: Json = "") -> tuple[int, str]:
    """A score from 1 to 5, and why. What the conversation says is data to the judge.

    Raises:
        ModelError: no answer can be had.
        Unanswered: no answer gave a score.
    """

    def wrong(found: Mapping[str, Json]) -> str:
        return "" if _number(found["score"]) in SCORES else "score must be a whole number from 1 to 5"

    values = {"functions": _text(functions), "conversation": _text(messages)}
    kinds = {"explanation": TEXT, "score": {"enum": list(SCORES)}}
    found = await fields(asking, "judge", render(prompts["button/score"], values), kinds, wrong=wrong)
    return _number(found["score"]), str(found["explanation"])


def _number(said: Json) -> int:
    """The whole number that an answer gives; 0 where it gives none."""
    found = re.fullmatch(r"[^0-9]*([0-9])(?:\.0)?(?:\s*(?:/|out of)\s*5)?\W*", str(said))
    return int(found[1]) if found else 0


def _text(value: Json) -> str:
    if isinstance(value, list):
        return "\n".join(json.dumps(one, ensure_ascii=False, default=str) for one in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
