"""A body straight to what is committed."""

import json

import pytest
from hypothesis import given, settings
from trayapp.core.alerts import Certainty, Signal

from builders import (
    NOW,
    QUICK,
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
from trayapp.inbox import judge, read


def test_a_new_user_becomes_a_finding() -> None:
    judged = judge(body(notification(user_item())), NOW)
    (found,) = judged.findings
    assert (found.signal, found.certainty, found.resource_name) == (Signal.IAM_USER_NEW, Certainty.NEW, "helpdesk2")
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


@pytest.mark.parametrize("message", [called(record()), finding_of_guardduty(), instance_state()])
def test_facts_of_other_sorts_pass_the_rules_that_know_resources(message: Json) -> None:
    judged = judge(body(message), NOW)
    assert (judged.findings, judged.existing, judged.unreadable) == ((), (), "")
