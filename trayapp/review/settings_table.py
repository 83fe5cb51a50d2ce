"""A short list with columns, in which one row is chosen."""

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import font as tkfont
from tkinter import ttk
from typing import Any

from trayapp.core.severity import Severity
from trayapp.review.theme import Theme

_STYLE = "Table.Treeview"

Cells = tuple[str, ...]


class Table(ttk.Frame):
    """A list with columns.

    Args:
        parent: The widget around it.
        theme: How things are drawn.
        columns: The heads of the columns and their widths, in pixels at a scale of 1; the first takes all that is left.
        height: So many rows are seen at once.
        chosen: Told whenever another row is chosen.
    """

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        columns: Sequence[tuple[str, int]],
        height: int,
        chosen: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self._theme, self._chosen = theme, chosen
        self._rim = tk.Frame(self, borderwidth=0, highlightthickness=theme.px(2))
        names = [f"column{number}" for number in range(1, len(columns))]
        self.tree = ttk.Treeview(
            self._rim, style=_STYLE, show="tree headings", selectmode="browse", columns=names, height=height
        )
        for name, (head, width) in zip(["#0", *names], columns, strict=True):
            self.tree.heading(name, text=head, anchor="w")
            self.tree.column(name, width=theme.px(width), stretch=name == "#0", minwidth=theme.px(60))
        bar = ttk.Scrollbar(self, command=self.tree.yview)
        self.tree.configure(yscrollcommand=bar.set)
        self.tree.pack(fill="both", expand=True)
        self._rim.grid(row=0, column=0, sticky="nsew")
        bar.grid(row=0, column=1, sticky="ns")
        self.columnconfigure(0, weight=1)
        self.tree.bind("<<TreeviewSelect>>", lambda _: chosen())
        self.tree.bind("<FocusIn>", lambda _: self._enter(), add=True)
        self.tree.bind("<FocusOut>", lambda _: self._show_focus(here=False), add=True)
        self.dress()

    def dress(self) -> None:
        """Draw it in the theme's present colours."""
        style, px = ttk.Style(self), self._theme.px
        body = tkfont.Font(self, name="SunValleyBodyFont", exists=True)
        style.configure(_STYLE, rowheight=body.metrics("linespace") + px(10), indent=0)
        parts: Any = [("Treeitem.image", {"side": "left", "sticky": ""}), ("Treeitem.text", {"side": "left"})]
        style.layout(f"{_STYLE}.Item", [("Treeitem.padding", {"sticky": "nsew", "children": parts})])
        style.configure(f"{_STYLE}.Item", padding=(px(4), 0, 0, 0))
        style.configure(f"{_STYLE}.Heading", font="SunValleyBodyStrongFont")
        self._show_focus(here=self.focus_get() is self.tree)

    @property
    def selected(self) -> str | None:
        """The row that is chosen."""
        chosen = self.tree.selection()
        return chosen[0] if chosen else None

    def show(self, rows: Sequence[tuple[str, Cells, Severity | None]]) -> None:
        """Show rows; the same one stays chosen, or else one at the same place.

        Args:
            rows: Of each its name, its cells, and the severity whose picture it bears.
        """
        chosen, known = self.selected, self.tree.get_children()
        place = known.index(chosen) if chosen in known else 0
        for name in known:
            self.tree.delete(name)
        for name, (first, *others), severity in rows:
            image = self._theme.mark(severity) if severity is not None else ""
            self.tree.insert("", "end", iid=name, text=f"  {first}" if severity else first, values=others, image=image)
        names = [name for name, _, _ in rows]
        if chosen is not None and names:
            self.choose(chosen if chosen in names else names[min(place, len(names) - 1)])

    def choose(self, name: str) -> None:
        """Choose a row."""
        self.tree.selection_set(name)
        self.tree.focus(name)
        self.tree.see(name)
        self._chosen()  # Tk tells it later, and keys that come quickly would find nothing chosen

    def _enter(self) -> None:
        """Whoever comes by the keyboard sees where he is."""
        self._show_focus(here=True)
        rows = self.tree.get_children()
        if self.selected is None and rows:
            self.choose(rows[0])

    def _show_focus(self, *, here: bool) -> None:
        palette = self._theme.palette
        colour = palette.focus if here else palette.line
        self._rim.configure(
            background=palette.ground,
            highlightbackground=colour,
            highlightcolor=colour,
            highlightthickness=self._theme.px(2 if here else 1),
        )
