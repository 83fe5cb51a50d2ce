"""How it stands with every account: what the queues and the rounds of checks say, kept, compared, and told on.

It belongs to the decider's thread.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from trayapp.aws.checks import Expected
from trayapp.core import lapses
from trayapp.core.causes import LOCKED_OUT, OF_THE_DISK, Cause
from trayapp.core.checks import Check, Checked, Outcome
from trayapp.core.guard import Watch
from trayapp.core.language import say
from trayapp.settings import Account
from trayapp.store.ledger import Ledger
from trayapp.teller import Teller

_MISSED = 2
"""So many periods without a heartbeat are one too many."""

_SHARED_FOR = timedelta(hours=1)
"""How long it counts that somebody else was seen to take messages."""


class Rounds(Protocol):
    """Who can be sent to look; ``trayapp.app.App`` is the real one."""

    def look(self, account: str) -> None:
        """Run a round of checks now; at once, from any thread."""

    def renew(self) -> None:
        """Ask everything anew on new connections; at once, from any thread."""


class Watching:
    """Keeps the watches.

    Args:
        store: Remembers what is to be compared with over restarts, and keeps the findings.
        teller: Is told what alerts speak of already.
        rounds: Is sent to look.
    """

    def __init__(self, store: Ledger, teller: Teller, rounds: Rounds) -> None:
        self._store, self._teller, self._rounds = store, teller, rounds
        self._accounts: dict[str, Account] = {}
        self._watches: dict[str, Watch] = {}
        self._patrolled: dict[str, tuple[Checked, ...]] = {}
        self._own: dict[str, dict[Check, Checked]] = {}
        self._shared: dict[str, datetime] = {}
        self._heartbeats: dict[str, datetime] = {}

    @property
    def watches(self) -> tuple[Watch, ...]:
        """One for each account, in the order of the settings."""
        return tuple(self._watches.values())

    def expect(self, accounts: Iterable[Account], now: datetime) -> None:
        """Watch these from now on, each from the beginning."""
        self._accounts = {account.name: account for account in accounts}
        for gone in self._watches.keys() - self._accounts.keys():
            self._teller.forget(gone)
            self._teller.drain(gone, more=False)
        self._watches = {
            name: Watch(name, account.called, account.endpoint_host, Cause.STARTING, now)
            for name, account in self._accounts.items()
        }
        self._patrolled.clear()
        self._own.clear()
        self._heartbeats.clear()

    def answered(self, account: str, now: datetime, *, more: bool) -> bool:
        """A queue has answered; tells whether there is something new in the store."""
        watch = self._watches.get(account)
        if watch is None:
            return False
        if watch.trouble not in (None, Cause.STARTING, *OF_THE_DISK):
            # While nothing was heard from AWS, anything may have happened to those who report.
            self._rounds.look(account)
        if watch.trouble in LOCKED_OUT:
            self._store.forget(_lost(account))
        self._watches[account] = watch.answered(now)
        # Only an empty queue says that no heartbeat is still on its way, after a night asleep for one.
        return not more and self._listen(account, now)

    def failed(self, account: str, cause: Cause, detail: str, now: datetime) -> bool:
        """A queue has not answered, or what it said could not be kept.

        Returns:
            Whether there is something new in the store.
        """
        watch = self._watches.get(account)
        if watch is None:
            return False
        self._watches[account] = watch.failed(cause, now, detail)
        if cause not in LOCKED_OUT:
            return False
        self._teller.alerted(account, [cause])
        if self._store.recall(_lost(account)):
            return False  # it was so at the last start, and was told then
        lost = lapses.locked_out(cause, self._whose(account), now)
        self._store.note(account, [lost], now, {_lost(account): now.isoformat()})
        return True

    def patrolled(self, account: str, checks: tuple[Checked, ...], now: datetime) -> bool:
        """A round of checks is through; tells whether there is something new in the store."""
        if account not in self._watches:
            return False
        self._patrolled[account] = checks
        if now - self._shared.get(account, now) > _SHARED_FOR:
            self._own.get(account, {}).pop(Check.CONSUMERS, None)
        return self._compare(account, now)

    def shared(self, account: str, now: datetime) -> bool:
        """Somebody else takes messages out of a queue; tells whether there is something new in the store."""
        if account not in self._watches:
            return False
        self._shared[account] = now
        self._own.setdefault(account, {})[Check.CONSUMERS] = Checked(
            Check.CONSUMERS,
            Outcome.FAILED,
            self._accounts[account].region,
            Cause.QUEUE_SHARED,
            say("messages were received by somebody else first"),
        )
        return self._compare(account, now)

    def heard(self, account: str, sent: datetime) -> None:
        """A heartbeat has arrived."""
        if sent > self._last_heartbeat(account, sent):
            self._heartbeats[account] = sent
            self._store.remember(_heartbeat(account), sent.isoformat())

    def _last_heartbeat(self, account: str, otherwise: datetime) -> datetime:
        if account not in self._heartbeats:
            kept = self._store.recall(_heartbeat(account))
            if kept is None:
                # The first one is waited for from now on, over restarts.
                self._store.remember(_heartbeat(account), otherwise.isoformat())
            self._heartbeats[account] = datetime.fromisoformat(kept) if kept else otherwise
        return self._heartbeats[account]

    def _listen(self, account: str, now: datetime) -> bool:
        """Judge whether the heartbeat has stopped; tells whether there is something new in the store."""
        period = self._accounts[account].heartbeat_period
        if period is None:
            return False
        silent = now - self._last_heartbeat(account, now)
        hours = str(round(silent / timedelta(hours=1)))
        heard = Checked(Check.HEARTBEAT, Outcome.PASSED)
        if silent > _MISSED * period:
            sentence = say("no heartbeat for {hours} h", hours=hours)
            heard = Checked(
                Check.HEARTBEAT, Outcome.FAILED, cause=Cause.HEARTBEAT_MISSING, sentence=sentence, detail=hours
            )
        own = self._own.setdefault(account, {})
        before = own.get(Check.HEARTBEAT)
        own[Check.HEARTBEAT] = heard
        return (before is None or before.outcome is not heard.outcome) and self._compare(account, now)

    def _whose(self, account: str) -> lapses.Watched:
        known = self._accounts[account]
        return lapses.Watched(account, known.account_id, known.region)

    def _compare(self, account: str, now: datetime) -> bool:
        """Hold what is known now against what was known before; keep and tell what is worse."""
        own = self._own.get(account, {})
        patrolled = tuple(check for check in self._patrolled.get(account, ()) if check.check not in own)
        checks = (*_with_signatures(patrolled, self._accounts[account]), *own.values())
        watch = self._watches[account]
        self._watches[account] = watch.after_checks(checks, now) if account in self._patrolled else watch
        kept = self._store.recall(_checks(account))
        before = lapses.from_plain(json.loads(kept)) if kept else ()
        found = list(lapses.lapses(before, checks, self._whose(account), now))
        latest = lapses.remembered(before, checks)
        plain = json.dumps(lapses.to_plain(latest))
        if found:
            self._teller.alerted(account, [cause for _, cause in found if cause])
            self._store.note(account, [finding for finding, _ in found], now, {_checks(account): plain})
        elif plain != kept:
            self._store.remember(_checks(account), plain)
        return bool(found)


def expected(account: Account) -> Expected:
    """Give what an account's owner set up, in the words of the checks."""
    return Expected(
        queue_url=account.queue_url,
        region=account.region,
        account_id=account.account_id,
        topics=account.topics,
        config_regions=account.regions,
        trail=account.trail,
    )


def _with_signatures(checks: tuple[Checked, ...], account: Account) -> tuple[Checked, ...]:
    """Say what the messages' authenticity rests on, where it is not the signatures of named topics."""
    raw = any(check.check is Check.SIGNATURES and check.outcome is Outcome.NOTICE for check in checks)
    if account.endpoint_url:
        sentence = say("an AWS-compatible server cannot sign as AWS does, so nothing is verified")
    elif account.topics or raw:
        return checks
    else:
        sentence = say("no topic is named, so whatever SNS signs for any topic is believed")
    others = (check for check in checks if check.check is not Check.SIGNATURES)
    return (*others, Checked(Check.SIGNATURES, Outcome.NOTICE, sentence=sentence))


def _checks(account: str) -> str:
    return f"checks:{account}"


def _lost(account: str) -> str:
    return f"lost:{account}"


def _heartbeat(account: str) -> str:
    return f"heartbeat:{account}"
