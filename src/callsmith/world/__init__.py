"""Worlds: executable, stateful environments that tools act on."""
