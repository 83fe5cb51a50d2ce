"""The page of the settings: every one of them with its sentence, saved as soon as it is changed."""

import tkinter as tk
from collections.abc import Callable
from datetime import UTC, datetime
from tkinter import ttk

from trayapp.core.policy import Mute
from trayapp.desktop.autostart import autostart
from trayapp.languages import AUTO
from trayapp.review import keys
from trayapp.review import settings_fields as fields
from trayapp.review.settings_autostart import AutostartLine
from trayapp.review.settings_desk import SettingsDesk, Values
from trayapp.review.settings_fields import Field
from trayapp.review.settings_form import Form
from trayapp.review.settings_quiet import QuietSection
from trayapp.review.settings_rows import ChoiceRow, Row, TextRow
from trayapp.review.settings_rules import MutesSection, SeveritiesSection
from trayapp.review.settings_texts import OWN_NAMES, SettingsTexts
from trayapp.review.texts import Texts, sentences
from trayapp.review.theme import Theme
from trayapp.settings import Account, Paths, Settings, SettingsError


class SettingsPage(ttk.Frame):
    """Shows the settings and lets their owner change them.

    Args:
        parent: The widget around it.
        theme: How things are drawn.
        paths: Where things live.
        say: Told what was done.
        complain: Told what went wrong that belongs to no one setting.
        changed: Told that the settings are others than before.
    """

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        paths: Paths,
        *,
        say: Callable[[str], None],
        complain: Callable[[str], None],
        changed: Callable[[Settings], None],
    ) -> None:
        super().__init__(parent)
        self._theme, self._desk = theme, SettingsDesk(paths)
        self._say, self._complain, self._changed = say, complain, changed
        px = theme.px
        self._broken = ttk.Label(self, style="Wrong.TLabel", padding=(px(4), px(4)))
        self._form = form = Form(self, theme)
        self._broken.grid(row=0, column=0, sticky="ew")
        form.grid(row=1, column=0, sticky="nsew")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        self.bind("<Configure>", lambda event: self._broken.configure(wraplength=event.width - px(12)))
        self._rows: list[Row] = []
        form.section(SettingsTexts.GENERAL, SettingsTexts.FILE.format(file=self._desk.file))
        self._autostart = AutostartLine(form, autostart())
        languages = {AUTO: SettingsTexts.AS_DESKTOP, **OWN_NAMES}
        self._choice(
            SettingsTexts.LANGUAGE,
            fields.LANGUAGE,
            languages,
            SettingsTexts.LANGUAGE_SAYS,
            SettingsTexts.AT_ONCE_BUT_HERE,
        )
        self._choice(
            SettingsTexts.OPENING,
            fields.REVIEW_ON_OPEN,
            SettingsTexts.OPENINGS,
            SettingsTexts.OPENING_SAYS,
            SettingsTexts.AT_ONCE,
        )
        self._text(SettingsTexts.HISTORY_DAYS, fields.HISTORY_DAYS, SettingsTexts.HISTORY_DAYS_SAYS, width=8)
        self._text(SettingsTexts.BROWSER, fields.BROWSER, SettingsTexts.BROWSER_SAYS, SettingsTexts.AT_ONCE)
        self._text(SettingsTexts.TYPES, fields.WATCHED_TYPES, SettingsTexts.TYPES_SAYS, SettingsTexts.AT_ONCE_NEW)
        self._quiet = QuietSection(form, self)
        self._mutes = MutesSection(form, lambda: datetime.now(UTC).astimezone(), self._end_mute)
        self._severities = SeveritiesSection(form, self)
        self._fixed, self._accounts_begin = list(self._rows), form.end
        self._accounts: tuple[Account, ...] | None = None
        self._show()
        for row in self._rows:
            row.begin(self._desk.settings)
        self._quiet.begin(self._desk.settings)

    def focus_first(self) -> None:
        """Give the focus to the first setting."""
        self._autostart.refresh()
        self.update_idletasks()  # what is not on the screen yet cannot have the focus
        self._autostart.box.focus_set()

    def dress(self) -> None:
        """Draw it in the theme's present colours."""
        self._form.dress()
        self._mutes.table.dress()
        self._severities.table.dress()

    def reread(self) -> None:
        """Read the file if somebody else has changed it, and show what it says everywhere."""
        if self._desk.reread():
            self._follow()

    def save(self, values: Values) -> None:
        """Write values.

        Raises:
            InvalidValue: One of them is wrong; the file is as it was.
            SettingsError: The file is wrong already, or cannot be written.
        """
        self._desk.write(values)
        self._follow()
        self._say_done(SettingsTexts.SAVED)

    def undo(self) -> None:
        """Take back what is being written, or else what was changed last on this page."""
        focused = self.focus_get()
        if any(row.control is focused and row.leave() for row in self._rows):
            return
        try:
            done = self._desk.undo()
        except SettingsError as error:
            self._complain(str(error))
            return
        self._follow()
        self._say(
            {None: SettingsTexts.NOTHING_TO_UNDO, True: SettingsTexts.TAKEN_BACK, False: SettingsTexts.NOT_TAKEN_BACK}[
                done
            ]
        )

    def _end_mute(self, rule: Mute) -> None:
        self._desk.end_mute(rule)
        self._follow()
        self._say_done(SettingsTexts.MUTE_ENDED)

    def _say_done(self, sentence: str) -> None:
        self._say(sentences(sentence, Texts.UNDO_HINT.format(key=keys.UNDO.said)))

    def _follow(self) -> None:
        self._show()
        self._changed(self._desk.settings)

    def _show(self) -> None:
        desk, settings = self._desk, self._desk.settings
        self._broken.configure(text=SettingsTexts.BROKEN.format(problem=desk.problem) if desk.problem else "")
        if desk.problem:
            self._broken.grid()
            return
        self._broken.grid_remove()
        if self._accounts is None or _fixed(self._accounts) != _fixed(settings.accounts):
            self._show_accounts(settings.accounts)
        self._accounts = settings.accounts
        for row in self._rows:
            row.refresh(settings)
        self._quiet.refresh(settings)
        self._mutes.refresh(settings)
        self._severities.refresh(settings)

    def _show_accounts(self, accounts: tuple[Account, ...]) -> None:
        self._form.clear(self._accounts_begin)
        self._rows = list(self._fixed)
        for account in accounts:
            self._show_account(account)
        if not accounts:
            self._form.section(SettingsTexts.ACCOUNTS, SettingsTexts.NO_ACCOUNT)
        self._form.fit()

    def _show_account(self, account: Account) -> None:
        name, form, begin = account.name, self._form, len(self._rows)
        form.section(SettingsTexts.ACCOUNT.format(name=name), SettingsTexts.BY_LOGIN.format(name=name))
        told = {
            SettingsTexts.QUEUE: account.queue_url,
            SettingsTexts.QUEUE_REGION: account.region,
            SettingsTexts.NUMBER: account.account_id,
            SettingsTexts.TOPICS: "\n".join(account.topics),
            SettingsTexts.ENDPOINT: account.endpoint_url,
        }
        for title, value in told.items():
            if value:
                form.fact(title, value)
        self._text(
            SettingsTexts.LABEL,
            fields.label(name),
            SettingsTexts.LABEL_SAYS.format(name=name),
            SettingsTexts.AT_ONCE_ASKS,
        )
        self._text(
            SettingsTexts.CONFIG_REGIONS,
            fields.regions(name),
            SettingsTexts.CONFIG_REGIONS_SAYS,
            SettingsTexts.AT_ONCE_ASKS,
        )
        self._choice(
            SettingsTexts.TRAIL,
            fields.trail(name),
            SettingsTexts.TRAILS,
            SettingsTexts.TRAIL_SAYS,
            SettingsTexts.AT_ONCE_ASKS,
        )
        self._text(
            SettingsTexts.HEARTBEAT,
            fields.heartbeat(name),
            SettingsTexts.HEARTBEAT_SAYS,
            SettingsTexts.AT_ONCE_ASKS,
            width=8,
        )
        for row in self._rows[begin:]:
            row.begin(self._desk.settings)

    def _text(self, title: str, field: Field, *says: str, width: int = 0) -> Row:
        row = TextRow(self._form.line(title, sentences(*says)), field, self, width)
        self._rows.append(row)
        return row

    def _choice(self, title: str, field: Field, choices: dict[str, str], *says: str) -> Row:
        row = ChoiceRow(self._form.line(title, sentences(*says)), field, self, choices)
        self._rows.append(row)
        return row


def _fixed(accounts: tuple[Account, ...]) -> list[tuple[object, ...]]:
    """Give what of the accounts is not edited here."""
    return [
        (each.name, each.region, each.queue_url, each.account_id, each.topics, each.endpoint_url) for each in accounts
    ]
