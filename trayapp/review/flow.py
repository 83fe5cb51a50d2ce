"""Controls in a line that breaks where it is too narrow."""

import tkinter as tk
from tkinter import ttk


class Flow(ttk.Frame):
    """Lays its children out as words in a paragraph, in the order in which they were made.

    Args:
        parent: The widget around it.
        gap: Pixels between two controls.
    """

    def __init__(self, parent: tk.Misc, gap: int) -> None:
        super().__init__(parent)
        self._gap = gap
        self._laid = 0
        self.bind("<Configure>", lambda event: self.lay(event.width))

    def lay(self, width: int = 0) -> None:
        """Place the children anew, in so many pixels; without a number in those that there are."""
        width = width or self._laid or self.winfo_reqwidth()
        self._laid = width
        left = top = tallest = 0
        for child in self.winfo_children():
            if not isinstance(child, tk.Widget):
                continue  # a tooltip
            wide, high = child.winfo_reqwidth(), child.winfo_reqheight()
            if left and left + wide > width:
                left, top = 0, top + tallest + self._gap
                tallest = 0
            child.place(x=left, y=top, width=wide, height=high)
            left, tallest = left + wide + self._gap, max(tallest, high)
        height = max(top + tallest, 1)
        if self.winfo_reqheight() != height:
            self.configure(height=height)
