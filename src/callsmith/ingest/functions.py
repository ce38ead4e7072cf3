"""Python functions: a tool from signature, type hints and docstring."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import docstring_parser
import msgspec

from callsmith.errors import SourceError
from callsmith.ingest.names import snake, valid_name
from callsmith.ingest.refs import inline
from callsmith.records import Json, Skipped, Tool, Where

LOADED = "callsmith_functions_"  # how modules read from a file are called
REFERENCES = "#/$defs/{name}"


def locate(reference: str) -> Callable[..., Any]:
    """The function named ``module:function`` or ``path/to/file.py:function``.

    Raises:
        SourceError: module or function cannot be found.
    """
    module_name, _, function_name = reference.partition(":")
    if not function_name:
        raise SourceError(f"{reference!r} names no function", hint="write module:function")
    path = Path(module_name)
    try:
        if path.suffix == ".py":
            module = _module_from_file(path)
        else:
            module = importlib.import_module(module_name)
        function = getattr(module, function_name)
    except (ImportError, AttributeError, OSError, SyntaxError) as error:
        raise SourceError(f"cannot load {reference!r}: {error}", where=module_name) from error
    if not callable(function):
        raise SourceError(f"{reference!r} is not a function", where=module_name)
    found: Callable[..., Any] = function
    return found


def _module_from_file(path: Path) -> Any:
    name = f"{LOADED}{snake(str(path))}"
    if name in sys.modules:
        return sys.modules[name]
    specification = importlib.util.spec_from_file_location(name, path)
    if specification is None or specification.loader is None or not path.exists():
        raise ImportError(f"no file {path}")
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module  # dataclasses look their own module up while it loads
    try:
        specification.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


class FunctionSource(msgspec.Struct, frozen=True):
    """Functions, given as objects or as ``module:function``."""

    functions: Sequence[Callable[..., Any] | str]
    toolkit: str = "functions"

    def callables(self) -> dict[str, Callable[..., Any]]:
        """Tool name -> the function itself, to be executed."""
        return {function.__name__: function for function in map(self._function, self.functions)}

    def read(self) -> Iterator[Tool | Skipped]:
        """One tool for each function; one whose types have no JSON Schema is skipped with its reason.

        Raises:
            SourceError: a named function cannot be found.
        """
        for function in map(self._function, self.functions):
            yield tool_of(function, self.toolkit)

    @staticmethod
    def _function(given: Callable[..., Any] | str) -> Callable[..., Any]:
        return locate(given) if isinstance(given, str) else given


def tool_of(function: Callable[..., Any], toolkit: str) -> Tool | Skipped:
    """The tool a function is."""
    name = function.__name__
    where = Where(_home(function), getattr(function, "__qualname__", name))
    if not valid_name(name):
        return Skipped(name, where, "has no name a tool can bear")
    documented = docstring_parser.parse(inspect.getdoc(function) or "")
    described = {item.arg_name: (item.description or "").strip() for item in documented.params}
    try:
        hints = typing.get_type_hints(function, include_extras=True)
        parameters = _parameters(function, hints, described)
        returns = _schema(hints["return"]) if hints.get("return", type(None)) is not type(None) else {}
    except (TypeError, NameError, ValueError) as error:
        return Skipped(name, where, f"its types have no JSON Schema: {error}")
    if documented.returns and documented.returns.description and returns:
        returns = {**returns, "description": documented.returns.description.strip()}
    text = " ".join(part for part in (documented.short_description, documented.long_description) if part)
    return Tool(
        name=name,
        toolkit=toolkit,
        description=" ".join(text.split()),
        parameters=parameters,
        returns=returns,
        where=where,
        hints={"executed": True},
    )


def _home(function: Callable[..., Any]) -> str:
    """The module a function is from, or the name of its file: where the file lies is no part of what a tool is."""
    module = function.__module__
    return Path(inspect.getfile(function)).name if module.startswith(LOADED) else module


def _parameters(
    function: Callable[..., Any], hints: Mapping[str, Any], described: Mapping[str, str]
) -> dict[str, Json]:
    properties: dict[str, Json] = {}
    required: list[str] = []
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise TypeError(f"it takes any number of arguments ({parameter})")
        if parameter.kind is parameter.POSITIONAL_ONLY:
            raise TypeError(f"{name} cannot be given by name")
        if name not in hints:
            raise TypeError(f"{name} has no type hint")
        schema = _schema(hints[name])
        if hints[name] is datetime:
            schema["format"] = "date-time"  # msgspec names the format only where an offset is demanded
        if described.get(name):
            schema["description"] = described[name]
        if parameter.default is parameter.empty:
            required.append(name)
        elif isinstance(parameter.default, str | int | float):
            schema.setdefault("default", msgspec.to_builtins(parameter.default))
        properties[name] = schema
    result: dict[str, Json] = {"type": "object", "properties": properties}
    if required:
        result["required"] = required
    result["additionalProperties"] = False
    return result


def _schema(hint: Any) -> dict[str, Json]:
    (schema,), definitions = msgspec.json.schema_components([hint], ref_template=REFERENCES)
    inlined: dict[str, Json] = inline(schema, {"$defs": definitions}, "type hint", titled=True)
    return inlined
