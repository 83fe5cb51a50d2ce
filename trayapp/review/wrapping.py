"""Breaking text into lines also where its language has no spaces: Tk breaks at spaces alone."""

import tkinter as tk
from collections.abc import Callable
from functools import cache
from tkinter import font as tkfont
from tkinter import ttk

from trayapp.core.lines import lines_of
from trayapp.core.text import width


def wrapped(text: str, room: int, measure: Callable[[str], int]) -> str:
    """Break a text into lines.

    Args:
        text: Where it has lines already, these stay apart.
        room: Pixels that a line may take.
        measure: Gives the pixels that a text takes.

    Returns:
        The text with its new lines.
    """
    measured = cache(measure)
    return "\n".join(line for paragraph in text.split("\n") for line in lines_of(paragraph, room, measured))


class Paragraph(ttk.Label):
    """A label of several lines.

    Args:
        parent: The widget around it.
        text: What it says.
        style: How it is drawn.
    """

    def __init__(self, parent: tk.Misc, text: str = "", style: str = "TLabel") -> None:
        super().__init__(parent, style=style)
        self._said, self._room = text, 0
        # The font may be another one then.
        self.bind("<<ThemeChanged>>", lambda _: self._break())
        self._break()

    def say(self, text: str) -> None:
        """Say something else."""
        self._said = text
        self._break()

    def fit(self, room: int) -> None:
        """Take no more pixels than that in width."""
        self._room = room
        self._break()

    def _break(self) -> None:
        if not self._room or width(self._said) == len(self._said):
            self.configure(text=self._said, wraplength=self._room)
            return
        named = ttk.Style(self).lookup(str(self.cget("style")), "font")
        font = tkfont.Font(self, name=str(named), exists=True)
        self.configure(text=wrapped(self._said, self._room, font.measure), wraplength=0)
