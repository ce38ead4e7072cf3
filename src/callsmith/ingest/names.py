"""Names of tools and toolkits made from names of files and operations."""

from __future__ import annotations

import re
from pathlib import Path

NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
# Where the name of what is described ends and talk about the description begins.
_TALK = re.compile(
    r"(?:'s|’s)?\s+(?=(?:(?:official|public|open|rest|json|web|http|data|unified)\s*)?(?:open)?apis?(?:v[0-9]+)?\b)"
    r"|\s+[-–|:(].*|[:|(].*|(?:'s|’s)\s.*|\s+v[0-9][0-9.]*\b.*",
    re.IGNORECASE,
)
_NO_NAME = frozenset(
    "api apis rest web http json public open data swagger openapi endpoints service services server backend docs "
    "documentation reference specification spec definition description my the a your net test demo sample "
    "example interactive explorer default title app application project platform core main".split()
)
_LONGEST_NAME = 3  # words


def valid_name(name: str) -> bool:
    """Whether a function may be called so."""
    return NAME.fullmatch(name) is not None


def toolkit_of(path: str) -> str:
    """The toolkit a file is taken to describe: its name up to the first dot, ``github.openapi.json`` -> github."""
    return snake(Path(path).name.split(".")[0]) or "tools"


def snake(text: str) -> str:
    """``issues/listForRepo`` -> ``issues_list_for_repo``."""
    text = re.sub(
        r"([A-Z]{2,})s(?![a-z])", lambda several: several[1].capitalize() + "s", text
    )  # reservedIPs
    text = re.sub(r"IPv(?=[46])", "Ipv", text)
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text)
    spaced = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", spaced)
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def api_name(title: object) -> str:
    """The product that a description's title names: ``YouTube Data API v3`` -> YouTube; ``""`` where it names none."""
    if not isinstance(title, str):
        return ""
    cut = _TALK.search(title.strip())
    words = (title.strip()[: cut.start()] if cut else title.strip()).split()
    while words and words[-1].lower() in _NO_NAME:
        words.pop()
    if (
        not words
        or len(words) > _LONGEST_NAME
        or not all(re.fullmatch(r"[A-Za-z0-9.&+-]{1,24}", word) for word in words)
    ):
        return ""
    named = words[0][0].isupper() or any(letter.isupper() for letter in words[0])
    return " ".join(words) if named and words[0].lower() not in _NO_NAME else ""


def prefixed(toolkit: str, name: str) -> str:
    """A tool name that begins with its toolkit, at most 64 characters."""
    full = name if name.startswith(toolkit + "_") else f"{toolkit}_{name}"
    return full[:64].rstrip("_")


_METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
_FRAMEWORK = re.compile(rf"_using_(?:{'|'.join(_METHODS)})(?:_[0-9]+)?$")  # Springfox: getCityUsingGET_1
_CONTROLLER = re.compile(r"(?<=[a-z])Controller[_.]")  # NestJS: ShipmentsController_findAll
_AGAIN = re.compile(r"(?<=[a-z])_[0-9]{1,2}$")  # springdoc: findAll_1
_BARE = frozenset(
    "find get list all one by id create add save update edit patch delete remove destroy index show store".split()
)
_VERSIONED = re.compile(r"api|rest|v?[0-9]+(?:\.[0-9]+)*", re.IGNORECASE)


def operation_name(identity: object, method: str, path: str) -> str:
    """What an operation is called: its identifier without what frameworks add to it; else its method and path."""
    told = _CONTROLLER.sub("_", identity) if isinstance(identity, str) else ""
    name = _FRAMEWORK.sub("", snake(_AGAIN.sub("", told)))
    if _AGAIN.search(told) and set(name.split("_")) <= _BARE:
        name = ""  # which it is of several of its name tells nobody of what
    words, steps = name.split("_"), snake(path).split("_")
    if words[-1] == method and len(words) > 2 and words[:-1] != steps:
        name = "_".join(_without(words[:-1], steps) or words)
    elif words[-1] == method and len(words) > 2:
        name = ""  # the path and the method again
    return name or _path_name(method, path)


def _without(words: list[str], steps: list[str]) -> list[str]:
    """The name of the function where the path is written before or after it, as FastAPI does."""
    for start in range(len(words) - len(steps) + 1):
        if words[start : start + len(steps)] == steps:
            before, after = words[:start], words[start + len(steps) :]
            own = after or before
            return own if len(own) > 1 or own == steps else []
    return []


def _path_name(method: str, path: str) -> str:
    """``/api/v1/books/{isbn}`` that is got: get_books_by_isbn."""
    steps = [step for step in path.split("/") if step]
    told = [step for step in steps if not _VERSIONED.fullmatch(step)] or steps
    named = [step for step in told[:-1] if not step.startswith("{")]  # the tests of a bucket: buckets_tests
    told = [*named, told[-1]] if named else told
    if told and len(told) > 1 and (last := re.fullmatch(r"\{(\w+)\}", told[-1])):
        told = [*told[:-1], "by", last[1]]
    return snake(" ".join([method, *told]))


class Names:
    """The names of one toolkit's tools as they are given out: valid, and none twice."""

    def __init__(self, toolkit: str) -> None:
        self.toolkit = toolkit
        self._taken: set[str] = set()

    def take(self, name: str, beside: str) -> str:
        """A name that is free: with its toolkit; when that is taken, with ``beside`` (a method, a version) as well; then numbered."""  # noqa: E501
        first = prefixed(self.toolkit, name) if name else ""
        if not first:
            return ""
        found, count = first, 1
        while found in self._taken:
            tail = f"_{snake(beside)}" if count == 1 else f"_{count}"
            found, count = first[: 64 - len(tail)].rstrip("_") + tail, count + 1
        self._taken.add(found)
        return found
