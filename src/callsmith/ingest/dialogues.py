"""Dialogues in a JSONL file, in OpenAI or ShareGPT shape, read where they stand and never all held in memory."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

import orjson
from msgspec import Struct

from callsmith.errors import SourceError
from callsmith.records import Json

LONGEST = (
    8 * 2**20
)  # bytes of a line: of what is longer no more would be shown to a model than of one such line
NOTED = 5  # lines left out that are named one by one
_BOM = b"\xef\xbb\xbf"
_SHAPES = '{"messages": [{"role": …, "content": …}]} or {"conversations": [{"from": …, "value": …}]}'
_SPOKEN = {"messages": ("role", "content"), "conversations": ("from", "value")}  # key -> who, what
_LISTED = "one dialogue a line is expected: jq -c '.[]' makes such a file"


class Dialogues(Struct, frozen=True):
    """The dialogues of a file, by index. Of each, memory holds where it begins and on which line."""

    path: str
    digest: str  # of the whole file
    starts: array[int]
    lines: array[int]
    empty: Sequence[int]  # lines with a dialogue in which nothing is said
    long: Sequence[int]  # lines beyond ``LONGEST``

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, index: int) -> list[dict[str, str]]:
        """The turns of a dialogue, as ``{"role", "content"}``.

        Raises:
            SourceError: the file is not what it was when it was opened.
        """
        where = f"{self.path}:{self.lines[index]}"
        try:
            with open(self.path, "rb") as file:
                file.seek(self.starts[index])
                return turns(_decoded(file.readline(LONGEST + 1)))
        except (OSError, ValueError) as error:
            raise SourceError("has changed since it was opened", where=where) from error

    def notes(self) -> list[str]:
        """What of the file is not used, and why, in words."""
        name = Path(self.path).name
        found = []
        for numbers, why in ((self.empty, "nothing is said there"), (self.long, f"over {LONGEST >> 20} MiB")):
            if numbers:
                shown = ", ".join(map(str, numbers[:NOTED])) + (", …" if len(numbers) > NOTED else "")
                found.append(f"{name}: {len(numbers)} of its lines left out, as {why}: {shown}")
        return found


def opened(path: str) -> Dialogues:
    """The dialogues of a file, every line of which was looked at; read again when the file has changed.

    Raises:
        SourceError: the file cannot be read, a line is no dialogue, or there is none; with file and line.
    """
    try:
        state = Path(path).stat()
        return _opened(path, state.st_mtime_ns, state.st_size)
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=path) from error


@lru_cache(maxsize=4)
def _opened(path: str, _: int, __: int) -> Dialogues:
    whole = blake2b(digest_size=8)
    starts, lines = array("Q"), array("Q")
    empty: list[int] = []
    long: list[int] = []
    with open(path, "rb") as file:
        for number, (start, line) in enumerate(_lines(file, whole.update), 1):
            if line is None:
                long.append(number)
            elif line.strip():
                if any(turn["content"].strip() for turn in _read(line, f"{path}:{number}")):
                    starts.append(start)
                    lines.append(number)
                else:
                    empty.append(number)
    found = Dialogues(path, whole.hexdigest(), starts, lines, empty, long)
    if not starts:
        why = "; ".join(found.notes())
        raise SourceError("holds no dialogue" + (f" ({why})" if why else ""), where=path, hint=_SHAPES)
    return found


def _lines(file: BinaryIO, seen: Callable[[bytes], None]) -> Iterator[tuple[int, bytes | None]]:
    """Where each line begins, and the line; None for one that is too long.

    Raises:
        SourceError: the file is one JSON array.
    """
    at = 0
    while line := file.readline(LONGEST + 1):
        seen(line)
        start, at = at, at + len(line)
        if not start:
            line = line.removeprefix(_BOM)
            if line.lstrip()[:1] == b"[":
                raise SourceError("is a JSON array", where=f"{file.name}:1", hint=_LISTED)
        whole = len(line) <= LONGEST
        while len(line) > LONGEST and not line.endswith(b"\n"):
            line = file.readline(LONGEST + 1)
            seen(line)
            at += len(line)
            if len(line) <= LONGEST:
                break
        yield start, line if whole else None


def _read(line: bytes, where: str) -> list[dict[str, str]]:
    try:
        return turns(_decoded(line))
    except orjson.JSONDecodeError as error:
        raise SourceError(
            f"not JSON: {error}", where=where, hint="one JSON object a line is expected"
        ) from error
    except ValueError as error:
        raise SourceError(str(error), where=where, hint=_SHAPES) from error


def _decoded(line: bytes) -> Json:
    return orjson.loads(line.removeprefix(_BOM))


def turns(dialogue: Json) -> list[dict[str, str]]:
    """Who says what in a dialogue of either shape; calls and other content that is no text as JSON.

    Raises:
        ValueError: it has neither shape; the message says what is wrong, and where in it.
    """
    if not isinstance(dialogue, Mapping):
        raise ValueError("not a JSON object")
    key = next((name for name in _SPOKEN if name in dialogue), "")
    if not key:
        raise ValueError("has neither messages nor conversations")
    if not isinstance(dialogue[key], list):
        raise ValueError(f"{key} is not a list")
    who, what = _SPOKEN[key]
    found = []
    for index, message in enumerate(dialogue[key]):
        if not isinstance(message, Mapping) or not isinstance(message.get(who), str):
            raise ValueError(f"{key}/{index} says not who speaks: {who} is missing")
        said = message.get(what) or message.get("tool_calls") or message.get("function_call") or ""
        found.append({"role": message[who], "content": _text(said)})
    return found


def _text(said: Json) -> str:
    if isinstance(said, str):
        return said
    if isinstance(said, list) and said and all(isinstance(part, Mapping) for part in said):
        texts = [part.get("text") for part in said]
        if any(isinstance(text, str) for text in texts):
            return "\n".join(text for text in texts if isinstance(text, str))
    return orjson.dumps(said).decode()
