"""A body straight to what is committed."""

import json

from hypothesis import given, settings

from builders import (
    ACCOUNT_ID,
    NOW,
    QUICK,
    USER_ID,
    Json,
    before,
    body,
    instance_configuration,
    instance_item,
    notification,
    user_item,
    written,
)
from inbox.samples import called, finding_of_guardduty, instance_state, record
from inbox.spoiling import any_spoiled
from trayapp.core.finding import Certainty
from trayapp.core.signals import Known
from trayapp.inbox import judge, read


def test_a_new_user_becomes_a_finding() -> None:
    judged = judge(body(notification(user_item())), NOW)
    (found,) = judged.findings
    assert (found.signal, found.certainty, found.subject.name) == ("iam-user-new", Certainty.NEW, "helpdesk2")
    assert (judged.existing, judged.body, judged.unreadable) == ((), "", "")


def test_an_instance_that_was_stopped_and_started_again_is_no_news() -> None:
    started, made = before(minutes=2), before(days=30)
    item = instance_item(resourceCreationTime=written(started), configuration=instance_configuration(started, made))
    judged = judge(body(notification(item)), NOW)
    assert (judged.findings, len(judged.existing)) == ((), 1)


def test_a_daily_recording_may_be_a_day_late() -> None:
    born = written(before(hours=20))
    item = user_item(resourceCreationTime=born, configuration={"createDate": born}, recordingFrequency="DAILY")
    assert judge(body(notification(item)), NOW).findings[0].certainty is Certainty.NEW


def test_without_a_time_of_creation_it_is_seen_for_the_first_time() -> None:
    item = user_item(resourceCreationTime=None, configuration=None)
    assert judge(body(notification(item)), NOW).findings[0].certainty is Certainty.FIRST_SEEN


def test_an_update_is_counted_and_nothing_else() -> None:
    judged = judge(body(notification(user_item(), "UPDATE")), NOW)
    assert (judged.kind, judged.findings, judged.existing) == ("config:ConfigurationItemChangeNotification", (), ())


def test_the_same_user_from_two_regions_has_one_fingerprint() -> None:
    from_one = judge(body(notification(user_item())), NOW)
    from_another = judge(body(notification(user_item(configurationStateId=7), recordVersion="1.2")), NOW)
    assert from_one.findings[0].fingerprint == from_another.findings[0].fingerprint


def test_what_cannot_be_read_is_handed_on_whole() -> None:
    text = json.dumps(notification(user_item()))[:-1]
    judged = judge(text, NOW)
    assert (judged.kind, judged.body, judged.findings) == ("unreadable", text, ())
    assert judged.unreadable


@given(any_spoiled())
@settings(QUICK, max_examples=200)
def test_whatever_the_message_it_is_judged_and_kept_if_it_could_not_be_read(message: Json) -> None:
    text = json.dumps(message)
    reading, judged = read(text), judge(text, NOW)
    assert (judged.kind, judged.unreadable) == (reading.kind, reading.unreadable)
    assert judged.body == (text if reading.unreadable else "")


def test_calls_verdicts_and_states_are_held_against_the_catalogue_too() -> None:
    assert judge(body(finding_of_guardduty()), NOW).findings[0].signal == "aws-guardduty"
    for message in (called(record()), instance_state()):
        judged = judge(body(message), NOW)
        assert (judged.existing, judged.unreadable) == ((), "")


def test_what_a_message_shows_an_account_to_have_is_noted() -> None:
    seen = dict.fromkeys(what for _, what in judge(body(notification(instance_item())), NOW).seen)
    assert list(seen) == ["type:AWS::EC2::Instance", "region:ap-northeast-1"]
    user = [what for _, what in judge(body(notification(user_item())), NOW).seen]
    assert user == ["type:AWS::IAM::User", f"name:{USER_ID}:helpdesk2"]


def test_a_deleted_user_is_called_by_the_name_it_was_known_by() -> None:
    item = user_item(
        configurationItemStatus="ResourceDeleted", resourceName=None, ARN=None, configuration=None, tags={}
    )
    message = body(notification(item, "DELETE"))
    known = Known(names={(ACCOUNT_ID, USER_ID): "alice"})
    assert judge(message, NOW, known).findings[0].subject.name == "alice"
    assert judge(message, NOW).findings[0].subject.name == ""
