"""Where arguments come from: every kind of origin, and nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import samples
from callsmith.check.grounding import provenance
from callsmith.check.queries import terms, unexplained
from callsmith.check.rulebook import RULES
from callsmith.check.sayings import sayings
from callsmith.facts import mentions
from callsmith.facts.mention import Mention, clock
from callsmith.records import Composed, Conversation, Default, Derived, Found, Given, Nowhere, Origin, Said

NOW = "2026-03-03T14:20:00+01:00"
CLOCK = clock(NOW, "Europe/Berlin")


def origins(conversation: Conversation, call: str = "call_1") -> Mapping[str, Origin]:
    return provenance(conversation, samples.everything())[call]


def asked(text: str, tool: str, arguments: Mapping[str, Any]) -> Mapping[str, Origin]:
    tools = (
        samples.GMAIL
        + samples.CALENDAR
        + samples.TASKS
        + ("stripe_payment_intents_create", "stripe_invoices_list")
    )
    row = samples.Script("single", tools).user(text).calls((tool, arguments, {})).says("Done.").done()
    return origins(row)


def spoken(row: Conversation, origin: Said) -> str:
    message = row.messages[origin.message]
    return message.text[origin.span[0] : origin.span[1]]  # type: ignore[union-attr]


def test_ids_are_found_and_end_times_follow() -> None:
    traced = origins(samples.move_event(), "call_2")
    assert traced["/eventId"] == Found("call_1", "/items/0/id")
    assert (
        isinstance(traced["/start/dateTime"], Derived)
        and traced["/start/dateTime"].rule == "date_time_relative"
    )
    assert isinstance(traced["/end/dateTime"], Derived) and traced["/end/dateTime"].rule == "duration_kept"


def test_said_spans_are_the_words_said() -> None:
    row = samples.book_slot()
    traced = origins(row)
    email = traced["/attendees/0/email"]
    assert isinstance(email, Said) and spoken(row, email) == "tom.becker@halden.example"
    start = traced["/start/dateTime"]
    assert isinstance(start, Derived)
    assert [spoken(row, place) for place in start.of if isinstance(place, Said)] == [
        "next Monday",
        "half past three",
    ]
    assert isinstance(traced["/start/timeZone"], Given)
    assert traced["/calendarId"] == Default()
    assert isinstance(traced["/summary"], Composed)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("buy crates by Friday", "2026-03-06"), ("buy crates tomorrow", "2026-03-04"), ("buy crates in two weeks", "2026-03-17"),
        ("buy crates by the end of the month", "2026-03-31"), ("buy crates on the 12th", "2026-03-12"),
        ("buy crates next week", "2026-03-09"), ("buy crates on 3/4", "2026-04-03"),
    ],
)  # fmt: skip
def test_dates_follow_from_what_is_said(text: str, value: str) -> None:
    traced = asked(text, "todoist_tasks_create", {"content": "Buy crates", "due_date": value})
    assert isinstance(traced["/due_date"], Derived)


@pytest.mark.parametrize(
    ("pointer", "arguments"),
    [
        ("/due_date", {"content": "Buy crates", "due_date": "2026-03-19"}),
        ("/content", {"content": "Repaint the tram depot"}),
        ("/priority", {"content": "Buy crates", "priority": 4}),
        ("/project_id", {"content": "Buy crates", "project_id": "6Jf8VQXxpwv56VQ7"}),
        ("/labels/0", {"content": "Buy crates", "labels": ["glacier"]}),
    ],
)
def test_what_nobody_said_comes_from_nowhere(pointer: str, arguments: Mapping[str, Any]) -> None:
    assert asked("remind me to buy crates by Friday", "todoist_tasks_create", arguments)[pointer] == Nowhere()


def test_amounts_become_minor_units_and_currencies() -> None:
    traced = asked(
        "charge €64.90 please", "stripe_payment_intents_create", {"amount": 6490, "currency": "eur"}
    )
    assert isinstance(traced["/amount"], Derived) and traced["/amount"].rule == "amount_minor"
    assert isinstance(traced["/currency"], Derived) and traced["/currency"].rule == "currency_symbol"
    yen = asked("charge ¥500 please", "stripe_payment_intents_create", {"amount": 500, "currency": "jpy"})
    assert isinstance(yen["/amount"], Derived)
    wrong = asked("charge €64.90 please", "stripe_payment_intents_create", {"amount": 649, "currency": "usd"})
    assert wrong == {"/amount": Nowhere(), "/currency": Nowhere()}


def test_choices_need_words_for_them() -> None:
    assert isinstance(
        asked("which invoices are unpaid, still open?", "stripe_invoices_list", {"status": "open"})[
            "/status"
        ],
        Said,
    )
    assert isinstance(
        asked("which invoices have been settled?", "stripe_invoices_list", {"status": "paid"})["/status"],
        Derived,
    )
    assert asked("list my invoices", "stripe_invoices_list", {"status": "void"})["/status"] == Nowhere()


def test_a_text_may_be_written_but_not_invented() -> None:
    text = "mail marek.nowak@brackwell.example that the crate delivery moves to Thursday"
    mail = {
        "to": ["marek.nowak@brackwell.example"],
        "subject": "Crate delivery",
        "body": "Hi Marek,\nthe crate delivery moves to Thursday.\nBest, Priya",
    }
    assert isinstance(asked(text, "gmail_messages_send", mail)["/body"], Composed)
    invented = {
        **mail,
        "body": "Hi Marek,\nthe crate delivery moves to Thursday 19 March at 11:40 and costs €700.",
    }
    assert asked(text, "gmail_messages_send", invented)["/body"] == Nowhere()
    assert (
        asked(text, "gmail_messages_send", {**mail, "subject": "Harbour crane lease"})["/subject"]
        == Nowhere()
    )


def test_an_id_is_no_text_and_a_text_no_id() -> None:
    row = (
        samples.Script("dependent", samples.GMAIL)
        .user("reply to Dana's Q1 quote: Approved by management.")
        .calls(("gmail_messages_search", {"query": "from:dana quote Q1"}, {"messages": [samples.QUOTE]}))
        .calls(("gmail_messages_forward", {"messageId": "Approved by management.", "to": ["dana.ruiz@corvid.example"], "body": "18c2fa01b7d34e90"}, {}))
        .says("Sent.")
        .done()
    )  # fmt: skip
    traced = origins(row, "call_2")
    assert traced["/messageId"] == Nowhere() and traced["/body"] == Nowhere()


# ---------------------------------------------------------------- queries


def test_terms_of_query_languages() -> None:
    def read(query: str) -> list[tuple[str, str]]:
        return [(term.field, term.text) for term in terms(query)]

    assert read('from:dana subject:"Q1 quote" has:attachment after:2026/02/20 newer_than:7d lenses') == [
        ("from", "dana"), ("subject", "Q1 quote"), ("has", "attachment"), ("after", "2026/02/20"), ("newer_than", "7d"), ("newer_than", "lenses"),
    ]  # fmt: skip
    assert read("name contains 'quote' and mimeType = 'application/pdf' and 'f_31' in parents and trashed = false") == [
        ("name", "quote"), ("mimetype", "application/pdf"), ("", "f_31"),
    ]  # fmt: skip
    assert [term.text for term in terms('project = OPS AND status != Done AND assignee = currentUser() ORDER BY created DESC')] == [
        "OPS", "Done", "currentUser()", "created",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "query", "stranger"),
    [
        ("mails from Dana about the quote since Monday", "from:dana quote after:2026/03/01", None),
        ("unread mails with a file attached", "is:unread has:attachment", None),
        ("the quotes as PDF", "name contains 'quote' and mimeType = 'application/pdf'", None),
        ("mails from the last week", "newer_than:7d", None),
        ("mails from Dana", "from:ruth", "ruth"),
        ("mails from Dana", "from:dana budget", "budget"),
        ("mails from the last week", "newer_than:30d", "30d"),
        ("mails since Monday", "after:2026/02/10", "2026/02/10"),
    ],
)
def test_queries_are_explained_by_what_was_said(said: str, query: str, stranger: str | None) -> None:
    assert unexplained(query, [said], mentions(said, NOW), CLOCK) == stranger


# ---------------------------------------------------------------- rules


def said(text: str) -> list[Mention]:
    return list(mentions(text, NOW, "Europe/Berlin"))


@pytest.mark.parametrize(
    ("rule", "text", "value", "other"),
    [
        ("date_relative", "Friday", "2026-03-06", "2026-03-07"),
        ("date_time_relative", "Friday at 3", "2026-03-06T15:00:00+01:00", "2026-03-06T15:30:00+01:00"),
        ("date_time_relative", "Friday at 3", "2026-03-06T14:00:00Z", "2026-03-07T14:00:00Z"),
        ("part_of_day", "Friday morning", "2026-03-06T09:00:00+01:00", "2026-03-06T13:00:00+01:00"),
        ("range_start", "next week", "2026-03-09T00:00:00+01:00", "2026-03-11T00:00:00+01:00"),
        ("range_end", "next week", "2026-03-16T00:00:00+01:00", "2026-03-12T00:00:00+01:00"),
        ("duration", "45 minutes", 45, 40),
        ("duration", "45 minutes", "PT45M", "PT1H"),
        ("timestamp", "6 March", 1772751600, 1772751601),
        ("amount_minor", "€64.90", 6490, 6491),
        ("count_word", "a dozen", 12, 13),
        ("scaled", "20 percent", 0.2, 0.3),
        ("currency_symbol", "$40", "usd", "eur"),
    ],
)
def test_rules_verify_what_follows_and_refuse_what_does_not(
    rule: str, text: str, value: Any, other: Any
) -> None:
    assert RULES[rule](value, said(text), CLOCK)
    assert not RULES[rule](other, said(text), CLOCK)
    assert not RULES[rule](value, said("something else"), CLOCK)


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 23), st.sampled_from((15, 30, 45, 60, 90))
)
def test_an_end_is_a_start_and_a_length(day: Any, hour: int, length: int) -> None:
    start = Mention(
        0, 0, "date_time", "", days=((day.toordinal(), day.toordinal()),), minutes=((hour * 60, hour * 60),)
    )
    lasting = Mention(0, 0, "duration", "", seconds=(length * 60,))
    total = hour * 60 + length
    if total >= 1440:
        return
    value = f"{day:%Y-%m-%d}T{total // 60:02d}:{total % 60:02d}:00"
    assert RULES["duration_end"](value, [start, lasting], CLOCK)
    assert not RULES["duration_end"](value, [start], CLOCK)


def test_sayings_of_a_value_begin_with_its_own_words() -> None:
    assert sayings("inProgress")[0] == "in progress"
    assert "pdf" in sayings("application/pdf")
