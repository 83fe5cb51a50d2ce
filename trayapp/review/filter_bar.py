"""The search field and the filters above the history."""

import tkinter as tk
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from tkinter import ttk
from typing import TypeVar

from trayapp.core.history import Facets
from trayapp.core.regions import GLOBAL, spoken
from trayapp.core.text import name
from trayapp.review import keys
from trayapp.review.filters import PERIOD_CHOICES, SEVERITY_CHOICES, STATE_CHOICES, Filters
from trayapp.review.flow import Flow
from trayapp.review.texts import Texts
from trayapp.review.theme import Theme
from trayapp.review.tooltip import Tooltip

T = TypeVar("T")

_TYPING_MS = 150
"""After so long without another letter it is searched."""


class FilterBar(ttk.Frame):
    """Lets its owner say what of the history is shown.

    Args:
        parent: The widget around it.
        theme: How things are drawn.
        accounts: Each account's label and name.
        facets: Gives the Regions and signals that there are to choose from; asked whenever one looks.
        changed: Told whenever something else is wanted.
    """

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        accounts: Sequence[tuple[str, str]],
        facets: Callable[[], Facets],
        changed: Callable[[Filters], None],
    ) -> None:
        super().__init__(parent)
        self._accounts, self._facets, self._changed = accounts, facets, changed
        self._regions: tuple[str, ...] = ()
        self._signals: tuple[str, ...] = ()
        self._waiting = ""
        self._day: date | None = None
        px = theme.px
        self._text = tk.StringVar(self)
        self.search = ttk.Entry(self, textvariable=self._text)
        Tooltip(self.search, theme, Texts.SEARCH_HINT, keys.SEARCH.said)
        searching = ttk.Label(self, text=Texts.SEARCH, style="Faint.TLabel")
        searching.grid(row=0, column=0, padx=(px(2), px(8)))
        self.search.grid(row=0, column=1, sticky="ew")
        self.columnconfigure(1, weight=1)
        self._choices = Flow(self, px(6))
        self._choices.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(px(6), 0))
        self._severity = self._choice(Texts.SEVERITY, _said(Texts.LEAST, SEVERITY_CHOICES), theme)
        self._state = self._choice(Texts.STATE, _said(Texts.STATES, STATE_CHOICES), theme)
        self._period = self._choice(Texts.PERIOD, _said(Texts.PERIODS, PERIOD_CHOICES), theme)
        self._account = self._choice(Texts.ACCOUNT, [Texts.ANY_ACCOUNT, *(label for label, _ in accounts)], theme)
        self._region = self._choice(Texts.REGION, [Texts.ANY_REGION], theme)
        self._signal = self._choice(Texts.SIGNAL, [Texts.ANY_SIGNAL], theme, width=24)
        for box in (self._region, self._signal):
            box.configure(postcommand=self._fill)
        ttk.Button(self._choices, text=Texts.RESET, command=self.reset)
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
            region=_chosen(self._region, self._regions),
            signal=_chosen(self._signal, self._signals),
            state=max(self._state.current(), 0),
            period=max(self._period.current(), 0),
            day=self._day,
        )

    def reset(self) -> None:
        """Want everything."""
        self._day = None
        for box in (self._severity, self._state, self._period, self._account, self._region, self._signal):
            box.current(0)
            box.selection_clear()
        self._text.set("")
        self._say()

    def limit(self, day: date) -> None:
        """Want one day only; once more the same day lifts that."""
        self._day = None if self._day == day else day
        self._period.set(day.isoformat() if self._day else Texts.PERIODS[None])
        self._say()

    def _choice(self, text: str, values: Sequence[str], theme: Theme, width: int = 15) -> ttk.Combobox:
        box = ttk.Combobox(self._choices, values=list(values), state="readonly", width=width)
        box.current(0)
        box.bind("<<ComboboxSelected>>", lambda _: self._picked(box))
        Tooltip(box, theme, text)
        return box

    def _fill(self) -> None:
        """Offer what is in the history now; what is chosen stays chosen, also if nothing has it any more."""
        region, signal, found = self.filters.region, self.filters.signal, self._facets()
        self._regions = _offered(found.regions, region)
        self._signals = _offered(found.signals, signal)
        _offer(self._region, Texts.ANY_REGION, self._regions, found.regions, region, _place)
        _offer(self._signal, Texts.ANY_SIGNAL, self._signals, found.signals, signal, str)

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


def _said(words: Mapping[T, str], choices: Iterable[T]) -> list[str]:
    return [words[each] for each in choices]


def _offered(counts: Mapping[str, int], chosen: str) -> tuple[str, ...]:
    """Give what there is to choose, the most frequent first."""
    return tuple(sorted({*counts, chosen} - {""}, key=lambda each: (-counts.get(each, 0), each)))


def _offer(
    box: ttk.Combobox,
    every: str,
    offered: Sequence[str],
    counts: Mapping[str, int],
    chosen: str,
    called: Callable[[str], str],
) -> None:
    counted = Texts.COUNTED
    said = [counted.format(text=called(each), count=f"{counts.get(each, 0):,}") for each in offered]
    box.configure(values=[every, *said])
    box.current(offered.index(chosen) + 1 if chosen else 0)
    box.selection_clear()


def _chosen(box: ttk.Combobox, offered: Sequence[str]) -> str:
    place = box.current()
    return offered[place - 1] if place > 0 else ""


def _place(region: str) -> str:
    return Texts.GLOBAL_REGION if region == GLOBAL else spoken(name(region, 24))
