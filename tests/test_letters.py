"""Letters: what the assistant writes for the user says what it was asked to say, and looks like a letter."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from callsmith import seeds
from callsmith.catalog.data import read
from callsmith.language.grammar import load
from callsmith.language.letters import KINDS, MESSAGES, comment, fact_sentence, letter, todo, whole
from callsmith.records import Person, Scene
from callsmith.world.scene import scene

SEED = st.integers(0, 5000)
UNRESOLVED = re.compile(r"[{}\ue000-\ue002\[\]|]|  |\.\.(?!\.)|[?!]\.|\s[,.?!]")


def _scene(seed: int) -> Scene:
    return scene(seed % 40)


def _person(one: Scene, seed: int) -> Person:
    return one.people[seed % len(one.people)]


@given(SEED)
@settings(max_examples=250, deadline=None)
def test_a_letter_greets_says_its_sentence_and_closes(seed: int) -> None:
    one = _scene(seed)
    person = _person(one, seed)
    note = letter(one, person, "neutral", seeds.rng(seed))
    greeting, text, closing = note.body.split("\n\n")
    assert person.given in greeting and len(greeting) < 60
    assert one.user.given in closing and len(closing) < 80
    assert text[0].isupper() or not text[0].isalpha()
    assert text[-1] in ".?!"
    assert not UNRESOLVED.search(note.body.replace("\n", "")), note.body
    if note.kind == "tell":
        said = note.say.strip()
        assert text.rstrip(".?!").lower() == said.rstrip(".?!").lower()


@given(SEED)
@settings(max_examples=150, deadline=None)
def test_a_letter_has_a_subject_about_its_matter(seed: int) -> None:
    one = _scene(seed)
    note = letter(one, _person(one, seed), "neutral", seeds.rng(seed))
    assert note.kind in KINDS
    assert note.subject and note.subject == note.subject.strip() and "\n" not in note.subject
    assert note.subject[0].isupper() or not note.subject[0].isalpha()
    assert len(note.subject) <= 90
    assert not UNRESOLVED.search(note.subject), note.subject
    assert note.topic in [topic.name for topic in one.topics]
    assert any(name.lower() in note.subject.lower() for name in (note.about, note.topic)), note
    assert note.about and note.say and not UNRESOLVED.search(note.about + note.say)


@given(SEED)
@settings(max_examples=100, deadline=None)
def test_what_the_user_has_said_is_what_the_letter_says(seed: int) -> None:
    """A request, a question or a reminder is about the same things in both wordings: no new name, number or day."""
    one = _scene(seed)
    note = letter(one, _person(one, seed), "neutral", seeds.rng(seed), plain=True)
    figures = re.findall(r"[0-9]+", note.body)
    assert all(figure in note.say or figure in note.topic for figure in figures), note
    assert (note.topic in note.say) == (note.topic in note.body), note


@given(SEED)
@settings(max_examples=60, deadline=None)
def test_a_chat_message_is_the_sentence_alone(seed: int) -> None:
    one = _scene(seed)
    person = _person(one, seed)
    plain = letter(one, person, "neutral", seeds.rng(seed), plain=True)
    assert "\n" not in plain.body
    assert plain.body in letter(one, person, "neutral", seeds.rng(seed)).body
    assert plain.body[-1] in ".?!"


@given(SEED, st.sampled_from(["casual", "neutral", "formal"]))
@settings(max_examples=60, deadline=None)
def test_any_sentence_becomes_a_letter(seed: int, register: str) -> None:
    one = _scene(seed)
    person = _person(one, seed)
    body = whole(one, person, register, seeds.rng(seed), "the lens order is here", False)
    assert body.split("\n\n")[1] == "The lens order is here."
    assert person.given in body.split("\n\n")[0]
    kept = whole(one, person, register, seeds.rng(seed), "Is it here?", True)
    assert kept == "Is it here?"


@given(SEED, st.sampled_from(["work", "code", "doc"]))
@settings(max_examples=80, deadline=None)
def test_comments_and_todos_are_ready_to_be_stored(seed: int, group: str) -> None:
    one = _scene(seed)
    for text in (comment(group, seeds.rng(seed)), todo(one, seeds.rng(seed))):
        assert text and text == text.strip()
        assert not UNRESOLVED.search(text), text
    task = todo(one, seeds.rng(seed))
    assert task[0].isupper() and task[-1] not in ".?!" and len(task) < 90


@given(SEED)
@settings(max_examples=60, deadline=None)
def test_a_fact_passed_on_holds_its_value(seed: int) -> None:
    one = structs.replace(_scene(seed), now="2026-03-03T14:20:00+01:00", time_zone="Europe/Berlin")
    about = ("event", "Lens review", "start")
    said = fact_sentence(one, about, "date_time", "2026-03-05T15:30:00+01:00", "", seeds.rng(seed))
    assert "Lens review" in said
    assert re.search(r"\b5(?:th)?\b", said) and re.search(r"15[:.]30|3[:.]30|half past three", said), said
    link = fact_sentence(one, ("file", "Quote", "link"), "url", "https://x.example/q1", "", seeds.rng(seed))
    assert "https://x.example/q1" in link and "Quote" in link
    price = fact_sentence(one, ("invoice", "Lenses", "amount"), "amount_minor", 6490, "eur", seeds.rng(seed))
    assert "64.90" in price or "64,90" in price, price


def test_every_sentence_of_every_kind_can_be_drawn_for_some_matter() -> None:
    topics = {topic.kind for seed in range(200) for topic in scene(seed).topics}
    for kind in sorted(set(KINDS)):
        for entry in read(MESSAGES)[kind]:
            assert set(entry.get("kinds", topics)) & topics, entry
    assert load(MESSAGES).symbols["greeting"] and load(MESSAGES).symbols["closing"]


def test_letters_vary() -> None:
    one = scene(3)
    bodies = {letter(one, _person(one, seed), "neutral", seeds.rng(seed)).body for seed in range(200)}
    subjects = {letter(one, _person(one, seed), "neutral", seeds.rng(seed)).subject for seed in range(200)}
    assert len(bodies) > 180 and len(subjects) > 60


def test_an_article_goes_with_the_letter_a_matter_begins_with() -> None:
    wrong = re.compile(r"\ba (?!one\b|eu|uni|use|us[aei])[aeio]\w+", re.IGNORECASE)
    for seed in range(600):
        one = _scene(seed)
        note = letter(one, _person(one, seed), "neutral", seeds.rng(seed), True)
        assert not wrong.search(f"{note.say} {note.body} {todo(one, seeds.rng(seed))}"), note
