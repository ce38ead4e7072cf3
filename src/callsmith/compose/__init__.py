"""From a dialogue to tasks, functions and a conversation of calls, bottom up, as in BUTTON (arXiv:2410.12952)."""
