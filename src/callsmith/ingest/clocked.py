"""Modules of functions as they would be at another moment: told the time, and given the same chances again."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from callsmith import seeds

TELLER = "__callsmith_told__"
_CLOCK = ("today", "now", "utcnow", "time", "time_ns", "localtime", "gmtime", "strftime", "ctime")
_CHANCE = ("random", "uuid", "secrets")  # modules


def moved(module: ModuleType, source: str, now: str, seed: int) -> None:
    """Run a source in ``module`` with ``now``, ISO with its offset, for its clock and ``seed`` for its chances.

    Only what the module itself reads is told; what other modules read for it stays as it is.
    """
    code, _ = _compiled(source, str(getattr(module, "__file__", module.__name__)))
    vars(module)[TELLER] = _teller(datetime.fromisoformat(now), seed)
    exec(code, vars(module))


def reads(source: str) -> frozenset[str]:
    """Which of "clock" and "chance" a module reads."""
    return _compiled(source, "<source>")[1]


@lru_cache(maxsize=64)
def _compiled(source: str, path: str) -> tuple[Any, frozenset[str]]:
    tree = ast.parse(source)
    chancy = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name in _CHANCE
    }
    met = {"chance"} if chancy else set()
    for node in list(ast.walk(tree)):
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):
                setattr(node, name, [one for item in value for one in _told(item, chancy, met)])
            elif isinstance(value, ast.AST):
                setattr(node, name, _told(value, chancy, met)[0])
    return compile(ast.fix_missing_locations(tree), path, "exec"), frozenset(met)


def _told(node: Any, chancy: set[str], met: set[str]) -> list[Any]:
    """What stands in a node's place: the teller around what may read a clock or a chance, and after what imports it."""
    if isinstance(node, ast.ImportFrom) and node.module in (*_CHANCE, "time") and not node.level:
        met.add("clock" if node.module == "time" else "chance")
        names = [alias.asname or alias.name for alias in node.names if alias.name != "*"]
        return [node, *(_assigned(name) for name in names)]
    if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load):
        return [node]
    chance = isinstance(node.value, ast.Name) and node.value.id in chancy
    if not chance and node.attr not in _CLOCK:
        return [node]
    if not chance and node.attr in ("today", "now", "utcnow", "time"):
        met.add("clock")
    return [ast.copy_location(_asked(node), node)]


def _asked(node: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(TELLER, ast.Load()), [node], [])


def _assigned(name: str) -> ast.Assign:
    return ast.Assign([ast.Name(name, ast.Store())], _asked(ast.Name(name, ast.Load())))


def _teller(moment: datetime, seed: int) -> Callable[[Any], Any]:
    """Hands back what it is given, or, for a clock or a chance, one that tells what was laid down."""
    chances = seeds.rng(seed, "functions")

    def told(thing: Any) -> Any:
        if not isinstance(thing, (BuiltinFunctionType, FunctionType, MethodType)):
            return thing
        return next((instead for real, instead in _known(moment, chances) if thing == real), thing)

    return told


def _known(moment: datetime, chances: seeds.Rng) -> list[tuple[Any, Any]]:
    plain = moment.replace(tzinfo=None)
    stamp = moment.timestamp()
    found: list[tuple[Any, Any]] = [
        (date.today, plain.date),
        (datetime.today, lambda: plain),
        (datetime.now, lambda tz=None: plain if tz is None else moment.astimezone(tz)),
        (datetime.utcnow, lambda: moment.astimezone(UTC).replace(tzinfo=None)),
    ]
    clock = sys.modules["time"]
    found += [
        (clock.time, lambda: stamp),
        (clock.time_ns, lambda: int(stamp * 1e9)),
        (
            clock.gmtime,
            lambda at=None: moment.astimezone(UTC).timetuple() if at is None else clock.gmtime(at),
        ),
        (clock.localtime, lambda at=None: plain.timetuple() if at is None else clock.localtime(at)),
        (clock.strftime, lambda form, at=None: clock.strftime(form, at or plain.timetuple())),
        (clock.ctime, lambda at=None: plain.ctime() if at is None else clock.ctime(at)),
    ]
    return found + _drawn(chances)


def _drawn(chances: seeds.Rng) -> list[tuple[Any, Any]]:
    """Chances of modules that are loaded, drawn from ours."""
    found: list[tuple[Any, Any]] = []
    drawing = sys.modules.get("random")
    for name in getattr(drawing, "__all__", ()):
        if hasattr(chances, name) and not name[:1].isupper():
            found.append((getattr(drawing, name), getattr(chances, name)))
    if (ids := sys.modules.get("uuid")) is not None:
        made = lambda: ids.UUID(int=chances.getrandbits(128), version=4)  # noqa: E731
        found += [(ids.uuid4, made), (ids.uuid1, made)]
    if (secret := sys.modules.get("secrets")) is not None:
        found += [
            (secret.token_hex, lambda size=16: chances.randbytes(size or 16).hex()),
            (secret.token_bytes, lambda size=16: chances.randbytes(size or 16)),
            (secret.token_urlsafe, lambda size=16: chances.randbytes(size or 16).hex()),
            (secret.choice, chances.choice),
            (secret.randbelow, chances.randrange),
        ]
    return found
