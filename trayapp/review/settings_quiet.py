"""The quiet hours on the settings page."""

import tkinter as tk
from collections.abc import Callable
from datetime import time
from functools import partial
from tkinter import ttk

from trayapp.core.policy import EVERY_DAY, QuietHours
from trayapp.review.flow import Flow
from trayapp.review.settings_desk import Values
from trayapp.review.settings_fields import Field
from trayapp.review.settings_form import BOX, Form, Line
from trayapp.review.settings_rows import Keeper, TextRow, said
from trayapp.review.settings_texts import SettingsTexts
from trayapp.review.texts import sentences
from trayapp.settings import InvalidValue, Settings, SettingsError
from trayapp.settings.rules import DAYS
from trayapp.settings.toml_text import Value

_AT_FIRST = QuietHours(time(22), time(7))
_TABLE = "quiet_hours"


def _clock(moment: time) -> str:
    return moment.strftime("%H:%M")


_FROM = Field((_TABLE, "from"), lambda settings: _clock((settings.policy.quiet_hours or _AT_FIRST).begin), str.strip)
_TO = Field((_TABLE, "to"), lambda settings: _clock((settings.policy.quiet_hours or _AT_FIRST).end), str.strip)


class QuietSection:
    """A switch, two times, and the days; what was set stays to be seen while the switch is off.

    Args:
        form: The form.
        keeper: Keeps it.
    """

    def __init__(self, form: Form, keeper: Keeper) -> None:
        self._keeper = keeper
        form.section(SettingsTexts.QUIET)
        self._on = tk.BooleanVar(form)
        self._switch = form.line("", sentences(SettingsTexts.QUIET_SAYS, SettingsTexts.AT_ONCE))
        box = ttk.Checkbutton(
            self._switch.holder, style=BOX, text=SettingsTexts.QUIET_ON, variable=self._on, command=self._switched
        )
        box.grid(row=0, column=0, sticky="w")
        self._switch.watch(box)
        self._times = tuple(
            TextRow(form.line(title), field, keeper, width=8)
            for title, field in ((SettingsTexts.QUIET_FROM, _FROM), (SettingsTexts.QUIET_TO, _TO))
        )
        self._days_line = form.line(SettingsTexts.QUIET_DAYS, SettingsTexts.QUIET_DAYS_SAYS)
        self._days = [tk.BooleanVar(form) for _ in DAYS]
        flow = Flow(self._days_line.holder, form.theme.px(4))
        flow.grid(row=0, column=0, sticky="ew")
        self._boxes = [
            ttk.Checkbutton(flow, style=BOX, text=SettingsTexts.DAYS[name], variable=day, command=self._chosen)
            for name, day in zip(DAYS, self._days, strict=True)
        ]
        for day in self._boxes:
            self._days_line.watch(day)

    def begin(self, settings: Settings) -> None:
        """Show what the file says, whatever stands there."""
        for row in self._times:
            row.begin(settings)
        self._show(settings.policy.quiet_hours, days=True)

    def refresh(self, settings: Settings) -> None:
        """Show what the file says now."""
        quiet = settings.policy.quiet_hours
        if quiet is not None:
            for row in self._times:
                row.refresh(settings)
        self._show(quiet, days=quiet is not None)

    def _show(self, quiet: QuietHours | None, *, days: bool) -> None:
        self._on.set(quiet is not None)
        if days:
            for number, day in enumerate(self._days):
                day.set(number in (quiet.days if quiet else EVERY_DAY))
        self._switch.content()
        self._days_line.content()
        state = ["!disabled" if quiet else "disabled"]
        for control in (*(row.control for row in self._times), *self._boxes):
            control.state(state)

    def _switched(self) -> None:
        wanted = self._on.get()
        if not wanted:
            self._save(self._switch, {(_TABLE,): None}, partial(self._on.set, True))
            return
        values: dict[tuple[str, ...], Value | None] = {
            (_TABLE, key): row.text.strip() for key, row in zip(("from", "to"), self._times, strict=True)
        }
        self._save(self._switch, {**values, (_TABLE, "days"): self._wanted_days()}, partial(self._on.set, False))

    def _chosen(self) -> None:
        if any(day.get() for day in self._days):
            self._save(self._days_line, {(_TABLE, "days"): self._wanted_days()}, lambda: None)
        else:
            self._days_line.complain(SettingsTexts.NO_DAY)

    def _wanted_days(self) -> Value | None:
        chosen = [name for name, day in zip(DAYS, self._days, strict=True) if day.get()]
        return None if len(chosen) == len(DAYS) else chosen

    def _save(self, line: Line, values: Values, back: Callable[[], object]) -> None:
        try:
            self._keeper.save(values)
        except (InvalidValue, SettingsError) as error:
            back()
            line.complain(said(error))
