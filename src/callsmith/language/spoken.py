"""Values as people say them, measured against the moment of the talk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from callsmith.language.words import day_suffix, humanised, listed, number_word
from callsmith.records import Json
from callsmith.seeds import Rng

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹"}
NO_MINOR = frozenset(("JPY", "KRW", "VND", "CLP"))

_YEAR_5000 = 95_617_584_000  # in seconds: what is larger counts thousandths


class Speaker:
    """How one conversation says values: its moment, its currency, its side of the ocean."""

    def __init__(self, now: str, zone: str, currency: str, american: bool, rng: Rng) -> None:
        self.zone = ZoneInfo(zone)
        self.now = datetime.fromisoformat(now).astimezone(self.zone)
        self.currency = currency.upper()
        self.american = american
        self.rng = rng
        self.clock = rng.choice(("12", "12", "24")) if american else rng.choice(("12", "24", "24"))

    def pick(self, options: Sequence[str]) -> str:
        return options[int(self.rng.random() * len(options))]

    def ahead(self, value: Json) -> bool:
        """Whether a moment is still to come."""
        moment = self.local(value)
        now = self.now
        return moment is not None and (moment > now if isinstance(moment, datetime) else moment > now.date())

    # ------------------------------------------------------------ days

    def calendar_date(self, day: date, weekday: bool = False) -> str:
        """``3 March`` or ``March 3``, with the year only where it is another."""
        month = MONTHS[day.month - 1]
        ordinal = f"{day.day}{day_suffix(day.day)}"
        if self.american:
            text = self.pick((f"{month} {day.day}", f"{month} {day.day}", f"{month} {ordinal}"))
        else:
            text = self.pick(
                (
                    f"{day.day} {month}",
                    f"{day.day} {month}",
                    f"the {ordinal} of {month}",
                    f"{ordinal} {month}",
                )
            )
        if day.year != self.now.year:
            text += f", {day.year}" if self.american else f" {day.year}"
        return f"{WEEKDAYS[day.weekday()]} {text}" if weekday else text

    def day(self, day: date, plain: bool = False) -> str:
        """A day as said in a request, without preposition."""
        today = self.now.date()
        ahead = (day - today).days
        if ahead in (0, 1, -1) and self.rng.random() < 0.85:
            return {0: "today", 1: "tomorrow", -1: "yesterday"}[ahead]
        name = WEEKDAYS[day.weekday()]
        options = [self.calendar_date(day)]
        if 2 <= ahead <= 6:
            options += [
                name,
                name,
                name,
                f"this {name}" if day.isocalendar()[1] == today.isocalendar()[1] else name,
            ]
        elif -6 <= ahead <= -2:
            options += [f"last {name}"] * 2
        elif day.isocalendar()[:2] == (today + timedelta(days=7)).isocalendar()[:2]:
            options += [f"next {name}", f"next {name}"]
        if ahead == 2 and self.rng.random() < 0.2:
            options.append("the day after tomorrow")
        if ahead > 0 and day.month == today.month and day.year == today.year:
            options.append(f"the {day.day}{day_suffix(day.day)}")
        if 7 <= ahead <= 27 and self.rng.random() < 0.3:
            options.append(self.calendar_date(day, weekday=True))
        return self.pick(options)

    def on_day(self, day: date) -> str:
        said = self.day(day)
        bare = said.startswith(("today", "tomorrow", "yesterday", "next ", "last ", "this ", "the day after"))
        return said if bare or (self.rng.random() < 0.15 and said[0].isupper()) else f"on {said}"

    # ------------------------------------------------------------ times

    def time(self, hour: int, minute: int) -> str:
        if (hour, minute) == (12, 0) and self.rng.random() < 0.5:
            return "noon"
        if self.clock == "24":
            return f"{hour}:{minute:02d}"
        half = "am" if hour < 12 else "pm"
        twelve = hour % 12 or 12
        space = "" if self.rng.random() < 0.75 else " "
        if minute == 0:
            return f"{twelve}{space}{half}"
        if minute == 30 and self.rng.random() < 0.15:
            return f"half past {number_word(twelve)}"
        return f"{twelve}:{minute:02d}{space}{half}"

    def moment(self, value: datetime) -> str:
        """A day and a time, without preposition."""
        day, time = self.day(value.date()), self.time(value.hour, value.minute)
        return self.pick(
            (
                f"{day} at {time}",
                f"{day} at {time}",
                f"{day} {time}",
                f"{time} {self.joined_day(day)}",
                f"{day}, {time}",
            )
        )

    def hour_and_day(self, value: Json) -> tuple[str, str]:
        """A time of day, "" where there is none, and its day with the preposition."""
        at = self.local(value)
        if isinstance(at, datetime):
            half = "" if self.clock == "24" else "am" if at.hour < 12 else "pm"
            minutes = "" if half and not at.minute else f":{at.minute:02d}"
            return f"{(at.hour % 12 or 12) if half else at.hour}{minutes}{half}", self.on_day(at.date())
        return "", self.on_day(at) if at is not None else str(value)

    def joined_day(self, day: str) -> str:
        return (
            day
            if day.startswith(("today", "tomorrow", "yesterday", "next", "last", "this", "the day"))
            else f"on {day}"
        )

    def local(self, value: Json) -> datetime | date | None:
        """A moment in the talk's own offset; a date stays a date."""
        if isinstance(value, bool):
            return None
        if isinstance(value, (int, float)):
            seconds = value / 1000 if abs(value) > _YEAR_5000 else value
            return datetime.fromtimestamp(seconds, self.zone)
        if not isinstance(value, str):
            return None
        try:
            if len(value) == 10:
                return date.fromisoformat(value)
            parsed = datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError:
            return None
        return parsed.astimezone(self.zone) if parsed.tzinfo else parsed

    def length(self, minutes: int) -> str:
        if minutes % 60 == 0 and minutes:
            hours = minutes // 60
            return "an hour" if hours == 1 else f"{number_word(hours)} hours"
        if minutes == 30:
            return self.pick(("half an hour", "30 minutes", "half an hour"))
        if minutes == 90:
            return self.pick(("an hour and a half", "90 minutes"))
        return f"{minutes} minutes"

    def spanned(self, start: datetime | date, end: datetime | date) -> str:
        """A start with a length or an end."""
        if not isinstance(start, datetime) or not isinstance(end, datetime):
            first, last = self.day(start), self.day(end)
            return self.pick((f"from {first} to {last}", f"from {first} until {last}"))
        minutes = int((end - start).total_seconds() // 60)
        moment = self.moment(start)
        if minutes <= 180 and self.rng.random() < 0.6:
            length = self.length(minutes)
            return self.pick((f"{moment} for {length}", f"{moment}, {length}", f"{moment} for {length}"))
        day = self.day(start.date())
        first, last = self.time(start.hour, start.minute), self.time(end.hour, end.minute)
        return self.pick(
            (
                f"{day} from {first} to {last}",
                f"{day} {first} to {last}",
                f"{day} from {first} until {last}",
            )
        )

    def ranged(self, start: Json, end: Json, inclusive: bool) -> str:
        """A stretch of days, as said after a noun: "on Friday", "this week"."""
        first, last = self.local(start), self.local(end)
        assert first is not None and last is not None
        begin = first.date() if isinstance(first, datetime) else first
        close = last.date() if isinstance(last, datetime) else last
        if not inclusive:
            close -= timedelta(days=1)
        if begin == close:
            return self.on_day(begin)
        monday = self.now.date() - timedelta(days=self.now.weekday())
        if (close - begin).days == 6 and begin.weekday() == 0:
            weeks = (begin - monday).days // 7
            if weeks in (-1, 0, 1):
                return {-1: "last week", 0: "this week", 1: "next week"}[weeks]
            return f"in the week of {self.calendar_date(begin)}"
        return f"between {self.calendar_date(begin)} and {self.calendar_date(close)}"

    def exact_day(self, day: date) -> str:
        """A day as an answer gives it: with its weekday while near, with its year when it is another."""
        month = MONTHS[day.month - 1]
        text = f"{month} {day.day}" if self.american else f"{day.day} {month}"
        if day.year != self.now.year:
            return f"{text}, {day.year}" if self.american else f"{text} {day.year}"
        if abs((day - self.now.date()).days) <= 40:
            return f"{WEEKDAYS[day.weekday()]}{',' if self.american else ''} {text}"
        return text

    def exact_moment(self, value: datetime) -> str:
        return f"{self.exact_day(value.date())} at {self.exact_time(value)}"

    def exact_time(self, value: datetime) -> str:
        if self.american:
            return f"{value.hour % 12 or 12}:{value.minute:02d} {'AM' if value.hour < 12 else 'PM'}"
        return f"{value.hour}:{value.minute:02d}"

    # ------------------------------------------------------------ the rest

    def amount(self, value: float, currency: str = "") -> str:
        code = (currency or self.currency).upper()
        number = f"{value:,.2f}" if value % 1 else f"{int(value):,}"
        symbol = SYMBOLS.get(code)
        if symbol is None:
            return f"{number} {code}".rstrip()  # a sum of nobody knows which currency
        named = {"EUR": "euros", "USD": "dollars", "GBP": "pounds"}.get(code)
        return self.pick((f"{symbol}{number}",) * 3 + ((f"{number} {named}",) if named else ()))

    def value(self, value: Json, facet: str, currency: str = "") -> str:
        """A single value of a facet as said."""
        if isinstance(value, list):
            return listed([self.value(item, facet, currency) for item in value])
        if facet in ("date", "date_time", "timestamp"):
            at = self.local(value)
            if isinstance(at, datetime):
                return self.moment(at)
            if at is not None:
                return self.day(at)
        if facet == "time" and isinstance(value, str) and value[1:3].strip(":").isdigit():
            hour, minute = value.split(":")[:2]
            return self.time(int(hour), int(minute))
        if facet == "amount_minor" and isinstance(value, (int, float)):
            code = (currency or self.currency).upper()
            return self.amount(value if code in NO_MINOR else value / 100, code)
        if facet == "amount" and isinstance(value, (int, float)):
            return self.amount(value, currency)
        if facet == "duration_minutes" and isinstance(value, int):
            return self.length(value)
        if facet == "duration_seconds" and isinstance(value, int) and value % 60 == 0:
            return self.length(value // 60)
        if facet == "percent":
            return f"{value}%"
        if facet in ("enum", "label", "flag") and isinstance(value, str):
            return humanised(value)
        return number_text(value)


def number_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)
