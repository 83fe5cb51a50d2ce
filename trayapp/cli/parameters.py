"""What may stand on the command line: alert numbers, accounts, signals, times. Each knows how a shell completes it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import click
from click.shell_completion import CompletionItem

from trayapp.cli.common import clock
from trayapp.core import when, words
from trayapp.core.history import Wanted
from trayapp.core.language import mark, say
from trayapp.core.offering import By
from trayapp.core.regions import GLOBAL, NAMES, is_region
from trayapp.core.severity import Severity
from trayapp.core.signals import CATALOGUE
from trayapp.core.takeovers import TAKEOVER
from trayapp.settings import Paths, Settings, SettingsError, load
from trayapp.settings.problems import NO_SIGNAL, hint
from trayapp.store import Store, StoreError

_OFFERED = 50
"""So many alerts are offered to choose from."""

_FOREVER = "forever"

_OPEN = Wanted(frozenset(Severity) - {Severity.LOW}, reviewed=False, muted=False)
"""What is to review; whoever presses Tab has no time for the rest of a long list."""


class AlertNumber(click.types.IntParamType):
    """The number of an alert."""

    name = "id"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Offer those to review, then the latest others, with what each is about."""
        paths = Paths.platform()
        given = ctx.params.get(param.name or "") or ()
        chosen = set(given) if isinstance(given, Sequence) else {given}
        # The keys of a mapping keep the order, and what is in both only once.
        found: dict[int, str] = {}
        try:
            labels = labels_of(load(paths.settings))
            if paths.store.exists():
                with Store(paths.store) as store:
                    for incident in [*store.search(_OPEN, _OFFERED), *store.search(Wanted(), _OFFERED)]:
                        label = labels.get(incident.watch, incident.watch)
                        found.setdefault(incident.id, words.line(incident, label, clock()))
        except (StoreError, SettingsError):
            # Whoever presses Tab is told nothing; the command itself will say what is wrong.
            return []
        return [
            CompletionItem(str(number), help=help_text)
            for number, help_text in list(found.items())[:_OFFERED]
            if str(number).startswith(incomplete) and number not in chosen
        ]


class AccountName(click.ParamType[str]):
    """The name of an account in the settings, its label, or its number at AWS."""

    name = "account"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's signature
        """Offer the names in the settings."""
        try:
            known = load(Paths.platform().settings).accounts
        except SettingsError:
            return []
        return [
            CompletionItem(account.name, help=account.called)
            for account in known
            if account.name.startswith(incomplete)
        ]


class SignalId(click.ParamType[str]):
    """The id of a signal."""

    name = "signal"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Take one there is; a slip of the pen would find nothing, and that would look like good news."""
        if value not in _signals():
            self.fail(say(NO_SIGNAL, name=repr(value), hint=hint(value, _signals())), param, ctx)
        return value

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's signature
        """Offer all there are."""
        return [CompletionItem(signal) for signal in _signals() if signal.startswith(incomplete)]


class RegionCode(click.ParamType[str]):
    """The code of a Region, or ``global``."""

    name = "region"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Take what has the form of one."""
        if value != GLOBAL and not is_region(value):
            said = say(
                "{code} is no Region's code; write one such as us-east-1, or {everywhere}",
                code=repr(value),
                everywhere=GLOBAL,
            )
            self.fail(said, param, ctx)
        return value

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's signature
        """Offer those that we know, with their places."""
        known = {GLOBAL: mark("what has no Region"), **NAMES}
        return [CompletionItem(code, help=say(place)) for code, place in known.items() if code.startswith(incomplete)]


class Past(click.ParamType[datetime]):
    """A moment to look back to.

    Args:
        end: Whether a day stands for its end.
    """

    name = "time"

    def __init__(self, *, end: bool = False) -> None:
        self._end = end

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read the moment."""
        try:
            return (when.until if self._end else when.since)(str(value), clock())
        except when.NotATimeError as error:
            self.fail(str(error), param, ctx)


class Coming(click.ParamType[datetime]):
    """A moment to come."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read the moment."""
        try:
            return when.coming(str(value), clock())
        except when.NotATimeError as error:
            self.fail(str(error), param, ctx)


class Length(click.ParamType[timedelta]):
    """How long something is to last."""

    name = "length"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Read the length."""
        try:
            return when.length(str(value))
        except when.NotATimeError as error:
            self.fail(str(error), param, ctx)


@dataclass(frozen=True, slots=True)
class End:
    """When a rule ends, as ``Mute.until`` has it: a day, a moment in local time, or ``None`` for never."""

    until: date | None


class RuleEnd(click.ParamType[End]):
    """Until when a rule holds."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> End:
        """Read the end: a time to come, how long from now, or ``forever``; a day is meant whole."""
        text, moment = str(value).strip(), clock()
        if text.casefold() == _FOREVER:
            return End(None)
        try:
            lasting = when.length(text)
        except when.NotATimeError:
            lasting = timedelta()
        try:
            end = moment.localise(moment.now + lasting if lasting else when.coming(text, moment))
        except when.NotATimeError as error:
            self.fail(str(error), param, ctx)
        except OverflowError:
            said = say("{length} is longer than there are years; write {forever}", length=text, forever=_FOREVER)
            self.fail(said, param, ctx)
        whole_days = not lasting % timedelta(days=1) if lasting else ":" not in text
        return End(end.date() if whole_days else end.replace(tzinfo=None, second=0, microsecond=0))

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's signature
        """Offer the usual ones."""
        return [CompletionItem(each) for each in ("7d", "30d", "90d", _FOREVER) if each.startswith(incomplete)]


class GoesBy(click.ParamType[tuple[By, str]]):
    """What a rule goes by, and of several tags which: ``stack``, ``actor``, ``tag``, ``tag:env=dev``."""

    name = "what"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[By, str]:
        """Read it."""
        if isinstance(value, tuple):
            return value
        kind, colon, which = str(value).partition(":")
        words = [by.value for by in By]
        if kind not in words or (colon and (By(kind) is not By.TAG or not which)):
            said = say(
                "{value} is nothing that a rule can go by; write stack, actor, tag or tag:KEY=VALUE", value=repr(value)
            )
            self.fail(said, param, ctx)
        return By(kind), which

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's signature
        """Offer all there are."""
        return [CompletionItem(by.value) for by in By if by.value.startswith(incomplete)]


def labels_of(known: Settings) -> dict[str, str]:
    """Give what each account is called, by its name in the settings."""
    return {account.name: account.called for account in known.accounts}


def account_names(given: Iterable[str], known: Settings) -> frozenset[str]:
    """Give the names or numbers of accounts for which somebody may have written the label."""
    names = {account.called: account.name for account in known.accounts}
    own = {account.name for account in known.accounts}
    return frozenset(each if each in own else names.get(each, each) for each in given)


def _signals() -> tuple[str, ...]:
    return (*(signal.id for signal in CATALOGUE), TAKEOVER)
