"""The right side of the window: the chosen incident, what can be done with it, and what to do against it."""

import tkinter as tk
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tkinter import ttk
from typing import Protocol, TypeVar

from trayapp.core.incidents import Decision, Incident
from trayapp.desktop.browser import BrowserFailed
from trayapp.review import keys, texts
from trayapp.review.actions import Actions
from trayapp.review.desk import Desk, Message
from trayapp.review.detail import detail
from trayapp.review.detail_pane import DetailPane
from trayapp.review.filters import next_morning
from trayapp.review.respond_page import RespondPage
from trayapp.review.theme import Theme
from trayapp.review.tooltip import Tooltip

T = TypeVar("T")
_HOUR = timedelta(hours=1)
_DETAILS, _RESPOND = "details", "respond"


class Guard(Protocol):
    """Does what needs the disk, and says so where it does not do its part; then it gives ``None``."""

    def __call__(self, call: Callable[[], T], /) -> T | None:
        """Do it."""


class IncidentPane(ttk.Frame):
    """Shows one incident and lets its owner decide about it.

    Args:
        parent: The widget around it.
        theme: How things are drawn.
        desk: What it is about.
        guarded: Does what needs the disk.
        decided: Told what was decided, in a sentence.
        say: Told what else was done.
        complain: Told what went wrong.
    """

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        desk: Desk,
        *,
        guarded: Guard,
        decided: Callable[[str], None],
        say: Callable[[str], None],
        complain: Callable[[str], None],
    ) -> None:
        super().__init__(parent)
        self._theme, self._desk, self._guarded = theme, desk, guarded
        self._decided, self._say, self._complain = decided, say, complain
        self._incident: Incident | None = None
        self._messages: list[Message] = []
        self._raw = False
        self._shown = tk.StringVar(self, _DETAILS)
        px = theme.px
        tabs = ttk.Frame(self, padding=(px(10), 0, 0, px(2)))
        self._tab(tabs, texts.DETAILS, _DETAILS, texts.TIP_DETAILS, keys.DETAILS_PAGE)
        self._tab(tabs, texts.WHAT_TO_DO, _RESPOND, texts.TIP_RESPOND, keys.RESPOND_PAGE)
        self._detail = DetailPane(self, theme)
        self._steps = RespondPage(
            self, theme, tick=self._tick, browse=self._browse, export=self._export, copy=self._copy_support
        )
        self._actions = Actions(
            self,
            theme,
            clock=desk.clock,
            open_console=self.open_console,
            mine=lambda note: self._decide(Decision.MINE, texts.DONE_MINE, note),
            not_mine=self._not_mine,
            snooze=self._snooze,
            seen=lambda: self._decide(Decision.SEEN, texts.DONE_SEEN),
        )
        self._raw_button = ttk.Button(tabs, command=self._toggle_raw)
        self._raw_button.pack(side="right")
        Tooltip(self._raw_button, theme, texts.TIP_RAW, keys.RAW.said)
        keys.bind(self, keys.RAW, self._toggle_raw)
        self._copy_button = ttk.Button(tabs, text=texts.COPY_RAW, command=self._copy_raw)
        Tooltip(self._copy_button, theme, texts.TIP_COPY)
        tabs.grid(row=0, column=0, sticky="ew")
        self._actions.grid(row=2, column=0, sticky="ew", padx=px(12), pady=(px(6), 0))
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        keys.bind(self, keys.EXPORT, lambda: self._export() if self.responding else None)
        self._detail.text.bind(keys.COPY.sequence, lambda _: self.copy_shown())
        self._turn()

    @property
    def id(self) -> int | None:
        """The number of the incident."""
        return None if self._incident is None else self._incident.id

    @property
    def responding(self) -> bool:
        """Whether the page of what to do is shown."""
        return self._shown.get() == _RESPOND

    def show(self, incident_id: int | None) -> None:
        """Show an incident, or that none is chosen."""
        if incident_id == self.id and incident_id is not None:
            self.refresh()
            return
        self._raw = False
        if incident_id is None or not self.responding:
            self._shown.set(_DETAILS)
        self._read(incident_id)
        self._draw(keep=False)
        if incident_id is not None and self._incident is None:
            self._detail.say(texts.GONE)

    def refresh(self) -> None:
        """Show the same incident as it is now."""
        before, messages = self._incident, self._messages
        if before is not None:
            self._read(before.id)
            if self._incident is None:
                self._draw(keep=False)
                self._detail.say(texts.GONE)
            elif before != self._incident or messages != self._messages:
                self._draw(keep=True)

    def dress(self) -> None:
        """Draw it in the theme's present colours."""
        self._detail.dress()
        self._steps.dress()
        self._draw(keep=True)

    def respond(self) -> None:
        """Show what to do if it was not its owner."""
        if self._incident is not None:
            self._shown.set(_RESPOND)
            self._turn()
            self._steps.focus_first()

    def back(self) -> bool:
        """Leave the note or the page of what to do; tell whether there was anything to leave."""
        if self._actions.stop_asking():
            return True
        if self.responding:
            self._shown.set(_DETAILS)
            self._turn()
            return True
        return False

    def open_console(self) -> None:
        """Open the page of the incident in the console."""
        incident = self._incident
        if incident is None:
            return
        url = detail(incident, self._desk.label(incident), self._desk.clock()).url
        if url is None:
            self._say(texts.NO_LINK)
            return
        before = incident.reviewed
        try:
            self._guarded(lambda: self._desk.open(incident, url))
        except BrowserFailed as error:
            self._complain(str(error))
            return
        now = self._guarded(lambda: self._desk.incident(incident.id))
        if now is not None and now.reviewed != before:
            self._decided(f"{texts.DONE_OPEN} {texts.DONE_SEEN}")
        else:
            self._say(texts.DONE_OPEN)

    # ---- drawing

    def _tab(self, parent: tk.Misc, text: str, value: str, tip: str, key: keys.Key) -> None:
        tab = ttk.Radiobutton(
            parent,
            text=text,
            variable=self._shown,
            value=value,
            style="Tab.TRadiobutton",
            command=self._turn,
            underline=keys.underlined(text, key),
        )
        tab.pack(side="left", padx=(0, self._theme.px(4)))
        Tooltip(tab, self._theme, tip, key.said)
        keys.bind(self, key, lambda: self.respond() if value == _RESPOND else self.back())

    def _turn(self) -> None:
        if self.responding and self._incident is not None:
            self._detail.grid_remove()
            self._steps.grid(row=1, column=0, sticky="nsew")
            self._draw_steps()
        else:
            self._shown.set(_DETAILS)
            self._steps.grid_remove()
            self._detail.grid(row=1, column=0, sticky="nsew")
        self._show_raw_buttons()

    def _read(self, incident_id: int | None) -> None:
        self._incident, self._messages = None, []
        if incident_id is not None:
            self._incident = self._guarded(lambda: self._desk.incident(incident_id))
            self._messages = self._guarded(lambda: self._desk.messages(incident_id)) or []

    def _draw(self, *, keep: bool) -> None:
        incident = self._incident
        self._turn()
        if incident is None:
            self._detail.say(texts.CHOOSE_ONE)
            self._actions.show(None)
            self._show_raw_buttons()
            return
        clock = self._desk.clock()
        shown = detail(incident, self._desk.label(incident), clock)
        self._detail.show(shown, self._messages, clock, raw=self._raw, keep=keep)
        self._actions.show(shown)
        self._show_raw_buttons()

    def _show_raw_buttons(self) -> None:
        shown = self._raw and not self.responding
        said = texts.HIDE_RAW if shown else texts.SHOW_RAW
        self._raw_button.configure(text=said, underline=keys.underlined(said, keys.RAW))
        self._raw_button.state(["disabled" if self._incident is None else "!disabled"])
        if shown and self._messages:
            self._copy_button.pack(side="right", padx=(0, self._theme.px(6)))
        else:
            self._copy_button.pack_forget()

    def _draw_steps(self) -> None:
        incident = self._incident
        if incident is not None:
            steps = self._guarded(lambda: self._desk.steps(incident))
            self._steps.show(steps or (), self._guarded(lambda: self._desk.ticked(incident)) or frozenset())

    # ---- doing

    def _decide(self, decision: Decision, said: str, note: str = "") -> None:
        number = self.id
        if number is not None and self._guarded(lambda: self._desk.decide([number], decision, note)) is not None:
            self._shown.set(_DETAILS)
            self._turn()
            self._decided(said)

    def _not_mine(self) -> None:
        number = self.id
        if number is not None:
            done = self._guarded(lambda: self._desk.decide([number], Decision.NOT_MINE))
            self.respond()
            if done is not None:
                self._decided(texts.DONE_NOT_MINE)

    def _snooze(self, until_tomorrow: bool) -> None:  # noqa: FBT001 - a menu has two entries
        number, clock = self.id, self._desk.clock()
        until = next_morning(clock) if until_tomorrow else clock.now + _HOUR
        if number is not None:
            snoozed = self._guarded(lambda: self._desk.snooze(number, until))
            if snoozed:
                self._decided(texts.DONE_SNOOZE.format(when=clock.moment(until)))
            elif snoozed is not None:
                self._say(texts.NOT_SNOOZED)

    def _toggle_raw(self) -> None:
        if self._incident is None:
            return
        self._raw = self.responding or not self._raw
        self._shown.set(_DETAILS)
        self._draw(keep=True)
        if self._raw:
            self._detail.see_raw()
            self._detail.text.focus_set()

    def _tick(self, step: str, done: bool) -> None:  # noqa: FBT001 - what a box says
        incident = self._incident
        if incident is not None:
            self._guarded(lambda: self._desk.tick(incident, step, done=done))

    def _browse(self, url: str) -> None:
        try:
            self._desk.browse(url)
        except BrowserFailed as error:
            self._complain(str(error))
        else:
            self._say(texts.DONE_OPEN)

    def copy_shown(self) -> str:
        """Copy what is selected of the incident, or else all that is shown of it."""
        if self._incident is not None:
            self._copy(self._detail.content)
        return "break"

    def _copy_raw(self) -> None:
        self._copy("\n".join(message.body for message in self._messages))

    def _copy(self, text: str) -> None:
        self.clipboard_clear()
        self.clipboard_append(text)
        self._say(texts.DONE_COPY)

    def _support_text(self) -> str | None:
        incident = self._incident
        return None if incident is None else self._guarded(lambda: self._desk.support_text(incident))

    def _copy_support(self) -> None:
        text = self._support_text()
        if text is not None:
            self._copy(text)

    def _export(self) -> None:
        from tkinter import filedialog  # noqa: PLC0415 - few need it, and starting is quicker without

        text = self._support_text()
        if text is None:
            return
        place = filedialog.asksaveasfilename(
            parent=self, initialfile=texts.EXPORT_NAME.format(number=self.id), defaultextension=".txt"
        )
        if place:
            try:
                Path(place).write_text(text, encoding="utf-8")
            except OSError as error:
                self._complain(str(error))
            else:
                self._say(texts.EXPORTED.format(place=place))
