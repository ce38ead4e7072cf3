"""From a kind of conversation to a plan that is bound, executed and wanted by someone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from callsmith.errors import PlanUnfit
from callsmith.meaning import Round
from callsmith.plan import held
from callsmith.plan.draft import Draft, needed
from callsmith.plan.intents import (
    asking,
    booking,
    changing,
    computing,
    consulting,
    enquiring,
    following,
    handing_on,
    holding,
    making,
    messaging,
    reading,
    resolving,
    settings,
    several,
    sharing,
    untitled,
)
from callsmith.plan.known import Known
from callsmith.records import Kind
from callsmith.seeds import at, weighted

Intent = Callable[[Draft], None]

# intent -> how often it is tried for a kind; what it gives is checked afterwards, so a table may be generous
OPENINGS: Mapping[str, Sequence[tuple[Intent, float]]] = {
    "single": (
        (reading.show_list, 5),
        (reading.count, 2),
        (reading.find_and_tell, 3),
        (reading.look_up, 2),
        (sharing.latest, 1.5),
        (making.create, 5),
        (messaging.send, 3),
        (changing.change, 2),
        (changing.act, 2),
        (changing.remove, 1),
        (making.create_under, 2),
        (settings.look_into, 3),
        (settings.set_part, 1.5),
        (settings.remove_part, 0.5),
        (untitled.show_untitled, 1.5),
        (computing.compute, 1),
        (enquiring.enquire, 6),
    ),
    "parallel": (
        (reading.list_two, 3),
        (resolving.list_resolved, 2),
        (reading.compare, 3),
        (making.create_two, 3),
        (messaging.send_two, 1.5),
        (several.act_two, 1),
        (computing.compute_two, 3),
        (enquiring.enquire_two, 3),
    ),
    "dependent": (
        (reading.look_up, 3),
        (changing.change, 4),
        (changing.act, 4),
        (held.act_on_held, 3),
        (changing.remove, 1.5),
        (making.create_under, 3),
        (making.create_between, 2),
        (holding.list_under, 3),
        (resolving.list_resolved, 2),
        (untitled.show_for_each, 1),
        (several.batch, 2),
        (several.act_on_several, 1.5),
        (changing.connect, 2),
        (asking.change_ambiguous, 1.5),
        (messaging.send_found, 2),
        (sharing.share, 2),
        (settings.look_into, 3),
        (settings.set_part, 1.5),
        (settings.remove_part, 0.5),
        (sharing.act_on_latest, 1.5),
        (sharing.book_if_free, 1.5),
        (booking.book_first_free, 3),
        (computing.compute_chain, 3),
        (enquiring.enquire, 5),
    ),
    "parallel_dependent": (
        (changing.connect, 4),
        (several.act_two, 3),
        (reading.compare, 2),
        (making.create_under, 1),
        (making.create_between, 3),
        (booking.book_first_free, 3),
        (holding.list_under_two, 2),
        (resolving.list_resolved, 3),
    ),
    "multi_turn": (
        (reading.show_list, 6),
        (reading.find_and_tell, 3),
        (reading.look_up, 3),
        (making.create, 3),
        (changing.change, 1),
        (holding.list_under, 2),
        (held.act_on_held, 1),
        (making.create_under, 1),
        (making.create_between, 1),
        (sharing.latest, 1),
        (settings.look_into, 2),
        (untitled.show_for_each, 2),
        (resolving.list_resolved, 1),
        (sharing.book_if_free, 1),
        (booking.book_first_free, 1),
        (computing.compute, 3),
        (enquiring.enquire, 4),
    ),
    "missing_parameter": (
        (asking.create_missing, 4),
        (asking.create_for_whom, 2),
        (asking.send_missing, 2),
        (asking.change_missing, 3),
        (computing.compute_missing, 3),
        (enquiring.enquire_missing, 3),
    ),
}

FOLLOWING: Sequence[tuple[Intent, float]] = (
    (following.open_one, 4),
    (following.recall, 3),
    (following.recall_other, 2),
    (following.act_on_one, 3),
    (following.change_one, 3),
    (following.amend, 3),
    (following.act_on_it, 3),
    (following.under_it, 3),
    (holding.list_under, 1.5),
    (making.create_under, 0.7),
    (reading.show_list, 1),
    (making.create, 0.7),
    (messaging.send, 0.7),
    (following.thank, 0.5),
    (messaging.send_found, 0.7),
    (sharing.share_it, 2),
    (sharing.narrow, 3),
)

AFRESH = (
    following.recall_other, holding.list_under, making.create_under, reading.show_list, making.create, messaging.send,
)  # fmt: skip
"""Follow-ups that turn to something else: few of them make a talk, many make a list of errands."""

SETTINGS: Sequence[tuple[Intent, float]] = ((settings.look_into_it, 4),)

ENQUIRING: Sequence[tuple[Intent, float]] = ((enquiring.enquire, 1), (enquiring.enquire_again, 4))

RECKONING_ON: Sequence[tuple[Intent, float]] = (
    (computing.compute_again, 5),
    (computing.compute_on, 2),
    (computing.compute, 1.5),
    (following.thank, 0.5),
)

# Where tools are live and nothing can be looked into, there is nothing to do but ask them.
CONSULTING: Mapping[str, Sequence[tuple[Intent, float]]] = {
    "single": ((consulting.consult, 1),),
    "parallel": ((consulting.consult_two, 1),),
    "dependent": ((handing_on.consult_chain, 1),),
    "parallel_dependent": (),
    "multi_turn": ((consulting.consult, 1),),
    "missing_parameter": ((consulting.consult_missing, 1),),
}
CONSULTING_ON: Sequence[tuple[Intent, float]] = (
    (consulting.consult_again, 4),
    (consulting.consult_other, 3),
    (consulting.consult, 1),
    (following.thank, 0.6),
)

BESIDE = 0.2  # of the weight of all other openings, for tools that are only asked, where others keep records
TRIES = 40  # bindings tried before a slot's attempt is given up
PERSISTENCE = 3  # of them with one opening, so that what is hard to bind is no rarer for it
TRIALS = 2  # drafts on which an opening shows whether it binds
SEARCH = 24  # times as many where no opening of a kind did
RARE = 0.25  # of its weight for an opening that did not


def plan_rounds(
    kind: Kind, draft: Callable[[int], Draft], odds: Sequence[float], turn: float | None = None
) -> Draft:
    """Bind intents until one gives a conversation of the kind.

    ``draft`` makes a fresh draft for each try; ``odds`` are those of the kind's openings (see ``odds_of``), and
    ``turn`` is the point, from 0 up to 1, at which they are looked into first; without it chance decides.

    Raises:
        PlanUnfit: none did, with the commonest reason.
    """
    if not any(odds):
        raise PlanUnfit(f"no {kind} conversation can be made of these tools", final=True)
    reasons: dict[str, int] = {}
    left, place = list(odds), 0
    for trial in range(TRIES):
        attempt = draft(trial)
        table = openings(kind, attempt.known)
        if trial % PERSISTENCE == 0:
            left = left if any(left) else list(odds)
            place = weighted(attempt.rng, left) if turn is None or trial else at(left, turn)
            if odds[place] < table[place][1]:
                left[place] = 0.0  # it did not seem to bind, and did not
        try:
            table[place][0](attempt)
            if kind == "multi_turn":
                continued(attempt)
            if fits_kind(kind, attempt.rounds):
                return attempt
            reason = "the calls are of another kind"
        except PlanUnfit as unfit:
            reason = str(unfit)
        reasons[reason] = reasons.get(reason, 0) + 1
    commonest = max(sorted(reasons), key=lambda text: reasons[text])
    raise PlanUnfit(f"no {kind} plan here after {TRIES} tries: {commonest}")


def odds_of(kind: Kind, draft: Callable[[int], Draft]) -> list[float]:
    """How often each opening of a kind is to be tried with a toolset: its weight, or less if it seems not to bind.

    Tried on drafts that depend on the toolset alone, so the odds are the same in any process; where nothing binds in
    ``TRIALS`` drafts, on up to ``SEARCH`` times as many. An opening that never bound there keeps a part of its
    weight, unless none did.
    """
    openings = _openings(kind, draft(0).known)
    fits = [0 for _ in openings]
    trials = 0
    while not any(fits) and trials < SEARCH * TRIALS:
        for place, (intent, _) in enumerate(openings):
            fits[place] = sum(
                _binds(kind, intent, draft(trial * len(openings) + place))
                for trial in range(trials, trials + TRIALS)
            )
        trials += TRIALS
    if not any(fits):
        return [0.0 for _ in openings]
    computers = bool(draft(0).known.computers)
    return [
        (weight if fit else weight * RARE) if computers or intent.__module__ != computing.__name__ else 0.0
        for fit, (intent, weight) in zip(fits, openings, strict=True)
    ]


def openings(kind: Kind, known: Known) -> Sequence[tuple[Intent, float]]:
    """How a conversation of a kind may begin with a toolset, and how often it does."""
    if not known.consulted:
        return _openings(kind, known)
    if not (known.finders or known.makers or known.computers):
        return CONSULTING[kind]
    plain = _openings(kind, known)
    whole = sum(weight for _, weight in plain)
    return [*plain, *((intent, weight * BESIDE * whole) for intent, weight in CONSULTING[kind])]


def _openings(kind: Kind, known: Known) -> Sequence[tuple[Intent, float]]:
    return [
        (intent, weight)
        for intent, weight in OPENINGS[kind]
        if (known.parts or intent.__module__ != settings.__name__)
        and (known.nameless or intent.__module__ != untitled.__name__)
        and (known.enquired or intent.__module__ != enquiring.__name__)
    ]


def untried(kind: Kind, known: Known) -> list[float]:
    """The odds of a kind's openings where nothing may be tried: one that does not bind is dropped as it is met."""
    return [weight * RARE for _, weight in openings(kind, known)]


_ON = {"compute": RECKONING_ON, "consult": CONSULTING_ON}


def _binds(kind: Kind, intent: Intent, draft: Draft) -> bool:
    """Whether an intent binds on a draft to a conversation of the kind."""
    try:
        intent(draft)
    except PlanUnfit:
        return False
    return kind == "multi_turn" or fits_kind(kind, draft.rounds)


_PATIENCE = 18  # follow-ups that may fail to bind before a talk is given up


def _following(known: Known) -> Sequence[tuple[Intent, float]]:
    """How a talk about records may go on with a toolset."""
    more = (*SETTINGS, *(ENQUIRING if known.enquired else ())) if known.parts else ENQUIRING
    return (*FOLLOWING, *more) if known.parts or known.enquired else FOLLOWING


def continued(draft: Draft) -> None:
    """Add follow-ups until there are three to six user turns."""
    wanted = draft.choice((3, 3, 3, 4, 4, 5, 6))
    failures = turns = 0
    while len(draft.rounds) < wanted:
        table = _ON.get(draft.rounds[0].ask.act, _following(draft.known))
        intent, _ = table[weighted(draft.rng, [weight for _, weight in table])]
        if intent is following.thank and len(draft.rounds) < wanted - 1:
            continue
        if intent in AFRESH and turns >= max(1, wanted // 3) and failures <= _PATIENCE // 2:
            failures += 1
            continue
        performed, listed, focus = draft.performed, draft.listed, draft.focus
        try:
            intent(draft)
            turns += intent in AFRESH
        except PlanUnfit:
            # What a live tool refuses to tell has changed nothing; in a world of records that is not sure.
            if (draft.performed != performed and table is not CONSULTING_ON) or failures > _PATIENCE:
                raise
            draft.groups, draft.listed, draft.focus = [], listed, focus
            failures += 1


def fits_kind(kind: Kind, rounds: Sequence[Round]) -> bool:
    """Whether the calls have the shape a kind promises."""
    groups = [group for item in rounds for group in item.groups]
    sizes = [len(group) for group in groups]
    if kind == "single":
        return sizes == [1]
    if kind == "parallel":
        return len(sizes) == 1 and sizes[0] >= 2
    linked = any(needed(step) for group in groups for step in group) or (
        rounds[0].intent in ("book if free", "share")
        and len(sizes) == 2  # the second call hangs on what the first found
    )
    if kind == "dependent":
        return len(sizes) >= 2 and linked and not (sizes[0] >= 2)
    if kind == "parallel_dependent":
        return len(sizes) >= 2 and max(sizes[0], sizes[-1]) >= 2 and linked and len(rounds) == 1
    if kind == "multi_turn":
        back = any(
            needed(step) & _before(rounds, index)
            for index, item in enumerate(rounds)
            for g in item.groups
            for step in g
        )
        again = any(
            item.intent in ("compute again", "consult again", "enquire again", "recall", "share")
            for item in rounds[1:]
        )
        return 3 <= len(rounds) <= 6 and (back or again)
    return bool(groups)


def _before(rounds: Sequence[Round], index: int) -> set[str]:
    return {step.id for item in rounds[:index] for group in item.groups for step in group}
