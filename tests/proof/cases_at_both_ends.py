"""What goes wrong on this computer, and with those who report."""

from contextlib import suppress

from desktop_bench.config import PASSWORD
from desktop_bench.confined import empty, fill
from desktop_bench.errors import WaitTimeoutError
from proof.case import SOON, Act, Case, Reach
from proof.subject import Subject
from trayapp.core.causes import Cause

_PAGE = 4096
_STOLEN = 2
_MEANWHILE = 3
_SLOW_LOOK = 2.0
"""Seconds: so that another is quicker than the subject's own poll."""


def at_both_ends() -> list[Case]:
    """Give every fault of the disk, of the keyring, and of what the account's reports depend on."""
    return [*_machine(), *_watchers()]


def _machine() -> list[Case]:
    return [
        Case(
            *("disk-full", "the disk of the store is full"),
            frozenset({Cause.DISK_FULL}),
            _fill_disk,
            lambda subject: empty(subject.disk),
            small_disk=True,
            tells=True,
            shown_within=10.0,
            healed_within=60.0,  # the pause between two attempts grows to a minute, and what is in work is waited for
        ),
        Case(
            *("store-damaged", "pages of the store are overwritten"),
            frozenset({Cause.STORE_DAMAGED}),
            _damage,
            lambda _: None,
            shown_within=15.0,
            tells=True,
            keeps=False,
            aloud=2,  # that it is damaged, and what has become of it
        ),
        Case(
            *("keyring-locked", "the keyring is locked when the key is needed again"),
            frozenset({Cause.KEYRING_LOCKED}),
            _lock_keyring,
            lambda subject: subject.desk.keyring.unlock(PASSWORD),
            shown_within=10.0,
        ),
        Case(
            *("keyring-gone", "the keyring's service is gone when the key is needed again"),
            frozenset({Cause.KEYRING_MISSING}),
            _kill_keyring,
            lambda subject: subject.desk.keyring.start(PASSWORD),
            shown_within=10.0,
        ),
    ]


def _fill_disk(subject: Subject) -> None:
    fill(subject.disk)
    # A full disk is no trouble before there is something to write.
    for number in range(_MEANWHILE):
        user = f"{subject.name}-meanwhile-{number}"
        subject.publish(user)
        with suppress(WaitTimeoutError):  # whether it was told is counted in the end
            subject.await_told(user, SOON)


def _damage(subject: Subject) -> None:
    size = subject.store_path.stat().st_size
    with subject.store_path.open("r+b") as file:
        file.write(b"\xa5" * size)
    # What is in the log beside it would mend the pages at once.
    subject.store_path.with_name(f"{subject.store_path.name}-wal").write_bytes(b"\xa5" * _PAGE)
    subject.publish(f"{subject.name}-meanwhile")


def _lock_keyring(subject: Subject) -> None:
    subject.desk.keyring.lock()
    subject.ask(ask="reload", account=subject.name)


def _kill_keyring(subject: Subject) -> None:
    subject.desk.keyring.kill()
    subject.ask(ask="reload", account=subject.name)


def _watchers() -> list[Case]:
    def case(name: str, what: str, cause: Cause, begin: Act, end: Act, reachable: Reach = Reach.TOPIC) -> Case:
        def begin_and_wake(subject: Subject) -> None:
            begin(subject)
            subject.wake()

        def end_and_wake(subject: Subject) -> None:
            end(subject)
            subject.wake()

        return Case(
            *(name, what, frozenset({cause}), begin_and_wake, end_and_wake),
            shown_within=10.0,
            reachable=reachable,
            tells=True,
        )

    return [
        case(
            *("recorder-stopped", "AWS Config's recorder is stopped", Cause.RECORDER_OFF),
            lambda subject: subject.place.reporters.stop_recording(),
            lambda subject: subject.place.reporters.record(subject.inbox.topic_arn),
        ),
        case(
            *("channel-elsewhere", "AWS Config delivers to another topic", Cause.CHANNEL_FAILING),
            lambda subject: subject.place.deliver(f"{subject.inbox.topic_arn}-other"),
            lambda subject: subject.place.deliver(subject.inbox.topic_arn),
            Reach.QUEUE,
        ),
        case(
            *("unsubscribed", "the queue's subscription is deleted", Cause.SUBSCRIPTION_GONE),
            lambda subject: subject.place.unsubscribe(),
            lambda subject: subject.inbox.subscribe(),
            Reach.QUEUE,
        ),
        case(
            *("filtered", "a filter keeps messages from the queue", Cause.SUBSCRIPTION_FILTERED),
            lambda subject: subject.place.filter('{"colour": ["blue"]}'),
            lambda subject: subject.place.filter("{}"),
            Reach.QUEUE,
        ),
        case(
            *("queue-open", "the queue's policy lets anybody in", Cause.QUEUE_OPEN),
            lambda subject: subject.place.let_in({"Effect": "Allow", "Principal": "*"}),
            lambda subject: subject.place.restore_policy(),
        ),
        case(
            *("queue-shut", "the queue's policy shuts the topic out", Cause.QUEUE_SHUT),
            lambda subject: subject.place.let_in({"Effect": "Deny", "Principal": "*"}),
            lambda subject: subject.place.restore_policy(),
            Reach.QUEUE,
        ),
        case(
            *("trail-stopped", "CloudTrail is stopped", Cause.TRAIL_OFF),
            lambda subject: subject.place.reporters.trails.stop_logging(Name=subject.place.trail),
            lambda subject: subject.place.reporters.trails.start_logging(Name=subject.place.trail),
        ),
        Case(
            *("shared", "somebody else takes messages out of the same queue"),
            frozenset({Cause.QUEUE_SHARED}),
            _steal,
            lambda _: None,
            shown_within=20.0,
            healed_within=None,
            after=38.0,
            tells=True,
        ),
        Case(
            *("no-heartbeat", "the heartbeat stays away (one a minute is expected)"),
            frozenset({Cause.HEARTBEAT_MISSING}),
            lambda subject: subject.send_heartbeat(),
            lambda subject: subject.send_heartbeat(),
            shown_within=150.0,
            settings={"heartbeat": "1m"},
            tells=True,
        ),
    ]


def _steal(subject: Subject) -> None:
    subject.proxy.look_again = _SLOW_LOOK
    stolen = number = 0
    while stolen < _STOLEN:
        number += 1
        stolen += subject.steal(f"{subject.name}-stolen-{number}")
