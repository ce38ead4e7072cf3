"""Telephone numbers as an example or a description has them: with or without the country, in groups or in one piece."""

from __future__ import annotations

import re

from callsmith.records import Schema

_UNSPACED = re.compile(
    r"\bE\.?164\b|\b(?:no|without) (?:any )?(?:spaces?|separators?|blanks)\b", re.IGNORECASE
)
_DIGITS = re.compile(r"\bdigits only\b|\bonly digits\b", re.IGNORECASE)


def phone_like(phone: str, schema: Schema) -> str:
    """A number such as ``+44 7700 900412`` in the form of a schema's example or description; as it is without."""
    shown = next((one for one in schema.get("examples", ()) if isinstance(one, str) and one), "")
    country, _, rest = phone.partition(" ")
    if not shown:
        told = str(schema.get("description") or "")
        close = phone.replace(" ", "") if _UNSPACED.search(told) or _DIGITS.search(told) else phone
        return close.removeprefix("+") if _DIGITS.search(told) else close
    if not country.startswith("+") or not rest:
        return phone
    if shown.startswith("+"):
        return phone if " " in shown else phone.replace(" ", "")
    plain = rest.replace(" ", "")
    if not shown.startswith("0"):
        return f"{country[1:]}{plain}" if shown.isdigit() and len(shown) > 10 else phone
    national = f"0{plain}"
    head = shown.find(" ")
    return f"{national[:head]} {national[head:].strip()}" if head > 0 else national
