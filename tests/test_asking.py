"""What one attempt asks of models: counting, roles, and answers held to a schema."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsmith.errors import ModelError, Unanswered
from callsmith.models.asking import SHOWN, Asking, read_json
from callsmith.records import Place, Reply, Request, Usage

SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "nights": {"type": "integer", "minimum": 1}},
    "required": ["city", "nights"],
    "additionalProperties": False,
}
REQUEST = Request([{"role": "user", "content": "Where to, and how long?"}], schema=SCHEMA)


class Told:
    """A model that answers what it was told to, in order, and remembers what it was asked."""

    def __init__(self, answers: Sequence[str | Reply]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[Request, Place]] = []

    async def complete(self, request: Request, place: Place) -> Reply:
        self.asked.append((request, place))
        answer = self.answers.pop(0)
        return Reply(answer, usage=Usage(10, 2)) if isinstance(answer, str) else answer


@pytest.mark.parametrize(
    "text",
    [
        '{"city": "Bergen", "nights": 2}',
        'Sure!\n\n```json\n{"city": "Bergen", "nights": 2}\n```\nAnything else?',
        'I read {this} as: {"city": "Bergen", "nights": 2}. Tell me if not.',
        '[1] says so: {"note": 1} no: {"city": "Bergen", "nights": 2}',
    ],
)
def test_json_is_found_in_what_stands_around_it(text: str) -> None:
    asking = Asking({"writer": Told([text])}, 3, 0)
    assert asyncio.run(asking.ask_json("writer", REQUEST)) == {"city": "Bergen", "nights": 2}


def test_a_wrong_answer_is_sent_back_with_the_validators_words() -> None:
    model = Told(['{"city": "Bergen", "nights": 0}', '{"city": "Bergen", "nights": 2}'])
    asking = Asking({"writer": model}, 3, 1)
    assert asyncio.run(asking.ask_json("writer", REQUEST, left=4))["nights"] == 2
    second, place = model.asked[1]
    assert "at /nights: 0 is less than the minimum of 1" in second.messages[-1]["content"]
    assert second.messages[-2] == {"role": "assistant", "content": '{"city": "Bergen", "nights": 0}'}
    assert place == Place(3, 1, 1, 4)
    assert (asking.calls, asking.usage) == (2, Usage(20, 4))


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("I would rather talk about the weather.", "no JSON"),
        ('{"city": NaN, "nights": 2}', "no JSON"),
        ("[" * 100_000, "no JSON"),
        (Reply('{"city": "Ber', finish="length"), "cut off"),
        ("", "no JSON"),
    ],
)
def test_answers_without_the_form_end_in_a_reason(answer: str | Reply, why: str) -> None:
    model = Told([answer] * 3)
    with pytest.raises(Unanswered, match=why):
        asyncio.run(Asking({"writer": model}, 0, 0).ask_json("writer", REQUEST))
    assert len(model.asked) == 3
    assert len(model.asked[2][0].messages) == 5
    assert all(len(message["content"]) <= SHOWN for message in model.asked[2][0].messages)


def test_corrections_shift_no_other_call() -> None:
    """Two gathered questions, one of them corrected: every call keeps its number, whichever is answered first."""
    model = Told(["no", '{"city": "Bergen", "nights": 1}', '{"city": "Bergen", "nights": 2}', "done"])
    asking = Asking({"writer": model}, 0, 0)

    async def both() -> None:
        await asyncio.gather(asking.ask_json("writer", REQUEST), asking.ask_json("writer", REQUEST))
        await asking.ask("writer", REQUEST)

    asyncio.run(both())
    assert sorted(place.n for _, place in model.asked) == [0, 1, 3, 6]


def test_roles_without_a_model_are_played_by_the_writers() -> None:
    writer, judge = Told(["from the writer"]), Told(["from the judge"])
    asking = Asking({"writer": writer, "judge": judge}, 0, 0)
    plain = Request([{"role": "user", "content": "?"}])
    assert asyncio.run(asking.ask("judge", plain)).text == "from the judge"
    assert asyncio.run(asking.ask("user", plain)).text == "from the writer"
    with pytest.raises(ModelError, match="no model plays the user") as raised:
        asyncio.run(Asking({"judge": judge}, 0, 0).ask("user", plain))
    assert raised.value.lasting


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON, st.text())
def test_any_json_is_read_back_from_a_fence(value: Any, around: str) -> None:
    text = orjson.dumps([value]).decode()
    assert read_json(Reply(f"Here:\n```json\n{text}\n```\n{around}"), {}) == ([value], "")
