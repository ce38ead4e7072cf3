"""Commands that show prompts and copy them to be changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from callsmith import prompts


def list_prompts(folder: str) -> None:
    """``callsmith prompts list``."""
    console = Console(highlight=False)
    own = prompts.overridden(folder) if folder else {}
    known = prompts.load(folder)
    width = max(map(len, known))
    for name, prompt in known.items():
        values = " ".join(prompts.placeholders(prompt))
        mark = "  yours" if name in own else ""
        console.print(f"{name:<{width}}  {prompt.version}  {values}{mark}", markup=False, soft_wrap=True)


def show_prompt(name: str, folder: str) -> None:
    """``callsmith prompts show``."""
    Console(highlight=False).out(prompts.named(prompts.load(folder), name).text, end="", highlight=False)


def copy_prompts(folder: Path, names: Sequence[str]) -> None:
    """``callsmith prompts copy``. Files that are there already are left as they are."""
    console = Console(highlight=False)
    packaged = prompts.load()
    for prompt in [prompts.named(packaged, name) for name in names] or packaged.values():
        target = folder / f"{prompt.name}.md"
        if target.exists():
            console.print(f"left as it is: {target}", markup=False, soft_wrap=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(prompt.text, encoding="utf-8")
        console.print(f"wrote {target}", markup=False, soft_wrap=True)
