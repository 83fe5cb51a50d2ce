"""The steps to the running program: whether it answers, whether it watches, and whether an alert gets through it."""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked
from trayapp.core.checks import Outcome as CheckOutcome
from trayapp.core.clock import Clock
from trayapp.core.language import mark, say
from trayapp.core.records import CheckRecord, StatusRecord, WatchRecord
from trayapp.desktop.instance import NoAnswer, NotRunning
from trayapp.doctor.account import step_of
from trayapp.doctor.steps import Ill, NotAsked, Outcome, Step, ill_by
from trayapp.doctor.surroundings import Surroundings
from trayapp.store import Store, StoreError

_OWN_CHECKS = frozenset({Check.HEARTBEAT.value, Check.CONSUMERS.value})
"""What only the running program can know, since it takes watching."""

_SHOWN_SECONDS = 10.0
_LOOK_AT_LOG = mark("Its log may say why; start it again.")
_LOOK_SECONDS = 0.1


class ProgramWalk:
    """Asks the running program.

    Args:
        surroundings: What is looked at and asked.

    Attributes:
        status: What it said, ``None`` before it was asked and where it did not answer.
        alerted: It has sent itself a test alert.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self.status: StatusRecord | None = None
        self.alerted = False

    def look(self) -> Iterator[Step]:
        """Ask how things stand, and tell of each account."""
        status = self._ask("status").get("status")
        if not isinstance(status, dict):
            raise Ill(say("trayapp is running but does not say how things stand"), say(_LOOK_AT_LOG))
        self.status = status  # type: ignore[assignment] # the other side's promise, kept by records.py
        yield Step("trayapp", Outcome.WELL, say("it runs and answers: {state}", state=status.get("state", "")))
        for watch in status.get("accounts", []):
            yield _watch_step(watch, self._surroundings.now())
            for check in watch.get("checks", []):
                if check["check"] in _OWN_CHECKS:
                    yield step_of(_checked(check), watch["account"])

    def send_test_alert(self) -> str:
        """Have a test alert take the way of every alert, and see that the desktop has shown it.

        It is made inside the running program: the key can read the queue and not write to it.
        """
        if self.status is not None and self.status["paused_until"]:
            raise NotAsked(say("notifications are paused, so that it would wait until they are not"))
        answer = self._ask("test")
        number = answer.get("alert")
        if not isinstance(number, int):
            why = answer.get("error") or say("no answer")
            raise NotAsked(say("the running trayapp does not send itself a test alert: {why}", why=why))
        self.alerted = True
        try:
            shown = self._await_shown(number)
        except StoreError as error:
            raise ill_by(error.cause, "", str(error)) from None
        if not shown:
            raise Ill(
                say("a test alert was kept, and no desktop has shown it"),
                say("See the step notifications above; the log says what the desktop refused."),
            )
        return say("a test alert was kept, shown, and marked as reviewed")

    def _await_shown(self, number: int) -> bool:
        deadline = time.monotonic() + _SHOWN_SECONDS
        with Store(self._surroundings.paths.store) as store:
            try:
                while True:
                    alert = store.incident(number)
                    if alert is not None and alert.shown is not None:
                        return True
                    if time.monotonic() > deadline:
                        return False
                    time.sleep(_LOOK_SECONDS)
            finally:
                store.review([number], self._surroundings.now())
                self._ask("changed")

    def _ask(self, question: str) -> dict[str, Any]:
        try:
            return self._surroundings.ask(question)
        except NotRunning:
            raise ill_by(Cause.NOT_RUNNING, "") from None
        except NoAnswer as silence:
            raise Ill(say("trayapp is running but does not answer"), say(_LOOK_AT_LOG), str(silence)) from None


def _watch_step(watch: WatchRecord, now: datetime) -> Step:
    account = watch["account"]
    since = _time(watch["since"], now)
    if not watch["watching"]:
        sentence = say("not watching since {moment}: {problem}", moment=since, problem=watch["sentence"])
        return Step("watching", Outcome.ILL, sentence, watch["way_out"] or "", watch.get("detail", ""), account)
    if watch["last_answer"]:
        answered = _time(watch["last_answer"], now)
        sentence = say("watching since {moment}, last answer {answered}", moment=since, answered=answered)
    else:
        sentence = say("watching since {moment}", moment=since)
    return Step("watching", Outcome.WELL, sentence, account=account)


def _checked(check: CheckRecord) -> Checked:
    return Checked(
        Check(check["check"]),
        CheckOutcome(check["outcome"]),
        check["region"],
        Cause(check["cause"]) if check["cause"] else None,
        check["sentence"],
        check["detail"],
    )


def _time(written: str, now: datetime) -> str:
    """Say a time of a record in the reader's own zone."""
    return Clock(now, datetime.astimezone).moment(datetime.fromisoformat(written))
