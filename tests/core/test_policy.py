"""The owner's rules: they do what he says, and are no place to hide in for whoever has got into the account."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import ACCOUNT_ID, NOW, QUICK, STACK, Value, actor, before, finding, instance_finding
from trayapp.core.facts import EC2_INSTANCE, IAM_USER, Actor, ActorKind
from trayapp.core.finding import Finding, Lane, Subject, Theme
from trayapp.core.policy import EVERY_DAY, TAG, Mute, Policy, QuietHours, is_guards_own
from trayapp.core.severity import Severity

OTHER_ACCOUNT = "210987654321"
TODAY = date(2026, 11, 23)
INSTANCE = instance_finding(
    links=frozenset({STACK, "group:workers"}),
    details={"size": "t3.micro", f"{TAG}env": "dev", f"{TAG}team/site": "a=b", f"{TAG}empty": ""},
    actor=actor(),
    lane=Lane.CLOUDTRAIL,
)


def by(**rule: Value) -> Policy:
    """Give a policy with one rule, that always holds."""
    return Policy(mutes=(Mute(**rule),))


def muted(policy: Policy, found: Finding, now: datetime = NOW) -> bool:
    return bool(policy.apply(found, now).muted)


# What matches


@pytest.mark.parametrize(
    "rule",
    [
        {"stack": "web"},
        {"stack": "w*"},
        {"stack": STACK.removeprefix("stack:")},
        {"stack": "arn:*:stack/web/*"},
        {"tag": "env"},
        {"tag": "env=dev"},
        {"tag": "e?v=d*"},
        {"tag": "*=dev"},
        {"tag": "team/site=a=b"},
        {"tag": "empty"},
        {"tag": "empty="},
        {"actor": "deploy"},
        {"actor": "dep*"},
        {"actor": "AKIAEXAMPLE7XYZABC"},
        {"actor": "AKIA*"},
        {"signal": "ec2-new"},
        {"signal": "ec2-*"},
        {"signal": "*"},
        {"account": ACCOUNT_ID},
        {"stack": "web", "tag": "env=dev", "actor": "deploy", "signal": "ec2-new", "account": ACCOUNT_ID},
    ],
)
def test_a_rule_mutes_what_it_matches(rule: dict[str, str]) -> None:
    assert muted(by(**rule), INSTANCE)


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"reason": "no rule at all"},
        {"stack": "we"},
        {"stack": "Web"},
        {"stack": "0a1b2c3d"},
        {"stack": "workers"},
        {"tag": "dev"},
        {"tag": "ENV"},
        {"tag": "env=prod"},
        {"tag": "env="},
        {"tag": "size=t3.micro"},
        {"tag": "tag:env"},
        {"actor": "deploy2"},
        {"actor": "AKIAEXAMPLE"},
        {"signal": "ec2"},
        {"account": OTHER_ACCOUNT},
        {"stack": "web", "tag": "env=prod"},
        {"signal": "ec2-new", "account": OTHER_ACCOUNT},
    ],
)
def test_a_rule_leaves_alone_what_it_does_not_match_in_whole(rule: dict[str, str]) -> None:
    assert not muted(by(**rule), INSTANCE)


@pytest.mark.parametrize("rule", [{"stack": "*"}, {"tag": "*"}, {"tag": "*=*"}, {"actor": "*"}])
def test_what_is_not_there_is_matched_by_no_pattern(rule: dict[str, str]) -> None:
    assert not muted(by(**rule), instance_finding())


def test_a_stack_is_known_by_the_detail_as_well() -> None:
    assert muted(by(stack="web-*"), instance_finding(details={"stack": "web-prod"}))
    assert muted(by(stack="web"), instance_finding(details={"stack": STACK.removeprefix("stack:")}))


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (actor(kind=ActorKind.ROLE, name="deploy", session="i-1"), True),
        (actor(kind=ActorKind.ROLE, name="Other", session="deploy"), False),
        (actor(account_id=OTHER_ACCOUNT), False),
        (actor(account_id=""), False),
        (actor(kind=ActorKind.ROOT, name="deploy"), False),
        (actor(kind=ActorKind.SERVICE, name="deploy", account_id=""), True),
        (None, False),
    ],
)
def test_an_actor_is_known_by_name_only_at_home_and_never_root(who: Actor | None, expected: bool) -> None:  # noqa: FBT001 - a table
    assert muted(by(actor="deploy"), replace(INSTANCE, actor=who)) is expected


def test_an_actor_is_not_at_home_in_an_account_that_nobody_names() -> None:
    assert not muted(by(actor="deploy"), replace(INSTANCE, account_id="", actor=actor(account_id="")))


def test_a_key_is_known_wherever_it_comes_from_unless_it_is_roots() -> None:
    key = by(actor="AKIAEXAMPLE7XYZABC")
    assert muted(key, replace(INSTANCE, actor=actor(account_id=OTHER_ACCOUNT)))
    assert not muted(key, replace(INSTANCE, actor=actor(kind=ActorKind.ROOT)))


# What may be hidden


@pytest.mark.parametrize(
    ("rule", "severity", "theme", "expected"),
    [
        # Whoever is in chooses these.
        ({"stack": "*"}, Severity.HIGH, Theme.COMPUTE, True),
        ({"stack": "*"}, Severity.CRITICAL, Theme.COMPUTE, False),
        ({"stack": "*"}, Severity.MEDIUM, Theme.IDENTITY, False),
        ({"tag": "*"}, Severity.HIGH, Theme.NETWORK, True),
        ({"tag": "*"}, Severity.CRITICAL, Theme.NETWORK, False),
        ({"tag": "*"}, Severity.LOW, Theme.IDENTITY, False),
        ({"stack": "*", "signal": "ec2-new"}, Severity.CRITICAL, Theme.COMPUTE, False),
        ({"stack": "*", "signal": "ec2-new"}, Severity.HIGH, Theme.IDENTITY, False),
        ({"tag": "*", "actor": "*", "signal": "ec2-new"}, Severity.HIGH, Theme.IDENTITY, False),
        # A stolen key acts under its owner's name.
        ({"actor": "*"}, Severity.HIGH, Theme.COMPUTE, True),
        ({"actor": "*"}, Severity.CRITICAL, Theme.COMPUTE, False),
        ({"actor": "*"}, Severity.HIGH, Theme.IDENTITY, False),
        ({"actor": "*", "signal": "ec2-*"}, Severity.HIGH, Theme.IDENTITY, False),
        ({"actor": "*", "signal": "ec2-new"}, Severity.HIGH, Theme.IDENTITY, True),
        ({"actor": "*", "signal": "ec2-new"}, Severity.CRITICAL, Theme.IDENTITY, False),
        # Nobody but the owner can have meant these.
        ({"signal": "ec2-*"}, Severity.HIGH, Theme.IDENTITY, True),
        ({"signal": "ec2-*"}, Severity.CRITICAL, Theme.COMPUTE, False),
        ({"signal": "ec2-new"}, Severity.CRITICAL, Theme.COMPUTE, True),
        ({"signal": "ec2-new", "account": ACCOUNT_ID}, Severity.CRITICAL, Theme.IDENTITY, True),
        ({"account": ACCOUNT_ID}, Severity.HIGH, Theme.IDENTITY, True),
        ({"account": ACCOUNT_ID}, Severity.CRITICAL, Theme.COMPUTE, False),
        ({"signal": "ec2-new"}, Severity.LOW, Theme.GUARD, False),
        ({"account": ACCOUNT_ID}, Severity.LOW, Theme.GUARD, False),
    ],
)
def test_what_a_rule_may_hide_depends_on_who_can_choose_what_it_goes_by(
    rule: dict[str, str],
    severity: Severity,
    theme: Theme,
    expected: bool,  # noqa: FBT001 - a table
) -> None:
    assert muted(by(**rule), replace(INSTANCE, severity=severity, theme=theme)) is expected


def test_the_owners_own_severity_decides_whether_it_is_critical_to_him() -> None:
    mute = Mute(stack="web")
    assert muted(Policy({"ec2-new": Severity.HIGH}, mutes=(mute,)), replace(INSTANCE, severity=Severity.CRITICAL))
    assert not muted(Policy({"ec2-new": Severity.CRITICAL}, mutes=(mute,)), INSTANCE)


# Until when, and what is said of it

AT_SIX = datetime(2026, 11, 23, 18, 0)  # noqa: DTZ001 - as TOML writes local time
FAR = timedelta(hours=9)


@pytest.mark.parametrize(
    ("until", "now", "expected"),
    [
        (None, datetime(9000, 1, 1, tzinfo=UTC), True),
        (TODAY, datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC), True),
        (TODAY, datetime(2026, 11, 24, tzinfo=UTC), False),
        (AT_SIX, datetime(2026, 11, 23, 17, 59, 59, tzinfo=UTC), True),
        (AT_SIX, datetime(2026, 11, 23, 18, 0, tzinfo=UTC), False),
        (AT_SIX.replace(tzinfo=UTC), datetime.fromisoformat("2026-11-23T18:00+09:00"), True),
        (AT_SIX.replace(tzinfo=UTC), datetime.fromisoformat("2026-11-24T03:00+09:00"), False),
        (AT_SIX, datetime.fromisoformat("2026-11-23T18:00+09:00"), False),
        (TODAY, datetime.fromisoformat("2026-11-23T23:00+09:00"), True),
    ],
)
def test_a_rule_holds_through_its_last_day_or_up_to_its_moment(
    until: date | None,
    now: datetime,
    expected: bool,  # noqa: FBT001 - a table
) -> None:
    assert muted(Policy(mutes=(Mute(signal="ec2-new", until=until),)), INSTANCE, now) is expected


@pytest.mark.parametrize(
    ("mute", "said"),
    [
        (Mute(stack="web", until=TODAY), "muted by your rule: stack web, until 2026-11-23"),
        (
            Mute(stack="web", reason="our nightly deploys"),
            "muted by your rule: stack web, forever (our nightly deploys)",
        ),
        (
            Mute(tag="env=dev", actor="deploy", signal="ec2-*", until=datetime(2026, 12, 31, 18, 0)),  # noqa: DTZ001
            "muted by your rule: actor deploy, tag env=dev, signal ec2-*, until 2026-12-31 18:00",
        ),
        (
            Mute(account=ACCOUNT_ID, until=datetime.fromisoformat("2026-12-31T18:00:30+09:00")),
            f"muted by your rule: account {ACCOUNT_ID}, until 2026-12-31 18:00+09:00",
        ),
    ],
)
def test_what_is_muted_names_its_rule(mute: Mute, said: str) -> None:
    assert Policy(mutes=(mute,)).apply(INSTANCE, NOW).muted == said


def test_of_several_rules_the_first_that_still_holds_is_named() -> None:
    over = Mute(signal="ec2-new", until=before(minutes=1))
    rules = (over, Mute(stack="other"), Mute(stack="web"), Mute(tag="env"))
    assert Policy(mutes=rules).apply(INSTANCE, NOW).muted == "muted by your rule: stack web, forever"


# Watched types


def watching(*types: str) -> Policy:
    return Policy(watched_types=frozenset(types))


def test_only_watched_types_are_told() -> None:
    assert not muted(watching(EC2_INSTANCE), INSTANCE)
    assert (
        watching(IAM_USER).apply(INSTANCE, NOW).muted
        == "muted by your rule: AWS::EC2::Instance is not among the watched types"
    )
    assert muted(watching(EC2_INSTANCE), finding())


@pytest.mark.parametrize(
    "changes",
    [
        {"severity": Severity.CRITICAL},
        {"lane": Lane.AWS, "theme": Theme.MONEY},
        {"lane": Lane.CLIENT},
        {"theme": Theme.GUARD},
    ],
)
def test_what_is_critical_or_comes_from_aws_itself_or_the_guard_is_told_whatever_its_type(
    changes: dict[str, Value],
) -> None:
    assert not muted(watching(IAM_USER), replace(INSTANCE, **changes))


# Of all findings and policies

WORDS = st.sampled_from(["web", "deploy", "env", "x"])
PATTERNS = st.sampled_from(["", "", "*", "web", "deploy", "env", "env=*", "w*", "[a-z]*"])
SIGNALS = st.sampled_from(["iam-user-new", "ec2-new", "watch-path", "root-login"])
SEVERITIES = st.sampled_from(Severity)
TYPES = st.sampled_from([IAM_USER, EC2_INSTANCE, "AWS::SQS::Queue"])
ACCOUNTS = st.sampled_from([ACCOUNT_ID, OTHER_ACCOUNT, ""])
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - zones beside


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    return finding(
        signal=draw(SIGNALS),
        theme=draw(st.sampled_from(Theme)),
        lane=draw(st.sampled_from(Lane)),
        severity=draw(SEVERITIES),
        account_id=draw(ACCOUNTS),
        subject=Subject(draw(TYPES), "id"),
        links=draw(st.frozensets(st.just(STACK))),
        details=draw(st.dictionaries(WORDS.map(TAG.__add__) | st.just("stack"), WORDS)),
        actor=draw(
            st.none() | st.builds(actor, kind=st.sampled_from(ActorKind), name=WORDS, key_id=WORDS, account_id=ACCOUNTS)
        ),
    )


def mutes(**fixed: st.SearchStrategy[str]) -> st.SearchStrategy[Mute]:
    parts = {"stack": PATTERNS, "actor": PATTERNS, "tag": PATTERNS, "signal": SIGNALS | PATTERNS, "account": ACCOUNTS}
    return st.builds(Mute, **parts | fixed, until=st.none() | st.dates(TODAY, date(2026, 12, 31)) | MOMENTS)


ANY_RULE = mutes()
CHOSEN = mutes(stack=st.just("*")) | mutes(tag=st.just("*")) | mutes(actor=st.just("*"))
"""Rules that go by what an intruder may have chosen."""


def policies(rules: st.SearchStrategy[Mute] = ANY_RULE) -> st.SearchStrategy[Policy]:
    return st.builds(
        Policy,
        severities=st.dictionaries(SIGNALS, SEVERITIES),
        watched_types=st.none() | st.frozensets(TYPES),
        mutes=st.lists(rules, max_size=4).map(tuple),
    )


@given(findings(), policies(), MOMENTS)
@QUICK
def test_no_rule_hides_the_guards_own_or_makes_it_lighter(found: Finding, policy: Policy, now: datetime) -> None:
    applied = policy.apply(found, now)
    if is_guards_own(found):
        assert applied.muted == ""
        assert applied.severity == max(found.severity, policy.severities.get(found.signal, Severity.LOW))


@given(findings(), policies(), MOMENTS)
@QUICK
def test_a_severity_is_exactly_the_owners_or_else_the_catalogues(found: Finding, policy: Policy, now: datetime) -> None:
    if not is_guards_own(found):
        assert policy.apply(found, now).severity is policy.severities.get(found.signal, found.severity)


@given(findings(), policies(), MOMENTS)
@QUICK
def test_nothing_but_severity_and_muting_changes_and_a_second_time_changes_nothing(
    found: Finding, policy: Policy, now: datetime
) -> None:
    applied = policy.apply(found, now)
    assert replace(applied, severity=found.severity, muted=found.muted) == found
    assert policy.apply(applied, now) == applied


@given(findings(), policies(CHOSEN), MOMENTS)
@QUICK
def test_nothing_critical_is_hidden_by_what_an_intruder_can_choose(
    found: Finding, policy: Policy, now: datetime
) -> None:
    applied = policy.apply(found, now)
    assert not (applied.muted and applied.severity is Severity.CRITICAL)


@given(findings(), policies(mutes(stack=st.just("*")) | mutes(tag=st.just("*"))), MOMENTS)
@QUICK
def test_nothing_about_identities_is_hidden_by_a_stack_or_a_tag(found: Finding, policy: Policy, now: datetime) -> None:
    if found.theme is Theme.IDENTITY:
        assert not muted(replace(policy, watched_types=None), found, now)


@given(findings(), policies(), MOMENTS, st.text(), st.text())
@QUICK
def test_no_choice_of_stack_or_tags_hides_what_would_not_be_hidden_if_critical_or_an_identity(
    found: Finding, policy: Policy, now: datetime, stack: str, value: str
) -> None:
    dressed = replace(found, links=frozenset({f"stack:{stack}"}), details={"stack": stack, f"{TAG}{stack}": value})
    plain = replace(found, links=frozenset(), details={})
    if policy.apply(found, now).severity is Severity.CRITICAL or found.theme is Theme.IDENTITY:
        assert policy.apply(dressed, now).muted == policy.apply(plain, now).muted


@given(findings(), policies(), MOMENTS)
@QUICK
def test_rules_that_are_over_do_nothing(found: Finding, policy: Policy, now: datetime) -> None:
    over = tuple(replace(mute, until=now - timedelta(days=1)) for mute in policy.mutes)
    assert replace(policy, mutes=over).apply(found, now) == replace(policy, mutes=()).apply(found, now)


@given(findings(), MOMENTS)
@QUICK
def test_without_rules_all_stays_as_it_is(found: Finding, now: datetime) -> None:
    assert Policy().apply(found, now) == found


# Quiet hours

NIGHT = QuietHours(time(22), time(7))
MONDAY_NIGHT = QuietHours(time(22), time(7), frozenset({0}))
NOON = QuietHours(time(12), time(13, 30))


def on(day: int, clock: str) -> datetime:
    """Give a moment of the week of Monday, 23 November 2026; in days after that Monday."""
    return datetime.combine(TODAY + timedelta(days=day), time.fromisoformat(clock), tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        (NIGHT, on(0, "21:59:59"), None),
        (NIGHT, on(0, "22:00"), on(1, "07:00")),
        (NIGHT, on(1, "00:00"), on(1, "07:00")),
        (NIGHT, on(1, "06:59:59"), on(1, "07:00")),
        (NIGHT, on(1, "07:00"), None),
        (NIGHT, on(6, "23:00"), on(7, "07:00")),
        (MONDAY_NIGHT, on(0, "06:00"), None),
        (MONDAY_NIGHT, on(0, "22:00"), on(1, "07:00")),
        (MONDAY_NIGHT, on(1, "06:00"), on(1, "07:00")),
        (MONDAY_NIGHT, on(1, "22:00"), None),
        (NOON, on(3, "11:59"), None),
        (NOON, on(3, "12:00"), on(3, "13:30")),
        (NOON, on(3, "13:29"), on(3, "13:30")),
        (NOON, on(3, "13:30"), None),
        (QuietHours(time(0), time(0)), on(0, "00:00"), on(1, "00:00")),
        (QuietHours(time(20), time(0), frozenset({4})), on(4, "23:59"), on(5, "00:00")),
        (QuietHours(time(20), time(0), frozenset({4})), on(5, "00:00"), None),
    ],
)
def test_quiet_hours_go_over_midnight_and_belong_to_the_day_of_their_evening(
    hours: QuietHours, now: datetime, until: datetime | None
) -> None:
    policy = Policy(quiet_hours=hours)
    assert policy.quiet_until(now) == until
    assert policy.quiet(now) is (until is not None)


def test_without_quiet_hours_it_is_never_quiet() -> None:
    assert not Policy().quiet(NOW)
    assert Policy().quiet_until(NOW) is None


TIMES = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
DAYS = st.frozensets(st.integers(0, 6), min_size=1)
MINUTES = [on(0, "00:00") + timedelta(minutes=minute) for minute in range(7 * 24 * 60)]


@given(TIMES, TIMES, DAYS)
@QUICK
def test_over_a_week_it_is_quiet_as_long_as_the_days_and_hours_say(
    begin: time, end: time, days: frozenset[int]
) -> None:
    length = (end.hour * 60 + end.minute - begin.hour * 60 - begin.minute) % (24 * 60) or 24 * 60
    hours = QuietHours(begin, end, days)
    assert sum(hours.until(minute) is not None for minute in MINUTES[::10]) == pytest.approx(
        length * len(days) / 10, abs=len(days)
    )


@given(TIMES, TIMES, DAYS, st.sampled_from(MINUTES))
@QUICK
def test_it_stays_quiet_until_the_end_that_is_given(
    begin: time, end: time, days: frozenset[int], now: datetime
) -> None:
    hours = QuietHours(begin, end, days)
    until = hours.until(now)
    if until is None:
        return
    assert timedelta(0) < until - now <= timedelta(days=1)
    assert until.time() == end
    assert hours.until(until - timedelta(microseconds=1)) == until
    assert hours.until(until) != until


@given(TIMES, TIMES, st.sampled_from(MINUTES))
@QUICK
def test_every_moment_belongs_either_to_the_hours_or_to_those_from_their_end_to_their_beginning(
    begin: time, end: time, now: datetime
) -> None:
    if begin != end:
        assert (QuietHours(begin, end).until(now) is None) is (QuietHours(end, begin).until(now) is not None)


@given(TIMES, TIMES, DAYS, st.sampled_from(MINUTES))
@QUICK
def test_more_days_are_never_less_quiet(begin: time, end: time, days: frozenset[int], now: datetime) -> None:
    if QuietHours(begin, end, days).until(now):
        assert QuietHours(begin, end, EVERY_DAY).until(now)
