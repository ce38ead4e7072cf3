"""What gives the answer away: how far a reader gets who understands nothing, beside what chance would give."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from msgspec import Struct

from callsmith import dedup, facts, text
from callsmith.errors import CallsmithError
from callsmith.records import Assistant, Call, Conversation, Json, ToolMessage, User

SAMPLE = 4_000  # conversations the audit reads
_FOLDS = 5
_TOP = 10


class Finding(Struct, frozen=True):
    """One shortcut. ``score`` and ``chance`` are shares from 0 to 1; the features are a work list."""

    name: str
    score: float
    chance: float
    rows: int  # conversations, or argument values, it was measured on
    features: Sequence[str]


def audit(conversations: Iterable[Conversation]) -> list[Finding]:
    """Every shortcut that can be measured on these conversations.

    Raises:
        CallsmithError: the extra ``audit`` is not installed, or there are too few conversations.
    """
    try:
        import sklearn  # noqa: F401
    except ImportError as error:
        raise CallsmithError("scikit-learn is missing", hint="pip install 'callsmith[audit]'") from error
    talks = [talk for talk in islice(conversations, SAMPLE) if dedup.first_request(talk)]
    if len(talks) < 50:
        raise CallsmithError(f"{len(talks)} conversations are too few to audit", hint="make at least 50")
    calling = [talk for talk in talks if first_call(talk) is not None and len(talk.tools) > 1]
    words = [" ".join(text.words(dedup.first_request(talk))) for talk in talks]
    offers = [" ".join(str(tool["name"]) for tool in talk.tools) for talk in talks]
    kinds = [talk.kind for talk in talks]
    abstains = ["no call" if first_call(talk) is None else "calls" for talk in talks]
    findings = [
        _classified("words of the first request → kind", words, kinds),
        _classified("words of the first request → whether a tool is called", words, abstains),
        _classified("offered tools → kind", offers, kinds),
        _classified("offered tools → whether a tool is called", offers, abstains),
    ]
    if len(calling) >= 50:
        findings += [_gold_from_offer(calling), _gold_from_position(calling)]
    return [*findings, _lexical(talks)]


def first_call(talk: Conversation) -> Call | None:
    """The first call a conversation makes that is meant to be learnt."""
    for message in talk.messages:
        if isinstance(message, Assistant) and message.calls and message.train:
            return message.calls[0]
    return None


# ---------------------------------------------------------------- bags of words


def _classified(name: str, documents: Sequence[str], labels: Sequence[str]) -> Finding:
    """Cross-validated accuracy of a linear model over a bag of words, beside the share of the commonest label."""
    from sklearn.model_selection import StratifiedKFold, cross_val_score

    counts = Counter(labels)
    kept = [index for index, label in enumerate(labels) if counts[label] >= _FOLDS]
    wanted = [labels[index] for index in kept]
    read = [documents[index] for index in kept]
    chance = max(Counter(wanted).values(), default=0) / max(1, len(wanted))
    if len(set(wanted)) < 2:
        return Finding(name, chance, chance, len(wanted), ())
    model = _linear()
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    score = float(cross_val_score(model, read, wanted, cv=folds).mean())
    return Finding(name, score, chance, len(wanted), _features(model.fit(read, wanted)))


def _linear() -> Any:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    counter = CountVectorizer(token_pattern=r"\S+", lowercase=False, binary=True, min_df=2)
    return make_pipeline(counter, LogisticRegression(max_iter=300, C=0.5))


def _features(model: Any) -> Sequence[str]:
    """The strongest word for each label, strongest first."""
    counter, linear = model[0], model[-1]
    words = counter.get_feature_names_out()
    rows = linear.coef_ if len(linear.classes_) > 2 else [-linear.coef_[0], linear.coef_[0]]
    strongest = [
        (float(row[index]), str(label), str(words[index]))
        for label, row in zip(linear.classes_, rows, strict=True)
        for index in row.argsort()[-3:]
    ]
    return [f"{word} → {label}" for _, label, word in sorted(strongest, reverse=True)[:_TOP]]


# ---------------------------------------------------------------- tools offered


def _gold_from_offer(talks: Sequence[Conversation]) -> Finding:
    """A linear model that sees nothing but the names offered, and picks among them."""
    from sklearn.model_selection import KFold

    offers = [[str(tool["name"]) for tool in talk.tools] for talk in talks]
    gold = [_gold(talk) for talk in talks]
    right = 0
    for train, test in KFold(_FOLDS, shuffle=True, random_state=0).split(offers):
        labels = [gold[index] for index in train]
        if len(set(labels)) < 2:
            right += sum(gold[index] == labels[0] for index in test)
            continue
        model = _linear().fit([" ".join(offers[index]) for index in train], labels)
        order = {name: place for place, name in enumerate(model.classes_)}
        for index, chances in zip(
            test, model.predict_proba([" ".join(offers[i]) for i in test]), strict=True
        ):
            known = [name for name in offers[index] if name in order]
            guess = max(known, key=lambda name: chances[order[name]], default="")
            right += guess == gold[index]
    chance = sum(1 / len(offer) for offer in offers) / len(offers)
    shown = Counter(name for offer in offers for name in offer)
    rates = {name: times / shown[name] for name, times in Counter(gold).items() if shown[name] >= 10}
    top = sorted(rates, key=lambda name: (-rates[name], name))[:_TOP]
    features = [f"{name} is right in {rates[name]:.0%} of its offers" for name in top]
    return Finding("offered tools → the tool called first", right / len(gold), chance, len(gold), features)


def _gold_from_position(talks: Sequence[Conversation]) -> Finding:
    """The best single rule of the form "take the n-th tool", counted from either end."""
    places: Counter[int] = Counter()
    for talk in talks:
        place = [tool["name"] for tool in talk.tools].index(_gold(talk))
        places[place] += 1
        places[place - len(talk.tools)] += 1
    times = max(places.values())
    chance = sum(1 / len(talk.tools) for talk in talks) / len(talks)
    ranked = sorted(places.items(), key=lambda item: (-item[1], item[0]))[:_TOP]
    features = [f"{_ordinal(place)}: {count / len(talks):.0%}" for place, count in ranked]
    return Finding("position → the tool called first", times / len(talks), chance, len(talks), features)


def _gold(talk: Conversation) -> str:
    call = first_call(talk)
    return call.name if call else ""


def _ordinal(place: int) -> str:
    return f"place {place + 1}" if place >= 0 else f"place {-place} from the end"


# ---------------------------------------------------------------- arguments


def _lexical(talks: Sequence[Conversation]) -> Finding:
    """Fills each argument with the value in what was said that stands nearest to the parameter's name."""
    hits = values = 0
    luck = 0.0
    told: Counter[str] = Counter()
    for talk in talks:
        heard = ""
        now = talk.world.now if talk.world else ""
        for message in talk.messages:
            if isinstance(message, User):
                heard += "\n" + message.text
            elif isinstance(message, Assistant) and message.train:
                candidates = list(_candidates(heard, now)) if message.calls else []
                for call in message.calls:
                    for name, value in _leaves(call.arguments):
                        fitting = [one for one in candidates if _fits(one[1], value)]
                        values += 1
                        luck += sum(facts.same(one, value) for _, one in fitting) / max(1, len(fitting))
                        guess = max(fitting, key=lambda one: _nearness(one[0], name), default=None)
                        if guess is not None and facts.same(guess[1], value):
                            hits += 1
                            told[f"{call.name} {name}"] += 1
            elif isinstance(message, ToolMessage):
                continue
    features = [f"{name}: {times}" for name, times in told.most_common(_TOP)]
    name = "nearest words → argument values"
    return Finding(name, hits / max(1, values), luck / max(1, values), values, features)


def _leaves(value: Json, name: str = "") -> Iterator[tuple[str, Json]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, str(key))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(inner, name)
    elif value is not None:
        yield name, value


def _candidates(heard: str, now: str) -> Iterator[tuple[str, Json]]:
    """(words before it, value) of everything in a text that could be a value."""
    spans = {(mention.start, mention.end) for mention in facts.quoted(heard)}
    spans |= {(mention.start, mention.end) for mention in facts.mentions(heard, now)}
    spans |= set(text.names(heard))
    spans |= {match.span() for match in re.finditer(r"[\w@.+/-]*[0-9@/_][\w@.+/-]*", heard)}
    for start, end in sorted(spans):
        yield heard[max(0, start - 40) : start].lower(), _plain(heard[start:end])


def _plain(raw: str) -> Json:
    bare = raw.strip("\"'“”‘’.,;:!?")
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 16 else bare


def _fits(candidate: Json, value: Json) -> bool:
    return isinstance(candidate, str) or not isinstance(value, str)


def _nearness(before: str, name: str) -> int:
    """How close to the end of ``before`` a word of the parameter's name stands; -1 where none does."""
    parts = re.findall(r"[a-z]{3,}", re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower())
    return max((before.rfind(part[:5]) for part in parts), default=-1)
