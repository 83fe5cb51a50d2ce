"""The store joins findings one by one into the same incidents that they make from scratch, in any order."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trayapp.core.finding import Certainty, Finding, Lane, Subject, Theme
from trayapp.core.incidents import Incident
from trayapp.core.judged import Judged
from trayapp.core.severity import Severity
from trayapp.core.ties import group
from trayapp.core.weighing import weigh
from trayapp.store import Store

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
STACK = "stack:arn:aws:cloudformation:eu-west-1:123456789012:stack/web/1"
LINKS = (STACK, "group:web-asg", "event:e-1", "key:AKIA1", "thing:x:1")


def finding(
    number: int,
    *,
    lane: Lane = Lane.CONFIG,
    severity: Severity = Severity.MEDIUM,
    theme: Theme = Theme.COMPUTE,
    links: Sequence[str] = (),
    minutes: int = 0,
    signal: str = "ec2-new",
) -> Finding:
    return Finding(
        signal=signal,
        theme=theme,
        severity=severity,
        certainty=Certainty.NEW,
        lane=lane,
        account_id="123456789012",
        region="eu-west-1",
        subject=Subject("AWS::EC2::Instance", f"i-{number}"),
        fingerprint=f"{signal}:{number}",
        links=frozenset(links),
        happened=NOON + timedelta(minutes=minutes),
    )


def commit(store: Store, *findings: Finding) -> list[int]:
    return store.commit("private", [Judged("config", (each,)) for each in findings], NOON)


findings = st.builds(
    finding,
    st.integers(1, 8),
    lane=st.sampled_from([Lane.CONFIG, Lane.CLOUDTRAIL]),
    severity=st.sampled_from([Severity.LOW, Severity.MEDIUM, Severity.CRITICAL]),
    theme=st.sampled_from([Theme.COMPUTE, Theme.NETWORK, Theme.IDENTITY]),
    links=st.lists(st.sampled_from(LINKS), max_size=2),
    minutes=st.integers(0, 200),
    signal=st.sampled_from(["ec2-new", "sg-open"]),
)


def shape(incidents: Sequence[Incident]) -> set[tuple[frozenset[tuple[str, Lane]], Severity]]:
    return {
        (frozenset((part.fingerprint, part.lane) for part in incident.findings), incident.severity)
        for incident in incidents
    }


@given(st.lists(findings, max_size=14, unique_by=lambda each: (each.fingerprint, each.lane)), st.randoms())
@settings(deadline=None, max_examples=150)
def test_any_order_any_batches_and_any_repetition_give_the_incidents_that_grouping_from_scratch_gives(
    found: list[Finding], random: Random
) -> None:
    expected = {
        (frozenset((part.fingerprint, part.lane) for part in members), weigh(members))
        for members in group([(each, NOON) for each in found])
    }
    sent = found + [each for each in found if random.random() < 0.3]
    random.shuffle(sent)
    with TemporaryDirectory() as folder, Store(Path(folder, "alerts.sqlite3")) as store:
        while sent:
            size = random.randint(1, 5)
            commit(store, *sent[:size])
            del sent[:size]
        assert shape(store.incidents()) == expected


@given(st.lists(findings, min_size=1, max_size=10))
@settings(deadline=None, max_examples=100)
def test_weight_never_falls_when_a_finding_joins(found: list[Finding]) -> None:
    weights = [weigh(found[:count]) for count in range(1, len(found) + 1)]
    assert weights == sorted(weights)


def test_thirty_findings_of_one_stack_are_one_incident(tmp_path: Path) -> None:
    with Store(tmp_path / "alerts.sqlite3") as store:
        for number in range(30):
            commit(store, finding(number, links=LINKS[:1], minutes=number // 4, severity=Severity.LOW))
        [incident] = store.incidents()
        assert len(incident.parts) == 30


def test_a_critical_finding_does_not_hide_in_a_plain_incident(tmp_path: Path) -> None:
    with Store(tmp_path / "alerts.sqlite3") as store:
        commit(store, finding(1, links=LINKS[:1]), finding(2, links=LINKS[:1], severity=Severity.CRITICAL))
        assert [incident.severity for incident in store.incidents()] == [Severity.CRITICAL, Severity.MEDIUM]


def test_ten_machines_in_one_incident_are_critical_together(tmp_path: Path) -> None:
    with Store(tmp_path / "alerts.sqlite3") as store:
        commit(store, *[finding(number, links=LINKS[:1]) for number in range(10)])
        assert store.incidents()[0].severity is Severity.CRITICAL


def test_what_joins_after_the_review_opens_the_incident_again_but_a_second_lane_does_not(tmp_path: Path) -> None:
    with Store(tmp_path / "alerts.sqlite3") as store:
        commit(store, finding(1, links=LINKS[:1]))
        store.mark_shown(1, Severity.MEDIUM, NOON)
        store.review_all(NOON)
        commit(store, finding(1, links=LINKS[:1], lane=Lane.CLOUDTRAIL))
        assert store.to_review() == []
        commit(store, finding(2, links=LINKS[:1]))
        [incident] = store.to_review()
        assert incident.unspoken


def test_a_takeover_is_an_incident_of_its_own_with_its_steps_in_order(tmp_path: Path) -> None:
    admin = finding(1, signal="iam-user-admin", theme=Theme.IDENTITY, severity=Severity.CRITICAL)
    gone = finding(2, signal="iam-user-gone", theme=Theme.IDENTITY, severity=Severity.CRITICAL, minutes=2)
    big = finding(3, signal="ec2-large", severity=Severity.CRITICAL, minutes=6)
    for order in ((admin, gone, big), (big, admin, gone), (gone, big, admin)):
        with Store(tmp_path / f"{order[0].signal}.sqlite3") as store:
            for each in order:
                commit(store, each)
            [pattern] = [incident for incident in store.to_review() if incident.main.signal == "takeover"]
            assert pattern.severity is Severity.CRITICAL
            assert [step.signal for step in pattern.steps] == ["iam-user-admin", "iam-user-gone", "ec2-large"]
            assert len(store.to_review()) == 4


def test_two_of_three_steps_or_three_of_different_days_are_no_takeover(tmp_path: Path) -> None:
    admin = finding(1, signal="iam-user-admin", theme=Theme.IDENTITY, severity=Severity.CRITICAL)
    gone = finding(2, signal="iam-user-gone", theme=Theme.IDENTITY, severity=Severity.CRITICAL, minutes=2)
    late = finding(3, signal="ec2-large", severity=Severity.CRITICAL, minutes=60 * 7)
    with Store(tmp_path / "alerts.sqlite3") as store:
        commit(store, admin, gone, late)
        assert not [incident for incident in store.incidents() if incident.main.signal == "takeover"]


# Two incidents that turn out to be one

ONE, OTHER = "event:e-1", "event:e-2"
MEDIUM, HIGH = Severity.MEDIUM, Severity.HIGH


def merged(store: Store, severity: Severity = Severity.LOW) -> Incident:
    """Commit what ties the incidents of ``ONE`` and ``OTHER`` together; give what they became."""
    commit(store, finding(3, links=(ONE, OTHER), severity=severity))
    [incident] = store.incidents()
    return incident


def two(store: Store, one: Severity = MEDIUM, other: Severity = MEDIUM) -> None:
    commit(store, finding(1, links=(ONE,), severity=one), finding(2, links=(OTHER,), severity=other))
    assert len(store.incidents()) == 2


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "alerts.sqlite3") as opened:
        yield opened


def test_of_two_incidents_one_number_stays_and_the_other_is_gone(store: Store) -> None:
    two(store)
    assert commit(store, finding(3, links=(ONE, OTHER))) == [1]
    assert store.incident(2) is None
    assert len(merged(store).parts) == 3


def test_of_two_incidents_the_one_that_may_be_on_screen_stays(store: Store) -> None:
    two(store)
    store.mark_shown(2, MEDIUM, NOON)
    assert merged(store).id == 2


def test_an_incident_on_screen_outlasts_an_older_one_that_was_reviewed(store: Store) -> None:
    two(store)
    for number in (1, 2):
        store.mark_shown(number, MEDIUM, NOON)
    store.review([1], NOON)
    assert merged(store).id == 2


@pytest.mark.parametrize("told", [(MEDIUM, None), (None, MEDIUM), (MEDIUM, MEDIUM)])
def test_what_either_has_told_is_told(store: Store, told: tuple[Severity | None, ...]) -> None:
    two(store)
    for number, severity in enumerate(told, 1):
        if severity is not None:
            store.mark_shown(number, severity, NOON)
    whole = merged(store)
    assert (whole.shown, whole.told, whole.unspoken) == (NOON, MEDIUM, False)


def test_of_two_showings_the_first_time_and_the_heavier_weight_count(store: Store) -> None:
    two(store, MEDIUM, HIGH)
    store.mark_shown(1, MEDIUM, NOON)
    store.mark_shown(2, HIGH, NOON + timedelta(minutes=1))
    whole = merged(store)
    assert (whole.shown, whole.told, whole.unspoken) == (NOON, HIGH, False)


def test_what_becomes_heavier_by_the_merging_has_something_to_say(store: Store) -> None:
    two(store, MEDIUM, HIGH)
    store.mark_shown(1, MEDIUM, NOON)
    whole = merged(store)
    assert (whole.severity, whole.told, whole.unspoken) == (HIGH, MEDIUM, True)


def test_what_was_never_told_is_not_silenced_by_what_its_owner_has_done_with(store: Store) -> None:
    two(store)
    store.mark_shown(1, MEDIUM, NOON)
    store.review([1], NOON)
    whole = merged(store)
    assert (whole.reviewed, whole.unspoken) == (None, True)
    assert store.to_review() == [whole]


def test_what_is_still_on_screen_stays_to_review_and_is_not_told_again(store: Store) -> None:
    two(store)
    for number in (1, 2):
        store.mark_shown(number, MEDIUM, NOON)
    store.review([1], NOON)
    whole = merged(store)
    assert (whole.reviewed, whole.unspoken) == (None, False)


def test_two_that_were_reviewed_stay_so_since_the_later_review(store: Store) -> None:
    two(store)
    store.review([1], NOON)
    store.review([2], NOON + timedelta(minutes=5))
    assert merged(store).reviewed == NOON + timedelta(minutes=5)
    assert store.to_review() == []


@pytest.mark.parametrize("history", [1, 2])
def test_mere_history_does_not_bring_back_what_was_reviewed(store: Store, history: int) -> None:
    two(store, *((Severity.LOW, MEDIUM) if history == 1 else (MEDIUM, Severity.LOW)))
    reviewed = 3 - history
    store.mark_shown(reviewed, MEDIUM, NOON)
    store.review([reviewed], NOON)
    assert merged(store).reviewed == NOON
    assert store.to_review() == []


def test_what_is_muted_does_not_bring_back_what_was_reviewed(store: Store) -> None:
    commit(store, finding(1, links=(ONE,)), replace(finding(2, links=(OTHER,)), muted="a rule"))
    store.mark_shown(1, MEDIUM, NOON)
    store.review([1], NOON)
    assert merged(store).reviewed == NOON


def test_two_incidents_that_are_one_were_there_since_the_first_of_them(store: Store) -> None:
    store.commit("private", [Judged("config", (finding(1, links=(ONE,)),))], NOON - timedelta(minutes=5))
    commit(store, finding(2, links=(OTHER,)))
    store.mark_shown(2, MEDIUM, NOON)
    whole = merged(store)
    assert (whole.id, whole.created) == (2, NOON - timedelta(minutes=5))


def test_what_ties_two_reviewed_ones_together_opens_them_again_when_it_is_news_itself(store: Store) -> None:
    two(store)
    store.review_all(NOON)
    assert merged(store, MEDIUM).unspoken
    assert len(store.to_review()) == 1


# What opens again, and what does not


def reviewed(store: Store, *found: Finding) -> None:
    commit(store, *found)
    [incident] = store.incidents()
    store.mark_shown(incident.id, incident.severity, NOON)
    store.review_all(NOON)


def test_history_that_joins_does_not_open_an_incident_again(store: Store) -> None:
    reviewed(store, finding(1, links=(ONE,)))
    assert commit(store, finding(2, links=(ONE,), severity=Severity.LOW)) == [1]
    assert store.to_review() == []


def test_a_muted_finding_that_joins_does_not_open_an_incident_again(store: Store) -> None:
    reviewed(store, finding(1, links=(ONE,)))
    commit(store, replace(finding(2, links=(ONE,)), muted="a rule"))
    assert store.to_review() == []


def test_a_second_lane_that_finds_it_heavier_opens_an_incident_again(store: Store) -> None:
    reviewed(store, finding(1))
    commit(store, finding(1, lane=Lane.CLOUDTRAIL, severity=HIGH))
    [incident] = store.to_review()
    assert incident.unspoken
    assert incident.severity is HIGH


def test_what_turns_out_to_be_a_burst_by_its_second_lane_opens_again(store: Store) -> None:
    many = [replace(finding(number, links=(ONE,)), details={"vcpus": ""}) for number in range(5)]
    reviewed(store, *many)
    known = [replace(each, lane=Lane.CLOUDTRAIL, details={"vcpus": "16"}) for each in many]
    commit(store, *known)
    [incident] = store.to_review()
    assert incident.severity is Severity.CRITICAL


def test_what_is_muted_is_kept_and_not_to_review_until_something_joins_that_is_not(store: Store) -> None:
    muted = [replace(finding(number, links=(ONE,)), muted="a rule") for number in (1, 2)]
    commit(store, *muted)
    assert (store.to_review(), store.incidents()[0].muted) == ([], "a rule")
    commit(store, finding(3, links=(ONE,)))
    assert [(incident.muted, incident.unspoken) for incident in store.to_review()] == [("", True)]


def test_low_severity_is_not_to_review_until_something_heavier_joins(store: Store) -> None:
    commit(store, finding(1, links=(ONE,), severity=Severity.LOW))
    assert store.to_review() == []
    commit(store, finding(2, links=(ONE,)))
    assert [incident.severity for incident in store.to_review()] == [MEDIUM]


# Takeovers


def step(number: int, signal: str, minutes: float = 0, lane: Lane = Lane.CONFIG) -> Finding:
    theme = Theme.COMPUTE if signal.startswith("ec2") else Theme.IDENTITY
    return replace(
        finding(number, lane=lane, signal=signal, theme=theme, severity=Severity.CRITICAL),
        links=frozenset({f"event:{number}"}),
        happened=NOON + timedelta(minutes=minutes),
    )


STEPS = (step(1, "iam-user-admin"), step(2, "iam-user-gone", 2), step(3, "ec2-large", 6))


def pattern(store: Store) -> Incident:
    [found] = [incident for incident in store.incidents() if incident.main.signal == "takeover"]
    return found


def test_a_takeover_grows_with_its_steps_and_each_stands_there_once(store: Store) -> None:
    commit(store, *STEPS)
    number = pattern(store).id
    changed = commit(store, step(4, "iam-user-gone", 3), step(2, "iam-user-gone", 2, Lane.CLOUDTRAIL))
    assert number in changed
    assert pattern(store).id == number
    assert [each.subject.id for each in pattern(store).steps] == ["i-1", "i-2", "i-4", "i-3"]
    assert store.incident(number) == pattern(store)


def test_a_takeover_over_midnight_is_one_though_its_first_step_comes_last(store: Store) -> None:
    midnight = 12 * 60
    commit(store, *(replace(each, happened=NOON + timedelta(minutes=midnight + 10)) for each in STEPS))
    commit(store, step(4, "iam-user-gone", midnight - 10))
    assert len(pattern(store).steps) == 4
    assert pattern(store).steps[0].subject.id == "i-4"


def test_steps_in_different_accounts_are_no_takeover(store: Store) -> None:
    commit(store, *STEPS[:2], replace(STEPS[2], account_id="210987654321"))
    assert all(incident.main.signal != "takeover" for incident in store.incidents())


def test_a_takeover_that_was_reviewed_stays_so_while_nothing_new_belongs_to_it(store: Store) -> None:
    commit(store, *STEPS)
    store.review_all(NOON)
    commit(store, *STEPS)
    assert store.to_review() == []


def test_a_takeover_never_loses_a_step_however_late_the_next_one_comes(tmp_path: Path) -> None:
    with Store(tmp_path / "alerts.sqlite3") as store:
        for number, signal, hours in (
            (1, "iam-user-gone", 0.1),
            (2, "iam-user-admin", 1),
            (3, "mfa-off", 2),
            (4, "ec2-large", 3),
            (5, "ec2-large", 12.5),
        ):
            theme = Theme.COMPUTE if signal == "ec2-large" else Theme.IDENTITY
            found = finding(number, signal=signal, theme=theme, severity=Severity.CRITICAL, minutes=int(hours * 60))
            commit(store, found)
        [pattern] = [incident for incident in store.incidents() if incident.main.signal == "takeover"]
        assert len(pattern.steps) == 4


def test_machines_of_one_launch_are_one_incident_but_each_new_user_is_heard(tmp_path: Path) -> None:
    users = [finding(number, signal="iam-user-new", theme=Theme.IDENTITY) for number in (1, 2)]
    machines = [finding(number, minutes=number) for number in (3, 4)]
    with Store(tmp_path / "alerts.sqlite3") as store:
        commit(store, *users, *machines)
        assert sorted(len(incident.parts) for incident in store.incidents()) == [1, 1, 2]
