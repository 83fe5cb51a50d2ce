"""A review window in the marked language that is read from page to page: everything that can be seen in it.

It is a program of its own, ``python -m end_to_end.reading NUMBER``, as a process with a window ends when its screen
does. It prints the texts of each page as JSON.
"""

import json
import os
import sys
import tkinter as tk
from collections.abc import Callable, Iterator
from tkinter import ttk

from desktop_bench.screen import Screen
from end_to_end.seeing import Shown, choose, choose_rule, opened
from speaking import marked
from trayapp.review.desk import Desk
from trayapp.review.looks import Looks
from trayapp.settings import Paths

_WITH_MESSAGE = 2
"""The number of an incident whose message says what has changed, as ``review.seeding`` has it."""


def _show_message(shown: Shown) -> None:
    choose(shown, _WITH_MESSAGE)
    shown.press("Alt_L+g")


def _offer_rules(shown: Shown) -> None:
    shown.press("Escape")
    choose_rule(shown)


def _refuse_rules(shown: Shown) -> None:
    shown.press("Escape", "Escape", "Home", "Alt_L+m", "Alt_L+w")


def _mark_all_but_one(shown: Shown) -> None:
    shown.press("Control_L+1", "Escape", "Home", "Alt_L+n", "Alt_L+a")


WAY: dict[str, Callable[[Shown], None]] = {
    "list": lambda shown: shown.press("Home"),
    "message": _show_message,
    "note": lambda shown: shown.press("Alt_L+g", "Alt_L+m"),
    "steps": lambda shown: shown.press("Escape", "Alt_L+d"),
    "rule": _offer_rules,
    "no rule": _refuse_rules,
    "history": lambda shown: shown.press("Escape", "Control_L+2"),
    "a day": lambda shown: shown.press("Control_L+f", *["Tab"] * 8, "Left"),
    "the day's list": lambda shown: shown.press("Return"),
    "settings": lambda shown: shown.press("Control_L+3"),
    "all reviewed": _mark_all_but_one,
    "nothing left": lambda shown: shown.press("Alt_L+r"),
}
"""The pages, in an order in which each leads to the next."""


def texts(widget: tk.Misc) -> Iterator[str]:
    """Give everything that a widget and those inside of it show; what is scrolled away counts as well."""
    if widget.winfo_ismapped() or isinstance(widget, tk.Menu):
        yield from _own(widget)
        for child in widget.winfo_children():
            yield from texts(child)


def _own(widget: tk.Misc) -> Iterator[str]:
    match widget:
        case ttk.Combobox():
            if postcommand := str(widget.cget("postcommand")):
                widget.tk.call(postcommand)
            yield from (widget.get(), *widget["values"])
        case ttk.Entry():
            yield widget.get()
        case ttk.Treeview():
            yield from (str(widget.heading(column, "text")) for column in ("#0", *widget["columns"]))
            for item in widget.get_children():
                yield from (str(widget.item(item, "text")), *map(str, widget.item(item, "values")))
        case ttk.Label() | ttk.Button() | ttk.Radiobutton() | ttk.Checkbutton():
            yield str(widget.cget("text"))
        case tk.Text():
            yield widget.get("1.0", "end")
        case tk.Canvas():
            call = widget.tk.call  # tkinter's own methods for these have the wrong types
            items = [each for each in widget.find_all() if str(call(widget, "type", each)) == "text"]
            yield from (str(call(widget, "itemcget", each, "-text")) for each in items)
        case tk.Menu() if postcommand := str(widget.cget("postcommand")):
            widget.tk.call(postcommand)
            yield from (widget.entrycget(place, "label") for place in range((widget.index("end") or -1) + 1))


if __name__ == "__main__":
    with (
        marked(apart=True),
        Screen(os.environ["DISPLAY"]) as screen,
        opened(Desk(Paths.platform()), Looks()) as top,
    ):
        shown = Shown(screen, top, int(sys.argv[1]))
        top.focus_force()
        shown.press("Tab")
        read: dict[str, list[str]] = {}
        for page, lead in WAY.items():
            lead(shown)
            read[page] = [text for text in texts(top) if text.strip()]
        print(json.dumps(read))
