"""Every named rule an origin may cite, with what verifies it."""

from __future__ import annotations

from collections.abc import Sequence

from callsmith.check import rules, sayings
from callsmith.check.queries import explained
from callsmith.facts.mention import Clock, Mention
from callsmith.records import Json


def query_terms(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """Every term of a query comes from the texts it is derived from."""
    return isinstance(value, str) and explained(value, [mention.text for mention in of], of, clock)


RULES: dict[str, rules.Rule] = {
    "date_relative": rules.date_relative,
    "date_time_relative": rules.date_time_relative,
    "part_of_day": rules.part_of_day,
    "range_start": rules.range_start,
    "range_end": rules.range_end,
    "month_named": rules.month_named,
    "now": rules.now,
    "duration_end": rules.duration_end,
    "duration_kept": rules.duration_kept,
    "duration": rules.duration,
    "timestamp": rules.timestamp,
    "amount_minor": rules.amount_minor,
    "count_word": rules.count_word,
    "scaled": rules.scaled,
    "currency_symbol": rules.currency_symbol,
    "enum_alias": sayings.enum_alias,
    "flag_alias": sayings.flag_alias,
    "number_alias": sayings.number_alias,
    "negation": sayings.negation,
    "number_key": rules.count_word,
    "city_zone": sayings.city_zone,
    "path_name": sayings.path_name,
    "key_prefix": sayings.key_prefix,
    "formatted": sayings.formatted,
    "query_terms": query_terms,
}
