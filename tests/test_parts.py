"""Parts of records: what is set for a bucket, read and written by naming it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

import made
from callsmith import seeds
from callsmith.check.sayings import sayings, says
from callsmith.errors import PlanUnfit
from callsmith.language.grammar import capitalised
from callsmith.language.joining import connection
from callsmith.language.voicing import Voicing
from callsmith.language.words import humanised
from callsmith.meaning import Ask, Target
from callsmith.parts import parts_of
from callsmith.plan.draft import Draft
from callsmith.plan.intents import settings
from callsmith.plan.known import known
from callsmith.plan.signs import signs_of
from callsmith.ports import drive
from callsmith.recipes.directed import sample
from callsmith.records import Call
from callsmith.schema import valid
from callsmith.seeds import rng
from callsmith.world.fields.identity import styled
from callsmith.world.inferred.world import InferredWorld
from store import STORE


def _answer(world: InferredWorld, tool: str, **arguments: Any) -> Any:
    result = drive(world.call(Call("c1", tool, arguments)))
    assert not result.error, result
    return result.value


def test_what_is_read_by_its_holder_alone_is_a_part_of_it() -> None:
    parts = {part.noun: part for part in parts_of(STORE).values()}
    assert set(parts) == {"versioning", "payment"}
    assert parts["versioning"].holder == "store.bucket"
    assert [tool.name for tool in parts["versioning"].writers] == ["put_bucket_versioning"]


def test_every_holder_has_a_part_of_its_own_and_keeps_what_is_set() -> None:
    world = InferredWorld(STORE, 5)
    names = [bucket["Name"] for bucket in _answer(world, "list_buckets")["Buckets"]]
    read = partial(_answer, world, "get_bucket_versioning")
    before = {name: read(Bucket=name) for name in names}
    assert len({str(value) for value in before.values()}) > 1
    other = "Suspended" if before[names[0]]["Status"] == "Enabled" else "Enabled"
    put = {"Bucket": names[0], "VersioningConfiguration": {"Status": other}}
    _answer(world, "put_bucket_versioning", **put)
    assert read(Bucket=names[0])["Status"] == other
    assert {name: read(Bucket=name) for name in names[1:]} == {name: before[name] for name in names[1:]}


@pytest.mark.parametrize(
    "name",
    ["get_bucket_versioning", "put_bucket_versioning", "delete_bucket_versioning", "get_bucket_payment"],
)
def test_people_ask_for_what_is_set_and_have_it_set(name: str) -> None:
    tools = {tool.name: tool for tool in STORE.tools}
    said = [sample(STORE, tools[name], seed=seed) for seed in range(3)]
    assert all(one.request for one in said), [one.why_not for one in said]
    word = "payer" if "payment" in name else "versioning"
    assert any(word in one.request.lower() for one in said)


def test_what_a_provider_calls_by_a_code_stays_as_it_is() -> None:
    assert humanised("ap-southeast-1") == "ap-southeast-1"
    assert humanised("s3:ObjectCreated:*") == "s3:ObjectCreated:*"
    assert humanised("in-progress") == "in progress"
    assert capitalised("web-prod-raw-data is updated.") == "web-prod-raw-data is updated."
    assert capitalised("end-of-month figures") == "End-of-month figures"


def test_the_sign_of_a_blood_type_or_grade_is_said() -> None:
    assert [humanised(value) for value in ("A-", "AB+", "6a+")] == ["A-", "AB+", "6a+"]
    assert says("Register a donor of type A-, please.", sayings("A-")[0])
    assert not says("Register a donor of type A, please.", sayings("A-")[0])
    assert not says("Register a donor of type A+.", sayings("A-")[0])


def test_what_has_no_name_is_listed_and_told_by_when_it_was_and_how_it_stands() -> None:
    assert {sign.role for sign in signs_of(known(STORE).entities["store.backup"])} == {"dated"}
    tool = next(tool for tool in STORE.tools if tool.name == "list_backups")
    said = [sample(STORE, tool, seed=seed) for seed in range(3)]
    assert all("backups" in one.request.lower() for one in said), said


def test_ids_keep_the_form_of_their_example() -> None:
    for bits in range(40):
        shown = styled({"type": "string", "examples": ["bb4b2611-3d72-467b-8602-280330ecd65c"]}, bits)
        assert valid({"type": "string", "format": "uuid"}, shown), shown
        address = {"type": "string", "format": "ipv4", "examples": ["45.55.96.47"]}
        assert valid(address, styled(address, bits))


def test_what_is_detached_is_taken_from_its_place() -> None:
    place = Target("server", "servers", "label", label="web-1", exact=True, title="web-1")
    voice = Voicing(made.rows()[0].drafted.plan, seeds.rng("voice", 1))
    tied = {verb: connection(voice, Ask("connect", "t", verb, "volume", "volumes", field="server_id"), place)
            for verb in ("attach", "detach", "disassociate")}  # fmt: skip
    assert tied == {"attach": "to", "detach": "from", "disassociate": "from"}


def test_further_settings_of_a_thing_are_asked_for_as_of_it() -> None:
    talks = 0
    for seed in range(40):
        draft = Draft(
            known(STORE), InferredWorld(STORE, 3), partial(InferredWorld, STORE, 3), rng(seed, "it"), seed
        )
        try:
            settings.look_into(draft)
            settings.look_into_it(draft)
        except PlanUnfit:
            continue
        first, second = (item[-1][-1].call for item in draft.executed)
        assert first.arguments == second.arguments and first.name != second.name
        assert draft.rounds[1].ask.targets[0].by in ("pronoun", "the")
        talks += 1
    assert talks > 3
