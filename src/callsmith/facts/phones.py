"""Telephone numbers as an example writes them: with or without the country, in groups or in one piece."""

from __future__ import annotations

from callsmith.records import Schema


def phone_like(phone: str, schema: Schema) -> str:
    """A number such as ``+44 7700 900412`` in the form of a schema's example; as it is where there is none."""
    shown = next((one for one in schema.get("examples", ()) if isinstance(one, str) and one), "")
    country, _, rest = phone.partition(" ")
    if not shown or not country.startswith("+") or not rest:
        return phone
    if shown.startswith("+"):
        return phone if " " in shown else phone.replace(" ", "")
    plain = rest.replace(" ", "")
    if not shown.startswith("0"):
        return f"{country[1:]}{plain}" if shown.isdigit() and len(shown) > 10 else phone
    national = f"0{plain}"
    head = shown.find(" ")
    return f"{national[:head]} {national[head:].strip()}" if head > 0 else national
