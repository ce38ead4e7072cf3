"""How something new is asked for: by what it is, by what is done with it, and never as goods are where it is a person."""

from __future__ import annotations

import re

import pytest

from callsmith.catalog.data import read
from callsmith.catalog.languages import language_said
from callsmith.check.sayings import enum_alias
from callsmith.facts.mention import Mention, clock
from callsmith.language.asking_to import is_itself
from callsmith.language.grammar import unmarked
from callsmith.language.relating import located
from callsmith.language.requests import opened
from callsmith.language.routes import end_of, from_before_to, in_one_breath
from callsmith.language.spans import spanning
from callsmith.language.stating import measured
from callsmith.language.words import article as spoken_article
from callsmith.language.words import humanised
from callsmith.meaning import Ask, Detail, Target
from callsmith.records import Field
from callsmith.understand.words import article as understood_article
from test_asked_plainly import _said, _voices


def _sets(parameter: str, facet: str, value: str) -> Detail:
    return Detail(parameter, facet, parameter.replace("_", " "), "sets", "value", [value])


def _created(noun: str, *details: Detail, verb: str = "") -> list[str]:
    return _said(Ask("create", "create", verb, noun, f"{noun}s", details=[*details]))


def test_one_new_animal_is_called_by_what_it_is() -> None:
    named = Detail("name", "title", "name", "sets", "value", ["Biscuit"])
    said = _created("guest", named, _sets("species", "enum", "guinea_pig"), _sets("sex", "enum", "male"))
    assert not [text for text in said if "that are" in text or "species" in text or "guest" in text]
    assert all("male guinea pig" in text for text in said)


def test_a_choice_that_is_no_sort_stands_for_nothing() -> None:
    assert is_itself(_sets("species", "enum", "rabbit"))
    assert not is_itself(_sets("species", "enum", "other"))
    assert not is_itself(_sets("frequency", "enum", "weekly"))
    named = Detail("name", "title", "name", "sets", "value", ["Biscuit"])
    said = _created("animal", named, _sets("species", "enum", "other"))
    assert not [text for text in said if "that are" in text]


def test_a_person_is_no_goods() -> None:
    said = _created("student", Detail("name", "person", "name", "sets", "value", ["Ana Ruiz"]), verb="enrol")
    goods = re.compile(
        r"\b(?:can (?:i|we) (?:get|have) an? |would be (?:good|useful)|there (?:should|ought))", re.IGNORECASE
    )
    assert not [text for text in said if goods.search(text)]
    assert any(text.rstrip(".?").endswith(("to enrol", "to enrol, please")) for text in said)


def test_a_price_is_called_a_price_and_mail_has_no_bare_address() -> None:
    voices = _voices()
    price = Detail("price", "amount", "price", "sets", "value", [14.5])
    mail = Detail("email", "email", "email", "sets", "value", ["ana@copper.example"])
    assert not [one for one in voices if "amount" in (one.put(price, "frag") or "")]
    assert not [one for one in voices if "address" in (one.put(mail, "frag") or "")]


def test_where_something_takes_place_is_no_remark_on_whom_it_is_for() -> None:
    ask = Ask(
        "create_under",
        "create",
        "",
        "eye test booking",
        "eye test bookings",
        details=[_sets("test_centre", "text", "Horsforth"), _sets("at", "date_time", "2026-03-05T10:00:00")],
        container=Target("patient", "patients", "label", "Ana Ruiz", exact=True),
    )
    said = _said(ask)
    assert not [text for text in said if ": Horsforth" in text or "write on" in text or "note on" in text]
    assert all("eye test booking" in text for text in said)


@pytest.mark.parametrize(
    ("facts", "whole"),
    [
        (["from Canal Street 109", "until 9:45"], ["from Canal Street 109", "until 9:45"]),
        (["from Monday at 9:00", "until 9:45"], ["from Monday at 9:00 until 9:45"]),
        (["from 3 May", "to Mill Lane 12"], ["from 3 May", "to Mill Lane 12"]),
    ],
)
def test_only_a_time_has_an_end(facts: list[str], whole: list[str]) -> None:
    assert spanning(facts[:1], facts[1]) == whole


def test_an_address_is_at_a_place_whatever_it_is_called_after() -> None:
    assert located("Garden Road 105") == "at Garden Road 105"
    assert located("Garden room") == "in Garden room"
    assert end_of("delivery_address", "place") == "to"


def test_nothing_is_begun_twice() -> None:
    assert opened("Also,", "and the price?") == "Also, the price?"
    assert opened("But", "and who is the owner?") == "But who is the owner?"


def test_somebody_spoken_of_is_they() -> None:
    of = Target("pupil", "pupils", "pronoun", "Ana")
    ask = Ask("look_up", "read", "", "pupil", "pupils", targets=[of], field="status", field_facet="enum")
    assert not [text for text in _said(ask) if re.search(r"\bthem is\b|\b(?:is|does) them\b", text)]


def test_who_is_put_on_record_is_named_in_the_first_breath() -> None:
    mail = Detail("email", "email", "email", "sets", "value", ["ana@copper.example"])
    said = _created("tutor", mail, Detail("name", "person", "name", "sets", "value", ["Ana Ruiz"]))
    assert not [text for text in said if re.search(r"[.?] .*\bname Ana\b", text, re.IGNORECASE)]


def test_ends_of_a_way_stand_in_their_order() -> None:
    assert from_before_to(["into German", "by a lawyer", "from Dutch"]) == [
        "by a lawyer", "from Dutch", "into German",
    ]  # fmt: skip
    assert in_one_breath(["legal", "from Dutch", "into German"]) == ["legal", "from Dutch into German"]


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("en-GB", "British English"),
        ("de-DE", "German"),
        ("de_AT", "Austrian German"),
        ("pt-BR", "Brazilian Portuguese"),
        ("zh-CN", "Simplified Chinese"),
        ("xx-YY", ""),
        ("de-XX", ""),
        ("de", ""),
        ("in", ""),
    ],
)
def test_a_language_tag_is_a_language(tag: str, said: str) -> None:
    assert language_said(tag) == said


def test_every_language_tag_is_said_in_words_that_are_known_for_it() -> None:
    tags = read("catalog/lexicon/language_tags.yaml")
    for code in tags["languages"]:
        for country in ("", *tags["of"], *tags["home"].values()):
            tag = f"{code}-{country}" if country else code
            said = language_said(tag, alone=True)
            if said:
                assert said.endswith(tags["languages"][code])
                assert not re.search(r"\b[A-Z]{2}\b|\b[a-z]{2}\b", said)
                assert enum_alias(
                    tag, [Mention(0, len(said) + 3, "text", f"to {said}")], clock("2026-03-03T14:20:00+01:00")
                )
            if country:
                assert humanised(tag) in (said, tag) or "-" not in tag


def test_articles_go_by_sound_in_what_is_said_and_in_what_is_explained() -> None:
    nouns = {noun.split(" ")[-1] for noun in read("language/en/relating.yaml")["for"]}
    nouns |= {*read("catalog/lexicon/persons.yaml")["served"], *read("catalog/lexicon/persons.yaml")["staff"]}
    nouns |= {
        "animal",
        "owner",
        "hour",
        "invoice",
        "unit",
        "user",
        "estimate",
        "x-ray",
        "heir",
        "one-off",
        "umpire",
    }
    for noun in (one.replace("_", " ") for one in nouns):
        assert spoken_article(noun) == understood_article(noun), noun


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("size", 2_372_559, "2.37 MB"),
        ("size", 640, ""),
        ("file size", 81_920, "81.9 KB"),
        ("plot size", 40_000, ""),
    ],
)
def test_the_size_of_a_file_is_told_as_people_write_it(field: str, value: int, said: str) -> None:
    assert measured(value, Field("/size", "number", field)) == said


def test_how_long_something_goes_on_is_said_with_for() -> None:
    days = Detail("durationDays", "count", "duration days", "sets", "value", [41])
    assert {unmarked(voice.put(days, "post", "prescription") or "") for voice in _voices()} == {"for 41 days"}
    remedy = Detail("medication", "text", "medication", "sets", "value", ["Meloxicam"])
    assert {unmarked(voice.put(remedy, "post", "prescription") or "") for voice in _voices()} <= {
        "for Meloxicam", "of Meloxicam",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("noun", "item", "said"),
    [
        ("eye test booking", _sets("test_centre", "text", "Horsforth"), "at Horsforth"),
        ("signing", _sets("venue", "text", "Town hall"), "at Town hall"),
        ("weight", Detail("weightKg", "number", "weight kg", "sets", "value", [27.6]), "of 27.6 kg"),
    ],
)
def test_what_is_new_is_at_its_place_and_of_its_measure(noun: str, item: Detail, said: str) -> None:
    assert {unmarked(voice.put(item, "post", noun) or "") for voice in _voices()} == {said}


def test_a_booking_is_for_the_time_of_what_is_booked() -> None:
    when = Detail("test_at", "date_time", "test time", "sets", "value", ["2026-03-05T10:00:00"])
    said = {unmarked(voice.put(when, "post", "test booking") or "") for voice in _voices()}
    assert all(text.startswith("for ") for text in said)
    assert not [text for text in said if "test" in text]


def test_a_state_that_is_a_noun_is_not_what_anything_is() -> None:
    lead = Detail("status", "enum", "status", "filters", "value", ["enquiry"])
    active = Detail("status", "enum", "status", "filters", "value", ["active"])
    assert {voice.put(lead, "attr", "pupil") for voice in _voices()} == {None}
    assert not [1 for voice in _voices() if "that are" in (voice.put(lead, "post", "pupil") or "")]
    assert any(voice.put(active, "attr", "pupil") for voice in _voices())


@pytest.mark.parametrize(
    ("noun", "item", "post", "frag"),
    [
        ("removal", _sets("van_size", "enum", "large"), "with a large van", "with a large van"),
        ("hire", _sets("bike_type", "enum", "electric"), "with an electric bike", "with an electric bike"),
        (
            "flight",
            Detail("takes_off_at", "date_time", "takes off time", "sets", "value", ["2026-03-05T10:00:00"]),
            "taking off ",
            "it takes off ",
        ),
    ],
)
def test_parts_and_moments_are_said_in_words(noun: str, item: Detail, post: str, frag: str) -> None:
    for voice in _voices():
        assert unmarked(voice.put(item, "post", noun) or "").startswith(post)
        assert unmarked(voice.put(item, "frag", noun) or "").startswith(frag)


def test_nobody_makes_a_dog_or_a_person() -> None:
    named = Detail("name", "title", "name", "sets", "value", ["Biscuit"])
    said = _created("animal", named, _sets("species", "enum", "dog"), _sets("sex", "enum", "male"))
    said += _created("customer", Detail("name", "person", "name", "sets", "value", ["Ana Ruiz"]))
    assert not [text for text in said if re.search(r"\b(?:make|making|put together)\b", text, re.IGNORECASE)]


def test_a_new_dog_is_put_on_record_and_handed_to_nobody() -> None:
    named = Detail("name", "title", "name", "sets", "value", ["Biscuit"])
    said = _created("animal", named, _sets("species", "enum", "dog"), verb="register")
    assert not [text for text in said if re.search(r"\b(?:I|we) (?:need|want) a\b", text)]
