"""Every row of the catalogue, on a fact that fires it and on one that almost does."""

from collections import Counter

import pytest

from builders import NOW
from core.signals.building import Example, NearMiss, found, signals_of
from core.signals.examples import EXAMPLES
from core.signals.happenings import SAME_HAPPENING
from core.signals.near_misses import NEAR_MISSES, NEVER_MISSED
from core.signals.shared import TOKYO_ONLY
from trayapp.core.facts import ApiCall, Fact, ResourceChange
from trayapp.core.finding import Lane, Theme
from trayapp.core.severity import Severity
from trayapp.core.signals import CATALOGUE, RaisedBy, Signal, explain, title

WANTED = frozenset(
    [
        "iam-user-new",
        "iam-user-admin",
        "iam-user-inline",
        "iam-user-group",
        "iam-user-gone",
        "iam-quarantine",
        "iam-role-admin",
        "iam-role-trust",
        "iam-group-admin",
        "iam-policy-version",
        "iam-federation",
        "iam-anywhere",
        "ec2-new",
        "ec2-large",
        "ec2-region",
        "ec2-burst",
        "ec2-role-swap",
        "sg-open",
        "ecs-new",
        "lambda-change",
        "compute-other",
        "watch-recorder",
        "watch-path",
        "watch-key",
        "watch-silent",
        "root-login",
        "root-recovery",
        "root-key",
        "key-new",
        "password-new",
        "login-no-mfa",
        "mfa-off",
        "trail-off",
        "account-change",
        "spend-prep",
        "aws-key-exposed",
        "aws-abuse",
        "aws-guardduty",
        "aws-cost",
    ]
)
OURS = frozenset({"test", "lb-new", "host-new", "stack-part", "key-changed", "guardduty-off", "cost-alarm-off"})
ROWS = {signal.id: signal for signal in CATALOGUE}


def lane_of(fact: Fact) -> Lane:
    if isinstance(fact, ResourceChange):
        return Lane.CONFIG
    return Lane.CLOUDTRAIL if isinstance(fact, ApiCall) else Lane.AWS


def lanes(signal: Signal) -> set[Lane]:
    looks = ((Lane.CONFIG, signal.config), (Lane.CLOUDTRAIL, signal.calls), (Lane.AWS, signal.verdicts))
    return {lane for lane, taken in looks if taken}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.signal}: {example.title}")
def test_an_example_fires_its_signal_and_speaks_its_sentence(example: Example) -> None:
    finding = found(example.fact, example.signal, example.known)
    assert (title(finding), finding.severity) == (example.title, example.severity)
    assert (finding.theme, finding.lane) == (ROWS[example.signal].theme, lane_of(example.fact))


@pytest.mark.parametrize("miss", NEAR_MISSES, ids=lambda miss: f"{miss.signal}: {miss.reason}")
def test_a_near_miss_fires_nothing_and_says_why(miss: NearMiss) -> None:
    assert miss.signal not in signals_of(miss.fact, miss.known)
    considered = {each.signal: each for each in explain(miss.fact, NOW, miss.known)}
    assert not considered[miss.signal].matched
    assert miss.reason in considered[miss.signal].reason


@pytest.mark.parametrize(("signal", "seen", "called"), SAME_HAPPENING, ids=lambda value: str(value)[:40])
def test_both_lanes_tell_the_same_happening(signal: str, seen: ResourceChange, called: ApiCall) -> None:
    one, other = found(seen, signal, TOKYO_ONLY), found(called, signal, TOKYO_ONLY)
    assert one.fingerprint == other.fingerprint
    assert {link for link in one.links if link.startswith("thing:")} & other.links


def test_the_catalogue_holds_what_was_asked_for_and_nothing_twice() -> None:
    counts = Counter(signal.id for signal in CATALOGUE)
    assert set(counts) == WANTED | OURS
    assert max(counts.values()) == 1


@pytest.mark.parametrize("signal", CATALOGUE, ids=lambda signal: signal.id)
def test_every_row_has_an_example_and_a_near_miss_in_each_of_its_lanes(signal: Signal) -> None:
    fired = {lane_of(each.fact) for each in EXAMPLES if each.signal == signal.id}
    missed = {lane_of(each.fact) for each in NEAR_MISSES if each.signal == signal.id}
    assert fired == lanes(signal)
    assert missed == (set() if signal.id in NEVER_MISSED else lanes(signal))


@pytest.mark.parametrize("signal", CATALOGUE, ids=lambda signal: signal.id)
def test_every_row_with_two_lanes_has_a_happening_that_both_tell(signal: Signal) -> None:
    if {Lane.CONFIG, Lane.CLOUDTRAIL} <= lanes(signal):
        assert signal.id in {each[0] for each in SAME_HAPPENING}


@pytest.mark.parametrize("signal", CATALOGUE, ids=lambda signal: signal.id)
def test_a_row_is_whole(signal: Signal) -> None:
    assert signal.source
    assert signal.says.done
    assert bool(lanes(signal)) is (signal.raised_by is RaisedBy.FACTS)
    assert signal.instead_of <= set(ROWS)
    assert all(ROWS[lighter].severity <= signal.severity for lighter in signal.instead_of)


@pytest.mark.parametrize("signal", CATALOGUE, ids=lambda signal: signal.id)
def test_who_is_refused_heavy_things_is_told(signal: Signal) -> None:
    heavy = signal.severity >= Severity.HIGH and signal.theme in (Theme.IDENTITY, Theme.COMPUTE, Theme.GUARD)
    # A sign-in without MFA that failed is no sign-in.
    wanted = heavy and bool(signal.calls) and signal.id != "login-no-mfa"
    assert bool(signal.says.refused) is wanted


def test_the_client_raises_only_what_nobody_else_can_see() -> None:
    assert {signal.id for signal in CATALOGUE if signal.raised_by is RaisedBy.CLIENT} == {
        "test",
        "watch-key",
        "watch-silent",
    }
