"""Makes the folder of git repositories that benchmarks/mcp/git.yaml works in: the same bytes each time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PEOPLE = {
    "ana": "Ana Duarte <ana.duarte@harbour.example>",
    "jonas": "Jonas Weber <jonas.weber@harbour.example>",
    "priya": "Priya Nair <priya.nair@harbour.example>",
}
# repository -> commits as (who, when, message, {file: text}), oldest first
SHOP = [
    ("ana", "2026-02-02T09:12:00+00:00", "Start the shop", {
        "README.md": "# Shop\n\nThe web shop of Harbour Goods.\n",
        "shop/cart.py": "def total(items):\n    return sum(item.price for item in items)\n",
    }),
    ("jonas", "2026-02-05T14:40:00+00:00", "Add a checkout page", {
        "shop/checkout.py": "from shop.cart import total\n\n\ndef checkout(items):\n    return {'due': total(items)}\n",
    }),
    ("ana", "2026-02-11T10:05:00+00:00", "Count quantities in the cart total", {
        "shop/cart.py": "def total(items):\n    return sum(item.price * item.quantity for item in items)\n",
    }),
    ("priya", "2026-02-17T16:22:00+00:00", "Round totals to cents", {
        "shop/cart.py": "def total(items):\n    return round(sum(item.price * item.quantity for item in items), 2)\n",
        "tests/test_cart.py": "from shop.cart import total\n\n\ndef test_empty():\n    assert total([]) == 0\n",
    }),
    ("jonas", "2026-02-24T11:31:00+00:00", "Show delivery costs at checkout", {
        "shop/checkout.py": "from shop.cart import total\n\nDELIVERY = 4.9\n\n\ndef checkout(items):\n"
        "    return {'goods': total(items), 'delivery': DELIVERY, 'due': total(items) + DELIVERY}\n",
    }),
]  # fmt: skip
WEBSITE = [
    ("priya", "2026-01-19T08:50:00+00:00", "First draft of the home page", {
        "index.html": "<h1>Harbour Goods</h1>\n<p>Things for life by the water.</p>\n",
    }),
    ("priya", "2026-01-28T13:15:00+00:00", "Add opening hours", {
        "hours.html": "<h1>Opening hours</h1>\n<p>Tuesday to Saturday, 10 to 18.</p>\n",
    }),
    ("ana", "2026-02-20T15:03:00+00:00", "Open on Sundays in summer", {
        "hours.html": "<h1>Opening hours</h1>\n<p>Tuesday to Saturday, 10 to 18.</p>\n"
        "<p>June to August also Sunday, 11 to 16.</p>\n",
    }),
]  # fmt: skip
LABELS = [
    ("jonas", "2026-02-03T12:00:00+00:00", "Print one label per parcel", {
        "labels.py": "def label(parcel):\n    return f'{parcel.name}\\n{parcel.street}\\n{parcel.city}'\n",
        "CHANGES.md": "# Changes\n\n- one label per parcel\n",
    }),
    ("ana", "2026-02-26T09:45:00+00:00", "Put the postcode before the city", {
        "labels.py": "def label(parcel):\n"
        "    return f'{parcel.name}\\n{parcel.street}\\n{parcel.postcode} {parcel.city}'\n",
        "CHANGES.md": "# Changes\n\n- one label per parcel\n- the postcode stands before the city\n",
    }),
]  # fmt: skip


def git(folder: Path, *arguments: str, who: str = "ana", when: str = "2026-02-28T09:00:00+00:00") -> None:
    """Run git with nothing of this machine's configuration in it."""
    name, _, mail = PEOPLE[who].rstrip(">").partition(" <")
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
    for role in ("AUTHOR", "COMMITTER"):
        own |= {f"GIT_{role}_NAME": name, f"GIT_{role}_EMAIL": mail, f"GIT_{role}_DATE": when}
    subprocess.run(["git", *arguments], cwd=folder, env=own, check=True, capture_output=True)


def repository(folder: Path, commits: list[tuple[str, str, str, dict[str, str]]]) -> None:
    """One repository with its history."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main", "--template=")
    for who, when, message, files in commits:
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", message, who=who, when=when)


def make(root: Path) -> None:
    """All of them, with branches beside main and work that is not committed yet."""
    shop, website, labels = root / "shop", root / "website", root / "labels"
    repository(shop, SHOP)
    repository(website, WEBSITE)
    repository(labels, LABELS)
    git(shop, "branch", "gift-cards", "HEAD~1")
    git(shop, "branch", "release", "HEAD~2")
    git(website, "branch", "summer", "HEAD~1")
    (shop / "README.md").write_text("# Shop\n\nThe web shop of Harbour Goods.\n\nRun it with `make run`.\n")
    (shop / "tests" / "test_checkout.py").write_text(
        "from shop.checkout import checkout\n\n\ndef test_due():\n    assert checkout([])['due'] == 4.9\n"
    )
    git(shop, "add", "tests/test_checkout.py")
    (website / "index.html").write_text("<h1>Harbour Goods</h1>\n<p>Things for a life by the water.</p>\n")
    git(website, "add", "index.html")
    (labels / "labels.py").write_text(
        "def label(parcel):\n    lines = (parcel.name, parcel.street, f'{parcel.postcode} {parcel.city}')\n"
        "    return '\\n'.join(lines)\n"
    )


if __name__ == "__main__":
    make(Path(sys.argv[1]))
