"""How values are stated: moments, states, lengths, sizes, abbreviations, and the names of what was made."""

from __future__ import annotations

import pytest

import made
from callsmith import seeds
from callsmith.language.capitals import lettered
from callsmith.language.grammar import mark
from callsmith.language.replies import answered
from callsmith.language.stating import happened, measured, standing
from callsmith.language.telling import Teller
from callsmith.language.voicing import Voicing
from callsmith.language.words import abbreviations, with_article
from callsmith.meaning import Ask, Detail, Reply
from callsmith.records import Field, Json


@pytest.mark.parametrize(
    ("phrase", "past"),
    [
        ("create time", "was created"),
        ("creation date", "was created"),
        ("last change", "was last changed"),
        ("eol", "reached its end of life"),
        ("last launched time", "was launched"),
    ],
)
def test_a_moment_is_told_by_what_happened(phrase: str, past: str) -> None:
    told = happened(phrase)
    assert told is not None
    assert told[0] == past


@pytest.mark.parametrize("phrase", ["start window", "commitment", "time"])
def test_a_moment_whose_name_does_not_tell_is_named(phrase: str) -> None:
    assert happened(phrase) is None


def test_a_state_is_said_as_people_say_it() -> None:
    assert standing("creating") == "still being created"
    assert standing("IN_PROGRESS") == "in progress"
    assert standing("available") == "available"
    assert standing("ARCHIVE_ACCESS") == ""


@pytest.mark.parametrize(
    ("value", "facet", "description", "said"),
    [
        ("PT12M14S", "text", "", "12 minutes 14 seconds"),
        ("PT1H", "text", "", "1 hour"),
        (5400, "duration_seconds", "", "1 hour 30 minutes"),
        (83_886_080, "number", "Size of the object in bytes.", "83.9 MB"),
        (8, "number", "The size in GiBs.", ""),
        ("PT", "text", "", ""),
    ],
)
def test_lengths_and_sizes_are_written_for_people(
    value: Json, facet: str, description: str, said: str
) -> None:
    item = Field(pointer="/size", facet=facet, phrase="size", schema={"description": description})
    assert measured(value, item) == said


def test_abbreviations_are_capital_outside_names() -> None:
    known = {**abbreviations(), "ipam": "IPAM"}
    assert lettered("the nat gateways and an ipam pool", known) == "the NAT gateways and an IPAM pool"
    assert lettered('the vpc "api-vpc": vpc-0a1, acls, https://x.example/api', known) == (
        'the VPC "api-vpc": vpc-0a1, ACLs, https://x.example/api'
    )
    assert lettered(f"call it {mark('api', 'name')}", known) == f"call it {mark('api', 'name')}"
    assert with_article("ssl certificate") == "an ssl certificate"


def test_what_was_made_is_named_where_its_result_is_silent() -> None:
    row = next(row for row in made.rows() if row.drafted.plan.rounds[0].reply.entity)
    index = made.index_of(row)
    key = row.drafted.plan.rounds[0].reply.entity
    entity = index.entities[key]
    name = Detail("name", "title", "name", "sets", "value", ["juniper-raw-data"])
    ask = Ask("create", "make_it", "create", entity.noun, entity.plural, details=[name])
    said = [
        answered(
            Teller(Voicing(row.drafted.plan, seeds.rng("made", seed)), index),
            Reply("done", ["s"], key, ask=ask),
        )
        for seed in range(20)
    ]
    assert sum("juniper-raw-data" in text for text in said) > 12


def test_names_of_people_keep_their_letters() -> None:
    known = abbreviations()
    assert lettered("- Hyunwoo Seo (seo notes)", known) == "- Hyunwoo Seo (SEO notes)"
    assert lettered("Ssh keys: two. Vpcs: none.", known) == "SSH keys: two. VPCs: none."
