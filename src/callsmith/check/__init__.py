"""Judges of one aspect of a conversation each."""
