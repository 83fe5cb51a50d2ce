"""The settings that are one text or one choice each, and what happens when the file says something else meanwhile."""

import tkinter as tk
from collections.abc import Mapping
from tkinter import ttk
from typing import Protocol

from trayapp.review import keys
from trayapp.review.settings_desk import Values
from trayapp.review.settings_fields import Field
from trayapp.review.settings_form import Line
from trayapp.review.settings_texts import SettingsTexts
from trayapp.settings import InvalidValue, Settings, SettingsError


class Keeper(Protocol):
    """Keeps settings in the file."""

    def reread(self) -> None:
        """Read the file if somebody else has changed it, and show what it says everywhere."""

    def save(self, values: Values) -> None:
        """Write values. Raises ``InvalidValue`` and ``SettingsError``, and nothing is changed then."""


class Row:
    """One setting. What its owner writes is saved as he goes on or presses Enter; what is wrong is said and kept.

    Args:
        line: Where it stands.
        field: The setting.
        keeper: Keeps it.
        control: What it is edited with.
    """

    def __init__(self, line: Line, field: Field, keeper: Keeper, control: ttk.Entry) -> None:
        self._line, self._field, self._keeper = line, field, keeper
        self._based = ""
        self._torn = False
        self.control = control
        control.bind("<Return>", self._entered)
        control.bind("<Escape>", lambda _: "break" if self.leave() else None)
        control.bind("<FocusOut>", lambda _: self._go_on(), add=True)
        line.watch(control)

    @property
    def text(self) -> str:
        """What its owner has written."""
        raise NotImplementedError

    def write(self, text: str) -> None:
        """Show a text."""
        raise NotImplementedError

    def shown(self, text: str) -> str:
        """Give how a text is shown to its reader."""
        return text or SettingsTexts.NOTHING

    def refresh(self, settings: Settings) -> None:
        """Show what the file says now, unless its owner is at writing something else."""
        now = self._field.text(settings)
        if now == self._based:
            return
        mine, before, self._based = self.text, self._based, now
        if mine in (before, now):
            self.write(now)
            self._settle()
        else:
            self._torn = True
            self._line.complain(SettingsTexts.MEANWHILE.format(value=self.shown(now)))

    def begin(self, settings: Settings) -> None:
        """Show what the file says, whatever stands there."""
        self._based = self._field.text(settings)
        self.write(self._based)
        self._settle()

    def commit(self, *, sure: bool) -> None:
        """Save what is written.

        Args:
            sure: Its owner knows what the file says now.
        """
        text = self.text
        if text == self._based:
            self._settle()
            return
        if self._torn and not sure:
            return
        based = self._based
        try:
            value = self._field.value(text)
            self._keeper.reread()
            if self._based != based:
                return  # that is said beside it now
            self._keeper.save({self._field.place: value})
        except (InvalidValue, SettingsError) as error:
            self._line.complain(said(error))
        else:
            self._settle()

    def leave(self) -> bool:
        """Show what the file says instead of what is written; tell whether that is something else."""
        if self.text == self._based and not self._torn:
            return False
        self.write(self._based)
        self._settle()
        return True

    def _settle(self) -> None:
        self._torn = False
        self._line.content()

    def _go_on(self) -> None:
        self.control.selection_clear()  # or it looks as if it had the focus still
        self.commit(sure=False)

    def _entered(self, _: object) -> str:
        self.commit(sure=True)
        return "break"


def said(error: InvalidValue | SettingsError) -> str:
    """Say what is wrong, as a sentence."""
    return f"{error}." if isinstance(error, InvalidValue) else str(error)


class TextRow(Row):
    """A setting that is written."""

    def __init__(self, line: Line, field: Field, keeper: Keeper, width: int = 0) -> None:
        self._variable = tk.StringVar(line.holder)
        entry = ttk.Entry(line.holder, textvariable=self._variable)
        if width:
            entry.configure(width=width)
        entry.grid(row=0, column=0, sticky="w" if width else "ew")
        super().__init__(line, field, keeper, entry)
        entry.bind(keys.command("a").sequence, lambda _: self._select_all())

    @property
    def text(self) -> str:
        """What its owner has written."""
        return self._variable.get()

    def write(self, text: str) -> None:
        """Show a text."""
        self._variable.set(text)

    def _select_all(self) -> str:
        self.control.selection_range(0, "end")
        return "break"  # or X11's own meaning, the beginning of the line, would follow


class ChoiceRow(Row):
    """A setting that is one of a few.

    Args:
        line: Where it stands.
        field: The setting.
        keeper: Keeps it.
        choices: What each of its texts is called.
    """

    def __init__(self, line: Line, field: Field, keeper: Keeper, choices: Mapping[str, str]) -> None:
        self._choices = dict(choices)
        self._box = ttk.Combobox(line.holder, values=list(self._choices.values()), state="readonly", width=34)
        self._box.grid(row=0, column=0, sticky="w")
        super().__init__(line, field, keeper, self._box)
        self._box.bind("<<ComboboxSelected>>", lambda _: self._chosen())

    @property
    def text(self) -> str:
        """What its owner has chosen."""
        return list(self._choices)[max(self._box.current(), 0)]

    def write(self, text: str) -> None:
        """Show a choice."""
        self._box.current(list(self._choices).index(text))
        self._box.selection_clear()

    def shown(self, text: str) -> str:
        """Give how a choice is shown to its reader."""
        return self._choices[text]

    def _chosen(self) -> None:
        self._box.selection_clear()
        self.commit(sure=False)
