"""An API whose descriptions say what its schemas do not: choices, forms, fields that are there in some cases only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from callsmith.config import Toolkit
from callsmith.ports import drive
from callsmith.records import Call
from callsmith.sources import load
from callsmith.understand.asked_things import names
from callsmith.understand.facets import guess
from callsmith.understand.leaf import Leaf
from callsmith.world.inferred.world import InferredWorld
from everyday import TEXT, api, at, operation

MOMENT = {"type": "string", "description": "Last modification time (as a RFC 3339 timestamp)."}
CHORE = {
    "id": TEXT, "title": TEXT, "status": {"type": "string", "description": 'Either "needsAction" or "completed".'},
    "completed": {"type": "string", "format": "date-time"}, "updated": MOMENT,
    "webViewLink": {"type": "string", "description": "A link to the chore in the web interface."},
    "rejectionReason": {"type": "string", "enum": ["copyright", "length"],
                        "description": "Only present if the chore was rejected."},
    "ageRange": {"type": "string", "enum": ["YOUNG", "OLD"], "description": "**DEPRECATED** (see ageRanges)"},
}  # fmt: skip
GROUP = {"id": TEXT, "name": TEXT, "groupType": {"type": "string", "enum": ["USER_GROUP", "SYSTEM_GROUP"]}}


def chores(folder: Path) -> Toolkit:
    body = {"type": "object", "required": ["title"], "properties": {"title": TEXT}}
    taken = {"requestBody": {"required": True, "content": {"application/json": {"schema": body}}}}
    return api(folder, "Chores", {
        "/chores": {"get": operation("listChores", "List chores", "Chore", True)},
        "/chores/{id}": {"patch": operation("updateChore", "Change a chore", "Chore", parameters=at("id"), **taken)},
        "/contactGroups": {"get": operation("listContactGroups", "List contact groups", "ContactGroup", True)},
    }, Chore=CHORE, ContactGroup=GROUP)  # fmt: skip


def test_records_hold_what_descriptions_tell_of_their_fields(tmp_path: Path) -> None:
    toolset = load(chores(tmp_path)).toolset
    for seed in range(3):
        for chore in InferredWorld(toolset, seed).records("chores.chore"):
            assert chore["status"] in ("needsAction", "completed")
            assert "rejectionReason" not in chore and "ageRange" not in chore
            assert str(chore.get("webViewLink", "https://app.chores.example/")).startswith("https://app.")
            assert str(chore["updated"]) >= str(chore.get("completed") or "")


def test_a_change_moves_the_moment_of_the_last_one(tmp_path: Path) -> None:
    world = InferredWorld(load(chores(tmp_path)).toolset, 1)
    chore = world.records("chores.chore")[0]
    said = {"id": chore["id"], "title": "Mop the floor"}
    changed: Any = drive(world.call(Call("c", "chores_update_chore", said))).value
    assert changed["title"] == "Mop the floor" and changed["updated"] > str(chore["updated"])


def test_groups_of_contacts_are_made_by_people_and_named_by_them(tmp_path: Path) -> None:
    groups = InferredWorld(load(chores(tmp_path)).toolset, 2).records("chores.contact_group")
    assert {group["groupType"] for group in groups} == {"USER_GROUP"}
    assert not any("Group" in str(group["name"]) for group in groups)


MACHINE = {
    "id": TEXT, "label": TEXT, "status": {"type": "string", "enum": ["running", "stopped"]},
    "region": {"type": "string", "examples": ["us-east"]}, "tier_slug": {"type": "string", "examples": ["basic"]},
    "used": {"type": "integer", "examples": [188318981]}, "tags": {"type": "array", "items": TEXT},
    "phone": {"type": "object", "properties": {"secondary": {"type": "string", "format": "phone"}}},
}  # fmt: skip
REGION = {
    "id": {"type": "string", "examples": ["us-east"]},
    "label": {"type": "string", "examples": ["Newark, NJ"]},
}
SNAPSHOT = {"id": TEXT, "name": TEXT, "instance_id": TEXT, "resource_type": {"type": "string", "enum": ["droplet", "instance"]},
            "resource_id": TEXT}  # fmt: skip
PLAIN = {"id": TEXT, "name": TEXT}
RECORD = {"id": TEXT, "name": TEXT, "type": {"type": "string", "enum": ["A", "NS"]}}


def machines(folder: Path) -> Toolkit:
    wrapped = {
        "type": "object",
        "properties": {"domain_record": {"$ref": "#/components/schemas/DomainRecord"}},
    }
    answer = {"200": {"description": "", "content": {"application/json": {"schema": wrapped}}}}
    return api(folder, "Cloud", {
        "/instances": {"get": operation("listInstances", "List instances", "Instance", True),
                     "post": operation("createInstance", "Create a instance", "Instance")},
        "/instances/propose": {"post": operation("instances_validate_spec", "To propose an instance", "Instance")},
        "/regions": {"get": operation("listRegions", "List regions", "Region", True)},
        "/instance_snapshots": {"get": operation("listInstanceSnapshots", "List snapshots", "InstanceSnapshot", True)},
        "/volumes": {"get": operation("listVolumes", "List volumes", "Volume", True)},
        "/firewalls": {"get": operation("listFirewalls", "List firewalls", "Firewall", True)},
        "/domains/{domain}/records": {"get": operation("domains_list_records", "List records", "DomainRecord", True,
                                                       parameters=at("domain")),
                                      "post": {"operationId": "domains_create_record", "summary": "Create a record",
                                               "parameters": at("domain"), "responses": answer}},
        "/domains/{domain}": {"get": operation("domains_get", "Get a domain", "Domain", parameters=at("domain"))},
    }, Instance=MACHINE, Region=REGION, InstanceSnapshot=SNAPSHOT, DomainRecord=RECORD, Domain=PLAIN, Volume=PLAIN, Firewall=PLAIN)  # fmt: skip


def test_machines_are_of_their_region_by_its_code_and_of_no_tier_called_as_they_are(tmp_path: Path) -> None:
    world = InferredWorld(load(machines(tmp_path)).toolset, 3)
    regions = {region["id"] for region in world.records("cloud.region")}
    instances = world.records("cloud.instance")
    assert {instance["region"] for instance in instances if "region" in instance} <= regions
    assert not any(instance.get("tier_slug") == instance["label"] for instance in instances)
    assert len({instance.get("used") for instance in instances}) > 1


def test_a_snapshot_says_of_which_sort_of_thing_it_is(tmp_path: Path) -> None:
    snapshots = InferredWorld(load(machines(tmp_path)).toolset, 3).records("cloud.instance_snapshot")
    assert snapshots and {one["resource_type"] for one in snapshots} == {"instance"}


def test_what_is_only_tried_out_is_not_made_and_a_record_of_a_domain_is_no_domain(tmp_path: Path) -> None:
    tools = {tool.name: tool for tool in load(machines(tmp_path)).toolset.tools}
    assert tools["cloud_instances_validate_spec"].confidence < 0.5
    assert tools["cloud_domains_create_record"].entity == "cloud.domain_record"


def test_which_of_two_telephones_is_said_first(tmp_path: Path) -> None:
    entities = {entity.key: entity for entity in load(machines(tmp_path)).toolset.entities}
    phrases = {field.pointer: field.phrase for field in entities["cloud.instance"].fields}
    assert phrases["/phone/secondary"] == "secondary phone"


def test_a_look_up_is_asked_for_in_words_that_name_something(tmp_path: Path) -> None:
    assert [names(one) for one in ("balances", "daily bandwidth usage")] == [True, True]
    talk = (
        "to list all",
        "endpoint has been deprecated",
        "of the options",
        "information about the collection",
    )
    assert not any(map(names, talk))


def test_what_is_told_in_bytes_is_no_money() -> None:
    words = "The total transfer, in MB, used this month."
    leaf = Leaf("/transfer/total", {"type": "number", "description": words}, words)
    assert guess(leaf, (), "node balancer", record=True).facet == "number"
