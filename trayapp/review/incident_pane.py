"""The right side of the window: the chosen incident, what can be done with it, and what to do against it."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from trayapp.core.incidents import Decision, Incident
from trayapp.core.policy import Mute
from trayapp.desktop.browser import BrowserFailed
from trayapp.review import keys
from trayapp.review.actions import Actions
from trayapp.review.deciding import Deciding
from trayapp.review.desk import Desk, Message
from trayapp.review.detail import detail
from trayapp.review.detail_pane import DetailPane
from trayapp.review.guard import Guard
from trayapp.review.handing_over import HandingOver
from trayapp.review.respond_page import RespondPage
from trayapp.review.rule_page import RulePage
from trayapp.review.texts import Texts, sentences
from trayapp.review.theme import Theme
from trayapp.review.tooltip import Tooltip

_DETAILS, _RESPOND, _RULE = "details", "respond", "rule"


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
        self._deciding = Deciding(desk, guarded, decided, say)
        self._handing = HandingOver(self, say, complain)
        self._incident: Incident | None = None
        self._messages: list[Message] = []
        self._raw = False
        self._shown = tk.StringVar(self, _DETAILS)
        px = theme.px
        tabs = ttk.Frame(self, padding=(px(10), 0, 0, px(2)))
        self._tab(tabs, Texts.DETAILS, _DETAILS, Texts.TIP_DETAILS, keys.DETAILS_PAGE)
        self._tab(tabs, Texts.WHAT_TO_DO, _RESPOND, Texts.TIP_RESPOND, keys.RESPOND_PAGE)
        self._detail = DetailPane(self, theme)
        self._steps = RespondPage(
            self, theme, tick=self._tick, browse=self._browse, export=self._export, copy=self._copy_support
        )
        self._rule = RulePage(
            self,
            theme,
            rules=desk,
            file=str(desk.paths.settings),
            make=self._make_rule,
            leave=self.back,
            guarded=guarded,
        )
        self._actions = Actions(
            self,
            theme,
            clock=desk.clock,
            open_console=self.open_console,
            mine=lambda note: self._decide(Decision.MINE, Texts.DONE_MINE, note),
            always=self._choose_rule,
            not_mine=self._not_mine,
            snooze=self._snooze,
            seen=lambda: self._decide(Decision.SEEN, Texts.DONE_SEEN),
        )
        self._raw_button = ttk.Button(tabs, command=self._toggle_raw)
        self._raw_button.pack(side="right")
        Tooltip(self._raw_button, theme, Texts.TIP_RAW, keys.RAW.said)
        keys.bind(self, keys.RAW, self._toggle_raw)
        self._copy_button = ttk.Button(tabs, text=Texts.COPY_RAW, command=self._copy_raw)
        Tooltip(self._copy_button, theme, Texts.TIP_COPY)
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
        if not self.responding:
            self._shown.set(_DETAILS)
        self._read(incident_id)
        self._draw(keep=False)
        if incident_id is not None and self._incident is None:
            self._detail.say(Texts.GONE)

    def refresh(self) -> None:
        """Show the same incident as it is now."""
        before, messages = self._incident, self._messages
        if before is not None:
            self._read(before.id)
            if self._incident is None:
                self._draw(keep=False)
                self._detail.say(Texts.GONE)
            elif before != self._incident or messages != self._messages:
                self._draw(keep=True)

    def dress(self) -> None:
        """Draw it in the theme's present colours."""
        self._detail.dress()
        self._steps.dress()
        self._rule.dress()
        self._draw(keep=True)

    def respond(self) -> None:
        """Show what to do if it was not its owner."""
        if self._incident is not None:
            self._shown.set(_RESPOND)
            self._turn()
            self._steps.focus_first()

    def back(self) -> bool:
        """Leave the note, the page of what to do or the rule; tell whether there was anything to leave."""
        if not self._actions.stop_asking():
            if self._shown.get() == _DETAILS:
                return False
            self._shown.set(_DETAILS)
            self._turn()
        # What is no longer seen must not keep the focus: the next key would tick a step, or write into the note.
        self.update_idletasks()  # what is not on the screen yet would get it too late for that
        self._detail.text.focus_set()
        return True

    def open_console(self) -> None:
        """Open the page of the incident in the console."""
        incident = self._incident
        if incident is None:
            return
        url = detail(incident, self._desk.label(incident), self._desk.clock()).url
        if url is None:
            self._say(Texts.NO_LINK)
            return
        before = incident.reviewed
        try:
            self._guarded(lambda: self._desk.open(incident, url))
        except BrowserFailed as error:
            self._complain(str(error))
            return
        now = self._guarded(lambda: self._desk.incident(incident.id))
        if now is not None and now.reviewed != before:
            self._decided(sentences(Texts.DONE_OPEN, Texts.DONE_SEEN))
        else:
            self._say(Texts.DONE_OPEN)

    # ---- drawing

    def _tab(self, parent: tk.Misc, text: str, value: str, tip: str, key: keys.Key) -> None:
        tab = ttk.Radiobutton(
            parent,
            variable=self._shown,
            value=value,
            style="Tab.TRadiobutton",
            command=self._turn,
            **keys.labelled(text, key),
        )
        tab.pack(side="left", padx=(0, self._theme.px(4)))
        Tooltip(tab, self._theme, tip, key.said)
        keys.bind(self, key, lambda: self.respond() if value == _RESPOND else self.back())

    def _turn(self) -> None:
        if self._incident is None:
            self._shown.set(_DETAILS)
        pages = {_DETAILS: self._detail, _RESPOND: self._steps, _RULE: self._rule}
        shown = self._shown.get()
        for page in pages.values():
            if page is not pages[shown]:
                page.grid_remove()
        pages[shown].grid(row=1, column=0, sticky="nsew")
        if shown == _RULE:
            self._actions.grid_remove()
        else:
            self._rule.stop()
            self._actions.grid()
        if shown == _RESPOND:
            self._draw_steps()
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
            self._detail.say(Texts.CHOOSE_ONE)
            self._actions.show(None)
            self._show_raw_buttons()
            return
        clock = self._desk.clock()
        shown = detail(incident, self._desk.label(incident), clock)
        self._detail.show(shown, self._messages, clock, raw=self._raw, keep=keep)
        self._actions.show(shown)
        self._show_raw_buttons()

    def _show_raw_buttons(self) -> None:
        shown = self._raw and self._shown.get() == _DETAILS
        said = Texts.HIDE_RAW if shown else Texts.SHOW_RAW
        self._raw_button.configure(**keys.labelled(said, keys.RAW))
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
        if number is not None and self._deciding.decide(number, decision, note):
            self._shown.set(_DETAILS)
            self._turn()
            self._decided(said)

    def _not_mine(self) -> None:
        number = self.id
        if number is not None:
            kept = self._deciding.decide(number, Decision.NOT_MINE)
            self.respond()
            if kept:
                self._decided(Texts.DONE_NOT_MINE)

    def _choose_rule(self, note: str) -> None:
        if self._incident is not None:
            self._rule.show(self._incident, note)
            self._shown.set(_RULE)
            self._turn()
            self._rule.focus_first()

    def _make_rule(self, rule: Mute, note: str) -> None:
        number = self.id
        if number is not None and self._deciding.make_rule(number, rule, note):
            self._shown.set(_DETAILS)
            self._turn()
            self._decided(Texts.DONE_RULE)

    def _snooze(self, until_tomorrow: bool) -> None:  # noqa: FBT001 - a menu has two entries
        if self.id is not None:
            self._deciding.snooze(self.id, until_tomorrow=until_tomorrow)

    def _toggle_raw(self) -> None:
        if self._incident is None:
            return
        self._raw = self._shown.get() != _DETAILS or not self._raw
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
            self._say(Texts.DONE_OPEN)

    def copy_shown(self) -> str:
        """Copy what is selected of the incident, or else all that is shown of it."""
        if self._incident is not None:
            self._handing.copy(self._detail.content)
        return "break"

    def _copy_raw(self) -> None:
        self._handing.copy("\n".join(message.body for message in self._messages))

    def _support_text(self) -> str | None:
        incident = self._incident
        return None if incident is None else self._guarded(lambda: self._desk.support_text(incident))

    def _copy_support(self) -> None:
        text = self._support_text()
        if text is not None:
            self._handing.copy(text)

    def _export(self) -> None:
        text = self._support_text()
        if text is not None:
            self._handing.save(text, f"incident-{self.id}.txt")
