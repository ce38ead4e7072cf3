"""What is posted beneath a record belongs to it: a payment of a bill lessens what is owed, an update makes no incident."""

from __future__ import annotations

from typing import Any

import pytest

from callsmith.records import Call, Tool, Toolset
from callsmith.seeds import rng
from callsmith.understand import understand
from callsmith.world.inferred.world import InferredWorld

TEXT, NUMBER = {"type": "string"}, {"type": "number"}


def _object(called: str = "", /, **fields: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [*fields],
        "properties": fields,
        **({"title": called} if called else {}),
    }


def beneath(noun: str, record: dict[str, Any], name: str, said: str, under: str, **body: Any) -> Toolset:
    key, path = f"{noun}_id", f"/{noun}s"
    listed = Tool(name=f"list_{noun}s", toolkit="desk", description=f"List {noun}s", parameters=_object(),
                  returns={"type": "array", "items": record}, hints={"method": "get", "path": path})  # fmt: skip
    posted = Tool(name=name, toolkit="desk", description=said, parameters=_object(**{key: TEXT}, **body), returns=record,
                  hints={"method": "post", "path": f"{path}/{{{key}}}/{under}", "summary": said})  # fmt: skip
    return understand("desk", [listed, posted])


STANDS = {"type": "string", "enum": ["open", "resolved"]}
STATES = {"type": "string", "enum": ["draft", "open", "part_paid", "paid", "void"]}


@pytest.mark.parametrize(("paid", "left"), [("amount_paid", "balance"), ("paid", "amount_due")])
def test_a_payment_lessens_what_is_owed(paid: str, left: str) -> None:
    bill = _object("Invoice", id=TEXT, status=STATES, total=NUMBER, **{paid: NUMBER, left: NUMBER})
    method = {"type": "string", "enum": ["card", "cash"]}
    kit = beneath(
        "invoice", bill, "record_payment", "Record a payment", "payments", amount=NUMBER, method=method
    )
    world = InferredWorld(kit, 3)
    owed = next(one for one in world.records("desk.invoice") if one["status"] == "open" and one[left] > 20)

    def pay(amount: Any) -> dict[str, Any]:
        said = {"invoice_id": owed["id"], "amount": amount, "method": "card"}
        shown: Any = world.run(Call("c1", "record_payment", said)).value
        return dict(shown)

    once = pay(10)
    assert (once[paid], once[left], once["status"]) == (owed[paid] + 10, owed[left] - 10, "part_paid")
    last = pay(once[left])
    assert (last[paid], last[left], last["status"]) == (owed[paid] + owed[left], 0, "paid")


def test_an_update_posted_beneath_an_incident_makes_no_incident() -> None:
    incident = _object("Incident", id=TEXT, title=TEXT, status=STANDS)
    kit = beneath(
        "incident", incident, "post_incident_update", "Post an update", "updates", message=TEXT, status=STANDS
    )
    tool = next(tool for tool in kit.tools if tool.name == "post_incident_update")
    assert tool.deed in ("act", "update")
    assert (tool.entity, tool.id_field) == ("desk.incident", "/incident_id")
    world = InferredWorld(kit, 3)
    first = world.records("desk.incident")[0]
    said = {"incident_id": first["id"], "message": "It is fixed.", "status": "resolved"}
    shown: Any = world.run(Call("c1", tool.name, said)).value
    assert (shown["id"], shown["title"], shown["status"]) == (first["id"], first["title"], "resolved")


def test_what_was_given_lies_behind_whoever_notes_it() -> None:
    dose = _object("Dose", id=TEXT, vaccine=TEXT, given_on={"type": "string", "format": "date"})
    noted = Tool(name="record_dose", toolkit="desk", description="Record a dose", returns=dose,
                 parameters=_object(vaccine=TEXT, given_on={"type": "string", "format": "date"}))  # fmt: skip
    world = InferredWorld(understand("desk", [noted]), 3)
    tool = world.toolset.tools[0]
    day = next(one for one in tool.inputs if one.name == "given_on")
    assert all(str(world.invent(tool, day, rng("given", place))) <= world.now[:10] for place in range(20))
