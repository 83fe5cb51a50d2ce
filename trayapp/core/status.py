"""How things stand, in words: for the tooltip, the menu and ``trayapp status``."""

from collections.abc import Sequence

from trayapp.core import words
from trayapp.core.causes import PROBLEMS, Cause
from trayapp.core.checks import Outcome
from trayapp.core.clock import Clock
from trayapp.core.guard import Watch, problem_of
from trayapp.core.language import listed, say, say_count
from trayapp.core.severity import Severity
from trayapp.core.situation import Situation
from trayapp.core.text import name


def summary(situation: Situation, clock: Clock) -> str:
    """Tell in words how things stand: every problem first, then what to review. Never just "OK"."""
    sentences = [_sentence(_not_watching(watch, clock)) for watch in situation.watches if not watch.watching]
    if not situation.watches:
        sentences.append(say("Not watching: no account is set up (set one up with: trayapp login)."))
    well = [watch for watch in situation.watches if watch.watching]
    if well:
        sentences += [_sentence(say("Watching {accounts}", accounts=_all_called(well))), _freshness(well, clock)]
    if situation.disk is not None:
        problem = say(PROBLEMS[situation.disk].what)
        sentences.append(say("What comes is kept in memory only: {problem}.", problem=problem))
    if situation.paused_until is not None:
        until = clock.moment(situation.paused_until)
        sentences.append(say("Notifications are paused until {moment}.", moment=until))
    sentences.append(_sentence(to_review(situation)))
    if situation.quarantined:
        sentences.append(
            say_count(
                "{count} message could not be read and is kept aside.",
                "{count} messages could not be read and are kept aside.",
                situation.quarantined,
            )
        )
    if situation.unverified:
        sentences.append(
            say_count(
                "{count} message is not verified yet.",
                "{count} messages are not verified yet.",
                situation.unverified,
            )
        )
    return " ".join(sentence for sentence in sentences if sentence)


def state_line(situation: Situation, clock: Clock) -> str:
    """Tell whether we are watching, in one line without a full stop."""
    trouble = situation.trouble()
    if trouble is not None:
        return _not_watching(trouble, clock)
    if not situation.watches:
        return say("Not watching: no account is set up")
    if situation.disk is not None:
        return say("Not watching: {problem}", problem=say(PROBLEMS[situation.disk].what))
    accounts = _all_called(situation.watches)
    if situation.paused_until is not None:
        until = clock.moment(situation.paused_until)
        return say("Watching {accounts}; paused until {moment}", accounts=accounts, moment=until)
    return say("Watching {accounts}", accounts=accounts)


def to_review(situation: Situation) -> str:
    """Tell what waits to be reviewed, and what of it to look at first, in one line without a full stop."""
    heaviest = situation.heaviest()
    if heaviest is None:
        return say("Nothing to review")
    count = len(situation.to_review)
    critical = sum(incident.severity is Severity.CRITICAL for incident in situation.to_review)
    title = words.title(heaviest, situation.label(heaviest.watch))
    # Not as singular and plural: a language that has no plural needs both sentences all the same.
    if count == 1 and critical:
        return say("1 to review, 1 critical: {title}", title=title)
    if count == 1:
        return say("1 to review: {title}", title=title)
    if critical:
        return say(
            "{count} to review, {critical} critical: {title} and others", count=count, critical=critical, title=title
        )
    return say("{count} to review: {title} and others", count=count, title=title)


def called(watch: Watch) -> str:
    """Name an account; a server that is not AWS is named with it, so that nobody takes it for AWS."""
    label = name(watch.label, 24)
    if not watch.endpoint:
        return label
    return say("{account} (at {server}, not AWS)", account=label, server=name(watch.endpoint, 40))


def _all_called(watches: Sequence[Watch]) -> str:
    return listed(called(watch) for watch in watches)


def _not_watching(watch: Watch, clock: Clock) -> str:
    problem = problem_of(watch)
    what = problem.what if problem else ""
    if watch.cause is Cause.NOT_RUNNING:
        return say("Not watching {account}: {problem}", account=called(watch), problem=what)
    since = clock.moment(watch.since)
    return say("Not watching {account} since {moment}: {problem}", account=called(watch), moment=since, problem=what)


def _freshness(well: Sequence[Watch], clock: Clock) -> str:
    """Tell how fresh it is that all is well, by the one that was heard of longest ago."""
    answers = [watch.last_answer for watch in well if watch.last_answer]
    rounds = [watch.checked for watch in well if watch.checked]
    if not answers or not rounds:
        return ""
    answered, checked = clock.moment(min(answers)), clock.moment(min(rounds))
    if any(check.outcome is Outcome.NOT_GRANTED for watch in well for check in watch.checks):
        return say(
            "Last answer {answered}, checked {checked} as far as this key may look.", answered=answered, checked=checked
        )
    return say("Last answer {answered}, checked {checked}.", answered=answered, checked=checked)


def _sentence(line: str) -> str:
    return say("{sentence}.", sentence=line)
