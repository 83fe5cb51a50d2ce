"""The rules that are lists on the settings page: what is muted, and how heavy each signal is."""

import re
from collections.abc import Callable
from datetime import datetime
from tkinter import ttk

from trayapp.core.language import listed, say
from trayapp.core.policy import Mute
from trayapp.core.severity import Severity
from trayapp.core.signals import CATALOGUE, Signal
from trayapp.review.settings_form import Form, Line
from trayapp.review.settings_rows import Keeper, said
from trayapp.review.settings_table import Cells, Table
from trayapp.review.settings_texts import SettingsTexts
from trayapp.review.texts import sentences
from trayapp.review.tooltip import Tooltip
from trayapp.settings import InvalidValue, Settings, SettingsError
from trayapp.settings.rules import mute_values

_PART = re.compile(r"\{[^}]*\}")
_ANYTHING = "…"
_END_KEY = "Del"
_SIGNALS = {signal.id: signal for signal in CATALOGUE}


class MutesSection:
    """What is muted, and the way to end that.

    Args:
        form: The form.
        now: Gives the present moment, aware, in the reader's local time.
        end: Takes a rule out. Raises ``SettingsError``.
    """

    def __init__(self, form: Form, now: Callable[[], datetime], end: Callable[[Mute], None]) -> None:
        self._now, self._end = now, end
        self._rules: dict[str, Mute] = {}
        form.section(SettingsTexts.MUTES, sentences(SettingsTexts.MUTES_SAYS, SettingsTexts.AT_ONCE_NEW))
        self._none = form.block(lambda parent: ttk.Label(parent, text=SettingsTexts.NO_MUTES, style="Faint.TLabel"))
        columns = [(SettingsTexts.MUTE_MATCHES, 300), (SettingsTexts.MUTE_UNTIL, 190), (SettingsTexts.MUTE_WHY, 220)]
        self.table = Table(form.inner, form.theme, columns, 4, self._enable)
        form.block(lambda _: self.table)
        form.follow(self.table.tree, self.table, self.table)
        self._line = form.line("")
        self._button = ttk.Button(self._line.holder, text=SettingsTexts.END_MUTE, command=self._end_chosen)
        Tooltip(self._button, form.theme, SettingsTexts.TIP_END_MUTE, _END_KEY)
        self._button.grid(row=0, column=0, sticky="w")
        self._line.watch(self._button)
        self.table.tree.bind("<Delete>", lambda _: self._end_chosen())

    def refresh(self, settings: Settings) -> None:
        """Show the rules."""
        # Two rules that say the same are one.
        self._rules = {repr(rule): rule for rule in settings.policy.mutes}
        self.table.show([(name, self._cells(rule), None) for name, rule in self._rules.items()])
        if self._rules:
            self._none.grid_remove()
            self.table.grid()
            self._button.grid()
        else:
            self._none.grid()
            self.table.grid_remove()
            self._button.grid_remove()
        self._enable()

    def _cells(self, rule: Mute) -> Cells:
        given = mute_values(rule)
        matches = listed(
            word.format(pattern=given[key]) for key, word in SettingsTexts.MUTE_PATTERNS.items() if key in given
        )
        until = SettingsTexts.FOREVER if rule.until is None else f"{rule.until:%Y-%m-%d}"
        if isinstance(rule.until, datetime):
            until = f"{rule.until:%Y-%m-%d %H:%M %Z}".rstrip()
        return matches, SettingsTexts.MUTE_OVER.format(until=until) if rule.over(self._now()) else until, rule.reason

    def _enable(self) -> None:
        self._button.state(["disabled" if self.table.selected is None else "!disabled"])

    def _end_chosen(self) -> None:
        chosen = self.table.selected
        if chosen is None:
            return
        try:
            self._end(self._rules[chosen])
        except SettingsError as error:
            self._line.complain(said(error))
        else:
            self._line.content()
            if not self._rules:
                self._button.tk_focusNext().focus_set()  # type: ignore[union-attr] # there is the whole rest of the form


class SeveritiesSection:
    """How heavy each signal is.

    Args:
        form: The form.
        keeper: Keeps it.
    """

    def __init__(self, form: Form, keeper: Keeper) -> None:
        self._keeper = keeper
        self._own: dict[str, Severity] = {}
        form.section(SettingsTexts.SEVERITY, sentences(SettingsTexts.SEVERITY_SAYS, SettingsTexts.AT_ONCE_NEW))
        columns = [(SettingsTexts.SIGNAL, 380), (SettingsTexts.TO_YOU, 260)]
        self.table = Table(form.inner, form.theme, columns, 8, self._offer)
        form.block(lambda _: self.table)
        form.follow(self.table.tree, self.table, self.table)
        self._line: Line = form.line(SettingsTexts.SEVERITY_CHOSEN)
        self._box = ttk.Combobox(self._line.holder, state="readonly", width=34)
        self._box.grid(row=0, column=0, sticky="w")
        self._box.bind("<<ComboboxSelected>>", lambda _: self._choose())
        self._line.watch(self._box)
        self.table.tree.bind("<Return>", lambda _: self._box.focus_set())

    def refresh(self, settings: Settings) -> None:
        """Show how heavy everything is."""
        self._own = dict(settings.policy.severities)
        self.table.show([self._row(signal) for signal in CATALOGUE])
        self._offer()

    def _row(self, signal: Signal) -> tuple[str, Cells, Severity]:
        usual, own = signal.severity, self._own.get(signal.id)
        said = SettingsTexts.SEVERITIES[usual]
        if own is not None and own is not usual:
            said = SettingsTexts.SEVERITY_OWN.format(own=SettingsTexts.SEVERITIES[own], usual=said)
        return signal.id, (f"{sentence(signal)}  ({signal.id})", said), own or usual

    def _offer(self) -> None:
        chosen = self.table.selected
        self._box.state(["disabled" if chosen is None else "!disabled"])
        self._line.content()
        if chosen is None:
            self._box.configure(values=[])
            self._box.set("")
            return
        usual = SettingsTexts.AS_USUAL.format(usual=SettingsTexts.SEVERITIES[_SIGNALS[chosen].severity])
        self._box.configure(values=[usual, *(SettingsTexts.CHOICES[each] for each in Severity)])
        own = self._own.get(chosen)
        self._box.current(0 if own is None else own.value)
        self._box.selection_clear()

    def _choose(self) -> None:
        chosen, place = self.table.selected, self._box.current()
        if chosen is None:
            return
        try:
            self._keeper.save({("severity", chosen): Severity(place).word if place else None})
        except (InvalidValue, SettingsError) as error:
            self._offer()
            self._line.complain(said(error))


def sentence(signal: Signal) -> str:
    """Give what a signal says, whatever it may be about."""
    return _PART.sub(_ANYTHING, say(next(iter(signal.says.done.values()))))
