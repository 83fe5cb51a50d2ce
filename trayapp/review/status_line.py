"""The line at the foot of the window: what was just done, what went wrong, and how much was found."""

import tkinter as tk
from tkinter import ttk

from trayapp.core.severity import Severity
from trayapp.review import texts
from trayapp.review.theme import Theme


class StatusLine(ttk.Frame):
    """One line of words.

    Args:
        parent: The widget around it.
        theme: How things are drawn.
    """

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        px = theme.px
        super().__init__(parent, padding=(px(12), px(4), px(12), px(8)))
        self._theme = theme
        self._said = ttk.Label(self, text="")
        self._found = ttk.Label(self, text="", style="Faint.TLabel")
        self._found.pack(side="right", padx=(px(16), 0))
        self._said.pack(side="left", fill="x", expand=True)

    def say(self, sentence: str) -> None:
        """Say what was done."""
        self._said.configure(text=sentence, foreground=self._theme.palette.text)

    def complain(self, sentence: str) -> None:
        """Say what went wrong."""
        self._said.configure(text=sentence, foreground=self._theme.palette.severities[Severity.CRITICAL])

    def found(self, count: int | None) -> None:
        """Say how many incidents were found; ``None`` says nothing of it."""
        said = "" if count is None else texts.FOUND_ONE if count == 1 else texts.FOUND.format(count=count)
        self._found.configure(text=said)
