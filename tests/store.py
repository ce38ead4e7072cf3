"""A toolkit of buckets with settings: who pays, and whether versions are kept."""

from __future__ import annotations

from typing import Any

from callsmith.records import Tool, Toolset
from callsmith.understand.inference import understand

_NAME = {"type": "string", "description": "The name of the bucket."}
_SWITCH = {"type": "string", "enum": ["Enabled", "Suspended"]}


def _tool(name: str, description: str, given: dict[str, Any], returns: dict[str, Any], method: str) -> Tool:
    parameters = {"type": "object", "properties": given, "required": list(given)}
    return Tool(name, "store", description, parameters, returns, hints={"method": method})


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _made() -> Toolset:
    text = {"type": "string"}
    bucket = _object(Name=text, Region=text, CreationDate={**text, "format": "date-time"})
    listed = _object(Buckets={"type": "array", "items": {**bucket, "title": "Bucket"}})
    when, done = {**text, "format": "date-time"}, {**text, "enum": ["completed", "failed"]}
    backup = {**_object(Id=text, StartedAt=when, Status=done), "title": "Backup"}
    backups = {"type": "array", "items": backup}
    set_to = _object(Status=_SWITCH)
    tools = [
        _tool("list_buckets", "Lists all buckets.", {}, listed, "get"),
        _tool("create_bucket", "Creates a bucket.", {"Bucket": _NAME}, {**bucket, "title": "Bucket"}, "post"),
        _tool(
            "get_bucket_versioning",
            "Returns the versioning state of a bucket.",
            {"Bucket": _NAME},
            _object(Status=_SWITCH, MfaDelete={"type": "boolean"}),
            "get",
        ),
        _tool(
            "put_bucket_versioning",
            "Sets the versioning state of a bucket.",
            {"Bucket": _NAME, "VersioningConfiguration": {**set_to, "required": ["Status"]}},
            {},
            "put",
        ),
        _tool(
            "get_bucket_payment",
            "Returns who pays.",
            {"Bucket": _NAME},
            _object(Payer={"type": "string", "enum": ["Requester", "BucketOwner"]}),
            "get",
        ),
        _tool(
            "delete_bucket_versioning",
            "Removes the versioning of a bucket.",
            {"Bucket": _NAME},
            {},
            "delete",
        ),
        _tool(
            "list_backups",
            "Lists the backups of a bucket.",
            {"Bucket": _NAME},
            _object(Backups=backups),
            "get",
        ),
    ]
    return understand("store", tools)


STORE = _made()
