"""A sensible model for the recipe that begins with dialogues: it knows a few tasks by heart and answers any prompt of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from aiohttp import web
from msgspec import Struct, field

from callsmith.records import Call, Place, Reply, Request
from serving import serving


def text(name: str, description: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "string", "description": description, **more}


ROOM = {
    "name": "room",
    "type": "object",
    "description": "The room.",
    "fields": [
        text("id", "Id of the room."),
        text("name", "Name of the room."),
        {"name": "capacity", "type": "integer", "description": "Seats in the room."},
    ],
}
BOOKING = [
    text("id", "Id of the booking."),
    text("room_id", "Id of the room."),
    text("title", "Title."),
    text("start_time", "Start, ISO 8601."),
]
FIND_ROOM = {
    "task": 1,
    "name": "find_room",
    "description": "Finds a meeting room by its name.",
    "parameters": [text("name", "Name of the room.", required=True)],
    "outputs": [ROOM],
}
LIST_BOOKINGS = {
    "task": 2,
    "name": "list_bookings",
    "description": "Lists the bookings of a room.",
    "parameters": [
        text(
            "room_id",
            "Id of the room.",
            required=True,
            **{"from": {"function": "find_room", "output": "room.id"}},
        )
    ],
    "outputs": [
        {"name": "bookings", "type": "array of object", "description": "The bookings.", "fields": BOOKING}
    ],
}
FIND_STAFF = {
    "task": 2,
    "name": "find_employee",
    "description": "Finds an employee by name.",
    "parameters": [text("name", "Name of the employee.", required=True)],
    "outputs": [
        {
            "name": "employee",
            "type": "object",
            "description": "The employee.",
            "fields": [
                text("id", "Id of the employee."),
                text("name", "Name of the employee."),
                text("email", "Mail address of the employee."),
            ],
        }
    ],
}
CREATE_BOOKING = {
    "task": 3,
    "name": "create_booking",
    "description": "Books a room for an employee.",
    "parameters": [
        text("room_id", "Id of the room.", required=True, **{"from": {"function": "find_room", "output": "room.id"}}),
        text("employee_id", "Id of the employee.", required=True, **{"from": {"function": "find_employee", "output": "employee.id"}}),
        text("title", "Title of the booking.", required=True),
    ],
    "outputs": [
        {
            "name": "booking",
            "type": "object",
            "description": "The booking.",
            "fields": [*BOOKING, text("employee_id", "Id of the employee.")],
        }
    ],
}  # fmt: skip
GAUGE = {
    "task": 1,
    "name": "gauge_wall",
    "description": "The surface of a wall.",
    "parameters": [text("wall", "Which wall.", required=True)],
    "outputs": [{"name": "square_metres", "type": "number", "description": "Surface."}],
}
TALLY = {
    "task": 2,
    "name": "tally_paint",
    "description": "How much paint a surface takes.",
    "parameters": [
        {
            "name": "square_metres",
            "type": "number",
            "description": "Surface.",
            "required": True,
            "from": {"function": "gauge_wall", "output": "square_metres"},
        }
    ],
    "outputs": [{"name": "litres", "type": "number", "description": "Paint."}],
}
FUNCTIONS = {
    "rooms": [FIND_ROOM, LIST_BOOKINGS],
    "rooms_and_people": [FIND_ROOM, FIND_STAFF, CREATE_BOOKING],
    "paint": [GAUGE, TALLY],
}
TASKS = {
    "rooms": {
        "scenario": "An office keeper wants to know what goes on in the meeting rooms.",
        "expanded_scenario": "A community centre plans its evenings around what its rooms are taken for.",
        "atomic_task": "Which room is the Aster room?",
        "subsequent_task": "What is that room taken for?",
        "composition_task": "What is the Aster room taken for?",
    },
    "rooms_and_people": {
        "scenario": "Somebody keeps the rooms of an office.",
        "expanded_scenario": "Somebody keeps the rooms of a library and books them for others.",
        "atomic_task": "Which room is the Aster room?",
        "parallel_task": "Who is Dana Ruiz?",
        "subsequent_task": "Book the room for her, as Spring review.",
        "composition_task": "Book the Aster room for Dana Ruiz, as Spring review.",
    },
    "paint": {
        "scenario": "Somebody paints a home and wants to know what to buy.",
        "expanded_scenario": "A club paints its boathouse and has to buy paint.",
        "atomic_task": "How large is the north wall of the boathouse?",
        "subsequent_task": "How much paint does a wall of that size take?",
        "composition_task": "How much paint does the north wall of the boathouse take?",
    },
}  # fmt: skip


FORMS = {
    *TASKS["rooms"],
    *("reason+answer", "functions", "request", "message", "done+message", "answer"),
    *("subsequent_task+composition_task", "parallel_task+subsequent_task+composition_task"),
    "tool_use+clarity+naturalness+coherence+helpfulness+accuracy",
}


def block(said: str, name: str) -> str:
    found = re.search(rf"<{name}>\n(.*?)\n</{name}>", said, re.DOTALL)
    return found[1] if found else ""


class Sensible:
    """Answers by the form it is asked for.

    ``flaws`` are answers given in place of the right ones, by form and in turn; None stands for the right one.
    """

    def __init__(self, flaws: Mapping[str, Sequence[Any]] | None = None, topic: str = "") -> None:
        self.flaws = {name: list(answers) for name, answers in (flaws or {}).items()}
        self.topic = topic
        self.asked: list[Request] = []

    async def complete(self, request: Request, place: Place) -> Reply:
        self.asked.append(request)
        return self.answer(request)

    def answer(self, request: Request) -> Reply:
        form = "+".join((request.schema or {}).get("required", ())) or "assistant"
        flaw = self.flaws[form].pop(0) if self.flaws.get(form) else None
        if isinstance(flaw, Reply):
            return flaw
        if flaw is not None:
            return Reply(flaw) if isinstance(flaw, str) else told(flaw)
        if form == "assistant":
            return self.acts(request)
        if form == "act":
            return in_form(self.acts(unformed(request)))
        said = "\n".join(str(message["content"]) for message in request.messages)
        if form not in FORMS:
            properties = (request.schema or {})["properties"]  # whether forms are heeded is tried out
            return told({name: each["enum"][0] for name, each in properties.items()})
        topic = self.topic or ("paint" if "paint" in said.lower() or "wall" in said.lower() else "rooms")
        known = TASKS[topic]
        if form.endswith("subsequent_task+composition_task"):
            return told({name: known[name] for name in form.split("+")})
        if form in known:
            return told({form: known[form]})
        return told(self.other(form, said, topic))

    def other(self, form: str, said: str, topic: str) -> Any:
        if form == "reason+answer":
            return {"reason": "all of it can be done", "answer": "yes"}
        if form == "functions":
            return {"functions": FUNCTIONS[topic]}
        if form == "request":
            if topic == "paint":
                return {"request": "Wants to know how much paint the north wall of the boathouse takes."}
            shown = {
                k: v for line in block(said, "records").splitlines() for k, v in json.loads(line).items()
            }
            name = shown["rooms"][0]["name"]
            if topic == "rooms_and_people":
                whom = shown["employees"][0]["name"]
                return {"request": f"Wants the room called {name} to be booked for {whom}, as Spring review."}
            return {"request": f"Wants to know what the room called {name} is taken for."}
        if form == "message":
            if topic == "paint":
                return {"message": "how much paint does the north wall of the boathouse take?"}
            if topic == "rooms_and_people":
                found = re.search(r"called (.*) to be booked for (.*), as", block(said, "present"))
                assert found, said
                return {"message": f'Please book the {found[1]} room for {found[2]}, as "Spring review".'}
            return {"message": f"what's the {room_in(block(said, 'present'))} room taken for?"}
        if form == "done+message":
            return {"done": True, "message": ""}
        if form == "answer":
            return {
                "answer": {
                    "result": {"square_metres": 42.5}
                    if "gauge_wall" in block(said, "call")
                    else {"litres": 8.5}
                }
            }
        points = ("tool_use", "clarity", "naturalness", "coherence", "helpfulness", "accuracy")
        return {name: {"reason": "fine", "points": 5} for name in points}

    def acts(self, request: Request) -> Reply:
        results = [json.loads(m["content"]) for m in request.messages if m["role"] == "tool"]
        results = [result for result in results if "error" not in result]
        names = {str(tool["name"]) for tool in request.tools}
        asked = next(str(m["content"]) for m in request.messages if m["role"] == "user")
        if "gauge_wall" in names:
            if not results:
                return calling("gauge_wall", wall="the north wall of the boathouse")
            if len(results) == 1:
                return calling("tally_paint", square_metres=results[0]["square_metres"])
            return Reply(f"It takes {results[1]['litres']} litres.")
        if "create_booking" in names:
            return self.books(asked, results)
        if not results:
            return calling("find_room", name=re.search(r"what's the (.*) room taken for", asked)[1])  # type: ignore[index]
        if len(results) == 1:
            return calling("list_bookings", room_id=results[0]["room"]["id"])
        titles = [each["title"] for each in results[1]["bookings"]]
        if not titles:
            return Reply("Nothing is booked there.")
        return Reply(f"The bookings there: {'; '.join(titles)}.")

    def books(self, asked: str, results: Sequence[Any]) -> Reply:
        found = re.search(r"book the (.*) room for (.*), as", asked)
        assert found, asked
        if not results:
            given = (("find_room", found[1]), ("find_employee", found[2]))
            calls = [Call("theirs", tool, {"name": name}) for tool, name in given]
            return Reply(calls=calls, finish="calls")
        if len(results) == 2:
            ids = {"room_id": results[0]["room"]["id"], "employee_id": results[1]["employee"]["id"]}
            return calling("create_booking", **ids, title="Spring review")
        return Reply(f'Done: the {found[1]} room is booked for {found[2]}, as "Spring review".')


def room_in(request: str) -> str:
    found = re.search(r"the room called (.*) is taken", request)
    assert found, request
    return found[1]


def unformed(request: Request) -> Request:
    """A request to fill in a form, as one in which calls are native."""
    messages: list[Any] = []
    for message in request.messages:
        said = str(message["content"])
        if message["role"] == "user" and said.startswith("Result of "):
            found = [line.partition(": ")[2] for line in said.splitlines()]
            messages += [{"role": "tool", "content": content} for content in found]
        else:
            messages.append(message)
    names = re.findall(r'"name":"(\w+)"', str(messages[0]["content"]))
    return Request(messages, [{"name": name} for name in names])


def in_form(reply: Reply) -> Reply:
    calls = [{"name": call.name, "arguments": call.arguments} for call in reply.calls]
    return told({"act": {"calls": calls} if calls else {"say": reply.text}})


def told(value: Any) -> Reply:
    return Reply(json.dumps(value))


def calling(tool: str, /, **arguments: Any) -> Reply:
    return Reply(calls=[Call("theirs", tool, arguments)], finish="calls")


class Served(Struct):
    """The model at an address."""

    base_url: str
    name: str = "sensible"
    requests: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def served(model: Sensible) -> Iterator[Served]:
    """The model as a server of chat completions on loopback."""
    told = Served("")

    async def complete(http: web.Request) -> web.Response:
        body = await http.json()
        told.requests.append(body)
        schema = ((body.get("response_format") or {}).get("json_schema") or {}).get("schema")
        tools = [tool["function"] for tool in body.get("tools") or ()]
        reply = model.answer(Request(body["messages"], tools, schema))
        message: dict[str, Any] = {"role": "assistant", "content": reply.text}
        if reply.calls:
            message["tool_calls"] = [
                {"id": call.id, "type": "function",
                 "function": {"name": call.name, "arguments": json.dumps(call.arguments)}}
                for call in reply.calls
            ]  # fmt: skip
        return web.json_response(
            {
                "model": told.name,
                "choices": [
                    {"index": 0, "message": message, "finish_reason": "tool_calls" if reply.calls else "stop"}
                ],
                "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
            }
        )

    app = web.Application(client_max_size=64 * 2**20)
    app.router.add_post("/v1/chat/completions", complete)
    with serving(app) as address:
        told.base_url = f"{address}/v1"
        yield told
