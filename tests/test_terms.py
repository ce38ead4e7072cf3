"""What is kept, held, billed and renewed agrees with what it is, how it stands and when it began."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from callsmith.catalog.belonging import told_by_name
from callsmith.catalog.bought import bought_of, publisher_of
from callsmith.seeds import rng
from callsmith.world.inferred.inventing import invent
from callsmith.world.inferred.world import InferredWorld
from test_things import TEXT, kept, records

DAY = {"type": ["string", "null"], "format": "date"}
LOOSE = {"type": ["string", "null"]}
NUMBER = {"type": "number"}


def _of(*options: str) -> dict[str, Any]:
    return {"type": "string", "enum": [*options]}


@pytest.mark.parametrize(
    "kind", ["laptop", "docking_station", "Circular saw large", "infusion_pump", "Microscope 20"]
)
def test_what_is_bought_is_known_by_the_end_of_its_name(kind: str) -> None:
    found = bought_of(kind)
    assert found is not None and 0 < found.low < found.high and found.makes


@pytest.mark.parametrize(
    ("program", "house"), [("Slack", "Salesforce"), ("AutoCAD LT", "Autodesk"), ("Quux", "")]
)
def test_a_program_is_of_its_house(program: str, house: str) -> None:
    assert publisher_of(program) == house


def test_what_is_bought_is_of_a_make_that_there_is_and_costs_what_it_should() -> None:
    states = _of("in_stock", "assigned", "in_repair", "retired")
    fields = {"category": _of("laptop", "dock", "printer"), "manufacturer": TEXT, "model": TEXT, "status": states,
              "purchase_price": NUMBER, "purchase_date": DAY, "warranty_until": DAY, "assigned_to": LOOSE,
              "assigned_at": {**DAY, "format": "date-time"}}  # fmt: skip
    toolset = kept(asset=fields, employee={"full_name": TEXT, "email": {**TEXT, "format": "email"}})
    for seed in (2, 5, 9):
        people = {one["full_name"] for one in records(toolset, "employee", seed)}
        for asset in records(toolset, "asset", seed):
            known = bought_of(asset["category"])
            assert known is not None
            assert asset["model"] in {
                model for make in known.makes if make.name == asset["manufacturer"] for model in make.models
            }
            if asset.get("warranty_until"):
                lasts = date.fromisoformat(asset["warranty_until"]) - date.fromisoformat(
                    asset["purchase_date"]
                )
                assert lasts.days in (365, 366, 730, 731, 1095, 1096)
            held = asset["status"] == "assigned"
            assert (asset["assigned_to"] in people) is (asset["assigned_at"] is not None) is held
    costs = {one["purchase_price"] for one in records(toolset, "asset", 2) if one["category"] == "dock"}
    assert not costs or max(costs) < 3 * min(costs)


def test_what_renews_does_so_by_its_interval_and_not_once_it_has_ended() -> None:
    fields = {"status": _of("trialing", "active", "paused", "cancelled"), "interval": _of("monthly", "yearly"),
              "started_on": DAY, "trial_ends_on": DAY, "renews_on": DAY, "cancelled_on": DAY}  # fmt: skip
    toolset = kept(subscription=fields)
    for seed in (2, 5):
        for one in records(toolset, "subscription", seed):
            assert bool(one["trial_ends_on"]) is (one["status"] == "trialing")
            assert bool(one["renews_on"]) is (one["status"] != "cancelled")
            assert one["started_on"]
            if one["status"] == "active":
                began, next_ = (date.fromisoformat(one[name]) for name in ("started_on", "renews_on"))
                assert (next_ - began).days > 0 and abs(next_.day - began.day) < 4
                assert one["interval"] == "monthly" or next_.month == began.month


def test_what_is_given_up_was_due_and_numbers_bear_their_year() -> None:
    number = {**TEXT, "examples": ["TH-2024-00412"]}
    fields = {"number": number, "state": _of("draft", "open", "paid", "uncollectible"), "total": NUMBER,
              "issued_on": DAY, "due_on": DAY}  # fmt: skip
    for seed in (2, 5):
        listed = records(kept(invoice=fields), "invoice", seed)
        for one in listed:
            if one.get("number"):
                assert one["number"].startswith(f"TH-{one['issued_on'][:4]}-") and len(one["number"]) == 13
            assert (date.fromisoformat(one["due_on"]) - date.fromisoformat(one["issued_on"])).days <= 60
        last = max(one["issued_on"] for one in listed)
        assert all(one["due_on"] <= last for one in listed if one["state"] == "uncollectible")


def test_seats_are_counted_and_cost_nothing() -> None:
    licences = records(kept(license={"product": TEXT, "seats_total": {"type": "integer"}}), "license", 3)
    assert all(0 < one["seats_total"] <= 200 for one in licences)


def test_who_has_signed_follows_from_how_far_the_paper_is() -> None:
    asked = {"name": TEXT, "email": {**TEXT, "format": "email"}, "status": _of("waiting", "signed", "declined"),
             "signed_at": {**DAY, "format": "date-time"}}  # fmt: skip
    fields = {"subject": TEXT, "status": _of("draft", "sent", "partially_signed", "completed", "declined"),
              "signers": {"type": "array", "items": {"type": "object", "properties": asked}}}  # fmt: skip
    for one in records(kept(envelope=fields), "envelope", 4):
        told = [signer["status"] for signer in one["signers"]]
        assert told
        wanted = {"completed": {"signed"}, "partially_signed": {"signed", "waiting"}}.get(one["status"])
        assert {*told} == wanted if wanted else "signed" not in told
        assert all(bool(signer["signed_at"]) is (signer["status"] == "signed") for signer in one["signers"])


def test_papers_are_of_the_sort_that_their_titles_tell() -> None:
    title = {**TEXT, "examples": ["Mutual NDA"]}
    fields = {"title": title, "category": _of("employment", "sales", "nda", "lease", "procurement")}
    for one in records(kept(template=fields), "template", 4):
        assert told_by_name(one["title"], fields["category"]["enum"]) == one["category"]


def test_one_id_has_one_name() -> None:
    toolset = kept(
        subscriber={"company_name": TEXT, "billing_email": TEXT},
        invoice={"subscriber_id": TEXT, "subscriber_name": TEXT, "total": NUMBER},
    )
    names = {one["id"]: one["company_name"] for one in records(toolset, "subscriber", 4)}
    for one in records(toolset, "invoice", 4):
        assert names[one["subscriber_id"]] == one["subscriber_name"]


def test_what_is_stated_of_a_new_thing_goes_together() -> None:
    fields = {
        "category": _of("laptop", "dock", "printer"),
        "manufacturer": TEXT,
        "model": TEXT,
        "purchase_price": NUMBER,
    }
    toolset = kept(asset={**fields, "serial_number": TEXT})
    tool = next(tool for tool in toolset.tools if tool.name.endswith("create_asset"))
    for seed in range(4):
        world, draw = InferredWorld(toolset, seed), rng("bought", seed)
        stated = {item.name: invent(world, tool, item, draw) for item in tool.inputs if item.name in fields}
        known = bought_of(str(stated["category"]))
        assert known is not None and stated["model"] in {m for make in known.makes for m in make.models}
        assert stated["manufacturer"] in {make.name for make in known.makes}
        assert (
            known.low * 0.9
            <= float(str(stated["purchase_price"])) / world.population.scale
            <= known.high * 1.1
        )
