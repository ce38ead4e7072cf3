"""The phrase grammar: expansion, spans, and that all packaged phrases can be expanded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsmith import seeds
from callsmith.catalog.data import read
from callsmith.language.grammar import Grammar, alternative_of, capitalised, expand, finish, load, mark, tidy

PLAIN = st.text(alphabet="abcdefghij ", min_size=1, max_size=12)


def grammar(**symbols: list[str]) -> Grammar:
    return Grammar({name: tuple(alternative_of(item) for item in items) for name, items in symbols.items()})


@given(PLAIN, PLAIN, PLAIN)
def test_spans_stand_where_the_values_are(before: str, value: str, after: str) -> None:
    spoken = finish(before + mark(value, "v") + after)
    assert spoken.text == before + value + after
    assert [spoken.text[start:end] for _, start, end in spoken.spans] == [value]


def test_nested_marks_give_both_spans() -> None:
    spoken = finish(mark("the " + mark("lens", "inner") + " quote", "outer"))
    assert spoken.text == "the lens quote"
    assert {(tag, spoken.text[s:e]) for tag, s, e in spoken.spans} == {
        ("inner", "lens"),
        ("outer", "the lens quote"),
    }


@given(st.integers(0, 500))
def test_choices_and_options_give_only_what_is_written(seed: int) -> None:
    text = expand(grammar(s=["(a|b(c|d)|) x[ y]"]), "s", {}, seeds.rng(seed))
    assert text in {f"{a} x{y}" for a in ("a", "bc", "bd", "") for y in ("", " y")}


def test_an_alternative_that_cannot_be_filled_is_not_chosen() -> None:
    one = grammar(s=["{missing} one", "two"])
    assert {expand(one, "s", {}, seeds.rng(seed)) for seed in range(30)} == {"two"}
    with pytest.raises(KeyError, match="cannot be filled"):
        expand(grammar(s=["{missing}"]), "s", {}, seeds.rng(1))


def test_registers_keep_to_themselves() -> None:
    one = Grammar({"s": (alternative_of({"say": "yo", "register": "casual"}), alternative_of("hello"))})
    assert {expand(one, "s", {}, seeds.rng(seed), "formal") for seed in range(20)} == {"hello"}
    assert {expand(one, "s", {}, seeds.rng(seed), "casual") for seed in range(20)} == {"hello", "yo"}


def test_unbalanced_brackets_are_refused() -> None:
    with pytest.raises(ValueError, match="unbalanced"):
        alternative_of("a (b")


def test_tidy_mends_spaces_and_stops_without_losing_marks() -> None:
    assert finish(tidy(f"so  {mark('x', 'v')} .")).text == "so x."
    assert tidy("really?.") == "really?"
    assert capitalised(mark("lens", "v") + " quote") == mark("Lens", "v") + " quote"
    assert capitalised('"exports/plan.pdf": today.') == '"exports/plan.pdf": today.'
    assert capitalised("web-audit-prod") == "web-audit-prod"
    assert capitalised('"mail" is active') == '"mail" is active'
    assert capitalised("well-known things.") == "Well-known things."


@pytest.mark.parametrize(
    "name", ["reasons", "requests", "assistant", "answers", "facts", "messages", "prompts"]
)
def test_every_packaged_phrase_compiles(name: str) -> None:
    path = f"language/en/{name}.yaml"
    symbols = load(path).symbols
    assert symbols and set(symbols) <= set(read(path))
