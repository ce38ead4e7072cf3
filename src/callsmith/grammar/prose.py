"""Words between two tags: which characters stand for themselves, and which are escaped.

Whatever could be read as a tag is escaped: a backslash follows its ``<``. Words that begin with white space begin
with a backslash. So every text that is not blank has one spelling, and no spelling contains a tag.
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
    maybe,
    other,
    tidy,
)

TAGS = ("user", "assistant", "assistant_thought", "tool", "tool_response")

_BLANKS = tidy(  # what str.strip takes away
    ((9, 13), (28, 32), (133, 133), (160, 160), (5760, 5760), (8192, 8202), (8232, 8233), (8239, 8239))
    + ((8287, 8287), (12288, 12288))
)
_ANYTHING = Many(Chars(other(())), 0)
_BLANK = Chars(_BLANKS)
_SOLID = Chars(other(_BLANKS))
_FIRST = Chars(other(tidy((*_BLANKS, (92, 92)))))

BODY = either(join(_FIRST, _ANYTHING), join("\\", maybe(join(Many(_BLANK, 0), _SOLID, _ANYTHING))))
TAGGED = join(_ANYTHING, "<", either("/", *(f"{name}>" for name in TAGS)), _ANYTHING)

_OPEN = "|".join(TAGS)
_TAG = re.compile(rf"<(?:/|(?:{_OPEN})>)")
_SHOWN = re.compile(rf"</?(?:{_OPEN})>|</[^\s<>]{{0,30}}>?")
_TO_ESCAPE = re.compile(rf"<(?=\\*(?:/|(?:{_OPEN})>))")
_ESCAPED = re.compile(rf"<\\(?=\\*(?:/|(?:{_OPEN})>))")
_BLANK_FIRST = re.compile(r"\\*(?=\s)")
_ESCAPED_FIRST = re.compile(r"\\(?=\\*\s)")


class Unreadable(Exception):
    """What is wrong with words, and the offset."""

    def __init__(self, at: int, why: str) -> None:
        super().__init__(why)
        self.at = at
        self.why = why


def written(text: str) -> str:
    """Words as they stand between tags. ``text`` must not be blank."""
    spelled = _TO_ESCAPE.sub(r"<\\", text)
    if _BLANK_FIRST.match(spelled):
        spelled = "\\" + spelled
    return spelled + "\n" if spelled.endswith("\n") else spelled


def read(text: str, at: int, tag: str) -> tuple[str, int]:
    """The words that begin at ``at`` and are closed by ``</tag>``, and the offset behind that.

    One line break after the opening and one before the closing tag belong to the tags.

    Raises:
        Unreadable: another tag comes first, no tag closes them, or they are blank.
    """
    start = at + 1 if text.startswith("\n", at) else at
    closing = _TAG.search(text, start)
    if closing is None:
        raise Unreadable(at, f"the words of <{tag}> are never closed: </{tag}> was expected before the end")
    if not text.startswith(f"</{tag}>", closing.start()):
        found = _SHOWN.match(text, closing.start())
        raise Unreadable(
            closing.start(),
            f"the words of <{tag}> are not closed: </{tag}> was expected, found {found.group() if found else '</'}; "
            "inside words a backslash follows a < that would begin a tag",
        )
    spelled = text[start : closing.start()]
    if not spelled.strip() or (spelled[0] == "\\" and len(spelled) > 1 and not spelled[1:].strip()):
        raise Unreadable(at, f"<{tag}> says nothing: words were expected")
    if spelled[0].isspace():
        raise Unreadable(
            start, f"the words of <{tag}> begin with white space: they begin right after the tag"
        )
    spelled = spelled.removesuffix("\n")
    if _ESCAPED_FIRST.match(spelled):
        spelled = spelled[1:]
    return _ESCAPED.sub("<", spelled), closing.start() + len(f"</{tag}>")


def rules() -> dict[str, str]:
    """The words as GBNF: ``body`` is what stands between two tags, ``rest`` what may follow its first characters."""
    trie: dict[str, dict[str, dict]] = {}  # type: ignore[type-arg]
    for name in TAGS:
        node = trie
        for letter in f"{name}>":
            node = node.setdefault(letter, {})
    made = {"rest": f'{gbnf(Many(chars("<", negated=True), 0))} ("<" t0)?'}
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
        options.append(f"{gbnf(Chars(other(tidy(left))))} rest")
        made[name] = " | ".join(options) + ' | ""'
    solid = gbnf(Chars(other(tidy((*_BLANKS, (60, 60))))))
    first = gbnf(Chars(other(tidy((*_BLANKS, (60, 60), (92, 92))))))
    blank = gbnf(Many(_BLANK, 0))
    made["body"] = f'{first} rest | "<" t0 | "\\\\" ({blank} ({solid} rest | "<" t0))?'
    return made


def between(before: Regular, tag: str) -> tuple[Regular, str]:
    """What opens words and what closes them."""
    return join(before, f"<{tag}>", maybe("\n")), f"</{tag}>"
