"""Giving what is shown to other programs: the clipboard, and a file for AWS Support."""

import tkinter as tk
from collections.abc import Callable
from pathlib import Path

from trayapp.review.texts import Texts


class HandingOver:
    """Copies and saves texts.

    Args:
        window: A widget of the window.
        say: Told what was done.
        complain: Told what went wrong.
    """

    def __init__(self, window: tk.Misc, say: Callable[[str], None], complain: Callable[[str], None]) -> None:
        self._window, self._say, self._complain = window, say, complain

    def copy(self, text: str) -> None:
        """Put a text into the clipboard."""
        self._window.clipboard_clear()
        self._window.clipboard_append(text)
        self._say(Texts.DONE_COPY)

    def save(self, text: str, suggested: str) -> None:
        """Save a text where its owner says.

        Args:
            text: The text.
            suggested: The file's name unless he gives another.
        """
        from tkinter import filedialog  # noqa: PLC0415 - few need it, and starting is quicker without

        place = filedialog.asksaveasfilename(parent=self._window, initialfile=suggested, defaultextension=".txt")
        if not place:
            return
        try:
            Path(place).write_text(text, encoding="utf-8")
        except OSError as error:
            self._complain(str(error))
        else:
            self._say(Texts.EXPORTED.format(place=place))
