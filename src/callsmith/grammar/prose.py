"""Words between two tags: which characters stand for themselves, and which are escaped.

Whatever could be read as a tag is escaped: a backslash follows its ``<``. Nothing at all reads as an ellipsis, so every
text that is not blank can be written, and every spelling without a tag is read. That nothing is asked of the first
character keeps one set of tokens allowed from the first to the last.
"""

from __future__ import annotations

import re

from callsmith.grammar.regular import (
    Chars,
    Many,
    Regular,
    Word,
    chars,
    either,
    gbnf,
    join,
    other,
    tidy,
)

TAGS = ("user", "assistant", "assistant_thought", "tool", "tool_response")

ANYTHING = Many(Chars(other(())), 0)
TAGGED = join(ANYTHING, "<", either("/", *(f"{name}>" for name in TAGS)), ANYTHING)

_OPEN = "|".join(TAGS)
_TAG = re.compile(rf"<(?:/|(?:{_OPEN})>)")
_SHOWN = re.compile(rf"</?(?:{_OPEN})>|</[^\s<>]{{0,30}}>?")
_TO_ESCAPE = re.compile(rf"<(?=\\*(?:/|(?:{_OPEN})>))")
_ESCAPED = re.compile(rf"<\\(?=\\*(?:/|(?:{_OPEN})>))")
_SILENT = re.compile(r"…*\s*")


class Unreadable(Exception):
    """What is wrong with words, and the offset."""

    def __init__(self, at: int, why: str) -> None:
        super().__init__(why)
        self.at = at
        self.why = why


def written(text: str) -> str:
    """Words as they stand between tags. ``text`` must not be blank."""
    spelled = _TO_ESCAPE.sub(r"<\\", text)
    if _SILENT.fullmatch(spelled):
        spelled = spelled[1:]
    if spelled.startswith("\n"):
        spelled = "\n" + spelled
    return spelled + "\n" if spelled.endswith("\n") else spelled


def read(text: str, at: int, tag: str) -> tuple[str, int]:
    """The words that begin at ``at`` and are closed by ``</tag>``, and the offset behind that.

    One line break after the opening and one before the closing tag belong to the tags.

    Raises:
        Unreadable: another tag comes first, or no tag closes them.
    """
    closing = _TAG.search(text, at)
    if closing is None:
        raise Unreadable(at, f"the words of <{tag}> are never closed: </{tag}> was expected before the end")
    if not text.startswith(f"</{tag}>", closing.start()):
        found = _SHOWN.match(text, closing.start())
        raise Unreadable(
            closing.start(),
            f"the words of <{tag}> are not closed: </{tag}> was expected, found {found.group() if found else '</'}; "
            "inside words a backslash follows a < that would begin a tag",
        )
    spelled = text[at : closing.start()].removeprefix("\n").removesuffix("\n")
    if _SILENT.fullmatch(spelled):
        spelled = "…" + spelled
    return _ESCAPED.sub("<", spelled), closing.start() + len(f"</{tag}>")


def rules() -> dict[str, str]:
    """The words as GBNF: ``words`` is what stands between two tags."""
    trie: dict[str, dict[str, dict]] = {}  # type: ignore[type-arg]
    for name in TAGS:
        node = trie
        for letter in f"{name}>":
            node = node.setdefault(letter, {})
    made = {"words": f'{gbnf(Many(chars("<", negated=True), 0))} ("<" t0)?'}
    todo = [("t0", trie)]
    count = 1
    while todo:
        name, node = todo.pop()
        options = ['"<" t0']
        left = [(60, 60), (47, 47)] if name == "t0" else [(60, 60)]
        for letter, child in node.items():
            left.append((ord(letter), ord(letter)))
            if child:
                options.append(f"{gbnf(Word(letter))} t{count}")
                todo.append((f"t{count}", child))
                count += 1
        options.append(f"{gbnf(Chars(other(tidy(left))))} words")
        made[name] = " | ".join(options) + ' | ""'
    return made


def between(before: Regular, tag: str) -> tuple[Regular, str]:
    """What opens words and what closes them."""
    return join(before, f"<{tag}>"), f"</{tag}>"
