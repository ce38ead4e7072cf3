"""Python functions: a tool from signature, type hints and docstring."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re
import sys
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docstring_parser
import msgspec

from callsmith.errors import SourceError, nearest
from callsmith.ingest import clocked
from callsmith.ingest.names import snake, valid_name
from callsmith.ingest.refs import inline
from callsmith.records import Json, Skipped, Tool, Where

LOADED = "callsmith_functions_"  # how modules read from a file are called
REFERENCES = "#/$defs/{name}"
_PLAIN: Mapping[str, Any] = {  # types as docstrings name them, for functions without type hints
    "str": str, "string": str, "int": int, "integer": int, "float": float, "number": float, "bool": bool,
    "boolean": bool, "date": date, "datetime": datetime, "list[str]": list[str], "list[int]": list[int],
}  # fmt: skip


def locate(reference: str) -> Callable[..., Any]:
    """The function named ``module:function`` or ``path/to/file.py:function``.

    Raises:
        SourceError: module or function cannot be found.
    """
    module_name, _, function_name = reference.rpartition(":")
    if not module_name or not function_name:
        raise SourceError(f"{reference!r} names no function", hint="write module:function")
    function = getattr(_module(module_name), function_name, None)
    if function is None:
        hint = nearest(function_name, public(module_name))
        raise SourceError(f"no function {function_name}", where=module_name, hint=hint)
    if not callable(function):
        raise SourceError(f"{reference!r} is not a function", where=module_name)
    found: Callable[..., Any] = function
    return found


def public(module_name: str) -> list[str]:
    """The functions a module, named or by its file, has for others: what ``__all__`` says, else its own without ``_``.

    Raises:
        SourceError: it cannot be loaded.
    """
    module = _module(module_name)
    told = getattr(module, "__all__", None)
    return [
        name
        for name, value in vars(module).items()
        if inspect.isfunction(value)
        and (name in told if told else not name.startswith("_") and value.__module__ == module.__name__)
    ]


def module_of(named: str) -> str:
    """The module in ``module:one,two``; the colon of a drive, as in ``C:/tools.py``, divides nothing."""
    module, colon, names = named.rpartition(":")
    return module if colon and "/" not in names and "\\" not in names else named


def references(named: str) -> list[str]:
    """``module:one,two`` as one reference a function; a module alone stands for all it has for others.

    Raises:
        SourceError: a module named alone cannot be loaded, or has no functions.
    """
    module = module_of(named)
    told = named.removeprefix(module).removeprefix(":")
    names = [name.strip() for name in told.split(",")] if told else public(module)
    if not names:
        raise SourceError("has no functions of its own", where=module)
    return [f"{module}:{name}" for name in names]


def _module(name: str) -> Any:
    """A module by its name or its file.

    Raises:
        SourceError: it cannot be found, or fails while it is loaded.
    """
    path = Path(name)
    try:
        return _module_from_file(path) if path.suffix == ".py" else importlib.import_module(name)
    except (
        Exception
    ) as error:  # the boundary to code that is not ours: whatever it raises, it cannot be loaded
        hint = f"its file would be {name}.py" if Path(f"{name}.py").exists() else ""
        raise SourceError(f"cannot load {name!r}: {error}", where=name, hint=hint) from error


def _loaded_again(module: Any, now: str, seed: int) -> Any:
    """A second copy of a module, which takes nobody else's place, and lives at a moment if one is given.

    Raises:
        SourceError: it fails while it is loaded.
    """
    other = importlib.util.module_from_spec(module.__spec__)
    source = _source_of(module) if now else ""
    sys.modules[module.__name__] = other  # dataclasses look their own module up while it loads
    try:
        if source:
            clocked.moved(other, source, now, seed)
        else:
            module.__spec__.loader.exec_module(other)
    except Exception as error:  # the boundary to code that is not ours
        raise SourceError(f"cannot load {module.__name__!r} a second time: {error}") from error
    finally:
        sys.modules[module.__name__] = module
    return other


def _source_of(module: Any) -> str:
    """The text of a module; "" where it has none, as those in another language have not."""
    get = getattr(module.__spec__.loader, "get_source", None)
    return (get(module.__name__) or "") if get is not None else ""


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

    def reads(self) -> frozenset[str]:
        """What the modules read that is not of this world: a "clock", a "chance"."""
        modules = {function.__module__ for function in self.callables().values()}
        found = [sys.modules[name] for name in modules if getattr(sys.modules.get(name), "__spec__", None)]
        return frozenset().union(*(clocked.reads(_source_of(module)) for module in found))

    def anew(self, now: str = "", seed: int = 0) -> dict[str, Callable[..., Any]]:
        """The functions as their modules have them when they are loaded: what calls changed since is not there.

        With ``now``, ISO with its offset, the modules read that moment from their clocks, and chances of ``seed``.

        Raises:
            SourceError: a module does not load a second time.
        """
        loaded: dict[str, Any] = {}
        found = {}
        for name, function in self.callables().items():
            module = sys.modules.get(function.__module__)
            if module is None or getattr(module, "__spec__", None) is None or "." in function.__qualname__:
                found[name] = function
                continue
            if function.__module__ not in loaded:
                loaded[function.__module__] = _loaded_again(module, now, seed)
            found[name] = getattr(loaded[function.__module__], function.__name__, function)
        return found

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
    told = {
        item.arg_name: _PLAIN[kind] for item in documented.params if (kind := _kind(item.type_name)) in _PLAIN
    }
    try:
        hints = told | typing.get_type_hints(function, include_extras=True)
        described = {name: _about(hint) for name, hint in hints.items() if _about(hint)} | described
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


def _kind(told: str | None) -> str:
    """The type a docstring says a parameter has: ``str, optional`` -> str."""
    return re.split(r"[,\s(]", told or "", maxsplit=1)[0].lower()


def _about(hint: Any) -> str:
    """What ``Annotated[..., Field(description=...)]`` says of a parameter, or ``Annotated[..., "..."]``."""
    said = [getattr(item, "description", item) for item in getattr(hint, "__metadata__", ())]
    return next((text.strip() for text in said if isinstance(text, str)), "")


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
            if "examples" not in schema and (shown := exemplified(described[name], schema)):
                schema["examples"] = shown
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


_EXAMPLE = re.compile(
    r"(?:\be\.g\.,?|\bfor example,?|\bfor instance,?|\bsuch as|\blike|\bexamples?:)\s*"
    r"(?:[\"'`“]([^\"'`”\n]{1,60})[\"'`”]|(-?[0-9]+(?:\.[0-9]+)?)(?![\w:/-]))",
    re.IGNORECASE,
)


def exemplified(description: str, schema: Mapping[str, Json]) -> list[Json]:
    """The examples that a description of a parameter gives: "specific gravity, e.g. 1.012"."""
    kinds = {schema.get("type"), *(option.get("type") for option in schema.get("anyOf", ()))}
    found: list[Json] = []
    for text, number in _EXAMPLE.findall(description):
        if "string" in kinds and text:
            found.append(text)
        elif "integer" in kinds and number.lstrip("-").isdigit():
            found.append(int(number))
        elif "number" in kinds and number:
            found.append(float(number))
    return found


def schema_of_model(kind: Any) -> dict[str, Any]:
    """The schema of a class that knows its own, as pydantic's models do.

    Raises:
        TypeError: it knows none.
    """
    if not hasattr(kind, "model_json_schema"):
        raise TypeError(f"{getattr(kind, '__name__', kind)} is not a type with a JSON Schema")
    whole: dict[str, Any] = kind.model_json_schema()
    plain: dict[str, Any] = inline(whole, whole, "type hint", titled=True)
    return {key: value for key, value in plain.items() if key != "$defs"}


def _schema(hint: Any) -> dict[str, Json]:
    (schema,), definitions = msgspec.json.schema_components(
        [hint], ref_template=REFERENCES, schema_hook=schema_of_model
    )
    inlined: dict[str, Json] = inline(schema, {"$defs": definitions}, "type hint", titled=True)
    return inlined
