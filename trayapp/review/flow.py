"""Controls in a line that breaks where it is too narrow."""

import tkinter as tk
from tkinter import ttk


class Flow(ttk.Frame):
    """Lays its children out as words in a paragraph, in the order in which they were made.

    Args:
        parent: The widget around it.
        gap: Pixels between two controls.
        style: How what lies between them is drawn.
    """

    def __init__(self, parent: tk.Misc, gap: int, style: str = "TFrame") -> None:
        super().__init__(parent, style=style)
        self._gap = gap
        self._laid = 0
        self.bind("<Configure>", lambda event: self.lay(event.width))
        # Another font makes the controls wider or narrower, which they find out after they are told of it.
        self.bind("<<ThemeChanged>>", lambda _: self.after_idle(self.lay))

    def lay(self, width: int = 0) -> None:
        """Place the children anew, in so many pixels; without a number in those that there are."""
        width = width or self._laid or self.winfo_reqwidth()
        self._laid = width
        rows: list[list[tk.Widget]] = [[]]
        left = 0
        for child in self.winfo_children():
            if not isinstance(child, tk.Widget):
                continue  # a tooltip
            wide = child.winfo_reqwidth()
            if left and left + wide > width:
                rows.append([])
                left = 0
            rows[-1].append(child)
            left += wide + self._gap
        top = 0
        for row in rows:
            top = self._lay_row(row, top) + self._gap
        height = max(top - self._gap, 1)
        if self.winfo_reqheight() != height:
            self.configure(height=height)

    def _lay_row(self, row: list[tk.Widget], top: int) -> int:
        """Place a row's children, one middle for all; give where it ends."""
        tallest = max((child.winfo_reqheight() for child in row), default=0)
        left = 0
        for child in row:
            wide, high = child.winfo_reqwidth(), child.winfo_reqheight()
            child.place(x=left, y=top + (tallest - high) // 2, width=wide, height=high)
            left += wide + self._gap
        return top + tallest
