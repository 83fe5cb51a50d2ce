"""The chosen incident, as a text that can be read, scrolled and copied by keyboard."""

import tkinter as tk
from collections.abc import Sequence
from functools import partial
from tkinter import ttk
from typing import Literal

from trayapp.core.clock import Clock
from trayapp.review.desk import Message
from trayapp.review.detail import Detail
from trayapp.review.difference import Change, readable, told
from trayapp.review.texts import Texts
from trayapp.review.theme import Theme

_MOST_CHANGES = 80
_NAMES_WIDTH = 110
"""Pixels at a scale of 1 for the names before the facts."""


class DetailPane(ttk.Frame):
    """Shows one incident.

    Args:
        parent: The widget around it.
        theme: How things are drawn.
    """

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self.text = tk.Text(self, wrap="word", borderwidth=0, highlightthickness=theme.px(2), width=20, height=5)
        self._bar = ttk.Scrollbar(self, command=self.text.yview)
        self.text.configure(yscrollcommand=self._bar.set, state="disabled", cursor="arrow")
        self.text.grid(row=0, column=0, sticky="nsew")
        self._bar.grid(row=0, column=1, sticky="ns")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self._bind_keys()
        self.dress()

    def dress(self) -> None:
        """Draw it in the theme's present colours and fonts; what it shows has to be shown again."""
        palette, px = self._theme.palette, self._theme.px
        self.text.configure(
            background=palette.ground,
            foreground=palette.text,
            font="SunValleyBodyFont",
            highlightbackground=palette.ground,
            highlightcolor=palette.focus,
            selectbackground=palette.accent,
            selectforeground=palette.on_accent,
            inactiveselectbackground=palette.accent,
            padx=px(14),
            pady=px(10),
            spacing2=px(2),
        )
        names = px(_NAMES_WIDTH)
        tag = self.text.tag_configure
        tag("title", font="SunValleySubtitleFont", spacing3=px(4))
        tag("faint", foreground=palette.faint)
        tag("doubt", foreground=palette.severities[max(palette.severities)], font="SunValleyBodyStrongFont")
        tag("fact", tabs=(names,), lmargin2=names, spacing1=px(4))
        tag("name", foreground=palette.faint)
        tag("section", font="SunValleyBodyStrongFont", spacing1=px(16), spacing3=px(4))
        tag("moment", tabs=(px(84), px(108)), lmargin2=px(108), spacing1=px(4))
        tag("by", lmargin1=px(108), lmargin2=px(108), foreground=palette.faint)
        tag("path", spacing1=px(6))
        tag("old", lmargin1=px(16), lmargin2=px(34), foreground=palette.old)
        tag("new", lmargin1=px(16), lmargin2=px(34), foreground=palette.new)
        tag("raw", font="TkFixedFont", background=palette.raised, lmargin1=px(8), lmargin2=px(8), spacing2=0)
        self.text.tag_raise("sel")

    def say(self, sentence: str) -> None:
        """Show a sentence instead of an incident."""
        self._begin()
        self._put(sentence, "faint")
        self._end(keep=False)

    def show(self, detail: Detail, messages: Sequence[Message] | None, clock: Clock, *, raw: bool, keep: bool) -> None:
        """Show an incident.

        Args:
            detail: The incident.
            messages: The messages behind it.
            clock: The moment.
            raw: Show the messages themselves, too.
            keep: Stay where it is scrolled to.
        """
        self._begin()
        self.text.image_create("end", image=self._theme.mark(detail.severity), padx=self._theme.px(2))
        self._put(f" {detail.title}\n", "title")
        if detail.doubt:
            self._put(f"{detail.doubt}\n", "doubt")
        for fact in detail.facts:
            self._put(f"{fact.name}\t", "fact", "name")
            self._put("{}\n".format(fact.value.replace("\n", "\n\t")), "fact")
        self._moments(detail)
        if messages is not None:
            self._changes(messages)
            if raw:
                self._raw(messages, clock)
        self._end(keep=keep)

    @property
    def content(self) -> str:
        """What is selected, or else everything that is shown, as text."""
        if self.text.tag_ranges("sel"):
            return self.text.get("sel.first", "sel.last")
        return self.text.get("1.0", "end-1c").strip()

    def see_raw(self) -> None:
        """Scroll to the messages."""
        place = self.text.tag_nextrange("raw", "1.0")
        if place:
            self.text.see(f"{place[0]} +12 lines")
            self.text.see(f"{place[0]} -1 lines")

    def _moments(self, detail: Detail) -> None:
        if len(detail.moments) + detail.left_out < 2:  # noqa: PLR2004 - one is told above
            return
        self._put(f"{Texts.TIME_LINE}\n", "section")
        for moment in detail.moments:
            self._put(f"{moment.when}\t", "moment", "name")
            self.text.image_create("end", image=self._theme.mark(moment.severity))
            self._put(f"\t{moment.text}\n", "moment")
            if moment.by:
                self._put(f"{moment.by}\n", "by")
        if detail.left_out:
            self._put(f"\t\t{Texts.AND_MORE.format(count=detail.left_out)}\n", "moment")

    def _changes(self, messages: Sequence[Message]) -> None:
        tellings = [told(message.body) for message in messages]
        changes = list(dict.fromkeys(change for telling in tellings for change in telling.changes))
        asked = list(dict.fromkeys(each for telling in tellings for each in telling.asked))
        if changes:
            self._put(f"{Texts.CHANGES}\n", "section")
            for change in changes[:_MOST_CHANGES]:
                self._change(change)
            self._rest(len(changes))
        if asked:
            self._put(f"{Texts.ASKED}\n", "section")
            for path, value in asked[:_MOST_CHANGES]:
                self._put(f"{path}\n", "path")
                self._put(f"{value}\n", "by")
            self._rest(len(asked))

    def _change(self, change: Change) -> None:
        self._put(f"{change.path}\n", "path")
        self._put(f"− {Texts.NOTHING_BEFORE if change.before is None else change.before}\n", "old")
        self._put(f"+ {Texts.NOTHING_AFTER if change.after is None else change.after}\n", "new")

    def _rest(self, count: int) -> None:
        if count > _MOST_CHANGES:
            self._put(f"{Texts.AND_MORE.format(count=count - _MOST_CHANGES)}\n", "faint")

    def _raw(self, messages: Sequence[Message], clock: Clock) -> None:
        self._put(f"{Texts.RAW}\n", "section")
        if not messages:
            self._put(f"{Texts.NO_RAW}\n", "faint")
        for number, message in enumerate(messages, 1):
            when = clock.moment(message.received)
            head = Texts.RAW_NUMBER.format(number=number, count=len(messages), when=when)
            self._put(f"{head if message.whole else Texts.RAW_CUT.format(head=head)}\n", "faint")
            self._put(f"{readable(message.body)}\n", "raw")

    def _begin(self) -> None:
        self._place = self.text.yview()[0]
        self.text.configure(state="normal")
        self.text.delete("1.0", "end")

    def _put(self, text: str, *tags: str) -> None:
        self.text.insert("end", text, tags)

    def _end(self, *, keep: bool) -> None:
        self.text.configure(state="disabled")
        self.text.yview_moveto(self._place if keep else 0)

    def _bind_keys(self) -> None:
        # A text that cannot be written in does not scroll by keys of itself.
        for key, count in (("<Down>", 2), ("<Up>", -2)):
            self.text.bind(key, partial(self._scroll, count, "units"))
        for key, count in (("<Next>", 1), ("<Prior>", -1), ("<space>", 1)):
            self.text.bind(key, partial(self._scroll, count, "pages"))
        self.text.bind("<Home>", lambda _: self._jump(0))
        self.text.bind("<End>", lambda _: self._jump(1))
        self.text.bind("<Button-1>", lambda _: self.text.focus_set(), add=True)

    def _scroll(self, count: int, what: Literal["units", "pages"], _: object) -> str:
        self.text.yview_scroll(count, what)
        return "break"

    def _jump(self, part: float) -> str:
        self.text.yview_moveto(part)
        return "break"
