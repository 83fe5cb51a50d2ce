"""A review window that is asked where what stands, while its pixels are looked at on the screen.

It is a program of its own, ``python -m end_to_end.seeing PAGE light|dark NUMBER``, as a process with a window ends
when its screen does. It prints a ``Seen`` as JSON.
"""

import json
import os
import sys
import tkinter as tk
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from tkinter import ttk

from PIL import Image

from desktop_bench.screen import Box, Rgb, Screen
from desktop_bench.waiting import wait_until
from end_to_end.reviewer import PATIENCE, contrast
from trayapp.review.desk import Desk
from trayapp.review.looks import Looks
from trayapp.review.only_one import Page, Wish
from trayapp.review.sizes import Remembered
from trayapp.review.theme import Theme, make_root
from trayapp.review.window import ReviewWindow
from trayapp.settings import Paths

_GRAPHICS = 3.0
"""The contrast of what is no text: WCAG 2.2, 1.4.11."""
_DRAWN = 6
"""So many pixels of a colour are part of a letter; fewer may be chance."""
_RING = 12
"""So many pixels have to change so that somebody sees where the focus is."""
_AROUND = 4
"""Pixels around a widget in which its focus may be shown."""
_MOST_STOPS = 80


@dataclass
class Seen:
    """What was seen.

    Attributes:
        texts: How far each text stands out from what it stands on.
        reached: What the Tab key leads to.
        unreached: What takes the focus, but the Tab key does not lead there.
        unseen: What does not show that it has the focus.
    """

    texts: dict[str, float] = field(default_factory=dict)
    reached: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)


@dataclass
class Shown:
    """A window in this very process, so that it can be asked where what stands; its pixels are the screen's."""

    screen: Screen
    top: tk.Toplevel
    number: int

    def press(self, *keys: str) -> None:
        """Press keys, and let the window draw what comes of them."""
        for key in keys:
            self.screen.key(key)
            self.settle()

    def settle(self) -> None:
        """Wait until what is drawn stays as it is."""
        seen: list[bytes] = []

        def still() -> bool:
            self.top.update()
            seen.append(self.screen.grab(self.box(self.top)).tobytes())
            return len(seen) > 3 and len(set(seen[-4:])) == 1

        wait_until(still, PATIENCE, "the window to stand still")

    def box(self, widget: tk.Misc, around: int = 0) -> Box:
        """Give where a widget is on the screen."""
        left, top = widget.winfo_rootx() - around, widget.winfo_rooty() - around
        right, bottom = left + widget.winfo_width() + 2 * around, top + widget.winfo_height() + 2 * around
        return Box(max(left, 0), max(top, 0), right, bottom)

    def grab(self, widget: tk.Misc, around: int = 0) -> Image.Image:
        """Give the picture of a widget."""
        return self.screen.grab(self.box(widget, around)).convert("RGB")

    @property
    def focused(self) -> tk.Misc:
        """What has the focus."""
        found = self.top.focus_get()
        assert found is not None
        return found

    def widgets(self) -> Iterator[tk.Misc]:
        """Give all widgets that can be seen whole."""
        waiting: list[tk.Misc] = [self.top]
        whole = self.box(self.top)
        while waiting:
            widget = waiting.pop()
            waiting += widget.winfo_children()
            box = self.box(widget)
            inside = box.left >= whole.left and box.right <= whole.right and box.bottom <= whole.bottom
            if widget.winfo_viewable() and inside and _is_uncovered(widget):
                yield widget


@contextmanager
def opened(desk: Desk, looks: Looks) -> Iterator[tk.Toplevel]:
    """Show a window for a block."""
    root = make_root()
    top = tk.Toplevel(root, name="trayapp", class_="Trayapp")
    window = ReviewWindow(top, Theme(root, looks), desk, Remembered())
    try:
        window.show(Wish(Page.LIST))
        top.deiconify()
        root.update()
        window.place_sash()
        yield top
    finally:
        window.close()
        root.destroy()
        desk.close()


def choose(shown: Shown, number: int) -> None:
    """Choose an incident in the list."""
    lists = [each for each in shown.widgets() if isinstance(each, ttk.Treeview)]
    lists[0].selection_set(str(number))
    shown.settle()


def choose_rule(shown: Shown) -> None:
    """Go to the rules that can be made of the one incident."""
    choose(shown, shown.number)
    shown.press("Alt_L+m", "Alt_L+w")


PAGES: dict[str, Callable[[Shown], None]] = {
    "list": lambda shown: shown.press("Home"),
    "message": lambda shown: shown.press("Alt_L+g"),
    "note": lambda shown: shown.press("Alt_L+m"),
    "steps": lambda shown: shown.press("Alt_L+d"),
    "rule": choose_rule,
    "history": lambda shown: shown.press("Control_L+2"),
}


def look(shown: Shown) -> Seen:
    """Look at everything that a page shows."""
    seen = Seen()
    for widget in shown.widgets():
        if _text(widget) and not _is_disabled(widget):
            seen.texts[_called(widget)] = _standing_out(shown.grab(widget))
    reached: dict[str, tuple[tk.Misc, Image.Image]] = {}
    here = shown.focused
    while str(here) not in reached and len(reached) < _MOST_STOPS:
        reached[str(here)] = (here, shown.grab(here, _AROUND))
        shown.press("Tab")
        here = shown.focused
    seen.reached = [_called(widget) for widget, _ in reached.values()]
    seen.unreached = [_called(each) for each in shown.widgets() if _takes_focus(each) and str(each) not in reached]
    for widget, focused in reached.values():
        elsewhere = next(other for other, _ in reached.values() if not _near(shown, widget, other))
        elsewhere.focus_set()
        shown.settle()
        if not _shows_focus(shown.grab(widget, _AROUND), focused):
            seen.unseen.append(_called(widget))
    return seen


def _called(widget: tk.Misc) -> str:
    return f"{widget.winfo_class()} {_text(widget)}"


def _standing_out(picture: Image.Image) -> float:
    """Measure how far the letters in a picture of one widget stand out from what most of it is."""
    counted: list[tuple[int, Rgb]] = picture.getcolors(maxcolors=picture.width * picture.height) or []  # type: ignore[assignment]  # in RGB
    _, ground = max(counted)
    return max(contrast(colour, ground) for count, colour in counted if count >= _DRAWN or colour == ground)


def _shows_focus(without: Image.Image, focused: Image.Image) -> bool:
    """Tell whether enough of a picture differs far enough from what it is without the focus."""
    pairs = zip(without.getdata(), focused.getdata(), strict=True)
    return sum(contrast(one, other) >= _GRAPHICS for one, other in pairs if one != other) >= _RING


def _text(widget: tk.Misc) -> str:
    if isinstance(widget, ttk.Combobox | ttk.Entry):
        return str(widget.get())
    if isinstance(widget, ttk.Label | ttk.Button | ttk.Radiobutton):
        return str(widget.cget("text"))
    return ""


def _is_disabled(widget: tk.Misc) -> bool:
    return isinstance(widget, ttk.Widget) and widget.instate(["disabled"])


def _takes_focus(widget: tk.Misc) -> bool:
    return bool(widget.tk.getboolean(widget.tk.call("tk::FocusOK", widget))) and not isinstance(widget, tk.Toplevel)


def _is_uncovered(widget: tk.Misc) -> bool:
    """Tell whether it is seen where it should be, and not scrolled away."""
    x, y = widget.winfo_rootx() + widget.winfo_width() // 2, widget.winfo_rooty() + widget.winfo_height() // 2
    for place in ((x, y), (x, widget.winfo_rooty() + 1), (x, widget.winfo_rooty() + widget.winfo_height() - 2)):
        found = widget.winfo_containing(*place)
        if found is None or not (str(found) == str(widget) or str(found).startswith(f"{widget}.")):
            return False
    return True


def _near(shown: Shown, one: tk.Misc, other: tk.Misc) -> bool:
    """Tell whether one's ring could be taken for the other's."""
    box, beside = shown.box(one, 2 * _AROUND), shown.box(other, 2 * _AROUND)
    apart = box.right < beside.left or beside.right < box.left or box.bottom < beside.top or beside.bottom < box.top
    return not apart


if __name__ == "__main__":
    page, theme, number = sys.argv[1:]
    with (
        Screen(os.environ["DISPLAY"]) as screen,
        opened(Desk(Paths.platform()), Looks(dark=theme == "dark")) as top,
    ):
        one = Shown(screen, top, int(number))
        top.focus_force()
        one.press("Tab")
        PAGES[page](one)
        print(json.dumps(asdict(look(one))))
