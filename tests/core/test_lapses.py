"""What has become worse since we last looked is an alert like any other, and what has not is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import ACCOUNT_ID, NOW, QUICK, actor, before, clock, finding, incident
from trayapp.core import signals, words
from trayapp.core.causes import PROBLEMS, Cause
from trayapp.core.checks import Check, Checked, Outcome
from trayapp.core.finding import Lane, Theme
from trayapp.core.lapses import Watched, from_plain, lapses, locked_out, remembered, to_plain
from trayapp.core.severity import Severity
from trayapp.core.ties import group
from trayapp.core.weighing import weigh

WORK = Watched("work", ACCOUNT_ID, "eu-west-1")
HERE = "eu-west-1"
LAPSES = [
    (Check.IDENTITY, Cause.WRONG_ACCOUNT, "trayapp's key belongs to another account now"),
    (Check.RECORDER, Cause.RECORDER_OFF, "AWS Config does not record in Ireland"),
    (Check.RECORDER, Cause.RECORDER_FAILING, "AWS Config fails to record in Ireland"),
    (
        Check.DELIVERY_CHANNEL,
        Cause.CHANNEL_FAILING,
        "AWS Config in Ireland does not deliver what it records",
    ),
    (Check.SUBSCRIPTION, Cause.SUBSCRIPTION_GONE, "The topic no longer sends to trayapp's queue"),
    (Check.SUBSCRIPTION, Cause.SUBSCRIPTION_FILTERED, "A filter keeps messages from trayapp's queue"),
    (Check.QUEUE_POLICY, Cause.QUEUE_SHUT, "trayapp's queue does not let the topic in"),
    (Check.QUEUE_POLICY, Cause.QUEUE_OPEN, "Others may write into trayapp's queue"),
    (Check.CONSUMERS, Cause.QUEUE_SHARED, "Somebody else takes messages out of trayapp's queue"),
    (Check.TRAIL, Cause.TRAIL_OFF, "CloudTrail does not log in Ireland"),
]


def passed(check: Check, region: str = HERE) -> Checked:
    return Checked(check, Outcome.PASSED, region)


def failed(check: Check, cause: Cause, region: str = HERE) -> Checked:
    return Checked(check, Outcome.FAILED, region, cause)


@pytest.mark.parametrize(("check", "cause", "title"), LAPSES)
def test_what_passed_and_fails_now_is_told_with_its_way_out(check: Check, cause: Cause, title: str) -> None:
    [(lapse, why)] = lapses([passed(check)], [failed(check, cause)], WORK, NOW)
    assert (why, lapse.severity, lapse.lane, lapse.theme) == (cause, Severity.HIGH, Lane.CLIENT, Theme.GUARD)
    told = incident(1, lapse)
    assert words.title(told, "private") == title
    way_out = PROBLEMS[cause].way_out.format(account="work").rstrip(".")
    assert words.body(told, "private", clock()) == f"private · {way_out} · 20:14, just now"


def test_a_heartbeat_that_stops_says_for_how_long() -> None:
    silent = Checked(Check.HEARTBEAT, Outcome.FAILED, cause=Cause.HEARTBEAT_MISSING, detail="3")
    [(lapse, _)] = lapses([Checked(Check.HEARTBEAT, Outcome.PASSED)], [silent], WORK, NOW)
    assert signals.title(lapse) == "The heartbeat has stopped: nothing has come for 3 h"


@pytest.mark.parametrize(
    ("cause", "title"),
    [
        (Cause.KEY_REVOKED, "trayapp's own key no longer works"),
        (Cause.PERMISSION_LOST, "trayapp may no longer read its queue"),
    ],
)
def test_a_key_that_worked_and_no_longer_does_is_critical_and_says_what_to_do_now(cause: Cause, title: str) -> None:
    told = incident(1, locked_out(cause, WORK, NOW))
    assert told.severity is Severity.CRITICAL
    assert words.title(told, "private") == title
    assert "sign in as the root user now" in words.body(told, "private", clock())
    assert told.main.account_id == ACCOUNT_ID


def test_what_failed_already_is_told_no_more_but_another_failure_is() -> None:
    off, failing = failed(Check.RECORDER, Cause.RECORDER_OFF), failed(Check.RECORDER, Cause.RECORDER_FAILING)
    assert not list(lapses([off], [off], WORK, NOW))
    assert len(list(lapses([off], [failing], WORK, NOW))) == 1


def test_the_first_round_is_no_news() -> None:
    assert not list(lapses([], [failed(Check.RECORDER, Cause.RECORDER_OFF)], WORK, NOW))


def test_each_region_is_compared_with_itself() -> None:
    before_, after = [passed(Check.RECORDER, "a-b-1")], [failed(Check.RECORDER, Cause.RECORDER_OFF, "c-d-2")]
    assert not list(lapses(before_, after, WORK, NOW))


def test_a_check_that_the_key_may_no_longer_make_is_told() -> None:
    blind = Checked(Check.TRAIL, Outcome.NOT_GRANTED, HERE)
    [(lapse, cause)] = lapses([passed(Check.TRAIL)], [blind], WORK, NOW)
    assert signals.title(lapse) == "trayapp's key may no longer look at CloudTrail"
    assert cause is None


def test_fewer_recorded_types_are_told_but_other_notices_are_not() -> None:
    fewer = Checked(Check.RECORDED_TYPES, Outcome.NOTICE, HERE, sentence="users are not recorded")
    [(lapse, _)] = lapses([passed(Check.RECORDED_TYPES)], [fewer], WORK, NOW)
    assert signals.title(lapse) == "AWS Config in Ireland now records only a part"
    raw = Checked(Check.SIGNATURES, Outcome.NOTICE, HERE)
    assert not list(lapses([passed(Check.SIGNATURES)], [raw], WORK, NOW))


def test_what_could_not_be_asked_is_compared_again_when_it_can_be() -> None:
    unanswered = Checked(Check.RECORDER, Outcome.UNANSWERED, HERE, Cause.UNCHECKED)
    known = remembered([passed(Check.RECORDER)], [unanswered])
    assert known == (passed(Check.RECORDER),)
    assert len(list(lapses(known, [failed(Check.RECORDER, Cause.RECORDER_OFF)], WORK, NOW))) == 1
    assert remembered([], [unanswered]) == ()


def test_a_check_that_is_made_no_more_is_forgotten() -> None:
    assert remembered([passed(Check.TRAIL)], [passed(Check.RECORDER)]) == (passed(Check.RECORDER),)


def test_our_finding_and_the_call_behind_it_are_one_happening_as_heavy_as_the_call() -> None:
    [(lapse, _)] = lapses([passed(Check.RECORDER)], [failed(Check.RECORDER, Cause.RECORDER_OFF)], WORK, NOW)
    call = finding(
        signal="watch-recorder",
        theme=Theme.GUARD,
        severity=Severity.CRITICAL,
        lane=Lane.CLOUDTRAIL,
        region=HERE,
        fingerprint="watch-recorder:e-1",
        links=frozenset({"event:e-1"}),
        happened=before(minutes=50),
        actor=actor(),
        details={"case": "StopConfigurationRecorder"},
    )
    [together] = group([(lapse, NOW), (call, NOW)])
    assert weigh(together) is Severity.CRITICAL
    assert words.title(incident(1, *together), "private").startswith("AWS Config was switched off in Ireland")


checks = st.builds(
    Checked,
    st.sampled_from(Check),
    st.sampled_from(Outcome),
    st.sampled_from(["", "eu-west-1", "us-east-1"]),
    st.sampled_from([None, *Cause]),
)


@given(st.lists(checks, max_size=8))
@QUICK
def test_what_is_kept_is_read_again(found: list[Checked]) -> None:
    assert from_plain(to_plain(found)) == tuple(found)


def test_what_another_version_kept_is_left_out() -> None:
    kept = to_plain([passed(Check.TRAIL)])
    assert from_plain([{"check": "moon"}, {**kept[0], "check": "moon"}, *kept]) == (passed(Check.TRAIL),)
