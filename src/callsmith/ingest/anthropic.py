"""Anthropic ``tools`` arrays: definitions with an ``input_schema`` in a JSON file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from callsmith.ingest.names import toolkit_of
from callsmith.ingest.openai import Keys, declared, listed
from callsmith.records import Json, Skipped, Tool, Where

_KEYS = Keys(parameters="input_schema", returns=("output_schema",))


class AnthropicSource(Struct, frozen=True):
    """A JSON file that holds an array of tools, or an object with one under ``tools``."""

    path: str
    toolkit: str = ""

    def read(self) -> Iterator[Tool | Skipped]:
        """Tools in file order; one that runs at the provider, or is no definition, is skipped with its reason.

        Raises:
            SourceError: the file is not JSON or holds no array of tools.
        """
        toolkit = self.toolkit or toolkit_of(self.path)
        for entry, where in listed(self.path):
            yield _definition(entry, toolkit, where)


def _definition(entry: Json, toolkit: str, where: Where) -> Tool | Skipped:
    if not isinstance(entry, Mapping):
        return Skipped("", where, "is not an object")
    if "input_schema" not in entry:
        name, kind = str(entry.get("name", "")), entry.get("type")
        if kind is None or kind == "custom":
            return Skipped(name, where, "has no 'input_schema'")
        return Skipped(
            name, where, f"is of type {kind!r}, which the provider defines: its arguments are not told"
        )
    return declared(entry, _KEYS, toolkit, where)
