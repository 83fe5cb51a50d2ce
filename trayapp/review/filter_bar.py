"""The search field and the filters above the history."""

import tkinter as tk
from collections.abc import Callable, Sequence
from datetime import date
from tkinter import ttk

from trayapp.review import keys, texts
from trayapp.review.filters import PERIOD_CHOICES, SEVERITY_CHOICES, STATE_CHOICES, Filters
from trayapp.review.flow import Flow
from trayapp.review.theme import Theme
from trayapp.review.tooltip import Tooltip

_TYPING_MS = 150
"""After so long without another letter it is searched."""


class FilterBar(ttk.Frame):
    """Lets its owner say what of the history is shown.

    Args:
        parent: The widget around it.
        theme: How things are drawn.
        accounts: Each account's label and name.
        changed: Told whenever something else is wanted.
    """

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        accounts: Sequence[tuple[str, str]],
        changed: Callable[[Filters], None],
    ) -> None:
        super().__init__(parent)
        self._accounts, self._changed = accounts, changed
        self._waiting = ""
        self._day: date | None = None
        px = theme.px
        self._text = tk.StringVar(self)
        self.search = ttk.Entry(self, textvariable=self._text)
        Tooltip(self.search, theme, texts.SEARCH_HINT, keys.SEARCH.said)
        searching = ttk.Label(self, text=texts.SEARCH, style="Faint.TLabel")
        searching.grid(row=0, column=0, padx=(px(2), px(8)))
        self.search.grid(row=0, column=1, sticky="ew")
        self.columnconfigure(1, weight=1)
        self._choices = Flow(self, px(6))
        self._choices.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(px(6), 0))
        self._severity = self._choice(texts.SEVERITY, [text for text, _ in SEVERITY_CHOICES], theme)
        self._state = self._choice(texts.STATE, [text for text, _ in STATE_CHOICES], theme)
        self._period = self._choice(texts.PERIOD, [text for text, _ in PERIOD_CHOICES], theme)
        self._account = self._choice(texts.ACCOUNT, [texts.ANY_ACCOUNT, *(label for label, _ in accounts)], theme)
        ttk.Button(self._choices, text=texts.RESET, command=self.reset)
        self._text.trace_add("write", lambda *_: self._typed())
        self.search.bind("<Return>", lambda _: self._say())
        self.search.bind("<Escape>", self._cleared)

    @property
    def filters(self) -> Filters:
        """What is wanted now."""
        account = self._account.current()
        return Filters(
            text=self._text.get(),
            severity=max(self._severity.current(), 0),
            account=self._accounts[account - 1][1] if account > 0 else "",
            state=max(self._state.current(), 0),
            period=max(self._period.current(), 0),
            day=self._day,
        )

    def reset(self) -> None:
        """Want everything."""
        self._day = None
        for box in (self._severity, self._state, self._period, self._account):
            box.current(0)
            box.selection_clear()
        self._text.set("")
        self._say()

    def limit(self, day: date) -> None:
        """Want one day only; once more the same day lifts that."""
        self._day = None if self._day == day else day
        self._period.set(texts.ONE_DAY.format(day=day) if self._day else texts.ANY_TIME)
        self._say()

    def _choice(self, text: str, values: Sequence[str], theme: Theme) -> ttk.Combobox:
        box = ttk.Combobox(self._choices, values=list(values), state="readonly", width=15)
        box.current(0)
        box.bind("<<ComboboxSelected>>", lambda _: self._picked(box))
        Tooltip(box, theme, text)
        return box

    def _picked(self, box: ttk.Combobox) -> None:
        box.selection_clear()
        if box is self._period:
            self._day = None
        self._say()

    def _typed(self) -> None:
        if self._waiting:
            self.after_cancel(self._waiting)
        self._waiting = self.after(_TYPING_MS, self._say)

    def _say(self) -> None:
        if self._waiting:
            self.after_cancel(self._waiting)
            self._waiting = ""
        self._changed(self.filters)

    def _cleared(self, _: object) -> str:
        self._text.set("")
        return "break"
