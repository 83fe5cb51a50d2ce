"""The one state that the icon tells, since when, and the words for it."""

from datetime import datetime, timedelta

import pytest

from builders import NOW, before, clock, finding, incident, instance_finding, situation, watch
from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked, Outcome
from trayapp.core.commands import PAUSE
from trayapp.core.severity import Severity
from trayapp.core.situation import Situation
from trayapp.core.status import summary
from trayapp.core.view import Light

LATER = NOW + timedelta(minutes=30)
ILL = watch("home", Cause.NO_NETWORK, since=before(minutes=4))


@pytest.mark.parametrize(
    ("now", "light"),
    [
        (situation(), Light.WATCHING),
        (situation(quarantined=3), Light.WATCHING),
        (situation(to_review=(incident(),)), Light.TO_REVIEW),
        (situation(to_review=(incident(),), paused_until=LATER), Light.PAUSED),
        (situation(paused_until=LATER), Light.PAUSED),
        (situation(to_review=(incident(),), paused_until=LATER, watches=(watch(), ILL)), Light.NOT_WATCHING),
        (situation(watches=(ILL,)), Light.NOT_WATCHING),
        (situation(watches=()), Light.NOT_WATCHING),
        (situation(watches=(), to_review=(incident(),), paused_until=LATER), Light.NOT_WATCHING),
    ],
)
def test_not_watching_outranks_a_pause_and_a_pause_what_is_to_review(now: Situation, light: Light) -> None:
    assert now.light is light


@pytest.mark.parametrize(
    ("now", "cause"),
    [
        (situation(), None),
        (situation(watches=()), Cause.NO_ACCOUNT),
        (situation(watches=(watch(), ILL)), Cause.NO_NETWORK),
        (situation(watches=(ILL, watch("old", Cause.KEY_REFUSED, since=before(days=1)))), Cause.KEY_REFUSED),
    ],
)
def test_the_cause_is_that_of_the_longest_trouble(now: Situation, cause: Cause | None) -> None:
    assert now.cause is cause


NEWEST, OLDEST = incident(2, created=before(minutes=1)), incident(1, created=before(minutes=9))


@pytest.mark.parametrize(
    ("now", "since"),
    [
        (situation(watches=(watch(since=before(hours=2)), watch("b", since=before(hours=1)))), before(hours=1)),
        (situation(to_review=(NEWEST, OLDEST)), before(minutes=9)),
        (situation(to_review=(NEWEST,), paused_until=LATER), LATER - PAUSE),
        (situation(to_review=(NEWEST,), watches=(watch(), ILL)), before(minutes=4)),
        (situation(watches=(), began=before(hours=3)), before(hours=3)),
    ],
)
def test_the_light_has_been_so_since_what_made_it_so(now: Situation, since: datetime) -> None:
    assert now.since == since


def test_the_heaviest_incident_is_the_worst_and_of_several_the_newest() -> None:
    light, heavy = instance_finding(), finding()
    now = situation(to_review=(incident(4, light), incident(3, heavy), incident(2, heavy), incident(1, light)))
    heaviest = now.heaviest()
    assert heaviest is not None
    assert heaviest.id == 3
    assert now.worst is Severity.HIGH


def test_with_nothing_to_review_nothing_is_heaviest() -> None:
    assert situation().heaviest() is None
    assert situation().worst is None


def test_an_account_goes_by_its_label_while_it_is_in_the_settings() -> None:
    now = situation(watches=(watch("work", label="Work, Tokyo"),))
    assert now.label("work") == "Work, Tokyo"
    assert now.label("gone") == "gone"


WELL = "Watching work. Last answer 20:14, checked 20:04."
TWO = (incident(2), incident(1, instance_finding()))
CRITICAL = (incident(1, finding(severity=Severity.CRITICAL)),)


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (situation(), f"{WELL} Nothing to review."),
        (situation(watches=(watch(last_answer=None),)), "Watching work. Nothing to review."),
        (
            situation(watches=(watch("a", last_answer=before(minutes=2)), watch("b", label="Bee"))),
            "Watching a, Bee. Last answer 20:12, checked 20:04. Nothing to review.",
        ),
        (
            situation(to_review=(incident(),)),
            f"{WELL} 1 to review: New user “helpdesk2”.",
        ),
        (
            situation(to_review=TWO),
            f"{WELL} 2 to review: New user “helpdesk2” and others.",
        ),
        (
            situation(to_review=CRITICAL),
            f"{WELL} 1 to review, 1 critical: New user “helpdesk2”.",
        ),
        (
            situation(watches=(watch(), ILL)),
            f"Not watching home since 20:10: no connection to AWS. {WELL} Nothing to review.",
        ),
        (
            situation(watches=(watch(cause=Cause.NOT_RUNNING),)),
            "Not watching work: trayapp is not running. Nothing to review.",
        ),
        (
            situation(watches=()),
            "Not watching: no account is set up (set one up with: trayapp login). Nothing to review.",
        ),
        (
            situation(paused_until=LATER),
            f"{WELL} Notifications are paused until 20:44. Nothing to review.",
        ),
        (
            situation(quarantined=1),
            f"{WELL} Nothing to review. 1 message could not be read and is kept aside.",
        ),
        (
            situation(quarantined=2),
            f"{WELL} Nothing to review. 2 messages could not be read and are kept aside.",
        ),
    ],
)
def test_the_summary_says_every_problem_first_and_never_just_ok(now: Situation, told: str) -> None:
    assert summary(now, clock()) == told


def test_a_server_that_is_not_aws_is_named_aloud() -> None:
    well = situation(watches=(watch(endpoint="localhost:4566"),))
    ill = situation(watches=(watch(cause=Cause.NO_ANSWER, since=before(minutes=4), endpoint="localhost:4566"),))
    assert "Watching work (at localhost:4566, not AWS). " in summary(well, clock())
    assert "Not watching work (at localhost:4566, not AWS) since 20:10: " in summary(ill, clock())


def test_what_this_key_may_not_look_at_is_not_taken_for_checked() -> None:
    blind = watch(checks=(Checked(Check.TRAIL, Outcome.NOT_GRANTED),))
    told = "Watching work. Last answer 20:14, checked 20:04 as far as this key may look. Nothing to review."
    assert summary(situation(watches=(blind,)), clock()) == told


def test_a_long_label_is_shortened() -> None:
    long = situation(watches=(watch(label="The account of the whole of the accounting department"),))
    assert "Watching The account … department. " in summary(long, clock())
