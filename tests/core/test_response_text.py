"""The text for AWS Support, and what is ticked off."""

from dataclasses import replace
from datetime import datetime

from builders import NOW, actor, before, clock, finding, incident, instance_finding, instance_subject, takeover_steps
from trayapp.core.finding import Certainty, Finding, Lane, Subject
from trayapp.core.incidents import Incident
from trayapp.core.response import done_steps, mark, steps, support_text
from trayapp.core.response.support import LONGEST
from trayapp.core.severity import Severity
from trayapp.core.takeovers import TAKEOVER


class Kept:
    """Keeps what is ticked off in memory, as the store does on disk."""

    def __init__(self) -> None:
        self.kept: set[tuple[int, str]] = set()

    def ticked(self, incident_id: int) -> frozenset[str]:
        return frozenset(step for number, step in self.kept if number == incident_id)

    def tick(self, incident_id: int, step: str, when: datetime, *, done: bool) -> None:
        assert when.tzinfo
        (self.kept.add if done else self.kept.discard)((incident_id, step))


def calls(*findings: Finding) -> tuple[Finding, ...]:
    return tuple(
        replace(each, lane=Lane.CLOUDTRAIL, actor=actor(), address="198.51.100.23", agent="aws-cli/2.31.3")
        for each in findings
    )


def takeover() -> Incident:
    pattern = finding(signal=TAKEOVER, severity=Severity.CRITICAL, lane=Lane.CLIENT, fingerprint="takeover:1")
    return incident(1, pattern, steps=calls(*takeover_steps()))


def text_of(one: Incident, *related: Incident, done: frozenset[str] = frozenset()) -> str:
    return support_text(one, related, done, clock(), "private")


def test_it_names_account_times_in_utc_regions_credentials_and_addresses() -> None:
    lines = text_of(takeover()).splitlines()
    assert lines[0] == "Activity that was not mine in AWS account 1234-5678-9012"
    head = dict(line.split(maxsplit=1) for line in lines if line.startswith(("From", "Regions", "Addresses")))
    assert head == {
        "From": "2026-11-23 10:54:40Z",
        "Regions": "sa-east-1",
        "Addresses": "198.51.100.23",
    }
    key = "user deploy, access key id AKIAEXAMPLE7XYZABC, arn:aws:iam::123456789012:user/deploy"
    assert f"Credentials     {key}" in lines


def test_its_time_line_is_in_order_and_leaves_out_the_pattern_that_is_made_of_it() -> None:
    lines = text_of(takeover()).splitlines()
    told = [line.strip() for line in lines if line.startswith("  2026-")]
    assert told == [
        "2026-11-23 10:54:40Z  “helpdesk2” is now an administrator",
        "2026-11-23 10:56:40Z  User “alice” was deleted",
        "2026-11-23 11:06:40Z  New p5.48xlarge in São Paulo: 192 vCPU with GPUs",
    ]


def test_it_says_what_is_done_and_what_is_not() -> None:
    one = takeover()
    first, second = steps(one)[:2]
    text = text_of(one, done=frozenset({first.id}))
    done, left = text.split("What I have done\n")[1].split("What I have not done yet\n")
    assert done.strip() == f"[x] {first.title}"
    assert f"[ ] {second.title}" in left
    assert f"[ ] {first.title}" not in left


def test_machines_started_together_are_one_entry_with_their_ids() -> None:
    machines = [
        instance_finding(subject=instance_subject(f"i-{number:017x}"), fingerprint=f"m:{number}")
        for number in range(30)
    ]
    text = text_of(incident(1, *machines))
    assert "New instance t3.micro in Tokyo, and 29 more like it" in text
    assert f"ap-northeast-1: i-{0:017x}, " in text
    assert "and 18 more" in text


def test_what_aws_refused_is_said_to_be_refused() -> None:
    tried = replace(finding(), certainty=Certainty.REFUSED)
    assert "(AWS refused it)" in text_of(incident(1, tried))


def test_a_long_story_is_cut_to_what_a_case_takes_and_loses_its_lightest_parts_first() -> None:
    heavy = [
        finding(fingerprint=f"h:{n}", signal="iam-user-admin", severity=Severity.CRITICAL, happened=before(minutes=n))
        for n in range(1, 40, 13)
    ]
    light = [
        finding(
            fingerprint=f"l:{n}",
            severity=Severity.LOW,
            subject=Subject("AWS::IAM::User", f"u{n}", f"user-with-a-long-name-{n}"),
            region=("us-east-1", "us-west-2")[n % 2],
            happened=before(minutes=40, seconds=n),
        )
        for n in range(200)
    ]
    text = text_of(incident(1, *heavy, *light))
    assert len(text) <= LONGEST
    assert "is now an administrator, and 2 more like it" in text
    assert "more entries are left out" in text
    assert "What I have not done yet" in text


def test_it_holds_no_line_of_a_secret() -> None:
    text = text_of(takeover()).lower()
    assert "secret" not in text
    assert "password:" not in text


def test_a_step_is_done_for_every_alert_of_the_affair_and_can_be_taken_back_from_each() -> None:
    kept, one, two = Kept(), incident(1), incident(2)
    mark(kept, two, (one,), "stop-key/x", NOW, done=True)
    assert done_steps(kept, one, (two,)) == {"stop-key/x"}
    assert done_steps(kept, one, ()) == frozenset()
    mark(kept, one, (two,), "stop-key/x", NOW, done=False)
    assert done_steps(kept, one, (two,)) == frozenset()
