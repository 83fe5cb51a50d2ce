"""The notifications that tell how it stands with the watching itself."""

from collections.abc import Sequence

from trayapp.core.causes import PROBLEMS, Cause
from trayapp.core.clock import Clock
from trayapp.core.commands import TellStatus
from trayapp.core.guard import Watch, problem_of
from trayapp.core.language import say, say_count, say_reason
from trayapp.core.notes import TITLE_COLUMNS, Button, Note, Urgency
from trayapp.core.situation import Situation
from trayapp.core.status import called, summary, to_review
from trayapp.core.text import clause, name, width
from trayapp.core.view import Icon, Light

DISK_KEY = "disk"
HEALED_KEY = "healed"


def guard_key(account: str) -> str:
    """Name the notification about an account's watching."""
    return f"guard:{account}"


def guard_note(watch: Watch, clock: Clock) -> Note | None:
    """Write the notification that an account is not being watched; ``None`` while it is."""
    problem = problem_of(watch)
    if problem is None:
        return None
    title, told = say("Not watching: {problem}", problem=problem.what), called(watch)
    if width(title) > TITLE_COLUMNS:
        title, told = say("Not watching {account}", account=told), problem.what[0].upper() + problem.what[1:]
    return Note(
        key=guard_key(watch.account),
        title=title,
        body=" · ".join((told, clause(problem.way_out), say("since {moment}", moment=clock.moment(watch.since)))),
        urgency=Urgency.NORMAL if problem.passing else Urgency.CRITICAL,
        stays=not problem.passing,
        icon=Icon(Light.NOT_WATCHING),
    )


def no_account_note() -> Note:
    """Write the notification that there is nothing to watch yet."""
    return Note(
        key=guard_key(""),
        title=say("Not watching: no account is set up"),
        body=say("Set one up with: trayapp login"),
        urgency=Urgency.NORMAL,
        stays=True,
        icon=Icon(Light.NOT_WATCHING),
    )


def disk_note(cause: Cause) -> Note:
    """Write the notification that the disk does not do its part."""
    problem = PROBLEMS[cause]
    return _alarming(DISK_KEY, say("Not watching: {problem}", problem=say(problem.what)), say(problem.way_out))


def healed_note(place: str, carried: int) -> Note:
    """Write the notification that a damaged file was set aside.

    Args:
        place: Where it lies now.
        carried: How many alerts were carried over into the new one.
    """
    body = say_count(
        "{count} alert was carried over into a new one; some may be missing. The damaged one lies whole in {place}",
        "{count} alerts were carried over into a new one; some may be missing. The damaged one lies whole in {place}",
        carried,
        place=place,
    )
    return _alarming(HEALED_KEY, say("The file of alerts was damaged"), body)


def forged_note(account: str, label: str, reasons: Sequence[str]) -> Note:
    """Write the notification that messages were forged.

    Args:
        account: The account's name in the settings.
        label: What its owner calls it.
        reasons: Of each message, why it is not from AWS: a clause.
    """
    title = say_count("A forged message was put aside", "{count} forged messages were put aside", len(reasons))
    body = say_count(
        "{account} · it is not from AWS: {reason} · Look who may write into the queue: trayapp doctor",
        "{account} · they are not from AWS: {reason} · Look who may write into the queue: trayapp doctor",
        len(reasons),
        account=name(label),
        reason=say_reason(reasons[0]),
    )
    return _alarming(f"forged:{account}", title, body, Button(say("How things stand"), TellStatus()))


def status_note(situation: Situation, clock: Clock) -> Note:
    """Write the notification that answers "how do things stand?"."""
    headline = {
        Light.WATCHING: say("Watching. Nothing to review"),
        Light.TO_REVIEW: to_review(situation),
        Light.NOT_WATCHING: say("Not watching"),
        Light.PAUSED: say("Notifications are paused"),
    }[situation.light]
    icon = Icon(situation.light, worst=situation.worst)
    return Note("status", headline, summary(situation, clock), Urgency.NORMAL, stays=False, icon=icon)


def _alarming(key: str, title: str, body: str, default: Button | None = None) -> Note:
    return Note(key, title, body, Urgency.CRITICAL, stays=True, default=default, icon=Icon(Light.NOT_WATCHING))
