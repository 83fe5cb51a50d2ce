"""What a control does and which key does the same, shown while the pointer rests on it."""

import tkinter as tk
from tkinter import ttk

from trayapp.review.theme import Theme

_REST_MS = 500


class Tooltip:
    """A tooltip of one control.

    Args:
        control: What it belongs to.
        theme: How things are drawn.
        text: What it says.
        key: The key that does the same, as it is written; may be empty.
    """

    def __init__(self, control: tk.Misc, theme: Theme, text: str, key: str = "") -> None:
        self._control, self._theme = control, theme
        self._text = f"{text}  ({key})" if key else text
        self._waiting = ""
        self._shown: tk.Toplevel | None = None
        control.bind("<Enter>", self._wait, add=True)
        for end in ("<Leave>", "<ButtonPress>", "<KeyPress>", "<Destroy>"):
            control.bind(end, self._hide, add=True)

    def _wait(self, _: object) -> None:
        self._hide()
        self._waiting = self._control.after(_REST_MS, self._show)

    def _show(self) -> None:
        self._waiting = ""
        theme, control = self._theme, self._control
        palette = theme.palette
        self._shown = shown = tk.Toplevel(control, background=palette.line)
        shown.wm_overrideredirect(boolean=True)
        label = ttk.Label(
            shown,
            text=self._text,
            background=palette.raised,
            foreground=palette.text,
            padding=(theme.px(8), theme.px(4)),
        )
        label.pack(padx=1, pady=1)
        left = min(control.winfo_rootx(), control.winfo_screenwidth() - label.winfo_reqwidth() - theme.px(8))
        below = control.winfo_rooty() + control.winfo_height() + theme.px(4)
        if below + label.winfo_reqheight() > control.winfo_screenheight():
            below = control.winfo_rooty() - label.winfo_reqheight() - theme.px(6)
        shown.wm_geometry(f"+{max(left, 0)}+{below}")

    def _hide(self, _: object = None) -> None:
        if self._waiting:
            self._control.after_cancel(self._waiting)
            self._waiting = ""
        if self._shown is not None:
            self._shown.destroy()
            self._shown = None
