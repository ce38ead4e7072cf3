"""What records of strange APIs hold: names, regions, addresses and counters of the right form, valid under any schema."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callsmith import sources
from callsmith.catalog import builtin, data
from callsmith.config import Toolkit
from callsmith.records import Toolset
from callsmith.schema import valid
from callsmith.world.inferred.world import InferredWorld
from callsmith.world.stories.families import family_of
from callsmith.world.stories.nouns import by_name, fitted, is_technical

TEXT = {"type": "string"}
WHOLE = {"type": "integer"}
ARN = re.compile(r"arn:aws:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:[\w./:+-]+")
FIELDS = (
    "region", "availability_zone", "private_ip_address", "ipv6_address", "cidr_block", "mac_address", "dns_name",
    "hostname", "role_arn", "engine", "engine_version", "checksum_sha256", "etag", "content_encoding", "prefix",
    "user_agent", "fingerprint", "isbn", "sku", "barcode", "status", "bank_name", "root_device_name", "runtime",
    "unheard_of_thing", "expected_duration", "handle", "shelf_kind", "genre",
)  # fmt: skip
NUMBERS = (
    "port",
    "vcpus",
    "memory",
    "disk_gb",
    "view_count",
    "rating",
    "latitude",
    "ttl",
    "popularity",
    "blorp",
)


def api(kinds: Mapping[str, Mapping[str, Any]]) -> Toolset:
    """A toolset of an API that lists and shows things of these kinds, given by plural path and record schema."""
    paths: dict[str, Any] = {}
    for plural, properties in kinds.items():
        record = {"type": "object", "properties": dict(properties), "required": list(properties)}
        shown = {"200": {"description": "", "content": {"application/json": {"schema": record}}}}
        listed = {
            "200": {
                "description": "",
                "content": {"application/json": {"schema": {"type": "array", "items": record}}},
            }
        }
        name = next(iter(properties))
        at_path = [{"name": name, "in": "path", "required": True, "schema": TEXT}]
        paths[f"/{plural}"] = {"get": {"operationId": f"list_{plural}", "responses": listed}}
        paths[f"/{plural}/{{{name}}}"] = {
            "parameters": at_path,
            "get": {"operationId": f"get_{plural.removesuffix('s')}", "responses": shown},
        }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cloud.json"
        path.write_text(json.dumps({"openapi": "3.1.0", "paths": paths}))
        return sources.load(Toolkit(name=f"cloud{len(json.dumps(paths))}", openapi=str(path))).toolset


CLOUD = {
    "instances": {"instance_id": TEXT, "name": TEXT, "instance_arn": TEXT, "role_arn": TEXT, "region": TEXT,
                  "private_ip_address": TEXT, "mac_address": TEXT, "status": TEXT, "created_at": {**TEXT, "format": "date-time"},
                  "updated_at": {**TEXT, "format": "date-time"}},
    "buckets": {"name": TEXT, "bucket_arn": TEXT, "region": TEXT},
    "vpcs": {"vpc_id": TEXT, "cidr_block": TEXT, "owner_id": TEXT},
}  # fmt: skip


def records(toolset: Toolset, noun: str, seed: int = 3) -> list[Mapping[str, Any]]:
    key = next(entity.key for entity in toolset.entities if entity.key.endswith(f".{noun}"))
    return [entry.record for entry in InferredWorld(toolset, seed).population.entries(key)]


@pytest.fixture(scope="module")
def cloud() -> Toolset:
    return api(CLOUD)


def test_the_built_in_toolkits_are_of_offices_and_have_none_of_these_nouns() -> None:
    for name in builtin.names():
        toolset = sources.named(name).toolset
        assert not is_technical(toolset, name)
        assert not [entity.key for entity in toolset.entities if family_of(entity).name in by_name()]


def test_resource_names_say_service_region_account_and_the_records_own_id(cloud: Toolset) -> None:
    machines = records(cloud, "instance")
    assert len(machines) > 5
    for machine in machines:
        assert ARN.fullmatch(machine["instance_arn"]) and ARN.fullmatch(machine["role_arn"])
        assert machine["instance_arn"].endswith(f"/{machine['instance_id']}")
        assert machine["instance_arn"].split(":")[3] == machine["region"]
        assert machine["role_arn"].split(":")[2] == "iam"
    for bucket in records(cloud, "bucket"):
        assert bucket["bucket_arn"] == f"arn:aws:s3:::{bucket['name']}"
    accounts = {machine["instance_arn"].split(":")[4] for machine in machines}
    assert accounts == {vpc["owner_id"] for vpc in records(cloud, "vpc")}


def test_machines_have_ids_and_names_such_as_people_give_them(cloud: Toolset) -> None:
    for machine in records(cloud, "instance"):
        assert re.fullmatch(r"i-0[0-9a-f]{16}", machine["instance_id"])
        assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", machine["name"])
        assert ip_address(machine["private_ip_address"]).is_private
        assert re.fullmatch(r"02(:[0-9a-f]{2}){5}", machine["mac_address"])
        assert machine["created_at"] <= machine["updated_at"]
        assert " " not in machine["status"]
    for vpc in records(cloud, "vpc"):
        assert ip_network(vpc["cidr_block"]).prefixlen == 16


def test_the_same_seed_gives_the_same_records(cloud: Toolset) -> None:
    assert records(cloud, "instance", 5) == records(cloud, "instance", 5)
    assert records(cloud, "instance", 5) != records(cloud, "instance", 6)


def test_media_have_titles_of_their_own_and_figures_of_their_size() -> None:
    made = api({
        "tracks": {"id": TEXT, "name": TEXT, "duration_ms": WHOLE, "popularity": {**WHOLE, "maximum": 100}},
        "playlists": {"id": TEXT, "name": TEXT, "follower_count": WHOLE},
    })  # fmt: skip
    tracks = records(made, "track")
    assert len({track["name"] for track in tracks}) > len(tracks) * 0.9
    assert all(
        60_000 < track["duration_ms"] < 900_000 and 0 <= track["popularity"] <= 100 for track in tracks
    )
    topics = [topic.name for topic in InferredWorld(made, 3).population.scene.topics]
    assert not [track for track in tracks if any(topic in track["name"].lower() for topic in topics)]
    assert any(playlist["follower_count"] > 500 for playlist in records(made, "playlist"))


def _texts() -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        st.just({}),
        st.builds(lambda size: {"maxLength": size}, st.integers(1, 40)),
        st.builds(lambda size: {"minLength": size, "maxLength": size + 30}, st.integers(1, 12)),
        st.sampled_from([{"pattern": "^[a-z][a-z0-9-]{2,20}$"}, {"pattern": "^[A-Z]{3}[0-9]{4}$"}, {"pattern": "arn:.+"}]),
        st.builds(lambda options: {"enum": options}, st.lists(st.sampled_from(["a", "eu-9", "unknown"]), min_size=1, unique=True)),
        st.builds(lambda given: {"examples": [given]}, st.sampled_from(["nyc3", "t4g.small", "17"])),
    )  # fmt: skip


def _numbers() -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        st.just({}),
        st.builds(lambda low, span: {"minimum": low, "maximum": low + span}, st.integers(-5, 90), st.integers(1, 500)),
    )  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.sampled_from(FIELDS), _texts(), min_size=3, max_size=10),
    st.dictionaries(st.sampled_from(NUMBERS), _numbers(), max_size=6),
    st.sampled_from(["instances", "volumes", "tracks", "widgets", "snapshots"]),
)
def test_records_satisfy_whatever_their_schema_says(
    texts: dict[str, Any], numbers: dict[str, Any], plural: str
) -> None:
    properties: dict[str, Any] = {"id": TEXT, "name": TEXT}
    properties.update({name: {**TEXT, **rest} for name, rest in texts.items()})
    properties.update({name: {"type": "number", **rest} for name, rest in numbers.items()})
    made = api({plural: properties, "droplets": {"id": TEXT, "name": TEXT}, "buckets": {"name": TEXT}})
    wanted = {"type": "object", "properties": properties}
    for record in records(made, plural.removesuffix("s"))[:6]:
        assert valid(wanted, record), (record, wanted)


NAMES = (
    r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$",
    r"^[a-z0-9_]+$",
    r"^[A-Za-z][A-Za-z0-9]*$",
    r"^[A-Z0-9_-]{3,40}$",
)


@given(st.sampled_from(NAMES), st.sampled_from(["web-prod-2", "Orders DB", "billing-uploads", "CI build"]))
def test_names_take_the_form_their_schema_asks_for(pattern: str, name: str) -> None:
    assert valid({"type": "string", "pattern": pattern}, fitted(name, {"type": "string", "pattern": pattern}))


def test_the_packaged_rules_name_makers_and_lists_there_are() -> None:
    from callsmith.world.fields.makers import MAKERS

    words = data.read("catalog/lexicon/nouns.yaml")["words"]
    for rule in data.read("catalog/lexicon/fields.yaml")["rules"]:
        assert rule.get("make", "arn") in MAKERS and rule.get("list", "genre") in words
        assert {"make", "values", "list"} & set(rule)
