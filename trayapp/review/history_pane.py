"""What stands above the list on the page of the history: the search, the filters and the picture of the days."""

import tkinter as tk
from collections.abc import Callable
from datetime import date, timedelta
from tkinter import ttk

from trayapp.core.history import Facets, Wanted
from trayapp.review.day_chart import DayChart
from trayapp.review.desk import Desk
from trayapp.review.filter_bar import FilterBar
from trayapp.review.filters import Filters, start_of
from trayapp.review.guard import Guard
from trayapp.review.theme import Theme

_DAYS = 60
"""So many days are in the picture: two bars of a finger's width each week on the smallest window."""

_LEAST_HEIGHT = 520
"""Pixels at a scale of 1."""


class HistoryPane(ttk.Frame):
    """Says what of the history is wanted.

    Args:
        parent: The widget around it.
        theme: How things are drawn.
        desk: What it is about.
        guarded: Does what needs the disk.
        changed: Called when something else is wanted.
        say: Told what is said of a day that is pointed at.
    """

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        desk: Desk,
        *,
        guarded: Guard,
        changed: Callable[[], None],
        say: Callable[[str], None],
    ) -> None:
        super().__init__(parent)
        self._desk, self._changed = desk, changed
        self._filters = Filters()
        self.bar = FilterBar(self, theme, desk.accounts(), lambda: guarded(desk.facets) or Facets(), self._want)
        self.chart = DayChart(self, theme, self.bar.limit, say)
        self.bar.pack(fill="x")
        self._gap, self._least = theme.px(8), theme.px(_LEAST_HEIGHT)
        self.chart.pack(fill="x", pady=(self._gap, 0))

    def wanted(self) -> Wanted:
        """Give what the store is asked for."""
        return self._filters.wanted(self._desk.clock())

    def count(self) -> int:
        """Give how many incidents are wanted."""
        return self._desk.count(self.wanted())

    def focus_search(self) -> None:
        """Give the focus to the search field, all of it selected."""
        self.update_idletasks()  # what is not on the screen yet cannot have the focus
        self.bar.search.focus_set()
        self.bar.search.selection_range(0, "end")

    def refresh(self) -> None:
        """Draw the days as they are now."""
        clock = self._desk.clock()
        tomorrow: date = clock.localise(clock.now).date() + timedelta(days=1)
        until = start_of(tomorrow, clock)
        days = self._desk.days(start_of(tomorrow - timedelta(days=_DAYS), clock), until)
        self.chart.show(tuple(days), self._filters.day)

    def fit(self, height: int) -> None:
        """Show the picture of the days only where a window of that height has room for it beside the list."""
        if height < self._least:
            self.chart.pack_forget()
        elif not self.chart.winfo_manager():
            self.chart.pack(fill="x", pady=(self._gap, 0))

    def dress(self) -> None:
        """Draw it in the theme's present colours."""
        self.chart.dress()

    def _want(self, filters: Filters) -> None:
        if filters != self._filters:
            self._filters = filters
            self._changed()
