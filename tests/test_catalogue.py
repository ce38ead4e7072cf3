"""The catalogue's files: each toolkit is well formed, typed and described."""

from __future__ import annotations

import datetime
import re
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from callsmith.catalog import data

CATALOGUE = files("callsmith") / "catalog"
TOOLKITS = sorted(
    entry.name.removesuffix(".yaml")
    for entry in (CATALOGUE / "toolkits").iterdir()
    if entry.name.endswith(".yaml")
)
EXPECTED = {
    "gmail", "googlecalendar", "googledrive", "googledocs", "jira",
    "stripe", "asana", "calendly", "whatsapp", "todoist",
}  # fmt: skip
BUNDLES = {
    "gmail+googlecalendar": ["gmail", "googlecalendar"],
    "googledrive+googledocs": ["googledrive", "googledocs"],
    "jira+gmail": ["jira", "gmail"],
    "googledrive+calendly+googlecalendar": ["googledrive", "calendly", "googlecalendar"],
    "whatsapp+todoist": ["whatsapp", "todoist"],
}
NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
PREFIX = "#/schemas/"


def _load(path: str) -> Any:
    entry = CATALOGUE
    for part in path.split("/"):
        entry = entry / part
    return yaml.load(entry.read_text("utf-8"), Loader=yaml.CSafeLoader)


def _toolkit(name: str) -> Any:
    return _load(f"toolkits/{name}.yaml")


def _subschemas(schema: Any, where: str) -> Iterator[tuple[str, Any]]:
    """Every schema in a schema, with a readable path; references are yielded, not followed."""
    yield where, schema
    for keyword in ("properties", "patternProperties", "$defs"):
        for name, child in schema.get(keyword, {}).items():
            yield from _subschemas(child, f"{where}/{name}")
    for keyword in ("items", "additionalProperties", "not", "contains"):
        if isinstance(schema.get(keyword), dict):
            yield from _subschemas(schema[keyword], f"{where}/{keyword}")
    for keyword in ("allOf", "anyOf", "oneOf", "prefixItems"):
        for index, child in enumerate(schema.get(keyword, ())):
            yield from _subschemas(child, f"{where}/{keyword}/{index}")


def _roots(toolkit: Any) -> Iterator[tuple[str, Any]]:
    for name, schema in toolkit["schemas"].items():
        yield f"schemas/{name}", schema
    for tool in toolkit["tools"]:
        yield f"{tool['name']}/parameters", tool["parameters"]
        yield f"{tool['name']}/returns", tool["returns"]


def _all(toolkit: Any) -> Iterator[tuple[str, Any]]:
    for where, root in _roots(toolkit):
        yield from _subschemas(root, where)


def _nulls(value: Any, where: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, child in value.items():
            if not isinstance(key, str) or child is None:
                yield f"{where}/{key}"
            yield from _nulls(child, f"{where}/{key}")
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _nulls(child, f"{where}/{index}")


def _resolved(toolkit: Any, schema: Any) -> Any:
    seen = 0
    while "$ref" in schema and seen < 10:
        schema = {
            **toolkit["schemas"][schema["$ref"].removeprefix(PREFIX)],
            **{k: v for k, v in schema.items() if k != "$ref"},
        }
        seen += 1
    return schema


def _meaning(toolkit: Any, schema: Any) -> str:
    """What tells a reader the schema's meaning: its description, its only value, or what it holds.

    An envelope such as ``{"issues": [Issue]}`` says enough when the records inside are described.
    """
    if schema.get("description") or "const" in schema:
        return str(schema.get("description", schema.get("const")))
    if isinstance(schema.get("items"), dict):
        held = _resolved(toolkit, schema["items"])
        return _meaning(toolkit, held) or " ".join(held.get("properties", {}))
    choices = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    return " ".join(filter(None, (_meaning(toolkit, _resolved(toolkit, choice)) for choice in choices)))


def test_every_promised_toolkit_is_there() -> None:
    assert set(TOOLKITS) >= EXPECTED


def test_bundles_name_their_toolkits() -> None:
    bundles = _load("bundles.yaml")
    assert {name: bundles[name] for name in BUNDLES} == BUNDLES
    for name, members in bundles.items():
        assert name == "+".join(members)
        assert set(members) <= set(TOOLKITS), name


def test_tool_names_are_unique_across_the_catalogue() -> None:
    names = [tool["name"] for toolkit in TOOLKITS for tool in _toolkit(toolkit)["tools"]]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("name", TOOLKITS)
def test_file_has_its_parts(name: str) -> None:
    toolkit = _toolkit(name)
    assert set(toolkit) == {"toolkit", "title", "about", "schemas", "tools"}
    assert toolkit["toolkit"] == name
    assert toolkit["title"]
    assert toolkit["about"]
    assert len(toolkit["tools"]) >= 12
    for tool in toolkit["tools"]:
        assert set(tool) == {"name", "description", "parameters", "returns"}, tool["name"]
        assert NAME.fullmatch(tool["name"]), tool["name"]
        assert tool["name"].startswith(f"{name}_")
        assert len(tool["description"].split()) >= 3, tool["name"]


@pytest.mark.parametrize("name", TOOLKITS)
def test_nothing_is_null_and_every_key_is_a_string(name: str) -> None:
    # An unquoted comma in a flow mapping turns the rest of a sentence into a key without a value.
    assert list(_nulls(_toolkit(name))) == []


@pytest.mark.parametrize("name", TOOLKITS)
def test_schemas_are_valid_draft_2020_12(name: str) -> None:
    for where, root in _roots(_toolkit(name)):
        try:
            jsonschema.Draft202012Validator.check_schema(root)
        except jsonschema.SchemaError as error:
            pytest.fail(f"{where}: {error.message}")


@pytest.mark.parametrize("name", TOOLKITS)
def test_every_reference_resolves_and_every_shared_schema_is_used(name: str) -> None:
    toolkit = _toolkit(name)
    used = set()
    for where, schema in _all(toolkit):
        if "$ref" in schema:
            assert schema["$ref"].startswith(PREFIX), where
            target = schema["$ref"].removeprefix(PREFIX)
            assert target in toolkit["schemas"], f"{where} -> {target}"
            used.add(target)
    assert used == set(toolkit["schemas"])


@pytest.mark.parametrize("name", TOOLKITS)
def test_required_properties_exist(name: str) -> None:
    for where, schema in _all(_toolkit(name)):
        missing = set(schema.get("required", ())) - set(schema.get("properties", {}))
        assert not missing, f"{where}: {missing}"
        assert len(set(schema.get("required", ()))) == len(schema.get("required", ())), where


@pytest.mark.parametrize("name", TOOLKITS)
def test_enums_hold_values_of_the_declared_type(name: str) -> None:
    for where, schema in _all(_toolkit(name)):
        if "enum" not in schema:
            continue
        values = schema["enum"]
        assert values, where
        assert len({repr(value) for value in values}) == len(values), where
        checker = jsonschema.Draft202012Validator({"type": schema["type"]})
        assert all(checker.is_valid(value) for value in values), where


@pytest.mark.parametrize("name", TOOLKITS)
def test_defaults_and_examples_satisfy_their_schema(name: str) -> None:
    toolkit = _toolkit(name)
    for where, schema in _all(toolkit):
        if "$ref" in schema:
            continue
        checker = jsonschema.Draft202012Validator(
            {k: v for k, v in schema.items() if k not in ("items", "properties")},
            format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
        )
        values = list(schema.get("examples", ()))
        if "default" in schema:
            values.append(schema["default"])
        for value in values:
            assert checker.is_valid(value), f"{where}: {value!r}"


@pytest.mark.parametrize("name", TOOLKITS)
def test_every_property_says_its_type_and_its_meaning(name: str) -> None:
    toolkit = _toolkit(name)
    for where, schema in _all(toolkit):
        for key, child in schema.get("properties", {}).items():
            full = _resolved(toolkit, child)
            assert {"type", "anyOf", "oneOf", "const"} & set(full), f"{where}/{key} has no type"
            assert _meaning(toolkit, full), f"{where}/{key} has no description"


@pytest.mark.parametrize("name", TOOLKITS)
def test_arguments_are_closed_objects_and_arrays_say_what_they_hold(name: str) -> None:
    toolkit = _toolkit(name)
    for tool in toolkit["tools"]:
        parameters = tool["parameters"]
        assert parameters["type"] == "object", tool["name"]
        assert parameters.get("additionalProperties") is False, tool["name"]
        assert isinstance(parameters.get("properties"), dict), tool["name"]
    for where, schema in _all(toolkit):
        if schema.get("type") == "array":
            assert "items" in schema or "prefixItems" in schema, where


@pytest.mark.parametrize("name", TOOLKITS)
def test_patterns_avoid_unicode_digit_classes(name: str) -> None:
    for where, schema in _all(_toolkit(name)):
        if "pattern" in schema:
            assert "\\d" not in schema["pattern"], where
            assert "\\w" not in schema["pattern"], where
            re.compile(schema["pattern"])


@pytest.mark.parametrize("name", TOOLKITS)
def test_records_returned_have_enough_to_talk_about(name: str) -> None:
    toolkit = _toolkit(name)
    fullest = max(len(schema.get("properties", {})) for schema in toolkit["schemas"].values())
    assert fullest >= 8


def test_a_data_file_is_decoded_once_and_again_when_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    read = data.read.__wrapped__
    words = tmp_path / "words.yaml"
    words.write_text("verbs: [look, find]\n")
    assert read("words.yaml") == read("words.yaml") == {"verbs": ["look", "find"]}
    (kept,) = (tmp_path / "kept").rglob("words.yaml.*")
    kept.write_bytes(b"torn")
    assert read("words.yaml") == {"verbs": ["look", "find"]}
    words.write_text("verbs: [look, find, seek]\n")
    assert read("words.yaml") == {"verbs": ["look", "find", "seek"]}
    words.write_text("since: 2026-03-02\n")  # no plain data: read each time
    assert read("words.yaml") == read("words.yaml") == {"since": datetime.date(2026, 3, 2)}
