"""How a status is told in a terminal: those in trouble first, with the way out, and what the checks found."""

from io import StringIO, TextIOWrapper

import pytest

from builders import NOW, before, clock, incident, situation, watch
from cli.computer import Computer
from trayapp.cli.marks import Marks, fit, marks
from trayapp.cli.status import status_lines
from trayapp.core.causes import PROBLEMS, Cause
from trayapp.core.checks import Check, Checked, Outcome
from trayapp.core.records import status_record
from trayapp.core.situation import Situation

PASSED = (Checked(Check.IDENTITY, Outcome.PASSED),)


def told(state: Situation, existing: int = 0) -> list[str]:
    record = status_record(state, {}, existing, clock())
    return list(status_lines(record, clock(), StringIO()))


def well(account: str = "work", *checks: Checked) -> Situation:
    return situation(watches=(watch(account, checks=checks or PASSED, checked=before(minutes=4)),))


def test_trouble_comes_first_with_its_way_out_under_it() -> None:
    fine = watch("work", checks=PASSED, checked=NOW)
    ill = watch("private", Cause.KEY_REFUSED, detail="InvalidClientTokenId: no such key")
    first, *more = told(situation(watches=(fine, ill)))
    assert first == "private   not watching since 18:14   AWS does not know this access key"
    assert more[0] == f"          {PROBLEMS[Cause.KEY_REFUSED].way_out.format(account='private')}"
    assert more[1] == "          (InvalidClientTokenId: no such key)"
    assert more[2] == "work      watching   last answer 20 s ago   checked just now"
    assert more[3] == "Nothing to review."


def test_a_failed_check_is_named_with_its_region() -> None:
    state = well("work", Checked(Check.RECORDER, Outcome.FAILED, "eu-west-1", Cause.RECORDER_OFF, "it is off"))
    lines = told(state)
    assert "not watching" in lines[0]
    assert "       !! recorder (eu-west-1): it is off" in lines


def test_what_the_owner_should_know_and_what_was_not_granted_is_said_and_what_passed_is_not() -> None:
    lines = told(
        well(
            "work",
            Checked(Check.RECORDED_TYPES, Outcome.NOTICE, sentence="users are not recorded"),
            Checked(Check.TRAIL, Outcome.NOT_GRANTED, sentence="this key may not ask whether CloudTrail logs"),
            Checked(Check.SUBSCRIPTION, Outcome.PASSED),
        )
    )
    assert lines[0] == "work   watching   last answer 20 s ago   checked 4 min ago"
    assert lines[1:3] == [
        "       ok recorded types: users are not recorded",
        "       -- CloudTrail: this key may not ask whether CloudTrail logs",
    ]
    assert "subscription" not in "".join(lines)


def test_what_is_to_be_done_stands_at_the_end() -> None:
    state = situation(
        watches=well().watches,
        to_review=(incident(1), incident(2)),
        quarantined=3,
        paused_until=before(minutes=-30),
        unverified=1,
    )
    assert told(state, existing=312)[1:] == [
        "Notifications are paused until 20:44.",
        "2 to review. See: trayapp alerts --to-review",
        "3 messages are kept aside, unread. See: trayapp quarantine list",
        "1 message has been shown unverified; the certificate is asked for again.",
        "312 resources existed before the watching began.",
    ]


def test_an_account_elsewhere_than_at_aws_is_told_as_one() -> None:
    elsewhere = watch("work", endpoint="sqs.example.net:8443", checks=PASSED, checked=NOW)
    assert told(situation(watches=(elsewhere,)))[0].startswith("work   at sqs.example.net:8443, not AWS   watching")


def test_without_an_account_the_first_step_is_told() -> None:
    assert told(situation(watches=()))[0] == "Not watching: no account is set up. Set one up with: trayapp login"


@pytest.mark.parametrize(("encoding", "well"), [("utf-8", "✔"), ("cp1252", "ok"), ("ascii", "ok")])
def test_signs_fit_the_terminal(encoding: str, well: str) -> None:
    with TextIOWrapper(__import__("io").BytesIO(), encoding=encoding) as stream:
        assert marks(stream).well == well
        fit("“helpdesk2” – ✔", stream).encode(encoding)
    assert marks(StringIO()) == Marks("ok", "!!", "--")


def test_a_poor_terminal_is_written_to_all_the_same(computer: Computer) -> None:
    poor = {"PYTHONIOENCODING": "ascii"}
    computer.settings(
        '[accounts.privé]\nregion = "eu-west-1"\nqueue_url = "https://sqs.eu-west-1.amazonaws.com/123456789012/q"\n'.replace(
            "accounts.privé]", 'accounts.private]\nlabel = "privé"'
        )
    )
    told = computer.run("status", env=poor)
    assert (told.returncode, told.stderr) == (3, "")
    assert told.stdout.startswith("priv?   not watching   trayapp is not running")
