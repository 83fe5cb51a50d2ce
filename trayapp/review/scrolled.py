"""Widgets one below the other, which are scrolled through where there is no room for all."""

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk

from trayapp.review.theme import Theme

_TAG = "Scrolled"


class Scrolled(ttk.Frame):
    """A frame with more inside than can be seen; what gets the focus is scrolled to.

    Args:
        parent: The widget around it.
        theme: How things are drawn.
        fitted: Told the width in pixels that there is for what stands inside.

    Attributes:
        inner: What stands inside belongs to it.
    """

    def __init__(self, parent: tk.Misc, theme: Theme, fitted: Callable[[int], None]) -> None:
        super().__init__(parent)
        self._theme, self._fitted = theme, fitted
        self._canvas = tk.Canvas(self, borderwidth=0, highlightthickness=0, width=10, height=10)
        self._bar = ttk.Scrollbar(self, command=self._canvas.yview)
        self._canvas.configure(yscrollcommand=self._bar.set, yscrollincrement=theme.px(20))
        self.inner = ttk.Frame(self._canvas)
        self._window = self._canvas.create_window(0, 0, anchor="nw", window=self.inner)
        self._canvas.grid(row=0, column=0, sticky="nsew")
        self._bar.grid(row=0, column=1, sticky="ns")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self._canvas.bind("<Configure>", lambda _: self.fit())
        self.inner.bind("<Configure>", lambda _: self._canvas.configure(scrollregion=self._canvas.bbox("all")))
        for wheel, units in (("<Button-4>", -2), ("<Button-5>", 2)):
            self.bind_class(self._tag, wheel, partial(self._roll, units))
        self.bind_class(self._tag, "<MouseWheel>", self._wheel)
        self.dress()

    def dress(self) -> None:
        """Draw it in the theme's present colours."""
        self._canvas.configure(background=self._theme.palette.ground)

    def fit(self) -> None:
        """Give what stands inside its width."""
        width = self._canvas.winfo_width()
        self._canvas.itemconfigure(self._window, width=width)
        self._fitted(width)

    def to_top(self) -> None:
        """Show the beginning."""
        self._canvas.yview_moveto(0)

    def reveal(self, first: tk.Misc, last: tk.Misc) -> None:
        """Scroll so that everything from one widget to another can be seen, at least its beginning."""
        origin = self.inner.winfo_rooty()
        top, bottom = first.winfo_rooty() - origin, last.winfo_rooty() - origin + last.winfo_height()
        height = max(self.inner.winfo_height(), 1)
        above, below = self._canvas.yview()
        if top < above * height:
            self._canvas.yview_moveto(top / height)
        elif bottom > below * height:
            self._canvas.yview_moveto(min(top, bottom - self._canvas.winfo_height()) / height)

    def take(self, *parts: tk.Misc) -> None:
        """Let the wheel scroll while the pointer rests on some widgets."""
        for part in parts:
            part.bindtags((*part.bindtags(), self._tag))

    @property
    def _tag(self) -> str:
        return f"{_TAG}{self}"

    def _roll(self, units: int, _: object) -> None:
        self._canvas.yview_scroll(units, "units")

    def _wheel(self, event: "tk.Event[tk.Misc]") -> None:
        self._canvas.yview_scroll(-1 if event.delta > 0 else 1, "units")
