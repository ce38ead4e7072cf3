"""What a server's answer to a call is: a value, or an error by its flag or by its text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from callsmith.mcp_client import named
from callsmith.records import Json, Tool
from callsmith.schema import first_error

LONGEST = 100_000  # characters of a result; more is of no use to anyone who reads the conversation
INLINED = 4_000  # characters of an embedded text resource that are kept

# A text that is an error though nobody flagged it: its first line says so at its very beginning. "Error log of
# Monday" or "Errors: 0" are no errors, "Error: no such file" and "fatal: not a repository" are.
ERROR = re.compile(
    r"\s*(?:\W{0,3}\s*)?(?:"
    r"mcp error -?[0-9]+|(?:mcp |tool |internal |server |unexpected |api )?error(?: [0-9]{3})?\s*[:!-]"
    r"|error (?:executing|calling|running|while|during|in|reading|fetching|processing|accessing)\b"
    r"|fatal:|traceback \(most recent call last\)|exception:|failed(?:: | to )|failure: "
    r"|unknown tool|invalid (?:arguments?|params?|parameters?|request|input)\b"
    r"|[a-z][\w.]*(?:error|exception): "
    r"|(?:access|permission) denied\b|enoent\b)",
    re.IGNORECASE,
)
_AROUND_ERRORS = frozenset(
    {"error", "message", "code", "status", "details", "detail", "ok", "success", "type", "errors"}
)


def read(answer: Any, tool: Tool) -> tuple[Json, str]:
    """(value, error code) of an answer as the SDK gives it; the code is "" where the call succeeded.

    Structured content is the value where it is not merely the text again; else one block of text, decoded where it is
    a JSON object or array; else all blocks in order. Images, sounds and resources are described, not carried along.
    """
    blocks = [_block(item) for item in named(answer, "content") or ()]
    structured = named(answer, "structuredContent")
    value: Json = blocks[0] if len(blocks) == 1 else blocks
    if bool(named(answer, "isError")):
        return _message(value if blocks else structured), "tool_error"
    plain = structured is None or _wrapped(structured, answer)
    if not plain:
        value = structured
    elif not blocks:
        value = ""
    if len(orjson.dumps(value, default=str)) > LONGEST:
        return _message(f"the result is longer than {LONGEST} characters"), "too_long"
    if is_error(value):
        return (value if isinstance(value, Mapping) else _message(value)), "tool_error"
    if not plain and tool.returns and not tool.hints.get("seen"):
        wrong = first_error(tool.returns, structured)
        if wrong is not None:
            return _message(
                "the result is not what the tool declares: " + ": ".join(filter(None, wrong))
            ), "invalid_result"
    return value, ""


def _wrapped(structured: Json, answer: Any) -> bool:
    """Whether structured content is only the one text of the answer over again: ``{"result": "..."}``."""
    blocks = list(named(answer, "content") or ())
    if not isinstance(structured, Mapping) or list(structured) != ["result"] or len(blocks) != 1:
        return False
    return isinstance(structured["result"], str) and structured["result"] == named(blocks[0], "text")


def is_error(value: Json) -> bool:
    """Whether a value that is not flagged says that the call failed."""
    if isinstance(value, str):
        return ERROR.match(value) is not None
    if isinstance(value, Mapping) and value and set(map(str, value)) <= _AROUND_ERRORS:
        failed = value.get("success") is False or value.get("ok") is False
        return bool(value.get("error")) or bool(value.get("errors")) or failed
    return False


def _message(value: Json) -> Json:
    return {"error": {"message": value[:2000] if isinstance(value, str) else value}}


def _block(item: Any) -> Json:
    kind = str(named(item, "type") or "")
    if kind == "text":
        return _text(str(named(item, "text") or ""))
    if kind in ("image", "audio"):
        size = len(str(named(item, "data") or "")) * 3 // 4
        return {"type": kind, "mimeType": named(item, "mimeType"), "bytes": size}
    resource = named(item, "resource") if kind == "resource" else item
    told: dict[str, Json] = {"type": kind or "unknown"}
    for name in ("uri", "name", "title", "description", "mimeType", "size"):
        value = named(resource, name)
        if value is not None:
            told[name] = value if isinstance(value, int) else str(value)
    text, blob = named(resource, "text"), named(resource, "blob")
    if isinstance(text, str):
        told["text"] = text if len(text) <= INLINED else text[:INLINED] + "…"
    if isinstance(blob, str):
        told["bytes"] = len(blob) * 3 // 4
    return told


def _text(text: str) -> Json:
    stripped = text.strip()
    if stripped[:1] in ("{", "[") and len(stripped) <= 4 * LONGEST:
        try:
            return orjson.loads(stripped)
        except orjson.JSONDecodeError:
            return text
    return text
