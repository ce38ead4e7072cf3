"""Worlds inferred from tool definitions: a lazy population with an overlay of changes."""
