"""Accounts are watched as the settings say, and every one of them is asked anew when these change."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from desktop_bench.waiting import wait_until
from program import ACCOUNT
from trayapp.aws.failures import AwsFailure
from trayapp.aws.patrol import Patrol
from trayapp.aws.poller import Poller, Queue
from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked, Outcome
from trayapp.settings import Account
from trayapp.verifier import Verifier
from trayapp.watchers import Watcher, Watchers

OTHER = replace(ACCOUNT, name="work")


class Rounds:
    """Rounds of checks that pass, counted."""

    again: float | None = None

    def __init__(self) -> None:
        self.ran = 0

    def run(self) -> tuple[Checked, ...]:
        self.ran += 1
        return (Checked(Check.IDENTITY, Outcome.PASSED),)

    def close(self) -> None:
        pass


class Nowhere:
    """Takes no batch, since none comes."""

    def commit(self, bodies: Sequence[str]) -> None:
        raise AssertionError(bodies)

    def close(self) -> None:
        pass


class Seen:
    """What was made for one account, and how often it was tried."""

    def __init__(self, account: Account) -> None:
        self.rounds, self.tries = Rounds(), 0
        poller = Poller(account.name, self._connect, Nowhere(), lambda _: None)
        patrol = Patrol(account.name, self.rounds, lambda _: None)
        self.watcher = Watcher(account, poller, patrol, Verifier(lambda _: None))

    def _connect(self) -> Queue:
        self.tries += 1
        raise AwsFailure(Cause.SIGNED_OUT, "there is no key in the keyring")


class Bench:
    """Watchers, and what became of them."""

    def __init__(self) -> None:
        self.made: list[Seen] = []
        self.watched: list[tuple[Account, ...]] = []
        self.watchers = Watchers(self._make, self.watched.append)

    def _make(self, account: Account) -> Watcher:
        assert account in self.watched[-1]  # it is told before anything can be heard of it
        self.made.append(Seen(account))
        return self.made[-1].watcher


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr("trayapp.aws.poller.pause_after", lambda _: 60.0)
    bench = Bench()
    yield bench
    bench.watchers.end(time.monotonic() + 5)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(("poll-", "patrol-"))]


def asked(seen: Seen, times: int) -> None:
    wait_until(lambda: (seen.tries, seen.rounds.ran) == (times, times), 5, f"both to have asked {times} times")


def test_queue_and_reporters_are_asked_from_the_start(bench: Bench) -> None:
    bench.watchers.watch((ACCOUNT,))
    asked(bench.made[0], 1)


def test_an_account_that_stays_is_asked_anew_at_once_when_another_comes(bench: Bench) -> None:
    bench.watchers.watch((ACCOUNT,))
    asked(bench.made[0], 1)
    bench.watchers.watch((ACCOUNT, OTHER))
    asked(bench.made[0], 2)
    asked(bench.made[1], 1)
    assert [seen.watcher.account for seen in bench.made] == [ACCOUNT, OTHER]


def test_an_account_whose_key_may_be_another_is_watched_by_a_new_watcher(bench: Bench) -> None:
    bench.watchers.watch((ACCOUNT, OTHER))
    bench.watchers.watch((ACCOUNT, OTHER), anew=ACCOUNT.name)
    assert [seen.watcher.account for seen in bench.made] == [ACCOUNT, OTHER, ACCOUNT]
    assert bench.made[0].watcher.join(time.monotonic() + 5)


def test_an_account_that_was_removed_is_watched_no_longer(bench: Bench) -> None:
    bench.watchers.watch((ACCOUNT, OTHER))
    bench.watchers.watch((OTHER,))
    assert bench.made[0].watcher.join(time.monotonic() + 5)
    assert list(bench.watchers.verifiers()) == [OTHER.name]


def test_only_the_account_that_is_meant_is_looked_after(bench: Bench) -> None:
    bench.watchers.watch((ACCOUNT, OTHER))
    for seen in bench.made:
        asked(seen, 1)
    bench.watchers.look(OTHER.name)
    wait_until(lambda: bench.made[1].rounds.ran == 2, 5, "the other to be looked after")
    assert bench.made[0].rounds.ran == 1
