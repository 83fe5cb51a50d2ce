"""The whole of what trayapp knows at one moment, and what tray, status and notifications make of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trayapp.core import console, words
from trayapp.core.causes import PROBLEMS, Cause
from trayapp.core.checks import Outcome
from trayapp.core.clock import Clock
from trayapp.core.commands import (
    OpenAlert,
    OpenHeaviest,
    Page,
    Pause,
    Quit,
    Resume,
    ReviewAlert,
    ReviewAll,
    ShowWindow,
    SnoozeAlert,
    TellStatus,
    ThatWasMe,
)
from trayapp.core.finding import Lane, Theme
from trayapp.core.guard import Watch, problem_of
from trayapp.core.incidents import Incident
from trayapp.core.notes import Button, Note, Urgency
from trayapp.core.severity import Severity
from trayapp.core.text import name
from trayapp.core.view import Icon, Light, MenuEntry, Separator, TrayView

PAUSE = timedelta(hours=1)
SNOOZE = timedelta(hours=1)
AWAY = 4
"""From so many incidents on that wait to be told at once, one notification tells of them together."""

AWAY_KEY = "away"
DISK_KEY = "disk"
HEALED_KEY = "healed"
_LONG_AGO = timedelta(minutes=10)
_AWAY_TITLES = 3
_TITLE = 46
"""So many characters of a title are shown everywhere; Xfce cuts what is longer."""

MENU_ALERTS = 12
"""More lines than this make a menu that nobody reads."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that decides what is shown.

    Attributes:
        watches: One for each account, in the order of the settings.
        to_review: The incidents not reviewed yet, newest first.
        quarantined: Messages that could not be read and were put aside.
        paused_until: When a pause ends, ``None`` without one.
        began: When the program started, aware.
        quiet: It is one of the owner's quiet hours.
        unverified: Messages that wait for the certificate that proves them.
        disk: What is the matter with the disk, ``None`` while it does its part.
        disk_since: Since when, aware.
    """

    watches: tuple[Watch, ...]
    to_review: tuple[Incident, ...]
    quarantined: int
    paused_until: datetime | None
    began: datetime
    quiet: bool = False
    unverified: int = 0
    disk: Cause | None = None
    disk_since: datetime | None = None

    def label(self, watch: str) -> str:
        """Give the label of an account; its name when it is no longer in the settings."""
        return next((each.label for each in self.watches if each.account == watch), watch)

    def trouble(self) -> Watch | None:
        """Give the watch that has been failing longest, ``None`` when all are well."""
        return min((each for each in self.watches if not each.watching), key=lambda each: each.since, default=None)

    @property
    def cause(self) -> Cause | None:
        """Why not everything is watched, ``None`` when it is."""
        if not self.watches:
            return Cause.NO_ACCOUNT
        trouble = self.trouble()
        return trouble.cause if trouble else self.disk

    @property
    def light(self) -> Light:
        """The one state that the icon tells. Not watching outranks all, since silence must not look like safety."""
        if self.cause is not None:
            return Light.NOT_WATCHING
        if self.paused_until is not None:
            return Light.PAUSED
        return Light.TO_REVIEW if self.to_review else Light.WATCHING

    @property
    def since(self) -> datetime:
        """Since when the light has been what it is."""
        trouble = self.trouble()
        if not self.watches:
            return self.began
        if trouble is not None:
            return trouble.since
        if self.disk is not None and self.disk_since is not None:
            return self.disk_since
        if self.paused_until is not None:
            return self.paused_until - PAUSE
        if self.to_review:
            return min(incident.created for incident in self.to_review)
        return max(watch.since for watch in self.watches)

    @property
    def worst(self) -> Severity | None:
        """The heaviest severity to review."""
        return max((incident.severity for incident in self.to_review), default=None)

    def heaviest(self) -> Incident | None:
        """The incident to look at first: the heaviest, and of several the newest."""
        return max(self.to_review, key=lambda incident: (incident.severity, incident.id), default=None)


def summary(situation: Situation, clock: Clock) -> str:
    """Tell in words how things stand: every problem first, then what to review. Never just "OK"."""
    sentences = [_watch_sentence(watch, clock) for watch in situation.watches if not watch.watching]
    if not situation.watches:
        sentences.append("Not watching: no account is set up (set one up with: trayapp login).")
    well = [watch for watch in situation.watches if watch.watching]
    if well:
        answers = [watch.last_answer for watch in well if watch.last_answer]
        rounds = [watch.checked for watch in well if watch.checked]
        blind = any(check.outcome is Outcome.NOT_GRANTED for watch in well for check in watch.checks)
        far = " as far as this key may look" if blind else ""
        checked = f", checked {clock.moment(min(rounds))}{far}" if rounds else ""
        fresh = f" Last answer {clock.moment(min(answers))}{checked}." if answers else ""
        sentences.append(f"Watching {', '.join(_called(watch) for watch in well)}.{fresh}")
    if situation.disk is not None:
        sentences.append(f"What comes is kept in memory only: {PROBLEMS[situation.disk].what}.")
    if situation.paused_until is not None:
        sentences.append(f"Notifications are paused until {clock.moment(situation.paused_until)}.")
    sentences.append(_to_review(situation))
    if situation.quarantined:
        kept = (
            "message could not be read and is" if situation.quarantined == 1 else "messages could not be read and are"
        )
        sentences.append(f"{situation.quarantined} {kept} kept aside.")
    if situation.unverified:
        told = "message is" if situation.unverified == 1 else "messages are"
        sentences.append(f"{situation.unverified} {told} not verified yet.")
    return " ".join(sentences)


def tray_view(situation: Situation, clock: Clock) -> TrayView:
    """Give everything the tray shows."""
    menu: list[MenuEntry | Separator] = [
        MenuEntry(words.line(incident, situation.label(incident.watch), clock), OpenAlert(incident.id))
        for incident in situation.to_review[:MENU_ALERTS]
    ]
    rest = len(situation.to_review) - MENU_ALERTS
    if rest > 0:
        menu.append(MenuEntry(f"and {rest} more: trayapp alerts"))
    if situation.to_review:
        menu += [MenuEntry("Mark all reviewed", ReviewAll()), Separator()]
    menu.append(MenuEntry(_state_line(situation, clock), TellStatus()))
    trouble = situation.trouble()
    problem = problem_of(trouble) if trouble else None
    if problem is not None:
        # The first sentence is the next step; all of it would make a menu as wide as the screen.
        menu.append(MenuEntry(problem.way_out.partition(". ")[0].rstrip(".")))
    menu.append(MenuEntry("Show the window", ShowWindow()))
    if situation.paused_until is not None:
        menu.append(MenuEntry("Resume notifications", Resume()))
    else:
        menu.append(MenuEntry("Pause notifications for an hour", Pause()))
    menu += [Separator(), MenuEntry("Quit", Quit())]
    icon = Icon(situation.light, len(situation.to_review), situation.worst)
    return TrayView(icon, summary(situation, clock), tuple(menu), OpenHeaviest())


def alert_note(incident: Incident, situation: Situation, clock: Clock, *, quiet: bool = False) -> Note:
    """Write the notification of one incident.

    Args:
        incident: The incident.
        situation: What else is known.
        clock: The moment.
        quiet: Only bring up to date what is still on screen.
    """
    severity, label = incident.severity, situation.label(incident.watch)
    return Note(
        key=alert_key(incident.id),
        title=words.title(incident, label),
        body=words.body(incident, label, clock),
        urgency=Urgency.CRITICAL if severity is Severity.CRITICAL else Urgency.NORMAL,
        stays=severity >= Severity.HIGH,
        default=Button("Open in console", OpenAlert(incident.id)),
        buttons=_buttons(incident),
        icon=Icon(Light.TO_REVIEW, worst=severity),
        quiet=quiet,
        link=console.link_of(incident.main) or "",
    )


def _buttons(incident: Incident) -> tuple[Button, ...]:
    # What our own looking has found nobody did in the sense of the question.
    looked = incident.main.lane is Lane.CLIENT and incident.main.theme is Theme.GUARD
    mine = (
        Button("Mark reviewed", ReviewAlert(incident.id)) if looked else Button("That was me", ThatWasMe(incident.id))
    )
    if incident.severity is Severity.CRITICAL:
        return Button("What now", ShowWindow(Page.RESPOND, incident.id)), mine
    return mine, Button("In an hour", SnoozeAlert(incident.id))


def away_note(waiting: Sequence[Incident], situation: Situation, clock: Clock) -> Note:
    """Write the one notification that tells of several incidents which waited, the oldest first."""
    oldest = min(incident.first or incident.created for incident in waiting)
    away = clock.now - oldest > _LONG_AGO
    titles = [words.title(incident, situation.label(incident.watch)) for incident in waiting[:_AWAY_TITLES]]
    rest = len(waiting) - len(titles)
    severity = max(incident.severity for incident in waiting)
    return Note(
        key=AWAY_KEY,
        title=f"While you were away: {len(waiting)} happenings" if away else f"{len(waiting)} happenings at once",
        body=" · ".join([*titles, *([f"and {rest} more"] if rest else []), f"since {clock.moment(oldest)}"]),
        urgency=Urgency.NORMAL,
        stays=True,
        default=Button("Open the heaviest", OpenHeaviest()),
        icon=Icon(Light.TO_REVIEW, worst=severity),
    )


def alert_key(incident_id: int) -> str:
    """Name the notification of an incident."""
    return f"alert:{incident_id}"


def incident_of(key: str) -> int:
    """Give the incident that a note is about, 0 for another note."""
    kind, _, number = key.partition(":")
    return int(number) if kind == "alert" else 0


def guard_note(watch: Watch, clock: Clock) -> Note | None:
    """Write the notification that an account is not being watched; ``None`` while it is."""
    problem = problem_of(watch)
    if problem is None:
        return None
    title, since = f"Not watching: {problem.what}", f"since {clock.moment(watch.since)}"
    way_out = problem.way_out.rstrip(".")
    told = [_called(watch), way_out, since]
    if len(title) > _TITLE:
        title, told = (
            f"Not watching {_called(watch)}",
            [problem.what[0].upper() + problem.what[1:], way_out, since],
        )
    return Note(
        key=guard_key(watch.account),
        title=title,
        body=" · ".join(told),
        urgency=Urgency.NORMAL if problem.passing else Urgency.CRITICAL,
        stays=not problem.passing,
        icon=Icon(Light.NOT_WATCHING),
    )


def disk_note(cause: Cause) -> Note:
    """Write the notification that the disk does not do its part."""
    problem = PROBLEMS[cause]
    return Note(
        key=DISK_KEY,
        title=f"Not watching: {problem.what}",
        body=problem.way_out,
        urgency=Urgency.CRITICAL,
        stays=True,
        icon=Icon(Light.NOT_WATCHING),
    )


def healed_note(place: str, carried: int) -> Note:
    """Write the notification that a damaged file was set aside.

    Args:
        place: Where it lies now.
        carried: How many alerts were carried over into the new one.
    """
    many = "1 alert was" if carried == 1 else f"{carried} alerts were"
    return Note(
        key=HEALED_KEY,
        title="The file of alerts was damaged",
        body=f"{many} carried over into a new one; some may be missing. The damaged one lies whole in {place}",
        urgency=Urgency.CRITICAL,
        stays=True,
        icon=Icon(Light.NOT_WATCHING),
    )


def no_account_note() -> Note:
    """Write the notification that there is nothing to watch yet."""
    return Note(
        key=guard_key(""),
        title="Not watching: no account is set up",
        body="Set one up with: trayapp login",
        urgency=Urgency.NORMAL,
        stays=True,
        icon=Icon(Light.NOT_WATCHING),
    )


def forged_note(account: str, label: str, reasons: Sequence[str]) -> Note:
    """Write the notification that messages were forged."""
    count = len(reasons)
    return Note(
        key=f"forged:{account}",
        title=f"{'A forged message was' if count == 1 else f'{count} forged messages were'} put aside",
        body=f"{name(label)} · {'it is' if count == 1 else 'they are'} not from AWS: {reasons[0]} · Look who may write "
        "into the queue: trayapp doctor",
        urgency=Urgency.CRITICAL,
        stays=True,
        default=Button("How things stand", TellStatus()),
        icon=Icon(Light.NOT_WATCHING),
    )


def guard_key(account: str) -> str:
    """Name the notification about an account's watching."""
    return f"guard:{account}"


def status_note(situation: Situation, clock: Clock) -> Note:
    """Write the notification that answers "how do things stand?"."""
    headline = {
        Light.WATCHING: "Watching. Nothing to review",
        Light.TO_REVIEW: _to_review(situation).rstrip("."),
        Light.NOT_WATCHING: "Not watching",
        Light.PAUSED: "Notifications are paused",
    }[situation.light]
    icon = Icon(situation.light, worst=situation.worst)
    return Note("status", headline, summary(situation, clock), Urgency.NORMAL, stays=False, icon=icon)


def _called(watch: Watch) -> str:
    label = name(watch.label, 24)
    return f"{label} (at {name(watch.endpoint, 40)}, not AWS)" if watch.endpoint else label


def _watch_sentence(watch: Watch, clock: Clock) -> str:
    problem = problem_of(watch)
    what = problem.what if problem else ""
    since = "" if watch.cause is Cause.NOT_RUNNING else f" since {clock.moment(watch.since)}"
    return f"Not watching {_called(watch)}{since}: {what}."


def _state_line(situation: Situation, clock: Clock) -> str:
    trouble = situation.trouble()
    if trouble is not None:
        return _watch_sentence(trouble, clock).rstrip(".")
    if not situation.watches:
        return "Not watching: no account is set up"
    if situation.disk is not None:
        return f"Not watching: {PROBLEMS[situation.disk].what}"
    labels = ", ".join(_called(watch) for watch in situation.watches)
    if situation.paused_until is not None:
        return f"Watching {labels}; paused until {clock.moment(situation.paused_until)}"
    return f"Watching {labels}"


def _to_review(situation: Situation) -> str:
    count = len(situation.to_review)
    heaviest = situation.heaviest()
    if heaviest is None:
        return "Nothing to review."
    critical = sum(incident.severity is Severity.CRITICAL for incident in situation.to_review)
    weight = f", {critical} critical" if critical else ""
    newest = words.title(heaviest, situation.label(heaviest.watch))
    return f"{count} to review{weight}: {newest}{' and others' if count > 1 else ''}."
