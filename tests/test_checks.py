"""Each check passes what is good and fails what is not, told apart by what is said about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec import structs

import samples
from callsmith.check.expect import Expectation
from callsmith.check.run import CHECKS, judge, run_checks
from callsmith.planted.editing import with_message
from callsmith.records import Assistant, Call, Conversation, System, ToolMessage, User, Verdict, WorldState
from callsmith.world.inferred.world import InferredWorld


def outcome(conversation: Conversation, check: str, expectation: Expectation | None = None) -> Verdict:
    verdicts = run_checks(conversation, samples.everything(), expectation)
    return next(verdict for verdict in verdicts if verdict.check == check)


def with_text(conversation: Conversation, index: int, text: str) -> Conversation:
    message = conversation.messages[index]
    assert isinstance(message, Assistant | User)
    return with_message(conversation, index, structs.replace(message, text=text))


def with_result(conversation: Conversation, call_id: str, **changes: Any) -> Conversation:
    for index, message in enumerate(conversation.messages):
        if isinstance(message, ToolMessage) and message.call_id == call_id:
            return with_message(conversation, index, structs.replace(message, **changes))
    raise AssertionError(call_id)


def with_arguments(conversation: Conversation, call_id: str, arguments: Mapping[str, Any]) -> Conversation:
    for index, message in enumerate(conversation.messages):
        if isinstance(message, Assistant) and any(call.id == call_id for call in message.calls):
            calls = [structs.replace(c, arguments=arguments) if c.id == call_id else c for c in message.calls]
            return with_message(conversation, index, structs.replace(message, calls=calls))
    raise AssertionError(call_id)


@pytest.mark.parametrize("conversation", samples.good(), ids=lambda c: f"{c.kind}-{c.messages[1].text[:20]}")
def test_good_rows_pass_every_check(conversation: Conversation) -> None:
    for toolset in (samples.everything(), None):
        for expectation in (None, samples.expectation(conversation)):
            verdicts = run_checks(conversation, toolset, expectation)
            assert [verdict.check for verdict in verdicts] == list(CHECKS)
            assert [verdict for verdict in verdicts if verdict.outcome == "fail"] == []


def test_judging_also_gives_the_provenance_it_computed() -> None:
    verdicts, traced = judge(samples.new_task(), samples.everything())
    assert set(traced) == {"call_1"}
    assert len(verdicts) == len(CHECKS)


# ---------------------------------------------------------------- structure


def test_structure_wants_the_system_first_the_user_next_and_the_assistant_last() -> None:
    good = samples.today_list()
    messages = list(good.messages)
    for faulty in (
        messages[:-1],
        messages[:3],
        [messages[1], messages[0], *messages[2:]],
        [*messages, User("and?")],
        [messages[0], *messages[2:]],
        [*messages[:2], messages[1], *messages[2:]],
        [],
    ):
        assert outcome(structs.replace(good, messages=tuple(faulty)), "structure").outcome == "fail"


def test_structure_wants_each_call_answered_once() -> None:
    good = samples.two_searches()
    messages = list(good.messages)
    assert (
        "not answered"
        in outcome(structs.replace(good, messages=(*messages[:4], *messages[5:])), "structure").reason
    )
    assert (
        outcome(
            structs.replace(good, messages=(*messages[:4], messages[3], *messages[4:])), "structure"
        ).outcome
        == "fail"
    )


def test_structure_wants_argument_objects() -> None:
    faulty = with_arguments(samples.new_task(), "call_1", '{"content": "x"')  # type: ignore[arg-type]
    assert "not a JSON object" in outcome(faulty, "structure").reason


# ---------------------------------------------------------------- schema


@pytest.mark.parametrize(
    "arguments",
    [
        {"due_date": "2026-03-06"},
        {"content": 7},
        {"content": "x", "due_date": "06/03/2026"},
        {"content": "x", "colour": "red"},
    ],
)
def test_schema_wants_required_types_formats_and_known_names(arguments: Mapping[str, Any]) -> None:
    assert outcome(with_arguments(samples.new_task(), "call_1", arguments), "schema").outcome == "fail"


def test_schema_wants_an_offered_tool() -> None:
    good = samples.new_task()
    fewer = structs.replace(
        good, tools=[tool for tool in good.tools if tool["name"] != "todoist_tasks_create"]
    )
    assert "not among the tools offered" in outcome(fewer, "schema").reason


def test_calls_not_trained_on_may_be_wrong() -> None:
    assert outcome(samples.mistaken_id(), "grounding").outcome == "pass"
    trained = samples.mistaken_id()
    message = trained.messages[2]
    assert isinstance(message, Assistant)
    trained = with_message(trained, 2, structs.replace(message, train=True))
    assert outcome(trained, "grounding").outcome == "fail"


@pytest.mark.parametrize(("asked", "used"), [("1,000,000 COP", 1_000_000), ("6,900,000 VND", 6_900_000.0)])
def test_an_amount_of_millions_is_seen_in_the_call(asked: str, used: float) -> None:
    good = samples.new_task()
    told = structs.replace(good.messages[1], text=f"{good.messages[1].text} and pay {asked}")  # type: ignore[arg-type, union-attr]
    conversation = with_message(good, 1, told)

    assert "is not used" in outcome(conversation, "kind").reason
    arguments = {
        "content": "Call Brackwell about the crate delivery",
        "due_date": "2026-03-06",
        "priority": used,
    }
    assert "is not used" not in outcome(with_arguments(conversation, "call_1", arguments), "kind").reason


# ---------------------------------------------------------------- execution


def in_world(calls: list[tuple[str, Mapping[str, Any]]]) -> tuple[Conversation, Any]:
    toolset = samples.toolset("todoist")
    world = InferredWorld(toolset, 5)
    before = world.digest()
    messages: list[Any] = [System("Today is Tuesday 3 March 2026, 14:20, Europe/Berlin."), User("please")]
    from callsmith.ports import drive

    for number, (name, arguments) in enumerate(calls):
        call = Call(f"call_{number}", name, arguments)
        result = drive(world.call(call))
        messages += [Assistant("", (call,)), ToolMessage(call.id, name, result.value, bool(result.error))]
    messages.append(Assistant("There you are."))
    state = WorldState("inferred", 5, toolset.hash, world.scene.now, before, world.digest())
    return Conversation(tools=[], messages=tuple(messages), world=state), toolset


def verdict_of(conversation: Conversation, toolset: Any) -> Verdict:
    return next(v for v in run_checks(conversation, toolset) if v.check == "execution")


def test_execution_replays_to_the_same_results_and_state() -> None:
    conversation, toolset = in_world(
        [("todoist_projects_list", {}), ("todoist_projects_create", {"name": "Fair"})]
    )
    assert verdict_of(conversation, toolset).outcome == "pass"
    state = conversation.world
    assert state is not None
    elsewhere = structs.replace(conversation, world=structs.replace(state, after=state.before))
    assert "another state" in verdict_of(elsewhere, toolset).reason
    other = with_result(conversation, "call_1", value={"id": "1", "name": "Fair"})
    assert "another result" in verdict_of(other, toolset).reason


def test_execution_is_skipped_where_nothing_can_be_replayed() -> None:
    conversation, toolset = in_world([("todoist_projects_list", {})])
    assert verdict_of(structs.replace(conversation, world=None), toolset).outcome == "skipped"
    assert verdict_of(conversation, None).outcome == "skipped"


# ---------------------------------------------------------------- coherence


def test_coherence_wants_an_end_after_its_start() -> None:
    good = samples.today_list()
    value = {
        "items": [
            samples.event(
                "0a1b2c3d4e5f6g7h8i9j0k1l2m",
                "Standup",
                "2026-03-04T09:15:00+01:00",
                "2026-03-04T09:00:00+01:00",
            )
        ]
    }
    assert "end lies before start" in outcome(with_result(good, "call_1", value=value), "coherence").reason


def test_coherence_takes_what_an_order_comes_to_for_no_count():
    order = {
        "id": "o1",
        "lines": [{"product_id": "p1", "quantity": 2}, {"product_id": "p2", "quantity": 1}],
        "total": 1,
    }
    good = samples.today_list()
    assert "listed" not in outcome(with_result(good, "call_1", value=order), "coherence").reason
    page = {"orders": order["lines"], "total": 1}
    assert "are listed" in outcome(with_result(good, "call_1", value=page), "coherence").reason


def test_coherence_wants_arguments_in_order_too() -> None:
    faulty = with_arguments(
        samples.today_list(), "call_1",
        {"timeMin": "2026-03-05T00:00:00+01:00", "timeMax": "2026-03-04T00:00:00+01:00"},
    )  # fmt: skip
    assert "timeMax lies before timeMin" in outcome(faulty, "coherence").reason


def test_coherence_wants_what_was_set_to_be_shown() -> None:
    made = samples.task("6X7rAAVPjhvv84XA", "Call Bexley about the crate delivery", "2026-03-06")
    assert "/content" in outcome(with_result(samples.new_task(), "call_1", value=made), "coherence").reason


def test_coherence_wants_one_record_under_one_id() -> None:
    good = samples.quote_forward()
    again = Assistant("", (Call("call_9", "gmail_messages_get", {"id": "18c2fa01b7d34e90"}),))
    shown = ToolMessage("call_9", "gmail_messages_get", {**samples.QUOTE, "subject": "Q2 quote, prisms"})
    messages = (*good.messages[:4], *good.messages[4:5], User("show it"), again, shown, Assistant("There."))
    assert "was 'Q1 quote, lenses'" in outcome(structs.replace(good, messages=messages), "coherence").reason


def test_coherence_lets_a_change_change() -> None:
    assert outcome(samples.move_event(), "coherence").outcome == "pass"


def test_coherence_knows_what_was_deleted() -> None:
    listed = {
        "results": [samples.task("6X7rM8997g3RQmvh", "Stock count, warehouse", None)],
        "next_cursor": None,
    }
    row = (
        samples.Script("dependent", samples.TASKS)
        .user("delete the stock count task and show me what is left")
        .calls(("todoist_tasks_list", {"limit": 50}, listed))
        .calls(("todoist_tasks_delete", {"task_id": "6X7rM8997g3RQmvh"}, {}))
        .calls(("todoist_tasks_list", {"limit": 50}, listed))
        .says("Deleted.")
        .done()
    )
    assert "after it was deleted" in outcome(row, "coherence").reason


def test_coherence_wants_filters_and_limits_obeyed() -> None:
    good = samples.tidy_tasks()
    few = with_arguments(good, "call_1", {"limit": 2})
    assert "2 was the limit" in outcome(few, "coherence").reason
    elsewhere = with_arguments(good, "call_1", {"project_id": "6Jf8VQXxpwv56VQ0"})
    assert "project_id" in outcome(elsewhere, "coherence").reason


@pytest.mark.parametrize(
    "record",
    [
        {"state": "open", "closed_at": "2026-02-01T10:00:00Z"},
        {"state": "closed", "closed_at": None},
        {"completed": True, "completed_at": None},
        {"amount_due": 100, "amount_paid": 40, "amount_remaining": 50},
        {"subtotal": 100, "tax": 19, "total": 120},
        {"total": 30, "lines": {"data": [{"amount": 10}, {"amount": 10}], "has_more": False}},
        {"amount": 100, "amount_refunded": 120},
        {"created_at": "2026-02-02T10:00:00Z", "updated_at": "2026-02-01T10:00:00Z"},
    ],
)
def test_coherence_knows_records_that_contradict_themselves(record: Mapping[str, Any]) -> None:
    value = {"results": [record], "next_cursor": None}
    assert outcome(with_result(samples.tidy_tasks(), "call_1", value=value), "coherence").outcome == "fail"


# ---------------------------------------------------------------- faithfulness


@pytest.mark.parametrize(
    "text",
    [
        "Four things tomorrow.",
        "Standup is at 9:45.",
        "Supplier day prep is on Thursday 5 March.",
        "The interview is with Jonas Weber.",
        "It costs €64.90.",
        'There is "Budget review" at 11.',
        "Write to lena.vogel@halden.example.",
        "The number is QX-90417.",
        "I've deleted the standup.",
        "Friday 28 February is free.",
        "Three, and 17 GB among them.",
        "Three, of 3 GB Acme each.",
    ],
)
def test_faithfulness_fails_what_nothing_says(text: str) -> None:
    assert outcome(with_text(samples.today_list(), 4, text), "faithfulness").outcome == "fail"


@pytest.mark.parametrize(
    "text",
    [
        "Three: standup first thing, 9:00 to 9:15, then the prep at 11 and the interview from 3 to 4 pm.",
        "On Wednesday 4 March there are three. The longest is Supplier day prep, an hour and a half.",
        "Wednesday, March 4th: Standup (15 minutes), Supplier day prep, and Interview Lena Vogel at 15:00.",
        "Tomorrow starts with Standup at nine o'clock.",
        'You have "Standup", "Supplier day prep" and "Interview Lena Vogel" – the last one ends at four.',
        "Three, of 3 GB each; the IPv4 is not known.",
    ],
)
def test_faithfulness_knows_the_ways_of_saying_a_thing(text: str) -> None:
    assert outcome(with_text(samples.today_list(), 4, text), "faithfulness").reason == ""


def test_faithfulness_reads_minor_units_and_epochs() -> None:
    good = samples.refund()
    assert (
        outcome(
            with_text(good, 8, "64.90 euros are on their way for order 4471, charged on 27 February."),
            "faithfulness",
        ).reason
        == ""
    )
    assert (
        outcome(
            with_text(good, 8, "€6490 are on their way for order 4471, charged on 28 February."),
            "faithfulness",
        ).outcome
        == "fail"
    )


@pytest.mark.parametrize(("month", "fits"), [("June", True), ("August", False)])
def test_faithfulness_knows_a_title_that_is_a_month(month: str, fits: bool) -> None:
    made = samples.event("0a1b", "June", "2026-03-04T09:00:00+01:00", "2026-03-04T09:15:00+01:00")
    row = with_result(samples.today_list(), "call_1", value={"items": [made]})
    verdict = outcome(with_text(row, 4, f"One event:\n- {month}"), "faithfulness")
    assert (verdict.outcome == "pass") == fits, verdict.reason


def test_faithfulness_knows_what_the_fields_of_a_result_are_called() -> None:
    row = with_result(samples.today_list(), "call_1", value={"items": [{"p95_response_ms": 640}]})
    assert outcome(with_text(row, 4, "The p95 is 640 ms."), "faithfulness").reason == ""
    assert outcome(with_text(row, 4, "The p99 is 640 ms."), "faithfulness").outcome == "fail"


def test_faithfulness_wants_failures_owned() -> None:
    error = {"error": {"code": 403, "message": "The caller does not have permission."}}
    hidden = with_result(samples.write_mail(), "call_1", value=error, error=True)
    assert (
        "does not say so" in outcome(hidden, "faithfulness").reason
        or "claims" in outcome(hidden, "faithfulness").reason
    )
    owned = with_text(hidden, 4, "I couldn't send it: the account has no permission to.")
    assert outcome(owned, "faithfulness").outcome == "pass"


# ---------------------------------------------------------------- kind


@pytest.mark.parametrize(
    ("kind", "fits"),
    [
        ("single", True),
        ("parallel", False),
        ("dependent", False),
        ("no_tool", False),
        ("multi_turn", False),
        ("chat", False),
    ],
)
def test_kind_is_what_it_promises(kind: str, fits: bool) -> None:
    row = structs.replace(samples.new_task(), kind=kind)
    assert (outcome(row, "kind").outcome == "pass") is fits


def test_kind_compares_the_calls_with_the_plan() -> None:
    good = samples.two_searches()
    plan = samples.expectation(good)
    swapped = structs.replace(plan, calls=[list(reversed(plan.calls[0]))])
    assert outcome(good, "kind", swapped).outcome == "pass"
    for calls, reason in (
        (plan.calls[0][:1], "is called although it is not planned"),
        ((*plan.calls[0], Call("x", "gmail_messages_list", {})), "is missing"),
        (
            (plan.calls[0][0], Call("x", "gmail_messages_search", {"query": "from:ruth after:2026/03/01"})),
            "where the plan has",
        ),
    ):
        assert reason in outcome(good, "kind", structs.replace(plan, calls=[calls])).reason


def test_kind_accepts_an_alternative_of_the_plan() -> None:
    good = samples.new_task()
    call = next(message for message in good.messages if isinstance(message, Assistant)).calls[0]
    plan = Expectation(
        calls=[[Call("x", call.name, {"content": "Call Brackwell", "due_date": "2026-03-06"})]]
    )
    assert outcome(good, "kind", plan).outcome == "fail"
    accepted = structs.replace(good, alternatives=[[call]])
    assert outcome(accepted, "kind", plan).outcome == "pass"


def test_kind_sees_a_question_that_need_not_be_asked() -> None:
    good = samples.today_list()
    asked = (*good.messages[:2], Assistant("Shall I have a look?"), User("yes please"), *good.messages[2:])
    assert "asks for a yes" in outcome(structs.replace(good, messages=asked), "kind").reason


def test_kind_sees_a_call_made_twice_and_an_order_left_undone() -> None:
    good = samples.quote_forward()
    messages = list(good.messages)
    undone = structs.replace(good, messages=(*messages[:6], *messages[8:]))
    assert "although nothing was called" in outcome(undone, "kind").reason
    call = messages[2].calls[0]  # type: ignore[union-attr]
    again = [
        Assistant("", (structs.replace(call, id="call_8"),)),
        structs.replace(messages[3], call_id="call_8"),
    ]  # type: ignore[type-var]
    twice = structs.replace(good, messages=(*messages[:4], *again, *messages[4:]))
    assert "called twice" in outcome(twice, "kind").reason


@pytest.mark.parametrize(
    ("closed", "fits"), [("6X7rM8997g3RQmva", False), ("6X7rM8997g3RQmvb", True), ("6X7rM8997g3RQmvc", False)]
)
def test_kind_counts_down_the_list_as_it_was_shown(closed: str, fits: bool) -> None:
    """One title begins another: it is found where it stands by itself."""
    titles = {
        "6X7rM8997g3RQmva": "Site day feedback",
        "6X7rM8997g3RQmvb": "Site day list",
        "6X7rM8997g3RQmvc": "Site day",
    }
    tasks = [samples.task(id, title, None) for id, title in titles.items()]
    row = (
        samples.Script("multi_turn", ["todoist_tasks_list", "todoist_tasks_close"])
        .user("Which tasks are there?")
        .calls(("todoist_tasks_list", {}, {"results": tasks, "next_cursor": None}))
        .says("Three tasks: " + ", ".join(titles.values()) + ".")
        .user("Close the second task.")
        .calls(("todoist_tasks_close", {"task_id": closed}, {}))
        .says("It is closed.")
        .user("Thanks!")
        .says("You're welcome.")
        .done()
    )
    verdict = outcome(row, "kind")
    assert (verdict.outcome == "pass") is fits, verdict
    assert fits or "acts on another record than the second task of the list" in verdict.reason


@pytest.mark.parametrize(("answer", "fits"), [("the one at 9:30", True), ("the one at 11", False)])
def test_an_answer_may_name_a_record_by_its_time(answer: str, fits: bool) -> None:
    listed = [{"id": f"ev{hour}", "start": f"2026-03-05T{hour}:30:00+01:00"} for hour in ("09", "10")]
    row = (
        samples.Script("missing_parameter", ["googlecalendar_events_list", "googlecalendar_events_delete"])
        .user("Can you cancel something on Thursday?")
        .says("Which one should it be?")
        .user(answer)
        .calls(("googlecalendar_events_list", {}, {"items": listed}))
        .calls(("googlecalendar_events_delete", {"eventId": "ev09"}, {}))
        .says("It's cancelled.")
        .done()
    )
    said = outcome(row, "kind").reason
    assert (said != "no argument comes from the answer") is fits
