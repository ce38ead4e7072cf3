"""How live tools are asked for what they tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import pytest
from msgspec import structs

import made
from callsmith import seeds
from callsmith.language.asking_after import consult_more, consult_request
from callsmith.language.grammar import finish
from callsmith.language.requests import request
from callsmith.language.voicing import Voicing
from callsmith.meaning import Act, Ask, Detail
from callsmith.text import mask

REGISTERS = ("casual", "neutral", "formal")


def _voice(seed: int) -> Voicing:
    plan = made.rows()[0].drafted.plan
    return Voicing(structs.replace(plan, register=REGISTERS[seed % 3]), seeds.rng("consulting", seed))


def _said(parameter: str, facet: str, value: str, shown: str = "") -> Detail:
    return Detail(parameter, facet, parameter, "sets", "value", [value], shown=shown)


def _ask(verb: str, thing: str, tool: str, details: Sequence[Detail], act: Act = "consult") -> Ask:
    return Ask(act, tool, verb, "", "", details=details, gist={"about": "", "thing": thing, "tool": tool})


def _zone(parameter: str, value: str, city: str) -> Detail:
    return _said(parameter, "time_zone", value, city)


REPO = _said("repo_path", "key", "/workspace/shop")
SOURCE, TIME = _zone("source_timezone", "Europe/Oslo", "Oslo"), _said("time", "time", "14:30")
TARGET = _zone("target_timezone", "Asia/Manila", "Manila")
CLOCK = _ask("get", "current time", "get_current_time", [_zone("timezone", "Asia/Manila", "Manila")])
ZONES = _ask("convert", "time", "convert_time", [SOURCE, TIME, TARGET])
OPEN = structs.replace(ZONES, details=[SOURCE, TIME], gist={**ZONES.gist, "left": "target_timezone"})
DIFF = _ask("show", "unstaged changes", "diff_unstaged", [REPO])
BRANCHES = _ask("list", "local branches", "branch", [REPO])
COMMIT = _ask("commit", "changes", "commit", [REPO])


@pytest.mark.parametrize("ask", [CLOCK, ZONES, OPEN, DIFF, BRANCHES, COMMIT])
def test_the_same_is_asked_for_in_many_ways(ask: Ask) -> None:
    spoken = [finish(request(_voice(seed), ask, None)) for seed in range(600)]
    told = Counter(mask(one.text, [span[1:] for span in one.spans]).lower() for one in spoken)
    assert told.most_common(1)[0][1] / len(spoken) < 0.05, told.most_common(3)
    assert len(told) > 150


def test_a_reason_follows_only_where_nothing_else_is_asked() -> None:
    """Whoever goes on with "and in Lima?" has not spoken of something else before."""
    other = _ask("get", "", "", [_zone("timezone", "America/Lima", "Lima")], "consult_again")
    alone, along = (
        [finish(consult_request(_voice(seed), ask)).text for seed in range(400)]
        for ask in (CLOCK, structs.replace(CLOCK, also=[other]))
    )
    behind = re.compile(
        r"[.?!] (?:I don't want|I would hate|I keep|Just checking|just checking|a client is asking)"
    )
    assert any(map(behind.search, alone))
    assert not [text for text in along if behind.search(text)]


def test_thanks_are_given_for_an_answer_that_is_there() -> None:
    again = structs.replace(CLOCK, act="consult_again")
    along, later = (
        {finish(consult_more(_voice(seed), again, along)).text for seed in range(300)}
        for along in (True, False)
    )
    assert any("thanks, and" in text for text in later)
    assert not [text for text in along if re.match(r"(?:ok|right|thanks), ", text)]


def test_what_there_is_is_somewhere() -> None:
    texts = [finish(consult_request(_voice(seed), BRANCHES)).text for seed in range(200)]
    assert not [text for text in texts if " of " in text.partition("local branches")[2].partition("shop")[0]]


def test_one_calls_somebody_in_a_city_or_the_city() -> None:
    for seed in range(400):
        for ask in (CLOCK, ZONES):
            said = finish(consult_request(_voice(seed), ask)).text
            assert not re.search(r"\bcall(?:ed)? in |Oslo Manila", said), said
