"""Our own rows, whole: what ``conversations.jsonl`` holds, for keeping and for exchange."""

from __future__ import annotations

from callsmith import row
from callsmith.records import Conversation


def convert(conversation: Conversation, source: row.Row) -> row.Row:
    """The row itself."""
    return source


def carried(conversation: Conversation) -> Conversation:
    """Everything."""
    return conversation


def obstacle(conversation: Conversation) -> str:
    """Nothing is left out."""
    return ""
