"""Planted faults: each does harm, is caught with the plan, and the count says so."""

from __future__ import annotations

import pytest
from msgspec import structs

import samples
from callsmith import seeds
from callsmith.planted.editing import other, removed, replaced
from callsmith.planted.faults import FAULTS, harmless, plant
from callsmith.planted.recall import MODES, blinded, expectation_of, judged, recall
from callsmith.records import Assistant, Conversation

ROWS = tuple(structs.replace(row, id=f"row{index}") for index, row in enumerate(samples.good()))
UNSEEN_WITHOUT_REPLAY = {"altered_result", "swapped_results", "incoherent_result"}
"""Faults in results, which the hand-written rows have no world to replay against."""


def test_every_fault_can_be_planted_and_does_harm() -> None:
    planted = {each.fault for row in ROWS for each in plant(row, None, seeds.rng(1, row.id))}
    assert planted == set(FAULTS)
    for row in ROWS:
        for each in plant(row, None, seeds.rng(2, row.id)):
            assert not harmless(row, each.conversation)


def test_planting_is_a_function_of_its_seed() -> None:
    for row in ROWS[:4]:
        assert list(plant(row, None, seeds.rng(3, row.id))) == list(plant(row, None, seeds.rng(3, row.id)))


def test_what_changes_nothing_of_substance_is_harmless() -> None:
    row = samples.new_task()
    message = row.messages[2]
    assert isinstance(message, Assistant)
    call = message.calls[0]

    def with_arguments(arguments: dict[str, object]) -> Conversation:
        changed = structs.replace(message, calls=[structs.replace(call, arguments=arguments)])
        return structs.replace(row, messages=(*row.messages[:2], changed, *row.messages[3:]))

    assert isinstance(call.arguments, dict)
    assert harmless(
        row, with_arguments({**call.arguments, "content": "call Brackwell about the crate  delivery"})
    )
    worse = with_arguments({**call.arguments, "due_date": "2026-03-07"})
    assert not harmless(row, worse)
    accepted = structs.replace(row, alternatives=[worse.messages[2].calls])  # type: ignore[union-attr]
    assert harmless(accepted, worse)


SEEN_ELSEWHERE = {"changed_fact"}
"""A changed time passes where the same answer tells that time of something else: "Standup at 3, the interview at 3"."""


def test_with_the_plan_faults_are_caught() -> None:
    planted = 0
    missed: list[str] = []
    for row in ROWS:
        plan = expectation_of(row)
        for seed in range(4, 8):
            for each in plant(row, None, seeds.rng(seed, row.id)):
                if each.fault in UNSEEN_WITHOUT_REPLAY:
                    continue
                planted += 1
                verdicts = judged(each.conversation, samples.everything(), plan, "plan")
                if not any(verdict.outcome == "fail" for verdict in verdicts):
                    missed.append(each.fault)
    assert planted > 50
    assert set(missed) <= SEEN_ELSEWHERE
    assert len(missed) <= 0.01 * planted, (len(missed), planted)


def test_recall_counts_plantings_catches_and_alarms() -> None:
    found = recall(ROWS, lambda row: samples.everything(), seed=5)
    assert found.rows == len(ROWS)
    assert sum(found.planted.values()) > 150
    for mode in MODES:
        assert all(alarms == 0 for alarms in found.alarms[mode].values())
        for fault, counts in found.caught[mode].items():
            caught = counts.get("any", 0)
            assert caught + len(found.missed[mode].get(fault, [])) == found.planted[fault]
            assert all(count <= caught for count in counts.values())
    assert found.share("plan") > 0.9
    assert found.share("blind") > 0.8
    assert found.share("plan") >= found.share("blind")


def test_blind_rows_know_neither_plan_nor_world() -> None:
    row = blinded(structs.replace(ROWS[0], alternatives=[[]]))
    assert row.world is None and not row.provenance and not row.alternatives


def test_edits_leave_the_original_alone() -> None:
    value = {"a": [{"b": 1}, {"b": 2}], "c": {"d": 3}}
    assert replaced(value, "/a/1/b", 9) == {"a": [{"b": 1}, {"b": 9}], "c": {"d": 3}}
    assert removed(value, "/c/d") == {"a": [{"b": 1}, {"b": 2}], "c": {}}
    assert removed(value, "/a/0") == {"a": [{"b": 2}], "c": {"d": 3}}
    assert value == {"a": [{"b": 1}, {"b": 2}], "c": {"d": 3}}


@pytest.mark.parametrize(
    "value", ["2026-03-06T10:00:00+01:00", "m_8f2", "dana@corvid.example", "A title", 7, True, 1.5]
)
def test_an_invented_value_is_another_of_its_make(value: object) -> None:
    invented = other(value, seeds.rng(1))
    assert invented != value and type(invented) is type(value)
