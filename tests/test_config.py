"""Configuration: what it reads, and errors that say where and what instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from callsmith import config, config_reference, inputs
from callsmith.errors import ConfigError

ROOT = Path(__file__).parent.parent


def read(tmp_path: Path, text: str) -> config.Config:
    file = tmp_path / "run.yaml"
    file.write_text(text, encoding="utf-8")
    return config.read(file)


def test_names_entries_and_defaults(tmp_path: Path) -> None:
    found = read(
        tmp_path, "toolkits:\n  - gmail\n  - {openapi: api/pets.json, operations: [a, b], weight: 2}\n"
    )
    assert found.toolkits[0] == config.Toolkit(name="gmail")
    assert found.toolkits[1].openapi == str(tmp_path / "api/pets.json")
    assert found.toolkits[1].operations == ("a", "b")
    assert found.out == str(tmp_path / "runs/run")
    assert found.size == 200
    assert set(found.kinds) == set(config.KINDS)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("toolkits: [gmail]\nsieze: 3\n", "2:1", ["unknown key sieze", "did you mean size?"]),
        ("toolkits: [gmail]\nkinds:\n  singel: 3\n", "3:3", ["unknown kind singel", "did you mean single?"]),
        ("toolkits: [gmail]\noffer:\n  min: 2\n  mox: 3\n", "4:3", ["unknown key mox", "did you mean max?"]),
        (
            "toolkits:\n  - gmail\n  - {opnapi: x.json}\n",
            "3:6",
            ["unknown key opnapi", "did you mean openapi?"],
        ),
        ("toolkits: [gmail]\nsize: many\n", "2:7", ["size", "expected `int`, got `str`"]),
        ("toolkits: [gmail]\nlocales: [en-GB, tlh]\n", "2:18", ["no locale tlh", "one of en-GB"]),
        ("toolkits: [gmail]\nsize: 0\n", "2:7", ["at least 1"]),
        ("toolkits: [gmail]\nkinds: {single: -1}\n", "2:8", ["negative"]),
        ("toolkits: [gmail]\nseed: 1\nseed: 2\n", "3:1", ["seed is given twice", "first on line 2"]),
        ("toolkits: [gmail\nsize: 3\n", "2:", ["expected"]),
        ("size: 3\n", "1:1", ["toolkits is missing"]),
        ("- gmail\n", "1:1", ["a mapping is expected"]),
        ("toolkits: []\n", "1:11", ["toolkits is empty"]),
        ("toolkits:\n  - {openapi: a.json, openai: b.json}\n", "2:5", ["one source"]),
        ("toolkits: [gmail]\noffer: {min: 9, max: 3}\n", "2:8", ["1 <= min <= max"]),
        ("toolkits: [gmail]\nskeleton_share: 3\n", "2:17", ["at most 1", "0.01"]),
        ("toolkits: [gmail]\nlimits: {max_cots: 1}\n", "2:10", ["unknown key max_cots", "max_cost?"]),
        ("toolkits: [gmail]\nlimits: {max_cost: -1}\n", "2:20", ["max_cost must not be negative"]),
    ],
)
def test_errors_say_where_and_what_instead(tmp_path: Path, text: str, place: str, words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert caught.value.where.startswith(f"{tmp_path / 'run.yaml'}:{place}")
    for word in words:
        assert word in f"{caught.value.what} {caught.value.hint}"


@pytest.mark.parametrize(
    ("role", "given", "place", "words"),
    [
        ("wirter", "base_url: http://localhost/v1, model: m", "3:3", ["no role wirter", "mean writer?"]),
        ("writer", "base_url: http://localhost/v1", "3:11", ["model is missing"]),
        ("writer", "base_url: http://localhost/v1, modle: m", "3:43", ["unknown key modle", "mean model?"]),
        (
            "writer",
            "structured: gbnf, base_url: http://a/v1, model: m",
            "3:24",
            ["no structured gbnf", "one of"],
        ),
        (
            "writer",
            "price: {inptu: 1}, base_url: http://a/v1, model: m",
            "3:20",
            ["unknown key inptu", "input?"],
        ),
        ("writer", "base_url: localhost, model: m", "3:22", ["must be an http or https address"]),
        ("writer", "base_url: 'https://me:pw@a.com/v1', model: m", "3:22", ["by api_key_env"]),
        ("writer", "base_url: http://a.com, model: m, api_key_env: A_KEY", "3:22", ["by https"]),
        ("writer", "base_url: http://localhost, model: m, api_key_env: sk-12", "3:63", ["not a key"]),
        ("writer", "base_url: http://localhost, model: m, extra: {n: 2}", "3:57", ["extra cannot set n"]),
        ("writer", "base_url: http://localhost, model: m, concurrency: 0", "3:63", ["between 1 and 4096"]),
    ],
)
def test_errors_of_models_say_where(
    tmp_path: Path, role: str, given: str, place: str, words: list[str]
) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, f"toolkits: [gmail]\nmodels:\n  {role}: {{{given}}}\n")
    assert caught.value.where.startswith(f"{tmp_path / 'run.yaml'}:{place}")
    for word in words:
        assert word in f"{caught.value.what} {caught.value.hint}"


def test_models_shape_rows_by_what_they_answer_not_by_where_they_are(tmp_path: Path) -> None:
    def made_from(endpoint: str, limits: str = "{}") -> dict[str, Any]:
        text = f"toolkits: [gmail]\nlimits: {limits}\nmodels:\n  default: {{{endpoint}}}\n"
        return inputs.inputs(read(tmp_path, text))

    here = made_from("base_url: http://localhost/v1, model: m, temperature: 0.5")
    moved = "base_url: https://a.com/v1, api_key_env: KEY, concurrency: 9, timeout: 9, price: {input: 1}"
    assert made_from(f"{moved}, model: m, temperature: 0.5", "{max_cost: 3}") == here
    assert "a.com" not in str(made_from(f"{moved}, model: m"))
    for change in ("model: other", "model: m, temperature: 1", "model: m, structured: none"):
        assert made_from(f"base_url: http://localhost/v1, {change}") != here
    assert made_from("base_url: http://localhost/v1, model: m, temperature: 0.5, extra: {top_p: 1}") != here


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        config.read(tmp_path / "none.yaml")


def test_the_reference_is_the_one_in_docs() -> None:
    assert (ROOT / "docs" / "config.md").read_text(encoding="utf-8") == config_reference.reference()


def test_keys_that_yaml_takes_for_truth_values_are_keys(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("toolkits: [gmail]\njudge: {on: no}\n", encoding="utf-8")
    assert config.read(path).judge.on is False
    path.write_text("toolkits: [gmail]\noff: 3\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="unknown key off"):
        config.read(path)
