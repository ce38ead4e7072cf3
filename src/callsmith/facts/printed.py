"""What a program printed, read as records, sections, entries or changed lines where its shape leaves no doubt."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from callsmith.records import Json

_FIELD = re.compile(r"([A-Za-z][A-Za-z _-]{0,30}): +(\S.*)$")
_HUNK = re.compile(r"@@ -[0-9]+(?:,[0-9]+)? \+[0-9]+(?:,[0-9]+)? @@")
_MARKED = re.compile(r"(?:[-*+•] |\* |  )(\S.*)$")
MOST_ENTRIES = 40


class Changed(Struct, frozen=True):
    """One file of a unified diff."""

    path: str
    added: int
    removed: int
    fresh: bool = False  # it was not there before
    gone: bool = False


class Section(Struct, frozen=True):
    """A heading and what stands indented under it."""

    heading: str
    entries: Sequence[str]


@lru_cache(maxsize=512)
def records(text: str) -> Sequence[Mapping[str, str]]:
    """Blocks of ``Key: value`` lines with the same keys in each; () where the text is anything else.

    A first line that ends in a colon is a heading. A single block needs two keys.
    """
    lines = text.strip("\n").split("\n")
    if lines and lines[0].rstrip().endswith(":") and not _FIELD.match(lines[0]):
        lines = lines[1:]
    blocks: list[dict[str, str]] = [{}]
    for line in lines:
        if not line.strip():
            if blocks[-1]:
                blocks.append({})
            continue
        found = _FIELD.match(line)
        if found is None or found[1] in blocks[-1]:
            return ()
        blocks[-1][found[1]] = found[2].strip()
    whole = [block for block in blocks if block]
    alike = len({tuple(block) for block in whole}) == 1
    return tuple(whole) if whole and alike and len(whole[0]) >= 2 else ()


@lru_cache(maxsize=512)
def changes(text: str) -> Sequence[Changed]:
    """The files of a unified diff with their added and removed lines; () where the text holds none."""
    found: list[Changed] = []
    path, before, added, removed, inside = "", "", 0, 0, False

    def close() -> None:
        if path:
            old, new = before == "/dev/null", path == "/dev/null"
            name = before if new else path
            found.append(Changed(_bare(name), added, removed, old, new))

    for line in text.split("\n"):
        if line.startswith("--- "):
            close()
            path, before, added, removed, inside = "", line[4:].strip(), 0, 0, False
        elif line.startswith("+++ ") and before and not path:
            path = line[4:].strip()
        elif _HUNK.match(line):
            inside = True
        elif line.startswith("diff --git "):
            inside = False
        elif inside:
            added += line.startswith("+")
            removed += line.startswith("-")
    close()
    return tuple(found)


def _bare(path: str) -> str:
    return path[2:] if path[:2] in ("a/", "b/") else path


@lru_cache(maxsize=512)
def sections(text: str) -> Sequence[Section]:
    """Headings that end in a colon, each with lines indented under it; () where there are none.

    Hints in brackets are passed over.
    """
    found: list[tuple[str, list[str]]] = []
    open_one = False
    for line in text.split("\n"):
        if line[:1] not in ("\t", " ") and line.rstrip().endswith(":"):
            found.append((line.strip().rstrip(":"), []))
            open_one = True
        elif line[:1] in ("\t", " ") and line.strip() and open_one:
            if not line.strip().startswith("("):
                found[-1][1].append(" ".join(line.split()))
        elif line.strip():
            open_one = False
    return tuple(Section(heading, tuple(entries)) for heading, entries in found if entries)


@lru_cache(maxsize=512)
def entries(text: str) -> Sequence[tuple[str, str]]:
    """Lines that are entries of a list, as (entry, its mark); () where a line is none.

    Each line is indented or begins with a sign; a star where others are only indented marks one of them.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    found = [(_MARKED.match(line), line) for line in lines]
    if not lines or len(lines) > MOST_ENTRIES or any(match is None for match, _ in found):
        return ()
    marks = {line[0] for line in lines}
    out = []
    for match, line in found:
        assert match is not None
        marked = line[0] if line[0] != " " and " " in marks else ""
        out.append((match[1].strip(), marked))
    return tuple(out) if all(len(entry) <= 80 for entry, _ in out) else ()


def structured(value: Json) -> Json:
    """A printed text as the records it lists, where it lists some; any other value as it is."""
    return [dict(item) for item in records(value)] or value if isinstance(value, str) else value


def counts(text: str) -> set[int]:
    """How many lines, records, entries, files, added and removed lines a text holds."""
    out = {
        len(text.split("\n")),
        len(text.strip("\n").split("\n")),
        sum(bool(line.strip()) for line in text.split("\n")),
    }
    out |= {len(records(text)), len(entries(text)), *(len(item.entries) for item in sections(text))}
    files = changes(text)
    if files:
        out |= {len(files), sum(item.added for item in files), sum(item.removed for item in files)}
        out |= {number for item in files for number in (item.added, item.removed)}
        out |= {sum(item.fresh for item in files), sum(item.gone for item in files)}
    return out
