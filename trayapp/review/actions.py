"""The buttons below the chosen incident, and the line for a note."""

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk

from trayapp.core.clock import Clock
from trayapp.review import keys
from trayapp.review.detail import Detail
from trayapp.review.filters import next_morning
from trayapp.review.flow import Flow
from trayapp.review.texts import Texts
from trayapp.review.theme import Theme
from trayapp.review.tooltip import Tooltip

Do = Callable[[], None]


class Actions(ttk.Frame):
    """What can be done with the chosen incident.

    Args:
        parent: The widget around it.
        theme: How things are drawn.
        clock: Gives the moment.
        open_console: Opens the page of the incident.
        mine: Told the note: that was its owner.
        always: Told the note: that was its owner, and always will be.
        not_mine: That was not its owner.
        snooze: Told for how long: ``True`` until tomorrow, else an hour.
        seen: It is dealt with.
    """

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        *,
        clock: Callable[[], Clock],
        open_console: Do,
        mine: Callable[[str], None],
        always: Callable[[str], None],
        not_mine: Do,
        snooze: Callable[[bool], None],
        seen: Do,
    ) -> None:
        super().__init__(parent)
        self._theme, self._clock, self._mine, self._always = theme, clock, mine, always
        self._doing = {
            keys.OPEN: open_console,
            keys.MINE: self.ask_note,
            keys.ALWAYS: self._say_always,
            keys.NOT_MINE: not_mine,
            keys.SEEN: seen,
            keys.SNOOZE: self._post_menu,
        }
        px = theme.px
        self._row = Flow(self, px(8))
        self._row.grid(row=1, column=0, sticky="ew")
        self.columnconfigure(0, weight=1)
        self._open = self._button(Texts.OPEN, keys.OPEN, Texts.TIP_OPEN, style="Accent.TButton")
        self._button(Texts.MINE, keys.MINE, Texts.TIP_MINE)
        self._button(Texts.NOT_MINE, keys.NOT_MINE, Texts.TIP_NOT_MINE)
        self._menu = tk.Menu(self, tearoff=False)
        self._snooze = self._button(Texts.SNOOZE, keys.SNOOZE, Texts.TIP_SNOOZE)
        self._menu.configure(postcommand=lambda: self._fill_menu(snooze))
        self._button(Texts.SEEN, keys.SEEN, Texts.TIP_SEEN)
        self._note = tk.StringVar(self)
        self._asking = ttk.Frame(self, style="Bar.TFrame", padding=px(8))
        ttk.Label(self._asking, text=Texts.NOTE_ASKED, style="Bar.TLabel").grid(row=0, column=0, padx=(0, px(8)))
        self._entry = ttk.Entry(self._asking, textvariable=self._note)
        self._entry.grid(row=0, column=1, sticky="ew")
        answers = Flow(self._asking, px(8), style="Bar.TFrame")
        answers.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(px(8), 0))
        ttk.Button(answers, text=Texts.MINE, style="Accent.TButton", command=self._say_mine)
        self._button(Texts.ALWAYS, keys.ALWAYS, Texts.TIP_ALWAYS, parent=answers)
        ttk.Button(answers, text=Texts.CANCEL, command=self.stop_asking)
        self._asking.columnconfigure(1, weight=1)
        self._entry.bind("<Return>", lambda _: self._say_mine())
        for key, action in self._doing.items():
            keys.bind(parent, key, partial(self._do, action))
        self._about: int | None = None

    def show(self, detail: Detail | None) -> None:
        """Fit what can be done to an incident, or to none."""
        about = None if detail is None else detail.id
        if about != self._about:
            self.stop_asking()
        self._about = about
        state = "!disabled" if detail is not None else "disabled"
        for control in self._row.winfo_children():
            if isinstance(control, ttk.Widget):
                control.state([state])
        if detail is not None and detail.url is None:
            self._open.state(["disabled"])
        self._row.lay()

    def ask_note(self) -> None:
        """Show the line for a note."""
        self._asking.grid(row=0, column=0, sticky="ew", pady=(0, self._theme.px(8)))
        # What is not on the screen yet gets the focus later, and the first letters would go elsewhere.
        self.update_idletasks()
        self._entry.focus_set()

    def stop_asking(self) -> bool:
        """Hide the line for a note; tell whether it was shown."""
        shown = bool(self._asking.winfo_manager())
        self._note.set("")
        self._asking.grid_forget()
        return shown

    def _say_mine(self) -> None:
        note = self._note.get().strip()
        self.stop_asking()
        self._mine(note)

    def _say_always(self) -> None:
        note = self._note.get().strip()
        self.stop_asking()
        self._always(note)

    def _do(self, action: Do) -> None:
        # Nobody means what he does not see, as while a rule is being chosen.
        if self._about is not None and self.winfo_ismapped():
            action()

    def _post_menu(self) -> None:
        self._snooze.focus_set()
        self._menu.tk_popup(self._snooze.winfo_rootx(), self._snooze.winfo_rooty() + self._snooze.winfo_height())
        self._menu.focus_set()

    def _fill_menu(self, snooze: Callable[[bool], None]) -> None:
        clock = self._clock()
        palette = self._theme.palette
        self._menu.delete(0, "end")
        self._menu.configure(
            font="SunValleyBodyFont",
            background=palette.raised,
            foreground=palette.text,
            activebackground=palette.accent,
            activeforeground=palette.on_accent,
            borderwidth=1,
            activeborderwidth=self._theme.px(4),
            relief="solid",
        )
        self._menu.add_command(label=Texts.SNOOZE_HOUR, command=lambda: snooze(False))
        until = Texts.SNOOZE_TOMORROW.format(when=clock.localise(next_morning(clock)).strftime("%H:%M"))
        self._menu.add_command(label=until, command=lambda: snooze(True))

    def _button(
        self, text: str, key: keys.Key, tip: str, style: str = "TButton", parent: tk.Misc | None = None
    ) -> ttk.Button:
        button = ttk.Button(parent or self._row, command=self._doing[key], style=style, **keys.labelled(text, key))
        Tooltip(button, self._theme, tip, key.said)
        return button
