"""Worlds inferred from tool definitions: a lazy population with an overlay of changes."""

from callsmith.world.inferred.world import InferredWorld

__all__ = ["InferredWorld"]
