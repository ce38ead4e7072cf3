"""Scenes: companies, people and moments that agree with themselves."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from callsmith.catalog import data
from callsmith.world.scene import ascii_slug, place_of, scene, strangers, trade_of

SEEDS = st.integers(0, 10**9)


@given(SEEDS)
@settings(max_examples=150, deadline=None)
def test_a_scene_agrees_with_itself(seed: int) -> None:
    made = scene(seed)
    now = datetime.fromisoformat(made.now)
    assert 2025 <= now.year <= 2027 and now.weekday() < 6 and 8 <= now.hour <= 17
    assert now.utcoffset() == now.replace(tzinfo=ZoneInfo(made.time_zone)).utcoffset()
    place = place_of(made)
    assert (place["country"], place["zone"], place["currency"]) == (
        made.country,
        made.time_zone,
        made.currency,
    )
    assert made.user.relation == "self" and made.user.email.endswith("@" + made.domain)
    people = (made.user, *made.people)
    assert 13 <= len(people) <= 22
    assert len({person.email for person in people}) == len(people) == len({person.name for person in people})
    for person in people:
        assert re.fullmatch(r"[a-z0-9.]+@[a-z0-9-]+\.example", person.email), person
        assert person.name == f"{person.given} {person.family}"
        assert person.username == ascii_slug(person.username, "-")
        assert (person.relation in ("self", "colleague")) == person.email.endswith("@" + made.domain)
    assert {"colleague", "client", "supplier", "friend"} <= {person.relation for person in made.people}
    assert len({topic.name for topic in made.topics}) == len(made.topics) >= 24


def test_two_people_sometimes_share_a_given_name() -> None:
    shared = sum(
        len({person.given for person in scene(seed).people}) < len(scene(seed).people) for seed in range(60)
    )
    assert 5 < shared < 50


def test_the_same_seed_gives_the_same_scene_and_others_differ() -> None:
    assert scene(7) == scene(7)
    assert len({scene(seed).company for seed in range(40)}) > 30


def test_strangers_are_none_of_the_cast() -> None:
    made = scene(11)
    known = {person.email for person in (made.user, *made.people)}
    outside = strangers(made, 11, 48)
    assert len({person.email for person in outside}) == 48
    assert not known & {person.email for person in outside}


def test_every_industry_is_full() -> None:
    trades = data.read("catalog/lexicon/industries.yaml")
    assert len(trades) >= 24
    for trade in trades:
        topics = [name for names in trade["topics"].values() for name in names]
        assert len(topics) == len(set(topics)) >= 24, trade["name"]
        assert len(trade["products"]) >= 12 and len(trade["roles"]) >= 8
        assert all(isinstance(word, str) for word in (*topics, *trade["products"], *trade["roles"]))
    made = scene(3)
    assert trade_of(made)["name"] == made.industry
