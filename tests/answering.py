"""A serving with DataFlow's methods that does what prompts ask, for requests about parcels, and has faults."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from callsmith import operators, seeds

PARTS = ["atom_task", "subsequent_task"]
THREE = ["atom_task", "parallel_task", "subsequent_task"]
FAULTS = ("none", "empty", "prose", "broken", "number", "stranger")  # answers that cannot be used
FORMS = ("json", "fenced", "thinking", "headings", "bold")  # answers that can


class Answering:
    """``faulty``: how often a request is answered badly at first. A parcel 013 makes it raise; 404 gets nonsense."""

    def __init__(self, faulty: float = 0.0, forms: tuple[str, ...] = ("json",), seed: int = 0) -> None:
        self.faulty, self.forms, self.seed = faulty, forms, seed
        self.asked: Counter[str] = Counter()
        self.batches: list[int] = []

    def generate_from_input(
        self, user_inputs: list[str], system_prompt: str = "You are a helpful assistant"
    ) -> list[str | None]:
        self.batches.append(len(user_inputs))
        return [self.answer(text) for text in user_inputs]

    def generate_from_conversations(self, conversations: list[list[dict[str, Any]]]) -> list[str | None]:
        self.batches.append(len(conversations))
        users = [next(one["content"] for one in talk if one["role"] == "user") for talk in conversations]
        return [self.answer(text) for text in users]

    def answer(self, text: str) -> str | None:
        parcel = re.search(r"parcel ([0-9]+)", text)
        number = parcel[1] if parcel else "000"
        if number == "013":
            raise ConnectionError("the server went away")
        self.asked[text] += 1
        if number == "404":
            return "I would rather talk about {the weather."
        rng = seeds.rng("answering", self.seed, text, self.asked[text])
        value = meant(text, number)
        if self.asked[text] == 1 and rng.random() < self.faulty:
            return spoiled(value, rng.choice(FAULTS))
        form = rng.choice(self.forms)
        return formed(
            value, form if form in ("json", "fenced", "thinking") or "<call>" not in text else "json"
        )


def spoiled(value: dict[str, Any], fault: str) -> str | None:
    """An answer that must not be used."""
    if fault == "none":
        return None
    if fault == "empty":
        return "  "
    if fault == "prose":
        return "Certainly! I will gladly help with that."
    call = value.get("calls", [{}])[0]
    if fault == "number" and call:
        return json.dumps({"calls": [{**call, "arguments": dict.fromkeys(call["arguments"], 7)}]})
    if fault == "stranger" and call:
        return json.dumps({"calls": [{**call, "name": "launch_rocket"}]})
    return json.dumps(value)[:-3]


def formed(value: dict[str, Any], form: str) -> str:
    """An answer that can be used, in one of the forms that models give."""
    text = json.dumps(value, ensure_ascii=False)
    flat = all(isinstance(one, str) for one in value.values()) and set(value) != {"answer"}
    if form == "fenced":
        return f"Here it is:\n```json\n{text}\n```\nLet me know!"
    if form == "thinking":
        return f"<think>\nThe {{user}} wants a thing.\n</think>\n\n<answer>{text}</answer>"
    if form == "headings" and flat:
        return "\n\n".join(f"### {name.replace('_', ' ').title()}: {said}" for name, said in value.items())
    if form == "bold" and flat:
        return "\n".join(f"**{name.replace('_', ' ')}:**\n{said}\n" for name, said in value.items())
    return text


def meant(text: str, number: str) -> dict[str, Any]:
    """What a model that understands the prompt would answer."""
    wanted = re.search(r'^Answer with JSON(?: of this form)?:\s*\{"([a-z_]+)"', text, re.MULTILINE)
    name = wanted[1] if wanted else ""
    parts = len(re.findall(r"^[0-9]\. ", block(text, "parts"), re.MULTILINE))
    simple = {
        "scenario": f"Somebody waits for parcel {number}.",
        "expanded_scenario": f"A workshop is short of parts.\nThey come in parcel {number}.",
        "atomic_task": f"Which courier has parcel {number}, sent on 2026-03-02?",
    }
    if name in simple:
        return {name: simple[name]}
    if name == "subsequent_task":
        return {
            name: f"What is the phone number of the courier of parcel {number}?",
            "composition_task": f"Give me the phone number of the courier\nwho has parcel {number}, sent on 2026-03-02.",
        }
    if name == "parallel_task":
        return {
            name: f"On which day is parcel {number} due?",
            "subsequent_task": f"Is the courier of parcel {number} at work on that day?",
            "composition_task": f"Is the courier of parcel {number}, sent on 2026-03-02, at work on the day it is due?",
        }
    if name == "reason":
        return {name: "It holds together.", "answer": "no" if number == "500" else "yes"}
    if name == "functions":
        return {"functions": parcels(parts)}
    if name == "message":
        return {name: f"Hi! Who brings parcel {number} (sent on 2026-03-02), and how do I reach them?"}
    if name == "explanation":
        return {name: "Right calls.", "score": 5}
    if "<call>" in text:
        return given(json.loads(block(text, "function")))
    return move(text, number)


def parcels(parts: int) -> list[dict[str, Any]]:
    def value(name: str, **more: Any) -> dict[str, Any]:
        return {"name": name, "type": "string", "description": f"The {name}.", **more}

    def function(task: int, name: str, parameters: list[Any], outputs: list[Any]) -> dict[str, Any]:
        about = {"task": task, "name": name, "description": "Finds what is known."}
        return {**about, "parameters": parameters, "outputs": outputs}

    who = {"from": {"function": "find_courier", "output": "courier.name"}, "required": True}
    parcel = value("parcel", required=True)
    fields = [value("name"), value("depot")]
    first = function(
        1, "find_courier", [parcel, value("sent", required=False)], [value("courier", fields=fields)]
    )
    first["outputs"][0]["type"] = "object"
    if parts == 2:
        return [first, function(2, "find_phone", [value("courier", **who)], [value("phone")])]
    day = {"from": {"function": "due_day", "output": "day"}, "required": True}
    return [
        first,
        function(2, "due_day", [parcel], [value("day")]),
        function(3, "at_work", [value("courier", **who), value("day", **day)], [value("answer")]),
    ]


def given(function: dict[str, Any]) -> dict[str, Any]:
    """A result of a function."""
    known = {"courier": {"name": "Lena Ott", "depot": "007"}, "phone": "030 0071", "day": "2026-03-04"}
    return {name: known.get(name, "yes") for name in function["returns"]["properties"]}


def move(text: str, number: str) -> dict[str, Any]:
    """What the assistant does next: whatever has not been called, once what it needs is known."""
    names = [json.loads(line)["name"] for line in block(text, "functions").splitlines()]
    talk = [json.loads(line) for line in block(text, "conversation").splitlines()]
    called = [call["function"]["name"] for one in talk for call in one.get("tool_calls", ())]
    if not called and len(names) == 3:
        first = {"name": "find_courier", "arguments": {"parcel": number, "sent": "2026-03-02"}}
        return {"calls": [first, {"name": "due_day", "arguments": {"parcel": number}}]}
    if not called:
        return {"calls": [{"name": "find_courier", "arguments": {"parcel": number, "sent": "2026-03-02"}}]}
    who = json.loads(next(one["content"] for one in talk if one["role"] == "tool"))["courier"]["name"]
    if names[-1] not in called:
        arguments = {"courier": who} if len(names) == 2 else {"courier": who, "day": "2026-03-04"}
        return {"calls": [{"name": names[-1], "arguments": arguments}]}
    return {"answer": f"{who} has parcel {number}."}


def block(text: str, name: str) -> str:
    """What stands in a block of a prompt."""
    found = re.search(rf"^<({name}(?:-[0-9]+)?)>\n(.*?)\n</\1>$", text, re.MULTILINE | re.DOTALL)
    return found[2] if found else ""


def all_of_them(kept: Any, serving: Any, parallel: bool = False) -> None:
    """The whole pipeline, as a user of DataFlow writes it."""
    parts = THREE if parallel else PARTS
    composer = operators.ParaSeqTaskGenerator if parallel else operators.SequentialTaskGenerator
    operators.ScenarioExtractor(serving).run(kept.step(), input_chat_key="chat")
    operators.ScenarioExpander(serving).run(kept.step(), input_scenario_key="scenario")
    operators.AtomTaskGenerator(serving).run(kept.step(), input_scenario_key="modified_scenario")
    composer(serving).run(kept.step(), input_task_key="atom_task")
    operators.CompositionTaskFilter(serving).run(
        kept.step(), input_composition_task_key="composition_task", input_sub_tasks_keys=parts
    )
    operators.FunctionGenerator(serving).run(
        kept.step(), input_composition_task_key="composition_task", input_sub_tasks_keys=parts
    )
    operators.MultiTurnConversationGenerator(serving).run(
        kept.step(),
        input_task_key="composition_task",
        input_sub_tasks_keys=parts,
        input_functions_key="functions",
    )
    operators.FuncCallConversationSampleEvaluator(serving).run(
        kept.step(), input_conversation_key="conversations"
    )
