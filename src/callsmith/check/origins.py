"""Finding the origin of one argument value in what is known before its call."""

from __future__ import annotations

import re
from collections.abc import Sequence

from callsmith.check import places, rules, sayings
from callsmith.check.composed import composed
from callsmith.check.context import Context, Place, Text
from callsmith.check.ids import Ids
from callsmith.check.queries import Term, terms, unexplained
from callsmith.check.reading import CallAt, Reading
from callsmith.check.when import When
from callsmith.facts import number, same
from callsmith.facts.mention import Mention
from callsmith.records import Default, Derived, Found, Json, Nowhere, Origin, Parameter, Said, Schema
from callsmith.text import stem, words

_TIMES = re.compile(
    r"(?:[0-9]{2}[./-][0-9]{2}[./-][0-9]{4}|20[0-9]{2}[01][0-9][0-3][0-9]"
    r"|[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}(?:[T ][0-9:.]+(?:Z|[+-][0-9:]{4,6})?)?"
    r"|[012]?[0-9]:[0-5][0-9](?::[0-5][0-9])?)$"
)
_TEXTS = frozenset({"title", "body", "text"})
_LATEST = re.compile(
    r"\b(?:latest|last|newest|most recent|recent|first|next|upcoming|earliest|oldest|top|biggest|largest|sort"
    r"|order|sorted)\b"
)
_ZONED = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z_]+(?:/[A-Za-z_]+)?$")
_ID_LIKE = re.compile(r"[A-Za-z0-9]*[_-]?[A-Za-z0-9_-]{10,}")
_LENGTHS = frozenset({"duration_minutes", "duration_seconds"})


class Finder:
    """Origins of the arguments of one call."""

    def __init__(self, context: Context, each: CallAt) -> None:
        self.context = context
        self.each = each
        self.reading: Reading = context.reading
        self.clock = context.clock
        self.when = When(context, each)
        self.ids = Ids(context, each)

    def origin(
        self, pointer: str, value: Json, parameter: Parameter | None, schema: Schema, required: bool
    ) -> Origin:
        """Where a leaf comes from. ``parameter`` is None where nothing is understood of it."""
        facet = parameter.facet if parameter is not None else ""
        klass = parameter.klass if parameter is not None else ""
        if isinstance(value, bool):
            return self._flag(pointer, value, parameter, schema)
        if _is_default(value, parameter, schema):
            # A count that the user names is theirs, even where it is the default as well.
            named = self._limit(value, pointer) if facet == "limit" else None
            return named if isinstance(named, (Said, Derived)) else Default()
        if (
            isinstance(value, str)
            and parameter is not None
            and parameter.facet in ("owner", "repo")
            and (self.ids.labelled_otherwise(pointer, value))
        ):
            return Nowhere()
        if klass == "plumbing":
            return self._plumbing(value, facet)
        if klass == "ambient" or (isinstance(value, str) and value.lower() in sayings.ambient()):
            ambient = self._ambient(value)
            if ambient is not None:
                return ambient
        if facet == "limit":
            return self._limit(value, pointer)
        if isinstance(value, str):
            return self._string(pointer, value, facet, klass, schema, parameter)
        return self._number(pointer, value, facet, klass, schema, parameter)

    # ------------------------------------------------------------ strings

    def _string(
        self,
        pointer: str,
        value: str,
        facet: str,
        klass: str,
        schema: Schema,
        parameter: Parameter | None = None,
    ) -> Origin:
        if month := self._month(pointer, value):
            return month
        if facet.startswith("query"):
            return self._exact(value) or self._query(value) or Nowhere()
        if _TIMES.match(value):
            return self.when.origin(pointer, value) or self._exact(value) or Nowhere()
        if "enum" in schema or facet in ("enum", "order", "mime", "language", "locale", "currency", "color"):
            chosen = self._choice(pointer, value, facet)
            # In which order to ask for results is the caller's choice where the order of things matters at all.
            return chosen or (Default() if facet == "order" and self._ordered() else Nowhere())
        if facet in _LENGTHS:
            return self._by_mentions(value, (("duration", rules.duration),), "duration") or Nowhere()
        if klass == "content" or facet in _TEXTS:
            return self._text(value, facet) or Nowhere()
        if facet == "time_zone" or _ZONED.match(value):
            return self._exact(value) or places.by_city(value, self.context) or Nowhere()
        if value[:1] in ("/", "~") and (named := places.by_last_step(value, self.context)):
            return named
        if klass == "opaque_id":
            return self.ids.opaque(pointer, value, parameter)
        numeric = number(value)
        if numeric is not None and not facet and not value.isalnum():
            return self._exact(value) or self._number(pointer, numeric, facet, klass, schema)
        if klass == "natural_key" and not isinstance(self.context.said(value), Said):
            best = self.ids.best_place(pointer, value, parameter)
            if best is not None:
                return best
        return self._exact(value) or self._loose(pointer, value, facet) or Nowhere()

    def _month(self, pointer: str, value: Json) -> Origin | None:
        if not pointer.lower().endswith("month"):
            return None
        for text, mention in self.context.mentioned():
            if mention.days and text.place != "system" and rules.month_named(value, [mention], self.clock):
                return Derived("month_named", (text.origin(mention.start, mention.end),))
        return None

    def _exact(self, value: str) -> Origin | None:
        """Said by the user, found in a result, or given by the system, as it stands."""
        said = self.context.said(value)
        if isinstance(said, Said):
            return said
        return self.context.found(value) or said

    def _loose(self, pointer: str, value: str, facet: str) -> Origin | None:
        """The same in another format, a part of a key, a person's name for an account, a word of a choice."""
        part = self.ids.part(value)
        if part is not None:
            return part
        for text in reversed(self.context.texts):
            for mention in text.mentions:
                if mention.kind in ("id", "phone", "number", "key", "email", "url") and sayings.formatted(
                    value, [mention], self.clock
                ):
                    return Derived("formatted", (text.origin(mention.start, mention.end),))
        inside = self.context.within(value)
        if inside is not None:
            return inside
        offered = self.context.said(value, answers=True)
        if offered is not None:
            return offered
        choice = self._choice(pointer, value, facet)
        if choice is not None:
            return choice
        if " " in value:
            return self._text(value, facet)
        return self._numbered(value)

    def _numbered(self, value: str) -> Origin | None:
        numeric = number(value)
        if numeric is None:
            return None
        return self._by_mentions(numeric, (("number_key", rules.count_word),), "numbers")

    def _choice(self, pointer: str, value: str, facet: str) -> Origin | None:
        """A value of an enumeration: its own words or what people say for it, else copied from a like field."""
        own = sayings.value_words(value)
        said = self.context.said(own) if own else None
        if isinstance(said, Said):
            return said
        if facet == "currency":
            money = self._by_mentions(value, (("currency_symbol", rules.currency_symbol),), "unit")
            if money is not None:
                return money
        for text in reversed(self.context.texts):
            if text.place != "user":
                continue
            whole = Mention(0, len(text.text), "text", text.text)
            if sayings.enum_alias(value, [whole], self.clock):
                return Derived("enum_alias", (Said(text.message, (0, len(text.text))),))
        found = self._like(pointer, value)
        if found is not None:
            return found
        named = self._named_level(pointer, value)
        return named or (said if said is not None else None)

    def _named_level(self, pointer: str, value: Json) -> Origin | None:
        name = pointer.rsplit("/", 1)[-1]
        for text in reversed(self.context.texts):
            if text.place == "user":
                of = [Mention(0, 0, "name", name), Mention(0, len(text.text), "text", text.text)]
                if sayings.number_alias(value, of, self.clock):
                    return Derived("number_alias", (Said(text.message, (0, len(text.text))),))
        return None

    def _like(self, pointer: str, value: Json) -> Found | None:
        """The value in a result, under a field whose name shares a word with the argument's."""
        own = {
            stem(word)
            for word in sayings.value_words(pointer.replace("/", " ")).split()
            if not word.isdigit()
        }
        for each, place in self.context.all_found(value):
            theirs = {stem(word) for word in sayings.value_words(place.replace("/", " ")).split()}
            if own & theirs:
                return Found(each.call.id, place)
        return None

    def _text(self, value: str, facet: str) -> Origin | None:
        if facet == "title" and "\n" in value.strip():
            return None  # that is a body
        if _ID_LIKE.fullmatch(value) and any(map(str.isdigit, value)) and self.context.said(value) is None:
            return None  # an id is no text of its own
        return self._exact(value) or composed(value, self.context, facet)

    def _query(self, value: str) -> Origin | None:
        texts = [text for text in self.context.texts if text.place == "user"]
        of = [mention for text in self.context.texts for mention in text.mentions]
        if unexplained(value, [text.text for text in texts], of, self.clock, self._known_term) is not None:
            return None
        return Derived("query_terms", tuple(self._term_places(value, texts)))

    def _known_term(self, term: str) -> bool:
        context = self.context
        return (
            context.found(term) is not None
            or context.said(term) is not None
            or context.within(term) is not None
        )

    def _term_places(self, value: str, texts: Sequence[Text]) -> Sequence[Place]:
        places: list[Place] = []
        for term in terms(value):
            place = self._term_place(term, texts)
            if place is not None and place not in places:
                places.append(place)
        return places

    def _term_place(self, term: Term, texts: Sequence[Text]) -> Place | None:
        place = self.context.said(term.text) or self.context.found(term.text)
        if place is not None:
            return place
        wanted = {stem(word) for word in words(term.text)}
        for text in reversed(texts):
            if wanted & {stem(word) for word in words(text.text)}:
                return Said(text.message, (0, len(text.text)))
        return Said(texts[-1].message, (0, len(texts[-1].text))) if texts else None

    # ------------------------------------------------------------ numbers, flags, limits

    def _number(
        self,
        pointer: str,
        value: Json,
        facet: str,
        klass: str,
        schema: Schema,
        parameter: Parameter | None = None,
    ) -> Origin:
        if month := self._month(pointer, value):
            return month
        found = (
            self.ids.best_place(pointer, value, parameter)
            if klass.endswith(("id", "key"))
            else self.context.found(value)
        )
        if klass == "opaque_id" and found is not None:
            return found
        if "enum" in schema:
            level_said = self._named_level(pointer, value)
            if level_said is not None:
                return level_said
        spoken = self._spoken_number(pointer, value, facet)
        if spoken is not None:
            return spoken
        like = None if klass == "natural_key" and found is not None else self._like(pointer, value)
        if like is not None:
            return like
        if found is not None and (klass in ("natural_key", "opaque_id") or self._hands_on(facet)):
            return found
        return self._named_level(pointer, value) or Nowhere()

    def _spoken_number(self, pointer: str, value: Json, facet: str) -> Origin | None:
        """A number someone said, as it stands or as the amount, length or moment that this parameter wants."""
        if facet == "amount_minor":
            money = self._by_mentions(value, (("amount_minor", rules.amount_minor),), "numbers")
            if money is not None:
                return money
        if facet in _LENGTHS or not facet:
            length = self._by_mentions(value, (("duration", rules.duration),), "duration")
            if length is not None:
                return length
        if facet == "timestamp" or (not facet and rules.moments_in(value, self.clock)):
            when = self.when.origin(pointer, value)
            if when is not None:
                return when
        plain = (("count_word", rules.count_word), ("scaled", rules.scaled))
        said = self._by_mentions(value, plain, "numbers")
        if said is None and not facet:
            said = self._by_mentions(value, (("amount_minor", rules.amount_minor),), "amounts")
        return said

    def _hands_on(self, facet: str) -> bool:
        """Whether a figure found in a result may be handed to another call as it is."""
        tool = self.each.tool
        return facet in ("amount", "amount_minor") or (tool is not None and tool.deed == "compute")

    def _limit(self, value: Json, pointer: str) -> Origin:
        said = self._by_mentions(value, (("count_word", rules.count_word),), "numbers", latest=True)
        if said is not None:
            return said
        wanted = number(value)
        for index, text in self.reading.said(self.each.message):
            match = _LATEST.search(text.lower())
            if wanted == 1 and match:
                return Derived("count_word", (Said(index, match.span()),))
            break
        # How many results to ask for is the caller's choice as long as nobody named another number.
        return (
            Default() if wanted in (1, 3, 5, 10, 15, 20, 25, 30, 50, 100, 200, 250, 500, 1000) else Nowhere()
        )

    def _ordered(self) -> bool:
        """Whether the user's last words are about a time or a rank, so that an order of results helps."""
        for _, text in self.reading.said(self.each.message):
            days = any(mention.days for mention in self.reading.mentions(text))
            return days or _LATEST.search(text.lower()) is not None
        return False

    def _flag(self, pointer: str, value: bool, parameter: Parameter | None, schema: Schema) -> Origin:
        if _is_default(value, parameter, schema) or (parameter is not None and parameter.klass == "plumbing"):
            return Default()
        name = pointer.rsplit("/", 1)[-1]
        label = Mention(0, 0, "name", name)
        own = set(sayings.value_words(name).split()) - {
            "is",
            "has",
            "include",
            "show",
            "only",
            "the",
            "can",
            "with",
        }
        for text in reversed(self.context.texts):
            if text.place != "user":
                continue
            whole = Mention(0, len(text.text), "text", text.text)
            place = (Said(text.message, (0, len(text.text))),)
            if sayings.flag_alias(value, [label, whole], self.clock):
                return Derived("flag_alias", place)
            if own and all(sayings.says(text.text, word) for word in own):
                negated = sayings.negation(False, [whole], self.clock)
                if value or negated:
                    return Derived("flag_alias" if value else "negation", place)
        return Nowhere()

    # ------------------------------------------------------------ the rest

    def _by_mentions(
        self, value: Json, tried: Sequence[tuple[str, rules.Rule]], about: str, latest: bool = False
    ) -> Origin | None:
        last = -1
        for text, mention in self.context.mentioned():
            if about == "duration" and not mention.seconds or about == "amounts" and mention.kind != "amount":
                continue
            if about in ("numbers", "amounts") and not mention.numbers:
                continue
            if latest and text.place == "user":
                if last not in (-1, text.message):
                    break
                last = text.message
            for name, rule in tried:
                if rule(value, [mention], self.clock):
                    place = text.origin(mention.start, mention.end)
                    if name == "count_word" and any(character.isdigit() for character in mention.text):
                        return place
                    return Derived(name, (place,))
        return None

    def _plumbing(self, value: Json, facet: str) -> Origin:
        if facet == "page_token":
            return self.context.found(value) or Nowhere()
        return Default()

    def _ambient(self, value: Json) -> Origin | None:
        if isinstance(value, str) and value.lower() in sayings.ambient():
            return Default()
        given = self.context.said(str(value))
        if given is not None:
            return given
        return self.context.found(value)


def _is_default(value: Json, parameter: Parameter | None, schema: Schema) -> bool:
    if "default" in schema and same(schema["default"], value):
        return True
    if "const" in schema and schema["const"] == value:
        return True
    options = schema.get("enum")
    if isinstance(options, (list, tuple)) and list(options) == [value]:
        return True
    return parameter is not None and parameter.default is not None and same(parameter.default, value)
