"""Hand-written conversations over the built-in toolkits, as good as rows should be: what checks must let pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from msgspec import structs

from callsmith.catalog import builtin
from callsmith.check.expect import Expectation
from callsmith.planted.recall import expectation_of
from callsmith.records import Assistant, Call, Conversation, Message, System, ToolMessage, Toolset, User
from callsmith.understand import understand

SYSTEM = (
    "You help Priya Raman (priya.raman@halden.example), office manager at Halden Optics in Berlin. "
    "Today is Tuesday 3 March 2026, 14:20, Europe/Berlin."
)


@cache
def toolset(*names: str) -> Toolset:
    return understand("+".join(names), [tool for name in names for tool in builtin.load(name)])


@lru_cache(maxsize=1)
def everything() -> Toolset:
    """The built-in tools used here. Results are shortened to what matters, so no tool says what it returns."""
    full = toolset("gmail", "googlecalendar", "todoist", "stripe")
    tools = [structs.replace(tool, returns={}) for tool in full.tools]
    return structs.replace(full, tools=tools, hash=full.hash + ":short")


class Script:
    """Writes one conversation line by line."""

    def __init__(self, kind: str, tools: Sequence[str], system: str = SYSTEM) -> None:
        self.kind = kind
        self.tools = tools
        self.messages: list[Message] = [System(system)]
        self.count = 0

    def user(self, text: str) -> Script:
        self.messages.append(User(text))
        return self

    def says(self, text: str) -> Script:
        self.messages.append(Assistant(text))
        return self

    def calls(self, *pairs: tuple[str, Mapping[str, Any], Any], text: str = "", train: bool = True) -> Script:
        made: list[Call] = []
        for name, arguments, _ in pairs:
            self.count += 1
            made.append(Call(f"call_{self.count}", name, arguments))
        self.messages.append(Assistant(text, made, train=train))
        for call, (_, _, value) in zip(made, pairs, strict=True):
            error = isinstance(value, dict) and "error" in value
            self.messages.append(ToolMessage(call.id, call.name, value, error))
        return self

    def done(self) -> Conversation:
        known = {tool.name: tool for tool in everything().tools}
        offered = [
            {"name": name, "description": known[name].description, "parameters": known[name].parameters}
            for name in self.tools
        ]
        return Conversation(tools=offered, messages=tuple(self.messages), kind=self.kind, locale="en")


def expectation(conversation: Conversation) -> Expectation:
    """The plan a hand-written row would have had."""
    return expectation_of(conversation)


def mail(
    id: str, thread: str, subject: str, name: str, email: str, date: str, snippet: str, files: bool
) -> dict[str, Any]:
    return {
        "id": id, "threadId": thread, "subject": subject, "from": email, "fromName": name,
        "to": ["priya.raman@halden.example"], "date": date, "snippet": snippet, "labelIds": ["INBOX"],
        "hasAttachments": files,
    }  # fmt: skip


QUOTE = mail(
    "18c2fa01b7d34e90",
    "18c2fa01b7d34e90",
    "Q1 quote, lenses",
    "Dana Ruiz",
    "dana.ruiz@corvid.example",
    "2026-02-27T09:12:00+01:00",
    "Hi Priya, attached our Q1 quote. Total 18,400 euros, valid until 15 March.",
    True,
)
CALL = mail(
    "18c2e1a0b7d34e11",
    "18c2e1a0b7d34e11",
    "Re: call",
    "Dana Ruiz",
    "dana.ruiz@corvid.example",
    "2026-02-24T16:40:00+01:00",
    "Thanks, speak on Thursday then. The Q1 quote follows.",
    False,
)

GMAIL = (
    "gmail_messages_list",
    "gmail_messages_search",
    "gmail_messages_get",
    "gmail_messages_send",
    "gmail_messages_forward",
    "gmail_messages_trash",
    "gmail_drafts_create",
)
CALENDAR = (
    "googlecalendar_events_list",
    "googlecalendar_events_insert",
    "googlecalendar_events_patch",
    "googlecalendar_events_delete",
    "googlecalendar_events_get",
    "googlecalendar_freebusy_query",
)
TASKS = (
    "todoist_tasks_list",
    "todoist_tasks_create",
    "todoist_tasks_update",
    "todoist_tasks_close",
    "todoist_projects_list",
    "todoist_tasks_delete",
)


def event(id: str, title: str, start: str, end: str, people: Sequence[str] = ()) -> dict[str, Any]:
    record: dict[str, Any] = {
        "id": id, "status": "confirmed", "htmlLink": f"https://calendar.google.com/calendar/event?eid={id}",
        "created": "2026-02-10T09:00:00+01:00", "updated": "2026-02-11T09:00:00+01:00", "summary": title,
        "start": {"dateTime": start, "timeZone": "Europe/Berlin"}, "end": {"dateTime": end, "timeZone": "Europe/Berlin"},
    }  # fmt: skip
    if people:
        record["attendees"] = [{"email": email, "responseStatus": "needsAction"} for email in people]
    return record


def task(
    id: str, content: str, due: str | None, project: str = "6Jf8VQXxpwv56VQ7", checked: bool = False
) -> dict[str, Any]:
    return {"id": id, "content": content, "description": "", "project_id": project, "checked": checked, "priority": 1,
            "due": {"date": due} if due else None}  # fmt: skip


def quote_forward() -> Conversation:
    return (
        Script("multi_turn", GMAIL)
        .user("Dana from Corvid sent over their Q1 quote a few days ago, can you pull it up?")
        .calls(("gmail_messages_search", {"query": "from:dana quote Q1", "maxResults": 5}, {"messages": [QUOTE, CALL], "resultSizeEstimate": 2}))
        .says('Found it: Dana Ruiz sent "Q1 quote, lenses" on Friday 27 February, with a file attached. The total she '
              "names is €18,400, valid until 15 March.")
        .user("Great. Pass it on to Tom Becker with a line that it's valid until the 15th. He's tom.becker@halden.example")
        .calls(("gmail_messages_forward", {"messageId": "18c2fa01b7d34e90", "to": ["tom.becker@halden.example"],
                                           "body": "Hi Tom, here is Corvid's Q1 quote. It is valid until 15 March."},
                {"id": "18c30b22b7d3aa01", "threadId": "18c2fa01b7d34e90", "labelIds": ["SENT"]}))
        .says("Done, Tom has the quote now.")
        .user("what else did she write last week?")
        .says("Besides the quote only one short mail, on Tuesday 24 February: thanks, and that you two would speak on Thursday.")
        .done()
    )  # fmt: skip


def book_slot() -> Conversation:
    return (
        Script("missing_parameter", CALENDAR)
        .user("set up a catch-up with tom.becker@halden.example next Monday at half past three")
        .says("Happy to. How long should it be?")
        .user("45 minutes is plenty")
        .calls(("googlecalendar_events_insert",
                {"calendarId": "primary", "summary": "Catch-up with Tom Becker",
                 "start": {"dateTime": "2026-03-09T15:30:00+01:00", "timeZone": "Europe/Berlin"},
                 "end": {"dateTime": "2026-03-09T16:15:00+01:00", "timeZone": "Europe/Berlin"},
                 "attendees": [{"email": "tom.becker@halden.example"}]},
                event("3k1v0m5q2h7n8b9c4d6e1f0g2h", "Catch-up with Tom Becker", "2026-03-09T15:30:00+01:00",
                      "2026-03-09T16:15:00+01:00", ["tom.becker@halden.example"])))
        .says("Booked: Monday 9 March, 15:30 to 16:15, and Tom is invited.")
        .done()
    )  # fmt: skip


def today_list() -> Conversation:
    items = [
        event("0a1b2c3d4e5f6g7h8i9j0k1l2m", "Standup", "2026-03-04T09:00:00+01:00", "2026-03-04T09:15:00+01:00"),
        event("0a1b2c3d4e5f6g7h8i9j0k1l2n", "Supplier day prep", "2026-03-04T11:00:00+01:00", "2026-03-04T12:30:00+01:00"),
        event("0a1b2c3d4e5f6g7h8i9j0k1l2o", "Interview Lena Vogel", "2026-03-04T15:00:00+01:00", "2026-03-04T16:00:00+01:00"),
    ]  # fmt: skip
    return (
        Script("single", CALENDAR)
        .user("What have I got on tomorrow?")
        .calls(("googlecalendar_events_list",
                {"calendarId": "primary", "timeMin": "2026-03-04T00:00:00+01:00", "timeMax": "2026-03-05T00:00:00+01:00",
                 "singleEvents": True, "orderBy": "startTime"}, {"items": items}))
        .says("Three things: Standup at 9, Supplier day prep from 11 to half past twelve, and the interview with Lena "
              "Vogel at 3 pm, an hour long.")
        .done()
    )  # fmt: skip


def move_event() -> Conversation:
    prep = event(
        "0a1b2c3d4e5f6g7h8i9j0k1l2n",
        "Supplier day prep",
        "2026-03-04T11:00:00+01:00",
        "2026-03-04T12:30:00+01:00",
    )
    moved = event(
        "0a1b2c3d4e5f6g7h8i9j0k1l2n",
        "Supplier day prep",
        "2026-03-05T14:00:00+01:00",
        "2026-03-05T15:30:00+01:00",
    )
    return (
        Script("dependent", CALENDAR)
        .user("Push the supplier day prep to Thursday at 2, please.")
        .calls(("googlecalendar_events_list", {"q": "supplier day prep", "timeMin": "2026-03-03T14:20:00+01:00", "maxResults": 10}, {"items": [prep]}))
        .calls(("googlecalendar_events_patch",
                {"eventId": "0a1b2c3d4e5f6g7h8i9j0k1l2n",
                 "start": {"dateTime": "2026-03-05T14:00:00+01:00"}, "end": {"dateTime": "2026-03-05T15:30:00+01:00"}}, moved))
        .says("It's on Thursday 5 March from 14:00 to 15:30 now; the 90 minutes are unchanged.")
        .done()
    )  # fmt: skip


def two_searches() -> Conversation:
    other = mail(
        "18c2ff99b7d30001",
        "18c2ff99b7d30001",
        "Crate prices",
        "Marek Nowak",
        "marek.nowak@brackwell.example",
        "2026-03-02T11:05:00+01:00",
        "The new price list is attached.",
        True,
    )
    return (
        Script("parallel", GMAIL)
        .user("Anything new from Dana or from Marek since Monday?")
        .calls(("gmail_messages_search", {"query": "from:dana after:2026/03/01"}, {"messages": [], "resultSizeEstimate": 0}),
               ("gmail_messages_search", {"query": "from:marek after:2026/03/01"}, {"messages": [other], "resultSizeEstimate": 1}))
        .says('Nothing from Dana. Marek Nowak wrote yesterday at 11:05: "Crate prices", with the new price list attached.')
        .done()
    )  # fmt: skip


def tidy_tasks() -> Conversation:
    return (
        Script("parallel_dependent", TASKS)
        .user("I've finished the two stock count tasks, tick both off")
        .calls(("todoist_tasks_list", {"limit": 50}, {"results": [
            task("6X7rM8997g3RQmvh", "Stock count, warehouse", "2026-03-02"), task("6X7rfFVPjhvv84XG", "Book crates", None),
            task("6X7rfEVP8hvv25ZQ", "Stock count, showroom", "2026-03-03")], "next_cursor": None}))
        .calls(("todoist_tasks_close", {"task_id": "6X7rM8997g3RQmvh"}, {}), ("todoist_tasks_close", {"task_id": "6X7rfEVP8hvv25ZQ"}, {}))
        .says('Both are ticked off. Only "Book crates" is left.')
        .done()
    )  # fmt: skip


def new_task() -> Conversation:
    made = task("6X7rAAVPjhvv84XA", "Call Brackwell about the crate delivery", "2026-03-06") | {"priority": 4}
    return (
        Script("single", TASKS)
        .user("remind me to call Brackwell about the crate delivery by Friday, it's urgent")
        .calls(("todoist_tasks_create", {"content": "Call Brackwell about the crate delivery", "due_date": "2026-03-06", "priority": 4}, made))
        .says('Added "Call Brackwell about the crate delivery" for Friday 6 March, marked urgent.')
        .done()
    )  # fmt: skip


def weather() -> Conversation:
    return (
        Script("no_tool", CALENDAR)
        .user("What's the weather doing in Porto this weekend? Deciding whether to move the offsite.")
        .says("I can't check forecasts from here, only your calendar. If you tell me which days look bad, I can move the offsite.")
        .done()
    )  # fmt: skip


def small_talk() -> Conversation:
    return (
        Script("chat", TASKS)
        .user("is it better to plan the day the evening before or in the morning?")
        .says("Many people sleep better when tomorrow's list already exists, so the evening before has a point. "
              "In the morning you know better how much energy there is. Try one for a while and see which you keep up.")
        .done()
    )  # fmt: skip


def refund() -> Conversation:
    customer = {
        "id": "cus_Nf9Zk2eZvKYlo2",
        "object": "customer",
        "name": "Corvid Lenses",
        "email": "accounts@corvid.example",
        "created": 1740000000,
    }
    charges = [
        {
            "id": "ch_3Pq9Zk2eZvKYlo2C1a",
            "object": "charge",
            "amount": 6490,
            "amount_refunded": 0,
            "currency": "eur",
            "status": "succeeded",
            "customer": "cus_Nf9Zk2eZvKYlo2",
            "created": 1772183520,
            "description": "Order 4471",
        },
        {
            "id": "ch_3Pq9Zk2eZvKYlo2C0b",
            "object": "charge",
            "amount": 12000,
            "amount_refunded": 0,
            "currency": "eur",
            "status": "succeeded",
            "customer": "cus_Nf9Zk2eZvKYlo2",
            "created": 1770183520,
            "description": "Order 4402",
        },
    ]
    refunded = {
        "id": "re_3Pq9Zk2eZvKYlo2C9b",
        "object": "refund",
        "amount": 6490,
        "currency": "eur",
        "status": "pending",
        "charge": "ch_3Pq9Zk2eZvKYlo2C1a",
        "created": 1772544000,
        "reason": "requested_by_customer",
    }
    tools = [tool.name for tool in everything().tools if tool.toolkit == "stripe"]
    return (
        Script("dependent", tools)
        .user("Refund order 4471 for accounts@corvid.example please, the customer's been waiting since Friday.")
        .calls(("stripe_customers_list", {"email": "accounts@corvid.example"}, {"object": "list", "data": [customer], "has_more": False}))
        .calls(("stripe_charges_list", {"customer": "cus_Nf9Zk2eZvKYlo2", "limit": 10}, {"object": "list", "data": charges, "has_more": False}))
        .calls(("stripe_refunds_create", {"charge": "ch_3Pq9Zk2eZvKYlo2C1a", "reason": "requested_by_customer"}, refunded))
        .says("The refund of €64.90 for order 4471 is on its way; it shows as pending, and banks usually take a few days.")
        .done()
    )  # fmt: skip


def mistaken_id() -> Conversation:
    error = {"error": {"code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND"}}
    return (
        Script("dependent", GMAIL)
        .user('bin that "Re: call" mail from Dana')
        .calls(("gmail_messages_trash", {"id": "0000000000000000"}, error), train=False)
        .calls(("gmail_messages_search", {"query": 'from:dana subject:"Re: call"'}, {"messages": [CALL], "resultSizeEstimate": 1}))
        .calls(("gmail_messages_trash", {"id": "18c2e1a0b7d34e11"}, {"id": "18c2e1a0b7d34e11", "threadId": "18c2e1a0b7d34e11", "labelIds": ["TRASH"]}))
        .says('"Re: call" from 24 February is in the bin.')
        .done()
    )  # fmt: skip


def write_mail() -> Conversation:
    body = "Hi Marek,\n\ncould you send the crate delivery papers by Thursday? We need them for customs.\n\nBest, Priya"
    return (
        Script("single", GMAIL)
        .user("Email marek.nowak@brackwell.example and ask for the crate delivery papers by Thursday, customs needs them. Subject: Delivery papers")
        .calls(("gmail_messages_send", {"to": ["marek.nowak@brackwell.example"], "subject": "Delivery papers", "body": body},
                {"id": "18c31122b7d3aa01", "threadId": "18c31122b7d3aa01", "labelIds": ["SENT"]}))
        .says("Sent to Marek: he has until Thursday for the delivery papers.")
        .done()
    )  # fmt: skip


def good() -> Sequence[Conversation]:
    """All hand-written rows; every check must let every one of them pass."""
    return tuple(
        write()
        for write in (quote_forward, book_slot, today_list, move_event, two_searches, tidy_tasks, new_task, weather,
                      small_talk, refund, mistaken_id, write_mail)
    )  # fmt: skip
