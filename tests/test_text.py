"""Tokens, shingles, stems, names and masking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsmith.text import mask, names, shingles, stem, tokens, words

NOW = "2026-03-03T14:20:00+01:00"


def test_tokens_are_lower_case_words_and_marks() -> None:
    assert tokens("Don't send #42, Élodie!") == ["don't", "send", "#", "42", ",", "élodie", "!"]


@given(st.text())
def test_tokens_hold_every_visible_character(text: str) -> None:
    assert "".join(tokens(text)) == "".join(text.lower().split())


@given(st.lists(st.text(min_size=1, max_size=3), max_size=12), st.integers(1, 5))
def test_shingles_are_all_runs(items: list[str], size: int) -> None:
    runs = shingles(items, size)
    assert len(runs) == max(0, len(items) - size + 1)
    assert all(list(run) == items[at : at + size] for at, run in enumerate(runs))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("invoices", "invoice"), ("closed", "close"), ("stopped", "stop"), ("parties", "party"), ("boxes", "box"),
        ("Dana's", "dana"), ("messages", "message"), ("archiving", "archive"), ("files", "file"),
    ],
)  # fmt: skip
def test_stems_join_forms_of_a_word(one: str, other: str) -> None:
    assert stem(one.lower()) == stem(other)


def test_stems_keep_different_words_apart() -> None:
    assert (
        len({stem(word) for word in ("mail", "main", "process", "prices", "status", "state", "bus", "this")})
        == 8
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Please ask Tom Becker about it.", ["Tom Becker"]),
        ("Done, Dana Ruiz has it. The quote is from Corvid.", ["Dana Ruiz", "Corvid"]),
        ("Monday works. I'll tell Dr. Amari.", ["Dr. Amari"]),
        ("Sure. What's the name?", []),
        ("nothing here", []),
    ],
)
def test_names_are_capitals_a_sentence_does_not_explain(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in names(text)] == found


def test_texts_that_differ_in_values_alone_mask_alike() -> None:
    one = mask(
        'Could you move "Supplier day" to Friday at 3pm and tell Tom Becker? It costs €64.90.', now=NOW
    )
    two = mask(
        'Could you move "Interview" to 12 March at 9:30 and tell Lena Vogel? It costs $1,200.', now=NOW
    )
    assert one == two
    assert one != mask(
        'Can you move "Interview" to 12 March at 9:30 and tell Lena Vogel? It costs $1,200.', now=NOW
    )


def test_given_spans_are_masked() -> None:
    assert mask("label it urgent please", [(9, 15)]) == "label it ▁ please"


@given(st.text(max_size=120))
def test_masking_adds_no_words(text: str) -> None:
    assert len(words(mask(text))) <= len(words(text.lower()))
