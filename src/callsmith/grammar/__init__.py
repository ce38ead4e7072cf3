"""Dialogues as text: the Dialog Markup Language, and grammars that hold a model to it."""
