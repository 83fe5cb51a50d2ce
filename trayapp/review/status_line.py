"""The line at the foot of the window: what was just done, what went wrong, and how much was found."""

import tkinter as tk
from tkinter import ttk

from trayapp.core.severity import Severity
from trayapp.review.texts import Texts
from trayapp.review.theme import Theme
from trayapp.review.wrapping import Paragraph


class StatusLine(ttk.Frame):
    """One line of words; of more, where the window is too narrow for them.

    Args:
        parent: The widget around it.
        theme: How things are drawn.
    """

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        px = theme.px
        super().__init__(parent, padding=(px(12), px(4), px(12), px(8)))
        self._theme = theme
        self._said = Paragraph(self)
        self._found = ttk.Label(self, text="", style="Faint.TLabel")
        self._found.pack(side="right", padx=(px(16), 0))
        self._said.pack(side="left", fill="x", expand=True)
        self.bind("<Configure>", lambda _: self._fit())

    def say(self, sentence: str) -> None:
        """Say what was done."""
        self._show(sentence, self._theme.palette.text)

    def complain(self, sentence: str) -> None:
        """Say what went wrong."""
        self._show(sentence, self._theme.palette.severities[Severity.CRITICAL])

    def found(self, count: int | None) -> None:
        """Say how many incidents were found; ``None`` says nothing of it."""
        self._found.configure(text="" if count is None else Texts.FOUND(count))
        self._fit()

    def _show(self, sentence: str, colour: str) -> None:
        self._said.configure(foreground=colour)
        self._said.say(sentence)

    def _fit(self) -> None:
        self._said.fit(max(self.winfo_width() - self._found.winfo_reqwidth() - self._theme.px(44), self._theme.px(160)))
