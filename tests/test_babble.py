"""What is said by a model that means nothing is told from speech."""

from __future__ import annotations

import pytest

import samples
from callsmith.recipes.babble import babble
from callsmith.records import Assistant, User


@pytest.mark.parametrize(
    ("said", "answered", "wrong"),
    [
        # of the random model of these tests
        ("attachments in> }}one", "Done.", "} stands alone"),
        ("rasrch", "] peoplexose conversation their] oates", "] stands alone"),
        ("Show me the list", "Dresponse pointVis threadFan Theent atDa recipients", "its words are none"),
        # of SmolLM2-135M
        ("I used a very very very very efficient tool", "Good.", "over and over: very"),
        ("It goes 1.1.1.1.1.1.1", "Good.", "over and over: 1"),
        ("Who owns the label redesign?", "Who owns the label redesign?", "message 1: it says what message 0 says"),
        # of people
        ("no no no, the [Draft] one in `a[0` on my iPhone", 'It is {"a": [1]}, and on GitHub.', ""),
        ("Ping 1.1.1.1 for me", "It answers.", ""),
        ("Thanks a lot!", "Thanks a lot!", ""),
    ],
)  # fmt: skip
def test_babble_is_told_from_speech(said: str, answered: str, wrong: str) -> None:
    found = babble([User(said), Assistant(answered)])
    assert (wrong in found) if wrong else not found


def test_good_conversations_are_speech() -> None:
    assert [babble(each.messages) for each in samples.good()] == [""] * len(samples.good())
