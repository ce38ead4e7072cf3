"""Words between two tags: JSON strings, so that a model is held to them as cheaply as to any other value.

A server knows beforehand which tokens may stand inside a JSON string. What else could end words, ``</`` or a line
break, would be looked for in every token of the vocabulary, once a message and once a ``<``.
"""

from __future__ import annotations

import json
import re

from callsmith.grammar.regular import python
from callsmith.grammar.shapes import STRING
from callsmith.text import short

TAGS = ("user", "assistant", "assistant_thought", "tool", "tool_response")

_STRING = re.compile(python(STRING.regular))
_TAG = re.compile(rf"</?(?:{'|'.join(TAGS)})>")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNQUOTED = (
    'the words of <{}> are no JSON string: quotation marks and backslashes inside are written \\" and \\\\'
)
_SILENT = re.compile(r"…*\s*")


class Unreadable(Exception):
    """What is wrong with words, and the offset."""

    def __init__(self, at: int, why: str) -> None:
        super().__init__(why)
        self.at = at
        self.why = why


def written(text: str) -> str:
    """Words as they stand between tags. ``text`` must not be blank.

    Nobody says nothing: blank words are read as an ellipsis, and words that are only ellipses are written with one
    less.
    """
    return json.dumps(text[1:] if _SILENT.fullmatch(text) else text, ensure_ascii=False)


def read(text: str, at: int, tag: str, *, free: bool = False) -> tuple[str, int]:
    """The words that begin at ``at`` and are closed by ``</tag>``, and the offset behind that.

    ``free`` takes words without quotation marks, too, and white space around words.

    Raises:
        Unreadable: no words stand there, another tag comes first, or no tag closes them.
    """
    words, end = _free(text, at, tag) if free else _quoted(text, at, tag)
    return "…" + words if _SILENT.fullmatch(words) else words, end


def shown(text: str, at: int) -> str:
    """What stands at an offset, as an error names it."""
    line = text[at : at + 200].partition("\n")[0]
    if not line:
        return "a line break" if at < len(text) else "the end"
    return json.dumps(short(line, 30), ensure_ascii=False)


def _quoted(text: str, at: int, tag: str) -> tuple[str, int]:
    found = _STRING.match(text, at)
    if found is None:
        raise Unreadable(
            at, f'the words of <{tag}> are a JSON string: "…"</{tag}> was expected, found {shown(text, at)}'
        )
    if not text.startswith(f"</{tag}>", found.end()):
        raise Unreadable(
            found.end(),
            f"the words of <{tag}> are not closed: </{tag}> was expected, found {shown(text, found.end())}",
        )
    return json.loads(found.group()), found.end() + len(f"</{tag}>")


def _free(text: str, at: int, tag: str) -> tuple[str, int]:
    if found := re.compile(rf'\s*("(?:[^"\\]|\\.)*")\s*</{tag}>', re.DOTALL).match(text, at):
        try:
            words = json.loads(found[1], strict=False)
        except ValueError:
            raise Unreadable(found.start(1), _UNQUOTED.format(tag)) from None
        if _SURROGATE.search(words):
            raise Unreadable(found.start(1), "half of a surrogate pair is no character")
        return words, found.end()
    closing = _TAG.search(text, at)
    if closing is None:
        raise Unreadable(at, f"the words of <{tag}> are never closed: </{tag}> was expected before the end")
    if closing.group() != f"</{tag}>":
        raise Unreadable(
            closing.start(),
            f"the words of <{tag}> are not closed: </{tag}> was expected, found {closing.group()}; "
            "words that hold tags are written as JSON strings",
        )
    words = text[at : closing.start()].strip()
    if len(words) > 1 and words[0] == words[-1] == '"':
        raise Unreadable(at, _UNQUOTED.format(tag))
    return words, closing.end()
