"""A form that scrolls: sections of lines, each with a title, what is edited, and what is to be said of it."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Any

from trayapp.core.severity import Severity
from trayapp.review.scrolled import Scrolled
from trayapp.review.theme import Theme
from trayapp.review.wrapping import Paragraph

BOX = "Form.TCheckbutton"
"""The style of a box to tick with a text."""
_STILL = "Still"
_TITLES = 170
"""Pixels at a scale of 1 for the titles of the lines."""


class Line:
    """One line of a form.

    Attributes:
        holder: What is edited stands in here.
    """

    def __init__(self, form: "Form", title: str, says: str) -> None:
        inner, px, row = form.inner, form.theme.px, form.next_row(3)
        self._form = form
        self._title = ttk.Label(inner, text=title)
        self.holder = ttk.Frame(inner)
        self._said = Paragraph(inner, says, "Faint.TLabel")
        self._wrong = Paragraph(inner, style="Wrong.TLabel")
        self._title.grid(row=row, column=0, sticky="nw", padx=(0, px(12)), pady=(px(6), 0))
        self.holder.grid(row=row, column=1, sticky="ew", pady=(0, 0 if says else px(8)))
        self._wrong.grid(row=row + 1, column=1, sticky="ew")
        self._wrong.grid_remove()
        if says:
            self._said.grid(row=row + 2, column=1, sticky="ew", pady=(px(1), px(12)))
        self.holder.columnconfigure(0, weight=1)
        form.wrap(self._said, self._wrong)

    def watch(self, control: tk.Widget) -> None:
        """Bring the line into sight whenever a control of it gets the focus, and let the wheel scroll the form."""
        last = self._said if self._said.winfo_manager() else self.holder
        self._form.follow(control, self._title, last)
        self._form.roll(control)

    def complain(self, sentence: str) -> None:
        """Say what is wrong, beside what is edited."""
        self._wrong.say(sentence)
        self._wrong.grid()

    def content(self) -> None:
        """Have nothing to complain of."""
        self._wrong.grid_remove()


class Form(ttk.Frame):
    """A form that is scrolled through.

    Args:
        parent: The widget around it.
        theme: How things are drawn.

    Attributes:
        theme: As given.
        inner: Sections and lines stand in here.
    """

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        super().__init__(parent)
        self.theme = theme
        self._row = 0
        self._wrapped: list[Paragraph] = []
        self._wide: list[Paragraph] = []
        px = theme.px
        self._scrolled = Scrolled(self, theme, self._fit)
        self._scrolled.pack(fill="both", expand=True)
        self.inner = self._scrolled.inner
        self.inner.configure(padding=(px(4), 0, px(12), px(16)))
        self.inner.columnconfigure(0, minsize=px(_TITLES))
        self.inner.columnconfigure(1, weight=1)
        for wheel in ("<Button-4>", "<Button-5>", "<MouseWheel>"):
            self.bind_class(_STILL, wheel, lambda _: "break")
        self.dress()

    def dress(self) -> None:
        """Draw it in the theme's present colours."""
        self._scrolled.dress()
        style, px = ttk.Style(self), self.theme.px
        style.configure("Wrong.TLabel", foreground=self.theme.palette.severities[Severity.CRITICAL])
        # sv-ttk's own box leaves no room for a larger picture, and hardly shows the focus; the theme's has no text.
        ring: Any = {"side": "left", "sticky": "nsew", "children": [("Checkbutton.label", {"sticky": "nsew"})]}
        parts: Any = [("Step.indicator", {"side": "left"}), (f"{BOX}.focus", ring)]
        if f"{BOX}.focus" not in style.element_names():
            style.element_create(f"{BOX}.focus", "from", "clam", "Checkbutton.focus")
        style.layout(BOX, [("Checkbutton.padding", {"sticky": "nsew", "children": parts})])
        style.configure(BOX, focusthickness=px(2), focuscolor=self.theme.palette.text)

    def section(self, title: str, says: str = "") -> None:
        """Begin a section."""
        px = self.theme.px
        head = ttk.Label(self.inner, text=title, style="Title.TLabel")
        row = self.next_row(2)
        head.grid(row=row, column=0, columnspan=2, sticky="w", pady=(px(16) if row else px(4), px(4)))
        if says:
            said = Paragraph(self.inner, says, "Faint.TLabel")
            said.grid(row=row + 1, column=0, columnspan=2, sticky="ew", pady=(0, px(8)))
            self._wide.append(said)

    def line(self, title: str, says: str = "") -> Line:
        """Add a line."""
        return Line(self, title, says)

    def fact(self, title: str, text: str) -> None:
        """Add a line that is only read."""
        line = self.line(title)
        first = Paragraph(line.holder, text, "Faint.TLabel")
        first.configure(padding=(0, self.theme.px(6), 0, 0))
        first.grid(row=0, column=0, sticky="ew")
        self.wrap(first)

    def block(self, make: Callable[[tk.Misc], tk.Widget]) -> tk.Widget:
        """Add something as wide as the form."""
        block = make(self.inner)
        block.grid(row=self.next_row(1), column=0, columnspan=2, sticky="ew", pady=(0, self.theme.px(8)))
        return block

    def follow(self, control: tk.Widget, first: tk.Widget, last: tk.Widget) -> None:
        """Bring a part of the form into sight whenever a control gets the focus."""
        control.bind("<FocusIn>", lambda _: self._scrolled.reveal(first, last), add=True)

    def roll(self, control: tk.Widget) -> None:
        """Let the wheel scroll the form over a control, and do nothing else there: rolling past is no choice."""
        self._scrolled.take(control)
        *tags, scrolling = control.bindtags()
        control.bindtags((scrolling, _STILL, *tags))

    def clear(self, begin: int) -> None:
        """Take out everything from a row on."""
        for child in self.inner.grid_slaves():
            if int(child.grid_info()["row"]) >= begin:
                child.destroy()
        self._wrapped = [label for label in self._wrapped if label.winfo_exists()]
        self._wide = [label for label in self._wide if label.winfo_exists()]
        self._row = begin

    @property
    def end(self) -> int:
        """The row in which the next line will be."""
        return self._row

    def next_row(self, rows: int) -> int:
        """Take rows for a line; give the first of them."""
        self._row += rows
        return self._row - rows

    def wrap(self, *labels: Paragraph) -> None:
        """Keep the texts of labels as narrow as the form is."""
        self._wrapped += labels

    def fit(self) -> None:
        """Fit what has been added to the form's width."""
        self._scrolled.fit()

    def _fit(self, width: int) -> None:
        px = self.theme.px
        for label in self._wrapped:
            label.fit(max(width - px(_TITLES + 36), px(160)))
        for label in self._wide:
            label.fit(max(width - px(24), px(160)))
