"""Binding symbolic arguments and putting values where pointers say."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsmith.errors import PlanUnfit
from callsmith.execute import arguments, bind, call_id, chosen, perform, place, records_at, values_at
from callsmith.meaning import Ambient, Bound, Fixed, Listed, Pick, Stated, Step, Written
from callsmith.records import Call, Result
from callsmith.world.inferred.world import InferredWorld
from made import toolset

NAMES = st.text(alphabet="abcdefgh_", min_size=1, max_size=6)
SCALARS = st.one_of(st.integers(), st.text(max_size=8), st.booleans(), st.none())

FILES = {
    "files": [
        {"id": "f1", "name": "Lease", "owners": [{"email": "a@x.example"}, {"email": "b@x.example"}]},
        {"id": "f2", "name": "Quote", "owners": [{"email": "a@x.example"}]},
        {"id": "f3", "name": "Lease", "owners": []},
    ],
    "next": None,
}
DONE = {"s1": Bound(Step("s1", "files_list", {}), Call("call_1", "files_list", {}), Result("call_1", FILES))}


@given(st.lists(NAMES, min_size=1, max_size=4), SCALARS)
def test_what_is_placed_is_read_back(steps: list[str], value: object) -> None:
    pointer = "/" + "/".join(steps)
    target: dict[str, object] = {}
    place(target, pointer, value)
    assert list(records_at(target, pointer)) == [(pointer, value)]


@given(st.lists(NAMES, min_size=1, max_size=3), st.lists(SCALARS, min_size=1, max_size=4), NAMES)
def test_a_list_placed_at_a_star_makes_an_object_a_value(
    steps: list[str], values: list[object], leaf: str
) -> None:
    at = "/" + "/".join(steps)
    target: dict[str, object] = {}
    place(target, f"{at}/*/{leaf}", values)
    assert values_at(target, f"{at}/*/{leaf}") == values
    assert [where for where, _ in records_at(target, f"{at}/*")] == [f"{at}/{n}" for n in range(len(values))]


@given(st.lists(NAMES, min_size=1, max_size=3), st.lists(SCALARS, max_size=4))
def test_a_list_placed_at_a_last_star_is_the_array(steps: list[str], values: list[object]) -> None:
    at = "/" + "/".join(steps)
    target: dict[str, object] = {}
    place(target, f"{at}/*", values)
    assert values_at(target, at) == [values]


def test_a_single_value_at_a_star_is_one_element() -> None:
    target: dict[str, object] = {}
    place(target, "/attendees/*/email", "dana@x.example")
    place(target, "/parents/*", "f1")
    assert target == {"attendees": [{"email": "dana@x.example"}], "parents": ["f1"]}


def test_two_fields_of_the_same_objects_meet_in_them() -> None:
    target: dict[str, object] = {}
    place(target, "/items/*/price", ["p1", "p2"])
    place(target, "/items/*/quantity", [2, 5])
    place(target, "/start/dateTime", "2026-03-03T14:20:00+01:00")
    place(target, "/start/timeZone", "Europe/Berlin")
    assert target == {
        "items": [{"price": "p1", "quantity": 2}, {"price": "p2", "quantity": 5}],
        "start": {"dateTime": "2026-03-03T14:20:00+01:00", "timeZone": "Europe/Berlin"},
    }


def test_objects_of_differing_number_are_refused() -> None:
    target: dict[str, object] = {}
    place(target, "/items/*/price", ["p1", "p2"])
    with pytest.raises(ValueError):
        place(target, "/items/*/quantity", [1])


def test_records_are_walked_through_stars_with_concrete_pointers() -> None:
    assert list(records_at(FILES, "/files/*/owners/*/email")) == [
        ("/files/0/owners/0/email", "a@x.example"),
        ("/files/0/owners/1/email", "b@x.example"),
        ("/files/1/owners/0/email", "a@x.example"),
    ]
    assert list(records_at(FILES, "")) == [("", FILES)]
    assert list(records_at(FILES, "/next")) == [("/next", None)]
    assert list(records_at(FILES, "/files/id")) == []
    assert list(records_at(FILES, "/missing/*")) == []


def test_a_pick_takes_the_record_that_was_meant() -> None:
    by_name = Pick("s1", "/files/*", {"/name": "Quote"}, "/id")
    assert chosen(by_name, FILES)["id"] == "f2"
    assert bind(by_name, DONE) == "f2"
    assert bind(Pick("s1", "/files/*", {"/owners/*/email": "b@x.example"}, "/id"), DONE) == "f1"
    assert [bind(Pick("s1", "/files/*", {}, "/id", index), DONE) for index in (0, 2, -1)] == [
        "f1",
        "f3",
        "f3",
    ]


@pytest.mark.parametrize(
    "pick",
    [
        Pick("s1", "/files/*", {"/name": "Lease"}, "/id"),
        Pick("s1", "/files/*", {"/name": "Nothing"}, "/id"),
        Pick("s1", "/files/*", {}, "/id", 3),
        Pick("s1", "/files/*", {}, "/id", -4),
        Pick("s1", "/files/*", {"/name": "Quote"}, "/size"),
    ],
    ids=["two match", "none matches", "past the end", "before the start", "no such field"],
)
def test_a_pick_that_singles_nothing_out_is_unfit(pick: Pick) -> None:
    with pytest.raises(PlanUnfit):
        bind(pick, DONE)


def test_every_source_binds_to_its_value() -> None:
    step = Step(
        "s2",
        "share",
        {
            "/file": Pick("s1", "/files/*", {"/name": "Quote"}, "/id"),
            "/role": Stated("reader"),
            "/as": Ambient("me@x.example"),
            "/notify": Fixed(True),
            "/note": Written("Here you are."),
            "/to/*/email": Listed(
                [Stated("dana@x.example"), Pick("s1", "/files/*", {}, "/owners/*/email", 0)]
            ),
        },
    )
    assert arguments(step, DONE) == {
        "file": "f2",
        "role": "reader",
        "as": "me@x.example",
        "notify": True,
        "note": "Here you are.",
        "to": [{"email": "dana@x.example"}, {"email": "a@x.example"}],
    }


def test_performing_a_step_calls_the_world_with_what_was_bound() -> None:
    world = InferredWorld(toolset("todoist"), 5)
    listed = perform(Step("s1", "todoist_tasks_list", {"/limit": Stated(3)}), {}, world, call_id(5, 0))
    assert listed.call == Call(call_id(5, 0), "todoist_tasks_list", {"limit": 3})
    assert listed.result.call_id == listed.call.id
    task = listed.result.value["results"][1]
    pick = Pick("s1", "/results/*", {}, "/id", 1)
    closed = perform(
        Step("s2", "todoist_tasks_close", {"/task_id": pick}), {"s1": listed}, world, call_id(5, 1)
    )
    assert closed.call.arguments == {"task_id": task["id"]}
    assert not closed.result.error
    assert [change.id for change in world.changes()] == [task["id"]]


@given(st.integers(0, 2**64 - 1), st.integers(0, 40))
def test_call_ids_are_short_and_plain(seed: int, ordinal: int) -> None:
    assert re.fullmatch(r"call_[a-z0-9]{9}", call_id(seed, ordinal))
    assert call_id(seed, ordinal) == call_id(seed, ordinal)


def test_call_ids_differ_by_seed_and_by_ordinal() -> None:
    ids = [call_id(seed, ordinal) for seed in range(200) for ordinal in range(20)]
    assert len(set(ids)) == len(ids)


def test_call_ids_are_those_of_every_version() -> None:
    """Rows are compared by their bytes, so the way ids are written may not drift."""
    assert call_id(7, 0) == "call_33q3c14vj"
    assert call_id(7, 1) == "call_dvcnplyxe"
