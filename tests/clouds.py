"""A service that keeps racks, servers and jobs, described as AWS describes its own."""

from __future__ import annotations

import functools
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from callsmith.config import Toolkit
from callsmith.records import Toolset
from callsmith.sources import load

STATES = ["pending", "running", "stopping", "stopped", "terminated"]


def shape(needed: Sequence[str] = (), **members: str) -> Mapping[str, Any]:
    return {
        "type": "structure",
        "required": list(needed),
        "members": {k: {"shape": v} for k, v in members.items()},
    }


def many(member: str) -> Mapping[str, Any]:
    return {"type": "list", "member": {"shape": member}}


SHAPES: Mapping[str, Any] = {
    "S": {"type": "string"}, "N": {"type": "integer"}, "T": {"type": "timestamp"},
    "Size": {"type": "integer"},
    "State": {"type": "string", "enum": STATES},
    "JobStatus": {"type": "string", "enum": ["RUNNING", "SUCCEEDED", "FAILED"]},
    "Arn": {"type": "string", "pattern": "^(?:arn:(aws[a-zA-Z-]*)?:rack:[a-z]{2}-[a-z]+-\\d{1}:\\d{12}:.*)$"},
    "Tag": shape(Key="S", Value="S"), "Tags": many("Tag"),
    "Rack": shape(RackIdentifier="S", RackArn="Arn", CreateTime="T", Location="S"), "Racks": many("Rack"),
    "Server": shape(ServerId="S", RackIdentifier="S", State="State", LaunchTime="T", Tags="Tags"), "Servers": many("Server"),
    "ServerStateChange": shape(ServerId="S", CurrentState="State", PreviousState="State"), "Changes": many("ServerStateChange"),
    "Ids": many("S"),
    "Job": shape(JobArn="Arn", JobStatus="JobStatus", StartTime="T", EndTime="T"), "Jobs": many("Job"),
    "Volume": shape(VolumeId="S", Size="Size", State="State", Tags="Tags"), "Volumes": many("Volume"),
    "None": shape(),
    "CreateRackRequest": shape(["RackIdentifier"], RackIdentifier="S", Location="S"), "CreateRackResult": shape(Rack="Rack"),
    "RackRequest": shape(["RackIdentifier"], RackIdentifier="S"), "RacksResult": shape(Racks="Racks"),
    "ServersRequest": shape(RackIdentifier="S"), "ServersResult": shape(Servers="Servers"),
    "NamesRequest": shape(["RackIdentifiers"], RackIdentifiers="Ids"), "IdsRequest": shape(["ServerIds"], ServerIds="Ids"), "StoppedResult": shape(StoppingServers="Changes"), "StartedResult": shape(StartingServers="Changes"),
    "JobsResult": shape(Jobs="Jobs"), "JobRequest": shape(["JobArn"], JobArn="Arn"),
    "VolumeRequest": shape(["Size"], Size="Size"), "VolumesResult": shape(Volumes="Volumes"),
}  # fmt: skip
SHAPES["Size"]["documentation"] = "The size, in GiB."
OPERATIONS = {
    "CreateRack": ("CreateRackRequest", "CreateRackResult"), "DeleteRack": ("RackRequest", "None"),
    "DescribeRacks": ("None", "RacksResult"), "DescribeServers": ("ServersRequest", "ServersResult"),
    "StopServers": ("IdsRequest", "StoppedResult"), "StartServers": ("IdsRequest", "StartedResult"),
    "StartRacks": ("NamesRequest", "None"), "ListJobs": ("None", "JobsResult"), "CancelJob": ("JobRequest", "None"),
    "CreateVolume": ("VolumeRequest", "Volume"), "DescribeVolumes": ("None", "VolumesResult"),
}  # fmt: skip


def racks(folder: Path) -> Toolkit:
    made = {
        name: {"name": name, "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": given}, "output": {"shape": got}}
        for name, (given, got) in OPERATIONS.items()
    }  # fmt: skip
    metadata = {"endpointPrefix": "rack", "serviceFullName": "Amazon Racks", "protocol": "json"}
    file = folder / "rack.json"
    file.write_text(json.dumps({"metadata": metadata, "operations": made, "shapes": SHAPES}))
    return Toolkit(aws=str(file), name="rack")


@functools.cache
def rack() -> Toolset:
    """The tools of the service, understood."""
    with tempfile.TemporaryDirectory() as folder:
        return load(racks(Path(folder))).toolset
