"""The list of incidents."""

import tkinter as tk
from bisect import bisect
from collections.abc import Callable
from tkinter import font as tkfont
from tkinter import ttk

from trayapp.core.text import ELLIPSIS
from trayapp.review.listing import Listing
from trayapp.review.rows import Row
from trayapp.review.theme import Theme

_STEP = 100
"""So many rows are added whenever the end comes near."""
_NEAR = 0.85


class ListPane(ttk.Frame):
    """A list that grows while it is scrolled through.

    Args:
        parent: The widget around it.
        theme: How things are drawn.
        chosen: Told the number of the incident that is chosen from now on, or ``None``.
        opened: Told when a row is activated.
    """

    def __init__(
        self, parent: tk.Misc, theme: Theme, chosen: Callable[[int | None], None], opened: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self._theme, self._chosen = theme, chosen
        self._listing: Listing | None = None
        self._said: dict[str, Row] = {}
        self._quiet = False
        self._told: int | None = None
        self._width = 0
        self._font = tkfont.Font(self, name="SunValleyBodyFont", exists=True)
        self._rim = tk.Frame(self, borderwidth=0, highlightthickness=theme.px(2))
        self.tree = ttk.Treeview(self._rim, style="Incidents.Treeview", show="tree", selectmode="browse")
        self.tree.column("#0", stretch=True, minwidth=theme.px(200))
        self._bar = ttk.Scrollbar(self, command=self.tree.yview)
        self.tree.configure(yscrollcommand=self._scrolled)
        self._empty = ttk.Label(self, style="Faint.TLabel", anchor="center", justify="center")
        self.tree.pack(fill="both", expand=True)
        self._rim.grid(row=0, column=0, sticky="nsew")
        self._bar.grid(row=0, column=1, sticky="ns")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.tree.bind("<<TreeviewSelect>>", lambda _: self._select())
        self.tree.bind("<Return>", lambda _: opened())
        self.tree.bind("<Double-1>", lambda _: opened())
        for change in ("<FocusIn>", "<FocusOut>"):
            self.tree.bind(change, lambda _: self.after_idle(self._show_focus))
        self.tree.bind("<Home>", lambda _: self.choose_first())
        self.tree.bind("<Configure>", lambda event: self._fit(event.width))
        self.dress()

    def dress(self) -> None:
        """Draw it in the theme's present colours."""
        self._show_focus()
        self.tree.tag_configure("settled", foreground=self._theme.palette.faint)
        for number, row in self._said.items():
            self.tree.item(number, text=self._text(row), image=self._theme.mark(row.severity))

    def show(self, listing: Listing, empty: str) -> None:
        """Show another list, from its beginning.

        Args:
            listing: The list.
            empty: What is said while it has no rows.
        """
        self._listing = listing
        self._empty.configure(text=empty)
        self._quietly_clear()
        self.refresh()

    def refresh(self) -> None:
        """Show what the list says now; what is chosen and where it is scrolled to stay."""
        listing = self._listing
        if listing is None:
            return
        listing.reach(_STEP)
        rows = listing.rows[: max(len(self._said), _STEP)]
        wanted = {str(row.id): row for row in rows}
        before = self.selected
        gone = [number for number in self._said if number not in wanted]
        self._quiet = True
        if gone:
            self.tree.delete(*gone)
        for position, (number, row) in enumerate(wanted.items()):
            self._put(position, number, row)
        if self.tree.get_children() != tuple(wanted):
            for position, number in enumerate(wanted):
                self.tree.move(number, "", position)
        self._said = wanted
        self._quiet = False
        self._say_if_empty()
        if before is not None and self.selected is None:
            self._tell()

    def choose(self, incident_id: int) -> bool:
        """Choose an incident; tell whether it is in the list."""
        number = str(incident_id)
        if number not in self._said:
            return False
        self.tree.selection_set(number)
        self.tree.focus(number)
        self.tree.see(number)
        # Tk tells of it later; whoever chooses goes on at once.
        self._select()
        return True

    def choose_first(self) -> None:
        """Choose the first one there is."""
        first = next(iter(self.tree.get_children()), None)
        if first is not None:
            self.choose(int(first))

    @property
    def selected(self) -> int | None:
        """The number of the chosen incident."""
        chosen = self.tree.selection()
        return int(chosen[0]) if chosen else None

    def neighbour(self, incident_id: int) -> int | None:
        """Give the incident to choose when one leaves the list: the next, else the one before."""
        numbers = list(self._said)
        if str(incident_id) not in numbers:
            return None
        at = numbers.index(str(incident_id))
        beside = numbers[at + 1 : at + 2] or numbers[max(at - 1, 0) : at]
        return int(beside[0]) if beside else None

    def _put(self, position: int, number: str, row: Row) -> None:
        known = self._said.get(number)
        if known == row:
            return
        text = self._text(row)
        tags = ("settled",) if row.settled else ()
        image = self._theme.mark(row.severity)
        if known is None:
            self.tree.insert("", position, number, text=text, image=image, tags=tags)
        else:
            self.tree.item(number, text=text, image=image, tags=tags)

    def _text(self, row: Row) -> str:
        return f" {self._elided(row.title)}\n {self._elided(row.beside)}"

    def _elided(self, text: str) -> str:
        """Cut a line's end off where the list is too narrow for it."""
        room = self._width - self._theme.px(48)
        if room <= 0 or self._font.measure(text) <= room:
            return text
        fits = bisect(range(len(text)), room, key=lambda count: self._font.measure(text[:count] + ELLIPSIS))
        return text[: max(fits - 1, 0)].rstrip() + ELLIPSIS

    def _fit(self, width: int) -> None:
        if width != self._width:
            self._width = width
            for number, row in self._said.items():
                self.tree.item(number, text=self._text(row))

    def _show_focus(self) -> None:
        palette = self._theme.palette
        here = self.focus_get() == self.tree
        rim = palette.focus if here else palette.ground
        self._rim.configure(highlightbackground=rim, highlightcolor=rim, background=palette.ground)

    def _quietly_clear(self) -> None:
        self._quiet = True
        self.tree.delete(*self.tree.get_children())
        self._said = {}
        self._quiet = False

    def _select(self) -> None:
        if not self._quiet and self.selected != self._told:
            self._tell()

    def _tell(self) -> None:
        self._told = self.selected
        self._chosen(self._told)

    def _scrolled(self, first: float, last: float) -> None:
        self._bar.set(first, last)
        if float(last) > _NEAR:
            self.after_idle(self._grow)

    def _grow(self) -> None:
        listing, shown = self._listing, len(self._said)
        if listing is None or float(self.tree.yview()[1]) <= _NEAR:
            return
        listing.reach(shown + _STEP)
        for position, row in enumerate(listing.rows[shown : shown + _STEP], shown):
            number = str(row.id)
            self._put(position, number, row)
            self._said[number] = row

    def _say_if_empty(self) -> None:
        if self._said:
            self._empty.place_forget()
        else:
            self._empty.place(relx=0.5, rely=0.35, anchor="center", relwidth=0.8)
