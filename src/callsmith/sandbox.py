"""A private copy of a folder, put back as it was after each use, and called by a path that never changes."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from callsmith.errors import SourceError
from callsmith.records import Json

Scan = dict[str, tuple[int, int]]


class Sandbox:
    """A copy of ``template`` in a folder of its own; without a template, an empty one.

    Raises:
        SourceError: the template is no folder.
    """

    def __init__(self, template: str) -> None:
        if template and not Path(template).is_dir():
            raise SourceError("no such folder", where=template, hint="sandbox names a folder to begin from")
        self._template = template
        self._home = Path(tempfile.mkdtemp(prefix="callsmith-")).resolve()
        self.path = str(self._home / "sandbox")
        self._before: Scan = {}
        self.restore()

    def restore(self) -> None:
        """Make the copy what the template is."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._template:
            shutil.copytree(self._template, self.path, symlinks=True)
        else:
            Path(self.path).mkdir(exist_ok=True)
        self._before = dict(_scan(self.path))

    def changed(self) -> bool:
        """Whether anything in the copy is not as it was."""
        return dict(_scan(self.path)) != self._before

    def close(self) -> None:
        """Remove the copy."""
        shutil.rmtree(self._home, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _scan(root: str) -> Iterator[tuple[str, tuple[int, int]]]:
    for folder, _, names in os.walk(root):
        yield folder, (0, 0)
        for name in names:
            path = os.path.join(folder, name)
            found = os.lstat(path)
            yield path, (found.st_size, found.st_mtime_ns)


def moved(value: Json, source: str, target: str) -> Json:
    """A JSON value in which the path ``source`` is called ``target`` wherever it stands in text.

    A path is left alone where ``source`` is only the beginning of another name.
    """
    if not source:
        return value
    if isinstance(value, str):
        if source not in value:
            return value
        return re.sub(rf"(?<![\w.-]){re.escape(source)}(?![\w-])", lambda _: target, value)
    if isinstance(value, list):
        return [moved(item, source, target) for item in value]
    if isinstance(value, dict):
        return {str(moved(key, source, target)): moved(item, source, target) for key, item in value.items()}
    return value
