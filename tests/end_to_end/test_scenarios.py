"""Whole stories on a real desktop: what rings, and what grows in its place without a sound."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from desktop_bench.cloud import Cloud, Inbox
from desktop_bench.parts import NotificationDaemon
from desktop_bench.session import Desktop
from desktop_bench.spy import Notify
from desktop_bench.waiting import wait_until
from end_to_end.running_app import COMMAND, Owner
from scenarios import (
    STACK_REST,
    STACK_TITLE,
    Arrival,
    evening,
    evening_inside_a_launch,
    recorder_switched_on,
    scale_out,
    stack_launch,
)

CRITICAL = {"iam-user-admin", "iam-user-gone", "ec2-large", "takeover", "watch-recorder"}
PATIENCE_S = 30.0


@pytest.fixture
def owner(desktop: Desktop, cloud: Cloud, inbox: Inbox) -> Iterator[Owner]:
    owner = Owner(desktop, cloud, inbox)
    signed_in = owner.sign_in()
    assert signed_in.returncode == 0, signed_in.tail()
    yield owner
    print(owner.log())


def began(ago: timedelta = timedelta(minutes=5)) -> datetime:
    return datetime.now(UTC) - ago


def send(owner: Owner, arrivals: Sequence[Arrival]) -> None:
    """Put messages into the queue as their senders would."""
    for arrival in arrivals:
        body: dict[str, Any] = json.loads(arrival.body)
        if "TopicArn" in body:
            owner.inbox.publish(body["Message"], body["Subject"])
        else:
            owner.inbox.send_raw(arrival.body)


def await_all(owner: Owner, count: int) -> None:
    """Wait until so many messages have been consumed and what came of them has been shown."""
    wait_until(lambda: sum(owner.status()["counts"].values()) == count, PATIENCE_S, f"{count} messages to be consumed")
    wait_until(
        lambda: all(alert["shown"] for alert in owner.alerts() if alert["severity"] != "low"),
        PATIENCE_S,
        "all that there is to show to be shown",
    )


def raised(owner: Owner) -> list[Notify]:
    """Give what asked for attention; the rest took the place of something that was there."""
    return [notify for notify in owner.desktop.spy.notifies() if notify.replaces_id == 0]


def critical(owner: Owner) -> set[str]:
    return {alert["signal"] for alert in owner.alerts() if alert["severity"] == "critical"}


@pytest.mark.parametrize("desktop", [NotificationDaemon.XFCE, NotificationDaemon.DUNST], indirect=True)
def test_a_stack_is_one_popup_that_grows_with_it(owner: Owner) -> None:
    owner.start()
    start = began(timedelta(minutes=35))
    launch, more = stack_launch(start), scale_out(start)
    send(owner, launch)
    await_all(owner, len(launch))
    send(owner, more)
    await_all(owner, len(launch) + len(more))

    head = STACK_TITLE.format("3 instances")
    wait_until(lambda: owner.desktop.spy.notifies()[-1].summary == head, PATIENCE_S, "the third instance")
    assert owner.desktop.spy.notifies()[-1].body.startswith(f"{STACK_REST} · ")
    [rang] = raised(owner)
    assert rang.summary.startswith("Stack web: ")
    owner.desktop.popups.wait_shown(1)
    owner.desktop.screenshot("grown")
    [alert] = owner.alerts()
    assert (alert["title"], alert["severity"], alert["count"]) == (f"{head}, {STACK_REST}", "medium", 8)


def test_an_intruder_inside_a_stack_launch_rings_for_each_critical_thing(owner: Owner) -> None:
    owner.start()
    story = evening_inside_a_launch(began())
    send(owner, story)
    await_all(owner, len(story))

    assert critical(owner) == CRITICAL
    rang = [notify.summary for notify in raised(owner)]
    assert len(rang) == len(set(rang))
    assert sum(title.startswith("Stack web: ") for title in rang) <= 1
    assert "This looks like a takeover of private" in rang
    urgent = [notify for notify in raised(owner) if notify.hints["urgency"] == 2]
    assert len(urgent) == len(CRITICAL)
    owner.desktop.screenshot("popups")
    item = owner.desktop.tray.wait_item()
    assert "critical" in item.tooltip.title + item.tooltip.text
    owner.desktop.tray.open_menu(item)
    owner.desktop.screenshot("menu")
    owner.desktop.key("Escape")


def test_what_gathered_while_nobody_watched_is_told_together_but_for_what_is_critical(owner: Owner) -> None:
    story = [*recorder_switched_on(began(timedelta(hours=2)), 60), *stack_launch(began()), *evening(began())]
    send(owner, story)
    owner.desktop.start([*COMMAND, "run"], name="trayapp")
    await_all(owner, len(story))

    assert critical(owner) == CRITICAL
    urgent = [notify for notify in raised(owner) if notify.hints["urgency"] == 2]
    assert len(urgent) == len(CRITICAL)
    told = [alert for alert in owner.alerts() if alert["severity"] in ("medium", "high")]
    assert len(raised(owner)) == len(urgent) + len(told)
    assert owner.status()["existing"] > 0
