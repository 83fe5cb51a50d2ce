"""The picture of the days: how many incidents there were on each, by how heavy they are.

Each severity has a pattern beside its colour: critical is solid, high has stripes, medium has dots, low is an outline.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Literal

from trayapp.core.clock import weekday
from trayapp.core.history import Day
from trayapp.core.language import listed
from trayapp.core.severity import Severity
from trayapp.review.texts import Texts
from trayapp.review.theme import Theme
from trayapp.review.tooltip import Tooltip

_HEIGHT = 118
_ORDER = sorted(Severity, reverse=True)


class DayChart(tk.Canvas):
    """A bar for each day; a click, or the arrow keys and Enter, choose one.

    Args:
        parent: The widget around it.
        theme: How things are drawn.
        chosen: Told the day that its owner wants to see.
        pointed: Told what is said of the day that is pointed at; an empty text for none.
    """

    def __init__(
        self, parent: tk.Misc, theme: Theme, chosen: Callable[[date], None], pointed: Callable[[str], None]
    ) -> None:
        super().__init__(
            parent, height=theme.px(_HEIGHT), borderwidth=0, highlightthickness=theme.px(2), takefocus=True
        )
        self._theme, self._chosen, self._pointed = theme, chosen, pointed
        self._days: Sequence[Day] = ()
        self._at: int | None = None
        self._filtered: date | None = None
        self.bind("<Configure>", lambda _: self._draw())
        self.bind("<Motion>", lambda event: self._point(self._day_at(event.x)))
        self.bind("<Leave>", lambda _: self._point(None))
        self.bind("<Button-1>", self._click)
        self.bind("<FocusIn>", lambda _: self._point(len(self._days) - 1 if self._at is None else self._at))
        self.bind("<FocusOut>", lambda _: self._point(None))
        for key, step in (("<Left>", -1), ("<Right>", 1), ("<Prior>", -7), ("<Next>", 7)):
            self.bind(key, partial(self._step, step))
        self.bind("<Return>", lambda _: self._choose())
        Tooltip(self, theme, Texts.CHART_HINT)
        self.dress()

    def dress(self) -> None:
        """Draw it in the theme's present colours."""
        palette = self._theme.palette
        self.configure(background=palette.ground, highlightbackground=palette.ground, highlightcolor=palette.focus)
        self._draw()

    def show(self, days: Sequence[Day], filtered: date | None) -> None:
        """Show these days.

        Args:
            days: The earliest first, without gaps.
            filtered: The one day that the list is limited to.
        """
        if days == self._days and filtered == self._filtered:
            return
        self._days, self._filtered = days, filtered
        self._at = None if self._at is None else min(self._at, len(days) - 1)
        self._draw()

    def _draw(self) -> None:
        self.delete("all")
        width = self.winfo_width()
        if not self._days or width < self._theme.px(100):
            return
        theme, palette, px = self._theme, self._theme.palette, self._theme.px
        left, right, top, bottom = self._area()
        most = max(1, *(day.total for day in self._days))
        self.create_line(left, bottom, right, bottom, fill=palette.line)
        font = "SunValleyCaptionFont"
        self.create_text(left - px(6), top, anchor="e", text=f"{most:,}", fill=palette.faint, font=font)
        self.create_text(left - px(6), bottom, anchor="e", text="0", fill=palette.faint, font=font)
        for index, day in enumerate(self._days):
            self._bar(index, day, (bottom - top) / most)
        for index in sorted({0, len(self._days) // 2, len(self._days) - 1}):
            start, end = self._span(index)
            anchor, place = _anchored(index, len(self._days), start, end)
            said = f"{self._days[index].date:%m-%d}"
            self.create_text(place, bottom + px(4), anchor=anchor, text=said, fill=palette.faint, font=font)
        self._legend(left, theme)

    def _bar(self, index: int, day: Day, unit: float) -> None:
        palette, px = self._theme.palette, self._theme.px
        _, _, top, bottom = self._area()
        start, end = self._span(index)
        if day.date == self._filtered or index == self._at:
            fill = palette.chosen if day.date == self._filtered else palette.raised
            self.create_rectangle(start - 1, top - px(4), end + 1, bottom, fill=fill, width=0)
        gap = min(px(2), (end - start) / 5)
        foot = float(bottom)
        for severity in _ORDER:
            count = day.counts.get(severity, 0)
            if count:
                # One is visible however many others there are.
                height = max(count * unit, px(3))
                self._fill(start + gap, foot - height, end - gap, foot, severity)
                foot -= height
        if index == self._at:
            self.create_line(start, bottom + 1, end, bottom + 1, fill=palette.focus, width=px(3))

    def _fill(self, left: float, top: float, right: float, bottom: float, severity: Severity) -> None:
        palette, px = self._theme.palette, self._theme.px
        colour = palette.severities[severity]
        if severity is Severity.LOW:
            self.create_rectangle(left, top, right - 1, bottom, outline=colour, fill=palette.ground)
            return
        self.create_rectangle(left, top, right, bottom, fill=colour, width=0)
        step = px(5)
        if severity is Severity.HIGH:
            y = bottom - step / 2
            while y > top + 1:
                self.create_line(left, y, right, y, fill=palette.ground, width=px(1.4))
                y -= step
        elif severity is Severity.MEDIUM:
            x = left + step / 2
            while x < right - 1:
                self.create_line(x, top, x, bottom, fill=palette.ground, width=px(1.2), dash=(px(2), px(2)))
                x += step

    def _legend(self, left: int, theme: Theme) -> None:
        px, palette = theme.px, theme.palette
        place = float(left)
        title = self.create_text(
            place, px(4), anchor="nw", text=Texts.CHART, fill=palette.text, font="SunValleyBodyStrongFont"
        )
        place = self.bbox(title)[2] + px(18)
        middle = (self.bbox(title)[1] + self.bbox(title)[3]) / 2
        for severity in _ORDER:
            self._fill(place, middle - px(5), place + px(14), middle + px(6), severity)
            said = self.create_text(
                place + px(19),
                middle,
                anchor="w",
                text=Texts.SEVERITIES[severity],
                fill=palette.faint,
                font="SunValleyCaptionFont",
            )
            place = self.bbox(said)[2] + px(14)

    def _area(self) -> tuple[int, int, int, int]:
        px = self._theme.px
        return px(44), self.winfo_width() - px(16), px(36), self.winfo_height() - px(24)

    def _span(self, index: int) -> tuple[float, float]:
        left, right, _, _ = self._area()
        wide = (right - left) / max(len(self._days), 1)
        return left + index * wide, left + (index + 1) * wide

    def _day_at(self, x: int) -> int | None:
        left, right, _, _ = self._area()
        if not self._days or not left <= x < right:
            return None
        return int((x - left) * len(self._days) / (right - left))

    def _point(self, index: int | None) -> None:
        if index != self._at:
            self._at = index if self._days else None
            self._draw()
            self._pointed("" if self._at is None else self._sentence(self._days[self._at]))

    def _sentence(self, day: Day) -> str:
        says = Texts.CHART_COUNTS
        counts = [says[each].format(count=day.counts[each]) for each in _ORDER if day.counts.get(each)]
        return Texts.CHART_DAY.format(
            weekday=weekday(day.date), date=day.date, counts=listed(counts) or Texts.CHART_NONE
        )

    def _step(self, step: int, _: object) -> str:
        if self._days:
            at = len(self._days) - 1 if self._at is None else self._at + step
            self._point(min(max(at, 0), len(self._days) - 1))
        return "break"

    def _click(self, event: "tk.Event[tk.Canvas]") -> None:
        self.focus_set()
        self._point(self._day_at(event.x))
        self._choose()

    def _choose(self) -> None:
        if self._at is not None:
            self._chosen(self._days[self._at].date)


def _anchored(index: int, count: int, start: float, end: float) -> tuple[Literal["nw", "n", "ne"], float]:
    """Place the name of a day below its bar, the first and the last within the picture."""
    if index == 0:
        return "nw", start
    return ("ne", end) if index == count - 1 else ("n", (start + end) / 2)
