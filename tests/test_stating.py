"""How values are stated: moments, states, lengths, sizes, abbreviations, and the names of what was made."""

from __future__ import annotations

import pytest

import made
from callsmith import seeds
from callsmith.language.capitals import lettered, written
from callsmith.language.grammar import mark
from callsmith.language.replies import answered
from callsmith.language.stating import happened, measured, opaque, standing
from callsmith.language.telling import Teller
from callsmith.language.voicing import Voicing
from callsmith.language.words import abbreviations, with_article
from callsmith.meaning import Ask, Detail, Reply, Target
from callsmith.records import Entity, Field, Json, Tool, Toolset


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
        (90, "duration_minutes", "", ""),
        (200, "duration_minutes", "", "3 hours 20 minutes"),
        (5760, "duration_minutes", "", "4 days"),
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
    assert lettered("The key is arn:aws:iam::739:role/x, ipv4 2001:db8::1.", known).startswith(
        "The key is arn:aws:iam:"
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


def test_identifiers_of_machines_tell_nobody_anything() -> None:
    assert all(
        map(
            opaque,
            ("7bb7e86693203f36b1ded3bbf3325bba", "02:b4:eb:6b:f2:6f", "9J571M6621", "vol-02772df9c119"),
        )
    )
    assert not any(
        map(opaque, ("us-east-1c", "a1.medium", "Frankfurt 1", "in progress", "10.0.0.0/16", "available"))
    )


def test_names_are_put_with_what_they_go_with() -> None:
    row = next(row for row in made.rows() if row.drafted.plan.rounds[0].reply.entity)
    index, key = made.index_of(row), row.drafted.plan.rounds[0].reply.entity
    entity = index.entities[key]
    place = Target("window", "windows", "label", title="nightly")
    target = Target(entity.noun, entity.plural, "label", title="orders")
    ask = Ask("connect", "t", "associate", entity.noun, entity.plural, targets=[target], container=place)
    for seed in range(8):
        teller = Teller(Voicing(row.drafted.plan, seeds.rng("tied", seed)), index)
        said = answered(teller, Reply("done", ["s"], key, ask=ask))
        assert 'with "nightly"' in said, said


def test_words_written_large_for_stress_stay_words() -> None:
    tools = [
        Tool(
            name=f"box_{n}",
            toolkit="box",
            description="GET the page. You MUST GET it; an LKE LKE one.",
            parameters={},
        )
        for n in "ab"
    ]
    entity = Entity(key="box.get", toolkit="box", noun="get lke", plural="get lkes", schema={})
    known = written(Toolset("box", tools, [entity], "stress"))
    assert lettered("could you get rid of the lke", known) == "could you get rid of the LKE"
