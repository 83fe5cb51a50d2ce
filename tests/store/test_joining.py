"""The store joins findings one by one into the same incidents that they make from scratch, in any order."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from trayapp.core.finding import Certainty, Finding, Lane, Subject, Theme
from trayapp.core.incidents import Incident, group, weigh
from trayapp.core.judged import Judged
from trayapp.core.severity import Severity
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
