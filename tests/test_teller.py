"""What is told aloud, what quietly, and what has to wait. The desktop only notes and obeys."""

from collections import deque
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from builders import (
    NOW,
    STACK,
    Value,
    before,
    clock,
    finding,
    incident,
    machine,
    numbered,
    situation,
    takeover_steps,
    watch,
)
from trayapp.core.alert_notes import AWAY, AWAY_KEY, alert_key
from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked, Outcome
from trayapp.core.finding import Finding, Lane, Theme
from trayapp.core.guard import Watch
from trayapp.core.incidents import Incident
from trayapp.core.notes import Note
from trayapp.core.severity import Severity
from trayapp.core.takeovers import TAKEOVER
from trayapp.teller import PASSING_TROUBLE, Teller

MEDIUM, HIGH, CRITICAL = Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL


class Desktop:
    """Takes notes down. What is quiet and has no place on screen it leaves away, and says nothing of it."""

    name = "noting"

    def __init__(self) -> None:
        self.accepts = True
        self.on_screen: dict[str, Note] = {}
        self.aloud: list[str] = []
        self.quiet: list[str] = []
        self.refused: list[str] = []
        self.withdrawn: list[str] = []
        self.outcomes: deque[tuple[str, bool]] = deque()

    def show(self, note: Note) -> None:
        if note.quiet:
            self.quiet.append(note.key)
            if note.key not in self.on_screen:
                return
        elif self.accepts:
            self.aloud.append(note.key)
        else:
            self.refused.append(note.key)
        if self.accepts:
            self.on_screen[note.key] = note
        self.outcomes.append((note.key, self.accepts))

    def withdraw(self, key: str) -> None:
        self.withdrawn.append(key)
        self.on_screen.pop(key, None)

    def close(self) -> None:
        pass


class Bench:
    """A teller with a desktop before it and a memory behind it, joined as the program joins them."""

    def __init__(self) -> None:
        self.desktop = Desktop()
        self.teller = Teller(self.desktop)
        self.incidents: dict[int, Incident] = {}
        self.paused_until: datetime | None = None
        self.quiet_hours = False
        self.watch = watch()

    def tell(self, *incidents: Incident) -> list[str]:
        """Tell what there is after these came or changed, until all has been answered; give what was said aloud."""
        said = len(self.desktop.aloud)
        self.incidents |= {each.id: each for each in incidents}
        self.ask()
        for _ in range(100):
            if not self.desktop.outcomes:
                return self.desktop.aloud[said:]
            self.answer()
        raise AssertionError("it goes on and on")

    def ask(self) -> None:
        newest_first = sorted(self.incidents.values(), key=lambda each: each.id, reverse=True)
        now = situation(
            watches=(self.watch,),
            to_review=tuple(newest_first),
            paused_until=self.paused_until,
            quiet=self.quiet_hours,
        )
        self.teller.tell(now, clock())

    def answer(self) -> None:
        """Bring one answer of the desktop in; every event is followed by telling what there is."""
        key, accepted = self.desktop.outcomes.popleft()
        if accepted:
            for number, severity in self.teller.shown(key).items():
                known = self.incidents[number]
                told = max(known.told or severity, severity)
                self.incidents[number] = replace(known, shown=known.shown or NOW, told=told)
        else:
            self.teller.refused(key)
        self.ask()

    def grow(self, number: int, *more: Finding) -> list[str]:
        known = self.incidents[number]
        return self.tell(replace(known, findings=(*known.findings, *more)))

    def gone(self, *numbers: int) -> None:
        """Incidents were reviewed, or have become part of others."""
        for number in numbers:
            del self.incidents[number]
        self.teller.withdraw(numbers)

    def sign_of_life(self) -> list[str]:
        self.teller.retry()
        return self.tell()


@pytest.fixture
def bench() -> Bench:
    return Bench()


def some(count: int, severity: Severity = HIGH, first: int = 1) -> list[Incident]:
    return [incident(number, numbered(number, severity=severity)) for number in range(first, first + count)]


def keys(*numbers: int) -> list[str]:
    return [alert_key(number) for number in numbers]


# At once, once


def test_an_incident_is_told_at_once_and_once(bench: Bench) -> None:
    assert bench.tell(incident(1)) == keys(1)
    assert bench.tell() == []
    assert bench.sign_of_life() == []
    assert bench.incidents[1].told is HIGH


def test_a_few_at_once_are_told_one_by_one_the_oldest_first(bench: Bench) -> None:
    assert bench.tell(*some(AWAY - 1)) == keys(*range(1, AWAY))


def test_what_is_on_its_way_is_not_asked_for_again(bench: Bench) -> None:
    bench.incidents = {1: incident(1)}
    for _ in range(3):
        bench.ask()
    assert bench.desktop.aloud == keys(1)


# Growing


def test_it_grows_in_place_and_quietly(bench: Bench) -> None:
    bench.tell(incident(1, machine(1)))
    assert bench.grow(1, machine(2)) == []
    assert bench.grow(1, machine(3), machine(4)) == []
    assert bench.desktop.quiet == keys(1, 1)
    assert bench.desktop.on_screen[alert_key(1)].title == "Stack web: 4 instances"


def test_what_has_not_grown_is_not_drawn_again(bench: Bench) -> None:
    bench.tell(incident(1, machine(1)))
    for _ in range(3):
        bench.tell()
        bench.sign_of_life()
    assert bench.desktop.quiet == []


def test_the_second_lane_brings_the_note_up_to_date_quietly(bench: Bench) -> None:
    bench.tell(incident())
    assert bench.grow(1, finding(lane=Lane.CLOUDTRAIL)) == []
    assert bench.desktop.quiet == keys(1)


def test_a_takeover_grows_quietly_with_its_steps(bench: Bench) -> None:
    pattern = incident(1, finding(signal=TAKEOVER, severity=CRITICAL), steps=takeover_steps())
    bench.tell(pattern)
    steps = (*takeover_steps(), numbered(1))
    assert bench.tell(replace(bench.incidents[1], steps=steps)) == []
    assert bench.desktop.quiet == keys(1)


def test_it_speaks_again_only_when_it_has_become_heavier(bench: Bench) -> None:
    bench.tell(incident(1, machine(1, severity=MEDIUM)))
    assert bench.grow(1, machine(2, severity=MEDIUM)) == []
    assert bench.grow(1, machine(3, severity=HIGH)) == keys(1)
    assert bench.grow(1, machine(4, severity=HIGH)) == []
    assert bench.grow(1, *(machine(number, severity=MEDIUM) for number in range(5, 12))) == keys(1)
    assert bench.incidents[1].told is CRITICAL


def test_what_becomes_heavier_before_the_desktop_has_answered_is_asked_for_anew(bench: Bench) -> None:
    bench.incidents = {1: incident(1, machine(1))}
    bench.ask()
    bench.incidents = {1: incident(1, machine(1), machine(2, severity=CRITICAL))}
    bench.ask()
    assert bench.desktop.aloud == keys(1, 1)
    assert bench.tell() == []
    assert bench.incidents[1].told is CRITICAL


def test_what_the_owner_has_dismissed_does_not_come_back_by_growing(bench: Bench) -> None:
    bench.tell(incident(1, machine(1)))
    bench.desktop.on_screen.clear()
    assert bench.grow(1, machine(2)) == []
    assert bench.desktop.on_screen == {}


# A pause, and a queue that is being emptied


def test_a_pause_holds_everything_back_but_what_is_critical(bench: Bench) -> None:
    bench.paused_until = NOW + timedelta(hours=1)
    assert bench.tell(incident(1), incident(2, numbered(2, severity=CRITICAL))) == keys(2)
    bench.paused_until = None
    assert bench.tell() == keys(1)


def test_what_becomes_critical_breaks_through_a_pause(bench: Bench) -> None:
    bench.tell(incident(1, machine(1)))
    bench.paused_until = NOW + timedelta(hours=1)
    assert bench.grow(1, machine(2, severity=HIGH)) == []
    assert bench.grow(1, machine(3, severity=CRITICAL)) == keys(1)


def test_a_note_grows_quietly_during_a_pause_too(bench: Bench) -> None:
    bench.tell(incident(1, machine(1)))
    bench.paused_until = NOW + timedelta(hours=1)
    bench.grow(1, machine(2))
    assert bench.desktop.quiet == keys(1)


def test_in_quiet_hours_everything_waits_but_what_is_critical_and_what_the_guard_says(bench: Bench) -> None:
    bench.quiet_hours = True
    guards_own = incident(3, numbered(3, theme=Theme.GUARD))
    found_by_us = incident(4, numbered(4, lane=Lane.CLIENT))
    critical = incident(2, numbered(2, severity=CRITICAL))
    assert bench.tell(incident(1), critical, guards_own, found_by_us) == keys(2, 3, 4)
    bench.quiet_hours = False
    assert bench.tell() == keys(1)


def test_what_gathered_in_the_queue_waits_for_its_end_and_is_told_together(bench: Bench) -> None:
    bench.teller.drain("work", more=True)
    assert bench.tell(*some(AWAY - 1)) == []
    assert bench.tell(*some(AWAY, first=AWAY)) == []
    bench.teller.drain("work", more=False)
    assert bench.tell() == [AWAY_KEY]
    assert {each.told for each in bench.incidents.values()} == {HIGH}
    assert bench.tell() == []


def test_a_few_that_gathered_are_told_one_by_one_at_its_end(bench: Bench) -> None:
    bench.teller.drain("work", more=True)
    bench.tell(*some(AWAY - 1))
    bench.teller.drain("work", more=False)
    assert bench.tell() == keys(*range(1, AWAY))


def test_what_is_critical_does_not_wait_for_the_end_of_the_queue(bench: Bench) -> None:
    bench.teller.drain("work", more=True)
    assert bench.tell(*some(AWAY), incident(9, numbered(9, severity=CRITICAL))) == keys(9)
    bench.teller.drain("work", more=False)
    assert bench.tell() == [AWAY_KEY]


def test_every_queue_has_to_be_empty(bench: Bench) -> None:
    bench.teller.drain("work", more=True)
    bench.teller.drain("home", more=True)
    bench.teller.drain("work", more=False)
    assert bench.tell(incident(1)) == []
    bench.teller.drain("home", more=False)
    assert bench.tell() == keys(1)


# Together


def test_what_is_critical_is_never_told_among_others(bench: Bench) -> None:
    assert bench.tell(*some(AWAY), *some(AWAY, CRITICAL, first=10)) == [
        AWAY_KEY,
        *keys(*range(10, 10 + AWAY)),
    ]


def test_what_was_told_together_grows_without_a_note_of_its_own_until_it_is_heavier(bench: Bench) -> None:
    bench.tell(*some(AWAY))
    bench.grow(2, numbered(20))
    assert bench.desktop.on_screen.keys() == {AWAY_KEY}
    assert bench.grow(2, numbered(21, severity=CRITICAL)) == keys(2)


def test_what_becomes_critical_does_not_wait_for_the_note_of_all_to_be_accepted(bench: Bench) -> None:
    bench.incidents = {each.id: each for each in some(AWAY)}
    bench.ask()
    bench.incidents[1] = incident(1, numbered(1), numbered(20, severity=CRITICAL))
    bench.ask()
    assert bench.desktop.aloud == [AWAY_KEY, *keys(1)]
    assert bench.tell() == []
    assert (bench.incidents[1].told, bench.incidents[2].told) == (CRITICAL, HIGH)


def test_what_comes_while_the_note_of_all_is_on_its_way_is_told_after_it(bench: Bench) -> None:
    bench.incidents = {each.id: each for each in some(AWAY)}
    bench.ask()
    later = {each.id: each for each in some(AWAY, first=10)}
    bench.incidents |= later
    bench.ask()
    assert bench.desktop.aloud == [AWAY_KEY]
    bench.desktop.outcomes.clear()
    bench.teller.refused(AWAY_KEY)
    assert all(each.shown is None for each in bench.incidents.values())
    assert bench.sign_of_life() == [AWAY_KEY]
    assert f"{2 * AWAY} happenings" in bench.desktop.on_screen[AWAY_KEY].title


def test_the_note_of_all_goes_when_the_last_of_them_is_reviewed(bench: Bench) -> None:
    bench.tell(*some(AWAY))
    bench.gone(*range(1, AWAY))
    assert AWAY_KEY in bench.desktop.on_screen
    bench.gone(AWAY)
    assert bench.desktop.on_screen == {}


def test_reviewing_what_was_not_among_them_leaves_the_note_of_all(bench: Bench) -> None:
    bench.tell(*some(AWAY))
    bench.tell(incident(9, numbered(9)))
    bench.gone(9)
    assert bench.desktop.on_screen.keys() == {AWAY_KEY}


# Refused


@pytest.mark.parametrize(("count", "expected"), [(1, keys(1)), (AWAY, [AWAY_KEY])])
def test_what_was_refused_is_tried_again_at_the_next_sign_of_life_and_not_before(
    bench: Bench, count: int, expected: list[str]
) -> None:
    bench.desktop.accepts = False
    bench.tell(*some(count))
    for _ in range(5):
        bench.tell()
    assert bench.desktop.refused == expected
    bench.sign_of_life()
    assert bench.desktop.refused == expected * 2
    bench.desktop.accepts = True
    assert bench.tell() == []
    assert bench.sign_of_life() == expected
    assert bench.sign_of_life() == []


def test_what_is_critical_is_told_though_the_note_of_all_was_refused(bench: Bench) -> None:
    bench.desktop.accepts = False
    bench.tell(*some(AWAY))
    bench.desktop.accepts = True
    assert bench.tell(incident(9, numbered(9, severity=CRITICAL))) == keys(9)


# Gone


def test_the_notes_of_what_was_merged_are_withdrawn_and_the_survivor_grows_in_place(bench: Bench) -> None:
    one, other = machine(1), machine(2, links=frozenset({"event:1"}))
    bench.tell(incident(1, one), incident(2, other))
    bench.gone(2)
    assert bench.grow(1, other, machine(3, links=frozenset({STACK, "event:1"}))) == []
    assert bench.desktop.withdrawn == keys(2)
    assert bench.desktop.on_screen.keys() == set(keys(1))
    assert bench.desktop.quiet == keys(1)


def test_what_opens_again_after_its_review_is_told_like_a_new_one(bench: Bench) -> None:
    bench.tell(incident(1, machine(1)))
    bench.gone(1)
    assert bench.tell(incident(1, machine(1), machine(2))) == keys(1)


# A new start


def test_what_an_earlier_run_has_shown_is_neither_told_nor_drawn(bench: Bench) -> None:
    old = replace(incident(1, machine(1)), shown=before(hours=1), told=MEDIUM)
    assert bench.tell(old, incident(2, numbered(2))) == keys(2)
    bench.grow(1, machine(2))
    assert bench.desktop.quiet == []
    assert bench.grow(1, machine(3, severity=CRITICAL)) == keys(1)


# Troubles

GUARD = ["guard:work"]


def off(cause: Cause | None, *checks: Cause, **changes: Value) -> Watch:
    failed = tuple(Checked(Check.RECORDER, Outcome.FAILED, cause=each) for each in checks)
    return watch(cause=cause, checks=failed, **changes)


def test_a_trouble_that_the_desktop_refused_is_told_at_a_later_sign_of_life(bench: Bench) -> None:
    bench.watch = off(Cause.KEY_REFUSED)
    bench.desktop.accepts = False
    bench.tell()
    assert bench.desktop.refused == GUARD
    bench.desktop.accepts = True
    assert bench.sign_of_life() == GUARD
    assert bench.tell() == []


def test_a_passing_trouble_is_told_when_it_lasts(bench: Bench) -> None:
    bench.watch = off(Cause.NO_NETWORK, since=NOW - PASSING_TROUBLE + timedelta(seconds=1))
    assert bench.tell() == []
    bench.watch = off(Cause.NO_NETWORK, since=NOW - PASSING_TROUBLE)
    assert bench.tell() == GUARD


def test_an_outage_that_looks_different_from_try_to_try_is_told_once_but_what_is_worse_is_told(bench: Bench) -> None:
    for cause in (Cause.NO_NETWORK, Cause.NO_ANSWER, Cause.NAME_NOT_FOUND, Cause.NO_NETWORK):
        bench.watch = off(cause, since=NOW - PASSING_TROUBLE)
        bench.tell()
    assert bench.desktop.aloud == GUARD
    bench.watch = off(Cause.KEY_REFUSED)
    assert bench.tell() == GUARD


def test_what_is_over_is_taken_away_and_told_anew_when_it_comes_again(bench: Bench) -> None:
    bench.watch = off(Cause.KEY_REFUSED)
    bench.tell()
    bench.watch = off(None)
    assert bench.tell() == []
    assert bench.desktop.withdrawn == GUARD
    bench.watch = off(Cause.KEY_REFUSED)
    assert bench.tell() == GUARD


def test_a_network_that_comes_and_goes_does_not_tell_again_of_what_lasts_behind_it(bench: Bench) -> None:
    for cause in (None, Cause.KEY_REFUSED, None, Cause.KEY_REFUSED):
        bench.watch = off(cause, Cause.RECORDER_OFF)
        bench.tell()
    assert [bench.desktop.on_screen["guard:work"].title] == ["Not watching work"]
    assert bench.desktop.aloud == GUARD * 3  # the recorder once, and the key each time


def test_what_an_alert_has_told_is_not_told_by_another_note(bench: Bench) -> None:
    bench.teller.alerted("work", [Cause.RECORDER_OFF])
    bench.watch = off(None, Cause.RECORDER_OFF)
    assert bench.tell() == []


def test_an_account_that_is_watched_no_more_leaves_no_note(bench: Bench) -> None:
    bench.watch = off(Cause.KEY_REFUSED)
    bench.tell()
    bench.teller.forget("work")
    bench.teller.forget("work")
    assert bench.desktop.withdrawn == GUARD
