"""The review window: what stands where, and what follows from what."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import TypeVar

from trayapp.core.history import Wanted
from trayapp.review import keys, texts
from trayapp.review.desk import Desk
from trayapp.review.history_pane import HistoryPane
from trayapp.review.incident_pane import IncidentPane
from trayapp.review.list_pane import ListPane
from trayapp.review.listing import Listing
from trayapp.review.live import Changes
from trayapp.review.looks import Looks
from trayapp.review.only_one import Page, Wish
from trayapp.review.rows import Row, row
from trayapp.review.sizes import Remembered
from trayapp.review.status_line import StatusLine
from trayapp.review.theme import Theme
from trayapp.review.tooltip import Tooltip
from trayapp.store import StoreError

T = TypeVar("T")

_LOOK_MS = 500
"""How often it is looked for changes, while the window can be seen."""
_MOST_LIST = 0.45
"""The list takes no more of the window's width at first."""
_TELL_MS = 20_000
"""How often "4 min ago" is said anew, while the window can be seen."""


class ReviewWindow:
    """The window's content and behaviour.

    Args:
        root: The window, withdrawn.
        theme: How things are drawn.
        desk: What it is about.
        before: What the last window left.
    """

    def __init__(self, root: tk.Toplevel, theme: Theme, desk: Desk, before: Remembered) -> None:
        self._root, self._theme, self._desk, self._before = root, theme, desk, before
        self._page = tk.StringVar(root, Page.LIST.value)
        self._timers: list[str] = []
        self._changes = Changes(desk.file)
        px = theme.px
        root.title(texts.TITLE)
        root.minsize(px(640), px(420))
        wide = min(px(before.width), root.winfo_screenwidth() - px(40))
        root.geometry(f"{wide}x{min(px(before.height), root.winfo_screenheight() - px(60))}")
        self._build()
        self._bind()
        root.configure(background=theme.palette.ground)

    # ---- what stands where

    def _build(self) -> None:
        root, theme, px = self._root, self._theme, self._theme.px
        head = ttk.Frame(root, padding=(px(10), px(8), px(10), px(4)))
        self._review_tab = self._tab(head, texts.TO_REVIEW, Page.LIST, texts.TIP_REVIEW_PAGE, keys.REVIEW_PAGE)
        self._tab(head, texts.HISTORY, Page.HISTORY, texts.TIP_HISTORY_PAGE, keys.HISTORY_PAGE)
        self._all = self._button(head, texts.ALL_SEEN, keys.ALL_SEEN, texts.TIP_ALL_SEEN, self.all_seen)
        self._undo = self._button(head, texts.UNDO, keys.UNDO, texts.TIP_UNDO, self.undo)
        self._status = StatusLine(root, theme)
        self._history = HistoryPane(root, theme, self._desk, self._load, self._say)
        self._body = ttk.Panedwindow(root, orient="horizontal")
        self._list = ListPane(self._body, theme, self._choose, self._open)
        self._incident = IncidentPane(
            self._body,
            theme,
            self._desk,
            guarded=self._guarded,
            decided=self._decided,
            say=self._say,
            complain=self._status.complain,
        )
        self._body.add(self._list, weight=2)
        self._body.add(self._incident, weight=3)
        head.grid(row=0, column=0, sticky="ew")
        self._body.grid(row=2, column=0, sticky="nsew", padx=(px(10), px(4)))
        self._status.grid(row=3, column=0, sticky="ew")
        root.columnconfigure(0, weight=1)
        root.rowconfigure(2, weight=1)

    def _tab(self, parent: tk.Misc, text: str, page: Page, tip: str, key: keys.Key) -> ttk.Radiobutton:
        tab = ttk.Radiobutton(
            parent, text=text, variable=self._page, value=page.value, style="Tab.TRadiobutton", command=self._turn
        )
        tab.pack(side="left", padx=(0, self._theme.px(4)))
        Tooltip(tab, self._theme, tip, key.said)
        keys.bind(self._root, key, lambda: self.show(Wish(page)))
        return tab

    def _button(self, parent: tk.Misc, text: str, key: keys.Key, tip: str, action: Callable[[], None]) -> ttk.Button:
        button = ttk.Button(parent, text=text, command=action, underline=keys.underlined(text, key))
        button.pack(side="right", padx=(self._theme.px(6), 0))
        Tooltip(button, self._theme, tip, key.said)
        return button

    def _bind(self) -> None:
        root = self._root
        keys.bind(root, keys.SEARCH, self.search)
        keys.bind(root, keys.ALL_SEEN, self.all_seen)
        self._list.tree.bind(keys.COPY.sequence, lambda _: self._incident.copy_shown())
        # Whoever is writing means what he writes.
        keys.bind(root, keys.UNDO, lambda: None if isinstance(root.focus_get(), ttk.Entry) else self.undo())
        keys.bind(root, keys.BACK, self._back)
        root.bind("<Configure>", lambda event: self._history.fit(event.height) if event.widget is root else None)
        root.bind("<Map>", lambda event: self._watch() if event.widget is root else None)
        root.bind("<Unmap>", lambda event: self._rest() if event.widget is root else None)

    # ---- what is shown

    def show(self, wish: Wish) -> None:
        """Show a page, and an incident on it; the page of what waits falls back to the history for what does not."""
        page = Page.HISTORY if wish.page is Page.HISTORY else Page.LIST
        self._page.set(page.value)
        self._turn()
        if wish.alert and not self._list.choose(wish.alert):
            if page is Page.LIST and self._guarded(lambda: self._desk.incident(wish.alert)) is not None:
                self._page.set(Page.HISTORY.value)
                self._turn()
                self._list.choose(wish.alert)
            self._incident.show(wish.alert)
        if wish.page is Page.RESPOND:
            self._incident.respond()
        else:
            self._list.tree.focus_set()

    def search(self) -> None:
        """Go to the search field of the history."""
        if self._page.get() != Page.HISTORY.value:
            self.show(Wish(Page.HISTORY))
        self._history.focus_search()

    def restyle(self) -> None:
        """Draw everything in the theme's present colours."""
        self._root.configure(background=self._theme.palette.ground)
        self._list.dress()
        self._history.dress()
        self._incident.dress()

    def remembered(self, looks: Looks) -> Remembered:
        """Give what the next window should know of this one."""
        scale = self._theme.scale
        return Remembered(
            width=round(self._root.winfo_width() / scale),
            height=round(self._root.winfo_height() / scale),
            list_width=round(self._list.winfo_width() / scale),
            dark=looks.dark,
            family=looks.family,
            points=looks.points,
        )

    def place_sash(self) -> None:
        """Divide the window as the last one was; only once it has its size."""
        most = round(self._root.winfo_width() * _MOST_LIST)
        self._root.tk.call(self._body, "sashpos", 0, min(self._theme.px(self._before.list_width), most))

    def close(self) -> None:
        """Stop all that goes on."""
        self._rest()
        self._changes.close()

    def _turn(self) -> None:
        """Show the page that is chosen."""
        if self._page.get() == Page.HISTORY.value:
            px = self._theme.px
            self._history.grid(row=1, column=0, sticky="ew", padx=px(10), pady=(0, px(6)))
        else:
            self._history.grid_remove()
        self._load()
        self._list.choose_first()
        self._list.tree.focus_set()

    def _load(self) -> None:
        """Read the chosen page's list from its beginning."""
        if self._page.get() == Page.HISTORY.value:
            wanted = self._history.wanted()
            empty = texts.NOTHING_FOUND if wanted != Wanted() else texts.NOTHING_YET
            listing = self._guarded(lambda: Listing(lambda after: self._rows(wanted, after), paged=True))
        else:
            empty = texts.NOTHING_TO_REVIEW
            listing = self._guarded(lambda: Listing(lambda _: self._waiting(), paged=False))
        if listing is not None:
            chosen = self._list.selected
            self._list.show(listing, empty)
            if chosen is None or not self._list.choose(chosen):
                self._list.choose_first()
            self._listing = listing
        self._count()

    def _rows(self, wanted: Wanted, after: int | None) -> list[Row]:
        clock = self._desk.clock()
        return [row(incident, self._desk.label(incident), clock) for incident in self._desk.page(wanted, after)]

    def _waiting(self) -> list[Row]:
        clock = self._desk.clock()
        return [row(incident, self._desk.label(incident), clock) for incident in self._desk.to_review()]

    def _refresh(self) -> None:
        """Bring everything up to date where it stands."""

        def read() -> None:
            self._listing.reload()
            self._list.refresh()

        self._guarded(read)
        self._incident.refresh()
        self._count()

    def _count(self) -> None:
        waiting = self._guarded(self._desk.waiting) or 0
        title = texts.TO_REVIEW_COUNT.format(count=waiting) if waiting else texts.TO_REVIEW
        self._review_tab.configure(text=title)
        self._all.state(["!disabled" if waiting else "disabled"])
        if self._page.get() == Page.HISTORY.value:
            self._guarded(self._history.refresh)
            self._status.found(self._guarded(self._history.count) or 0)
        else:
            self._status.found(None)

    def _open(self) -> None:
        self._incident.open_console()

    def _choose(self, incident_id: int | None) -> None:
        self._incident.show(incident_id)

    def _back(self) -> None:
        if not self._incident.back():
            self._list.tree.focus_set()

    # ---- what is decided

    def all_seen(self) -> None:
        """Mark everything that waits as reviewed."""
        done = self._guarded(self._desk.decide_all)
        if done is not None:
            said = texts.DONE_ALL_ONE if len(done) == 1 else texts.DONE_ALL.format(count=len(done))
            self._decided(said)

    def undo(self) -> None:
        """Take back what was decided last in this window, else the last decision about the chosen incident."""
        undone = self._guarded(lambda: self._desk.undo_last(self._incident.id))
        if undone is None:
            return
        self._say(texts.DONE_UNDO if undone else texts.NOTHING_TO_UNDO)
        if undone:
            self._refresh()
            self._list.choose(undone[0])
            self._incident.refresh()

    def _decided(self, said: str) -> None:
        """Follow what was decided about the chosen incident: where it has left the list, the next is chosen."""
        before = self._incident.id
        beside = self._list.neighbour(before) if before is not None else None
        self._refresh()
        left = before is not None and self._list.selected is None and not self._incident.responding
        if left and (beside is None or not self._list.choose(beside)):
            self._list.choose_first()
        self._say(f"{said} {texts.UNDO_HINT.format(key=keys.UNDO.said)}")
        if not self._incident.responding:
            self._list.tree.focus_set()

    # ---- what goes on by itself

    def _watch(self) -> None:
        self._rest()
        self._timers = [self._root.after(_LOOK_MS, self._look), self._root.after(_TELL_MS, self._retell)]
        if self._changes.happened():
            self._root.after_idle(self._refresh)

    def _rest(self) -> None:
        for timer in self._timers:
            self._root.after_cancel(timer)
        self._timers = []

    def _look(self) -> None:
        if self._changes.happened():
            self._refresh()
        self._timers[0] = self._root.after(_LOOK_MS, self._look)

    def _retell(self) -> None:
        self._refresh()
        self._timers[1] = self._root.after(_TELL_MS, self._retell)

    # ---- what goes wrong

    def _say(self, sentence: str) -> None:
        self._status.say(sentence)

    def _guarded(self, call: Callable[[], T]) -> T | None:
        """Do what needs the disk, and say so where it does not do its part."""
        try:
            return call()
        except StoreError as error:
            self._status.complain(str(error))
            return None
