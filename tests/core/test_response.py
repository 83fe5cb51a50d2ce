"""What to do if it was not its owner: sensible steps for whatever is told, what stops damage first."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from builders import ACCOUNT_ID, actor, before, finding, incident, instance_finding, instance_subject, takeover_steps
from core.signals.building import ROLE, ROOT, found
from core.signals.examples import EXAMPLES
from trayapp.core.causes import Cause
from trayapp.core.facts import ActorKind
from trayapp.core.finding import Certainty, Finding, Lane, Subject, Theme, Trust
from trayapp.core.incidents import Incident
from trayapp.core.lapses import Watched, locked_out, rehearsal
from trayapp.core.response import Step, steps
from trayapp.core.response.table import STAGES
from trayapp.core.severity import Severity
from trayapp.core.signals import CATALOGUE
from trayapp.core.takeovers import TAKEOVER

OURS = Watched("work", ACCOUNT_ID, "ap-northeast-1")
GUARDED = {
    "watch-key": locked_out(Cause.KEY_REVOKED, OURS, before(minutes=1)),
    "watch-silent": replace(locked_out(Cause.KEY_REVOKED, OURS, before(minutes=1)), signal="watch-silent"),
    "test": rehearsal(before(minutes=1)),
}
"""What no fact shows: the client finds it itself."""

MUST = {
    "iam-user-new": "shut-user",
    "iam-user-admin": "strip-user",
    "iam-user-inline": "strip-user",
    "iam-user-group": "strip-user",
    "iam-user-gone": "give-back",
    "iam-quarantine": "deny-user",
    "iam-role-admin": "strip-role",
    "iam-role-trust": "close-trust",
    "iam-group-admin": "strip-group",
    "iam-policy-version": "restore-policy",
    "iam-federation": "remove-provider",
    "iam-anywhere": "remove-anywhere",
    "ec2-new": "stop-instances",
    "ec2-large": "stop-instances",
    "ec2-region": "other-regions",
    "ec2-burst": "empty-group",
    "ec2-role-swap": "take-role",
    "ecs-new": "stop-containers",
    "lambda-change": "stop-function",
    "compute-other": "stop-other",
    "host-new": "release-hosts",
    "sg-open": "close-group",
    "lb-new": "remove-rest",
    "stack-part": "remove-rest",
    "watch-recorder": "recorder-on",
    "watch-path": "way-back",
    "watch-key": "own-key",
    "watch-silent": "heartbeat",
    "test": "test-alert",
    "trail-off": "trail-on",
    "guardduty-off": "guardduty-on",
    "account-change": "what-else",
    "spend-prep": "bill",
    "cost-alarm-off": "budget",
    "root-login": "root-password",
    "root-recovery": "root-password",
    "root-key": "stop-root-key",
    "key-new": "stop-key",
    "key-changed": "stop-key",
    "password-new": "change-password",
    "login-no-mfa": "change-password",
    "mfa-off": "what-else",
    "aws-key-exposed": "stop-key",
    "aws-abuse": "answer-aws",
    "aws-guardduty": "read-guardduty",
    "aws-cost": "bill",
}
"""The step that answers each signal, whatever else there is to do."""


def rows(todo: Sequence[Step]) -> list[str]:
    """Give the rows that steps are of, each once, in order."""
    return list(dict.fromkeys(step.id.split("/")[0] for step in todo))


def of(row: str, todo: Sequence[Step]) -> list[Step]:
    return [step for step in todo if step.id.split("/")[0] == row]


def called(name: str = "deploy", **changes: object) -> Finding:
    """Give the finding that somebody with a lasting key made a user."""
    return finding(lane=Lane.CLOUDTRAIL, actor=actor(name=name), address="198.51.100.23", **changes)


def takeover(*more: Finding) -> Incident:
    made, gone, large = (replace(each, lane=Lane.CLOUDTRAIL, actor=actor()) for each in takeover_steps())
    pattern = finding(signal=TAKEOVER, severity=Severity.CRITICAL, lane=Lane.CLIENT, fingerprint="takeover:1")
    return incident(1, pattern, steps=(made, gone, large, *more))


def found_by_row() -> list[tuple[str, Finding]]:
    facts = [(example.signal, found(example.fact, example.signal, example.known)) for example in EXAMPLES]
    return [*facts, *GUARDED.items()]


def test_every_signal_of_the_catalogue_has_the_step_that_answers_it() -> None:
    assert set(MUST) == {signal.id for signal in CATALOGUE}
    answered = set()
    for signal, happened in found_by_row():
        todo = steps(incident(1, happened))
        assert todo, signal
        if happened.certainty is not Certainty.REFUSED and MUST[signal] in rows(todo):
            answered.add(signal)
    assert answered == set(MUST)


def test_every_row_of_the_table_is_there_for_something() -> None:
    used = {row for _, happened in found_by_row() for row in rows(steps(incident(1, happened)))}
    role = called(signal="key-new", severity=Severity.HIGH)
    others = [
        incident(1, replace(role, actor=ROLE)),
        incident(1, replace(role, actor=replace(ROLE, name="AWSReservedSSO_Admin_1", session="alice"))),
        incident(1, replace(role, actor=actor(account_id="999988887777"))),
        incident(1, replace(takeover_steps()[0], region="us-gov-west-1")),
        incident(1, finding(trust=Trust.FORGED)),
        incident(1, *(_spend(kind) for kind in ("AWS::SES::EmailIdentity", "AWS::Bedrock::FoundationModel"))),
    ]
    used.update(row for each in others for row in rows(steps(each)))
    assert {row.id for _, rows_ in STAGES for row in rows_} - used == set()


def _spend(resource_type: str) -> Finding:
    return finding(
        signal="spend-prep",
        theme=Theme.MONEY,
        subject=Subject(resource_type, "x"),
        fingerprint=resource_type,
        region="us-east-1",
    )


@pytest.mark.parametrize(("signal", "happened"), found_by_row())
def test_every_step_is_whole_and_has_a_name_of_its_own(signal: str, happened: Finding) -> None:
    todo = steps(incident(1, happened))
    for step in todo:
        for text in (step.title, step.why, step.done_when):
            assert text.strip() == text, signal
            assert text, signal
            assert "{" not in text
            assert "  " not in text
        assert step.why.endswith((".", "trayapp login")), step.why
        assert step.done_when.endswith("."), step.done_when
        assert not step.title.endswith("."), step.title
        assert "!" not in step.title + step.why
    assert len({step.id for step in todo}) == len(todo)


def test_what_is_refused_asks_for_the_key_and_not_for_what_never_came_to_be() -> None:
    tried = called(certainty=Certainty.REFUSED)
    assert rows(steps(incident(1, tried))) == ["stop-key", "deny-user", "what-else", "afterwards"]


def test_a_security_group_opened_is_closed_and_the_owner_is_not_sent_through_the_whole_account() -> None:
    opened = finding(
        signal="sg-open",
        theme=Theme.NETWORK,
        region="eu-central-1",
        subject=Subject("AWS::EC2::SecurityGroup", "sg-1", "web"),
        fingerprint="sg:1",
        links=frozenset(),
        details={"ports": "22"},
    )
    todo = steps(incident(1, opened))
    assert rows(todo) == ["close-group", "who", "other-regions", "afterwards"]
    assert todo[0].title == "Close security group “web” in Frankfurt (eu-central-1)"
    assert (
        todo[0].url
        == "https://eu-central-1.console.aws.amazon.com/ec2/home?region=eu-central-1#SecurityGroup:groupId=sg-1"
    )


def test_a_takeover_is_answered_in_the_order_that_stops_damage_first() -> None:
    recorder = replace(
        called(signal="watch-recorder", severity=Severity.CRITICAL, theme=Theme.GUARD, region="us-east-1"),
        fingerprint="recorder:1",
        subject=Subject("AWS::Config::ConfigurationRecorder", "default", "default"),
    )
    todo = steps(takeover(), (incident(2, called(links=frozenset())), incident(3, recorder)))
    assert rows(todo) == [
        "sign-in-root",
        "locked-out",
        "stop-key",
        "strip-user",
        "deny-user",
        "shut-user",
        "stop-instances",
        "root-password",
        "root-mfa",
        "contacts",
        "recorder-on",
        "guardduty-on",
        "other-regions",
        "ask-support",
        "keep-evidence",
        "what-else",
        "look-users",
        "look-roles",
        "look-providers",
        "look-functions",
        "look-sharing",
        "bill",
        "budget",
        "give-back",
        "afterwards",
    ]


def test_root_comes_before_all_other_credentials_where_root_was_used() -> None:
    by_root = called(signal="root-login", severity=Severity.CRITICAL, subject=Subject("AWS::Account", ACCOUNT_ID))
    todo = rows(steps(incident(1, replace(by_root, actor=ROOT)), (takeover(),)))
    assert todo[:5] == ["sign-in-root", "locked-out", "root-password", "root-mfa", "stop-key"]
    assert todo.count("root-password") == 1


def test_instances_are_stopped_in_every_region_that_reported_one_the_costliest_first() -> None:
    machines = [
        _machine(1, "eu-west-1", "t3.micro", 2),
        _machine(2, "sa-east-1", "p5.48xlarge", 192),
        _machine(3, "sa-east-1", "p5.48xlarge", 192),
        _machine(4, "ap-south-1", "c7i.8xlarge", 32),
    ]
    stops = of("stop-instances", steps(takeover(), tuple(incident(n, each) for n, each in enumerate(machines, 2))))
    assert [step.title for step in stops] == [
        "Stop 3 instances in São Paulo (sa-east-1)",  # the takeover's own is there, too
        "Stop the instance in Mumbai (ap-south-1)",
        "Stop the instance in Ireland (eu-west-1)",
    ]
    assert [step.url for step in stops] == [
        "https://sa-east-1.console.aws.amazon.com/ec2/home?region=sa-east-1#Instances:instanceState=running",
        f"https://ap-south-1.console.aws.amazon.com/ec2/home?region=ap-south-1#InstanceDetails:instanceId=i-{4:017x}",
        f"https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-{1:017x}",
    ]


def _machine(number: int, region: str, size: str, vcpus: int) -> Finding:
    return instance_finding(
        size,
        subject=instance_subject(f"i-{number:017x}", arn=""),
        region=region,
        fingerprint=f"ec2-new:{number}",
        details={"size": size, "vcpus": str(vcpus)},
    )


def test_one_instance_more_is_not_taken_for_stopped() -> None:
    one = incident(1, _machine(1, "eu-west-1", "t3.micro", 2))
    two = incident(1, _machine(1, "eu-west-1", "t3.micro", 2), _machine(2, "eu-west-1", "t3.micro", 2))
    [before_], [after] = of("stop-instances", steps(one)), of("stop-instances", steps(two))
    assert before_.id != after.id


def test_a_group_is_emptied_before_the_instances_that_it_would_replace_are_stopped() -> None:
    grouped = _machine(1, "eu-west-1", "t3.micro", 2)
    grouped = replace(grouped, details={**grouped.details, "scaling_group": "web-asg"})
    assert rows(steps(incident(1, grouped)))[:2] == ["empty-group", "stop-instances"]


def test_sessions_of_a_role_are_ended_and_those_of_single_sign_on_elsewhere() -> None:
    by_role = replace(called(), actor=ROLE)
    assert "https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/roles/details/deployer" in str(
        of("sign-out-role", steps(incident(1, by_role)))[0].url
    )
    reserved = replace(ROLE, name="AWSReservedSSO_AdministratorAccess_0a1b", session="alice")
    todo = steps(incident(1, replace(by_role, actor=reserved)))
    assert not of("sign-out-role", todo), "IAM refuses to change the roles of IAM Identity Center"
    assert of("sign-out-person", todo)[0].title == "Sign out “alice” of IAM Identity Center"


def test_a_service_of_aws_is_nobody_to_lock_out() -> None:
    service = actor(kind=ActorKind.SERVICE, name="autoscaling.amazonaws.com", key_id="")
    helper = replace(ROLE, name="AWSServiceRoleForAutoScaling")
    for who in (service, helper):
        todo = steps(incident(1, replace(_machine(1, "eu-west-1", "t3.micro", 2), actor=who)))
        assert not {"stop-key", "deny-user", "sign-out-role"}.intersection(rows(todo))


def test_a_user_who_signed_in_loses_the_password_and_not_only_the_session() -> None:
    in_console = replace(called(), actor=actor(key_id="ASIAEXAMPLE7SESSION"))
    todo = rows(steps(incident(1, in_console)))
    assert "stop-key" not in todo, "the key of a session cannot be deactivated"
    assert {"deny-user", "change-password"}.issubset(todo)


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
def test_where_nobody_can_sign_in_as_root_nobody_is_sent_to_root(region: str) -> None:
    todo = steps(incident(1, replace(takeover_steps()[0], region=region, subject=Subject("AWS::IAM::User", "", "eve"))))
    assert rows(todo)[0] == "sign-in-administrator"
    assert not {"sign-in-root", "root-password", "root-mfa"}.intersection(rows(todo))
    assert all("root user's password" not in step.title for step in todo)


def test_what_is_forged_sends_nobody_through_the_account() -> None:
    assert rows(steps(incident(1, replace(called(), trust=Trust.FORGED)))) == ["forged"]


def test_a_test_alert_asks_for_nothing() -> None:
    assert rows(steps(incident(1, rehearsal(before(minutes=1))))) == ["test-alert"]


def test_too_many_of_a_kind_become_one_step_for_the_rest() -> None:
    users = [called(subject=Subject("AWS::IAM::User", f"u{n}", f"u{n}"), fingerprint=f"new:{n}") for n in range(50)]
    shut = of("shut-user", steps(incident(1, *users)))
    assert len(shut) == 9
    assert shut[-1].title == "Do the same 42 times more"
    assert shut[-1].url == "https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/users"


def test_one_too_many_of_a_kind_is_one_step_more() -> None:
    users = [called(subject=Subject("AWS::IAM::User", f"u{n}", f"u{n}"), fingerprint=f"new:{n}") for n in range(9)]
    last = of("shut-user", steps(incident(1, *users)))[-1]
    assert (last.title, last.why) == ("Do the same once more", "Shut out the new user “u8”.")


def test_an_alert_of_a_later_version_still_says_how_to_find_out() -> None:
    assert rows(steps(incident(1, finding(signal="of-next-year")))) == ["who", "afterwards"]
