"""The review window: what stands where, and what follows from what."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import TYPE_CHECKING, TypeVar

from trayapp.core.history import Wanted
from trayapp.review import keys
from trayapp.review.desk import Desk
from trayapp.review.history_pane import HistoryPane
from trayapp.review.incident_pane import IncidentPane
from trayapp.review.list_pane import ListPane
from trayapp.review.listing import Listing
from trayapp.review.live import Changes
from trayapp.review.looks import Looks
from trayapp.review.only_one import Page, Wish
from trayapp.review.rows import Row, row
from trayapp.review.settings_texts import SettingsTexts
from trayapp.review.sizes import Remembered
from trayapp.review.status_line import StatusLine
from trayapp.review.texts import TITLE, Texts, sentences
from trayapp.review.theme import Theme
from trayapp.review.tooltip import Tooltip
from trayapp.settings import Settings, SettingsError
from trayapp.store import StoreError

if TYPE_CHECKING:
    from trayapp.review.settings_page import SettingsPage

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
        self._settings: SettingsPage | None = None
        px = theme.px
        root.title(TITLE)
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
        self._review_tab = self._tab(head, Texts.TO_REVIEW, Page.LIST, Texts.TIP_REVIEW_PAGE, keys.REVIEW_PAGE)
        self._tab(head, Texts.HISTORY, Page.HISTORY, Texts.TIP_HISTORY_PAGE, keys.HISTORY_PAGE)
        settings_tip = SettingsTexts.TIP_SETTINGS_PAGE
        self._tab(head, SettingsTexts.SETTINGS, Page.SETTINGS, settings_tip, keys.SETTINGS_PAGE)
        self._all = self._button(head, Texts.ALL_SEEN, keys.ALL_SEEN, Texts.TIP_ALL_SEEN, self.all_seen)
        self._undo = self._button(head, Texts.UNDO, keys.UNDO, Texts.TIP_UNDO, self.undo)
        self._status = StatusLine(root, theme)
        self._history = HistoryPane(root, theme, self._desk, guarded=self._guarded, changed=self._load, say=self._say)
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
        button = ttk.Button(parent, command=action, **keys.labelled(text, key))
        button.pack(side="right", padx=(self._theme.px(6), 0))
        Tooltip(button, self._theme, tip, key.said)
        return button

    def _bind(self) -> None:
        root = self._root
        keys.bind(root, keys.SEARCH, self.search)
        keys.bind(root, keys.ALL_SEEN, self.all_seen)
        self._list.tree.bind(keys.COPY.sequence, lambda _: self._incident.copy_shown())
        keys.bind(root, keys.UNDO, self._undo_by_key)
        keys.bind(root, keys.BACK, self._back)
        root.bind("<Configure>", lambda event: self._history.fit(event.height) if event.widget is root else None)
        root.bind("<Map>", lambda event: self._watch() if event.widget is root else None)
        root.bind("<Unmap>", lambda event: self._rest() if event.widget is root else None)

    # ---- what is shown

    def show(self, wish: Wish) -> None:
        """Show a page, and an incident on it; the page of what waits falls back to the history for what does not."""
        page = wish.page if wish.page in (Page.HISTORY, Page.SETTINGS) else Page.LIST
        self._page.set(page.value)
        self._turn()
        if page is Page.SETTINGS:
            return
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
        if self._settings is not None:
            self._settings.dress()

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
        if self._on_settings:
            self._turn_to_settings()
            return
        if self._settings is not None:
            self._settings.grid_remove()
            self._body.grid()
            self._incident.show(self._list.selected)
        if self._page.get() == Page.HISTORY.value:
            px = self._theme.px
            self._history.grid(row=1, column=0, sticky="ew", padx=px(10), pady=(0, px(6)))
        else:
            self._history.grid_remove()
        self._load()
        self._list.choose_first()
        self._list.tree.focus_set()

    @property
    def _on_settings(self) -> bool:
        return self._page.get() == Page.SETTINGS.value

    def _turn_to_settings(self) -> None:
        if self._settings is None:
            # Not at the top: few need it, and starting is quicker without.
            from trayapp.review.settings_page import SettingsPage  # noqa: PLC0415 - see above

            self._settings = SettingsPage(
                self._root,
                self._theme,
                self._desk.paths,
                say=self._say,
                complain=self._status.complain,
                changed=self._follow_settings,
            )
            px = self._theme.px
            self._settings.grid(row=2, column=0, sticky="nsew", padx=(px(10), px(4)))
            self._load()
        # Nobody decides about what he does not see.
        self._incident.show(None)
        self._count()
        self._history.grid_remove()
        self._body.grid_remove()
        self._settings.grid()
        self._settings.reread()
        self._settings.focus_first()

    def _follow_settings(self, settings: Settings) -> None:
        self._desk.follow(settings)
        self._refresh()

    def _load(self) -> None:
        """Read the chosen page's list from its beginning."""
        if self._page.get() == Page.HISTORY.value:
            wanted = self._history.wanted()
            empty = Texts.NOTHING_FOUND if wanted != Wanted() else Texts.NOTHING_YET
            listing = self._guarded(lambda: Listing(lambda after: self._rows(wanted, after), paged=True))
        else:
            empty = Texts.NOTHING_TO_REVIEW
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
        title = Texts.TO_REVIEW_COUNT.format(count=waiting) if waiting else Texts.TO_REVIEW
        self._review_tab.configure(text=title)
        self._all.state(["!disabled" if waiting and not self._on_settings else "disabled"])
        if self._page.get() == Page.HISTORY.value:
            self._guarded(self._history.refresh)
            self._status.found(self._guarded(self._history.count) or 0)
        else:
            self._status.found(None)

    def _open(self) -> None:
        self._incident.open_console()

    def _choose(self, incident_id: int | None) -> None:
        self._incident.show(None if self._on_settings else incident_id)

    def _back(self) -> None:
        if not self._on_settings and not self._incident.back():
            self._list.tree.focus_set()

    # ---- what is decided

    def all_seen(self) -> None:
        """Mark everything that waits as reviewed, but for what was said to be somebody else's, and what is put off."""
        if self._on_settings:
            return
        done = self._guarded(self._desk.review_all)
        if done is not None:
            left = [Texts.LEFT(done.left)] if done.left else []
            if done.marked:
                self._decided(sentences(Texts.DONE_ALL(len(done.marked)), *left))
            elif left:
                self._say(*left)

    def undo(self) -> None:
        """Take back what was decided last in this window, else the last decision about the chosen incident.

        On the page of the settings, what was changed there last.
        """
        if self._settings is not None and self._on_settings:
            self._settings.undo()
            return
        undone = self._guarded(lambda: self._desk.undo_last(self._incident.id))
        if undone is None:
            return
        if undone.rule is not None:
            self._say(Texts.DONE_UNDO_RULE)
        else:
            self._say(Texts.DONE_UNDO if undone.incidents else Texts.NOTHING_TO_UNDO)
        if undone.incidents:
            self._refresh()
            self._list.choose(undone.incidents[0])
            self._incident.refresh()

    def _undo_by_key(self) -> None:
        # Whoever is writing means what he writes; the page of the settings knows that by itself.
        if self._on_settings or not isinstance(self._root.focus_get(), ttk.Entry):
            self.undo()

    def _decided(self, said: str) -> None:
        """Follow what was decided about the chosen incident: where it has left the list, the next is chosen."""
        before = self._incident.id
        beside = self._list.neighbour(before) if before is not None else None
        self._refresh()
        left = before is not None and self._list.selected is None and not self._incident.responding
        if left and (beside is None or not self._list.choose(beside)):
            self._list.choose_first()
        self._say(sentences(said, Texts.UNDO_HINT.format(key=keys.UNDO.said)))
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
        if self._settings is not None and self._on_settings:
            self._settings.reread()
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
        except (StoreError, SettingsError) as error:
            self._status.complain(str(error))
            return None
