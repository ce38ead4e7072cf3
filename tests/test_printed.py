"""What programs print, read where its shape leaves no doubt, and counted as the faithfulness check counts it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from callsmith.facts.printed import Changed, changes, counts, entries, records, sections, structured

LOG = """Commit history:
Commit: b7c616b
Author: Jonas Weber
Date: 2026-02-24 11:31:00+00:00
Message: Show delivery costs: at checkout


Commit: c6c59e1
Author: Priya Nair
Date: 2026-02-17 16:22:00+00:00
Message: Round totals

"""
DIFF = """Diff with main:
diff --git a/README.md b/README.md
--- a/README.md
+++ b/README.md
@@ -1,3 +1,3 @@
 # Shop
-old
--- no header either
+new
+--- no header
diff --git a/t.py b/t.py
new file mode 100644
--- /dev/null
+++ b/t.py
@@ -0,0 +1,2 @@
+one
+two
diff --git a/gone.py b/gone.py
--- a/gone.py
+++ /dev/null
@@ -1 +0,0 @@
-bye
"""
STATUS = "On branch main\nChanges to be committed:\n  (use x)\n\tnew file:   a.py\n\nUntracked files:\n\tb.py\n\tc.py\n"


def test_blocks_of_the_same_keys_are_records() -> None:
    found = records(LOG)
    assert [item["Commit"] for item in found] == ["b7c616b", "c6c59e1"]
    assert found[0]["Message"] == "Show delivery costs: at checkout"
    assert structured(LOG) == [dict(item) for item in found] and structured("plain") == "plain"


def test_what_is_no_list_of_records_is_left_alone() -> None:
    for text in ("", "one line", "a: b", "a: b\nc: d\n\na: b", "a: b\nand so on", "a: 1\na: 2"):
        assert records(text) == ()


def test_a_diff_is_its_files_with_what_was_added_and_removed() -> None:
    assert changes(DIFF) == (
        Changed("README.md", 2, 2),
        Changed("t.py", 2, 0, fresh=True),
        Changed("gone.py", 0, 1, gone=True),
    )
    assert changes("nothing\n+ of that sort\n") == ()
    assert {3, 4, 2, 1} <= counts(DIFF)  # files; lines added in all; in one; removed in one


def test_sections_and_entries() -> None:
    assert [(item.heading, list(item.entries)) for item in sections(STATUS)] == [
        ("Changes to be committed", ["new file: a.py"]),
        ("Untracked files", ["b.py", "c.py"]),
    ]
    assert entries("  gift-cards\n* main\n") == (("gift-cards", ""), ("main", "*"))
    assert entries("- a\n- b") == (("a", ""), ("b", "")) and entries("prose. More prose.") == ()


@given(st.text(alphabet="ab:+-@ \n\t*/", max_size=200))
def test_any_text_is_read_without_fault(text: str) -> None:
    assert len(text.split("\n")) in counts(text)
    assert all(item.added >= 0 and item.removed >= 0 for item in changes(text))
    assert all(entry for entry, _ in entries(text))
