"""Words that need no source: those of the offered tools, and those that everyone uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from callsmith.schema import leaves
from callsmith.text import stem, words

COMMON = frozenset(
    "inbox calendar drive gmail google sheet sheets docs doc jira github asana stripe todoist whatsapp calendly "
    "i i'm i'll i've i'd ok hi hello hey thanks yes no am pm pdf csv id url api eod tbd re fwd fw q1 q2 q3 q4 "
    "ipv4 ipv6 mp3 mp4 h264 oauth2 sha256 md5 x86 "
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december mr mrs ms dr utc cet gmt est pst cest bst".split()
)


@lru_cache(maxsize=4096)
def _words_of(description: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(description)) | frozenset(words(description))


_CHOICES: dict[int, tuple[object, frozenset[str]]] = {}


def _choices_of(parameters: Mapping[str, Any]) -> frozenset[str]:
    """The words of every choice a tool's arguments have; read once for each schema object."""
    known = _CHOICES.get(id(parameters))
    if known is None or known[0] is not parameters:
        if len(_CHOICES) > 512:
            _CHOICES.clear()
        options = [str(option) for _, leaf, _ in leaves(parameters) for option in leaf.get("enum", ())]
        known = _CHOICES[id(parameters)] = (
            parameters,
            _words_of(" ".join(options).replace("_", " ").lower()),
        )
    return known[1]


_VOCABULARY: dict[int, tuple[object, frozenset[str]]] = {}


def tool_words(tools: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Every word of the offered tools' names, descriptions, arguments and choices."""
    known = _VOCABULARY.get(id(tools))
    if known is not None and known[0] is tools:
        return known[1]
    if len(_VOCABULARY) > 512:
        _VOCABULARY.clear()
    out: frozenset[str] = frozenset()
    for tool in tools:
        out |= _words_of(str(tool.get("description") or "")) | _words_of(str(tool["name"]).replace("_", " "))
        if isinstance(tool.get("parameters"), Mapping):
            out |= _words_of(" ".join(str(key) for key in tool["parameters"].get("properties", {})))
            out |= _choices_of(tool["parameters"])
    _VOCABULARY[id(tools)] = (tools, out)
    return out
