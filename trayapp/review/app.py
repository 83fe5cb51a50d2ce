"""One run of the review window, from start to close."""

import tkinter as tk
from pathlib import Path

from trayapp.desktop.control import Message
from trayapp.desktop.instance import AlreadyRunning, Instance
from trayapp.review import keys, only_one, sizes
from trayapp.review.desk import Desk
from trayapp.review.looks import Looks
from trayapp.review.only_one import Wish
from trayapp.review.posted import Posted
from trayapp.review.theme import Theme, make_root
from trayapp.review.window import ReviewWindow
from trayapp.settings import Paths

_REMEMBERED = "window.json"
_SETTLED_MS = 300
"""So long after the window is there everything that can wait begins."""


def run(paths: Paths, wish: Wish) -> None:
    """Show the window until it is closed, or raise the one that is open.

    Args:
        paths: Where things live.
        wish: What to show.

    Raises:
        StoreError: The store cannot be used.
        UnsafeFolder: Others could reach into the folder of the window's channel.
        tkinter.TclError: There is no screen.
    """
    if only_one.raise_other(paths.runtime, wish):
        return
    try:
        instance = only_one.claim(paths.runtime)
    except AlreadyRunning:
        # It has started at the same moment as we have.
        only_one.raise_other(paths.runtime, wish)
        return
    with instance:
        desk = Desk(paths)
        try:
            _Run(desk, instance, paths.store.with_name(_REMEMBERED)).until_closed(wish)
        finally:
            desk.close()


class _Run:
    """Joins the window to the rest of the desktop."""

    def __init__(self, desk: Desk, instance: Instance, remembered: Path) -> None:
        self._remembered = remembered
        self._instance = instance
        before = sizes.recall(remembered)
        self._before = before or sizes.Remembered()
        self._root = make_root()
        looks = Looks(self._before.dark, self._before.family, self._before.points)
        self._looks = looks
        self._theme = Theme(self._root, looks)
        self._top = tk.Toplevel(self._root, name="trayapp", class_="Trayapp")
        self._top.withdraw()
        self._window = ReviewWindow(self._top, self._theme, desk, self._before)
        self._posted = Posted(self._root)

    def until_closed(self, wish: Wish) -> None:
        root, top = self._root, self._top
        top.protocol("WM_DELETE_WINDOW", self._close)
        for key in (keys.CLOSE, keys.QUIT):
            keys.bind(root, key, self._close)
        self._window.show(wish)
        top.deiconify()
        root.update_idletasks()
        self._window.place_sash()
        root.update_idletasks()
        root.after(_SETTLED_MS, self._settle)
        root.mainloop()

    def _settle(self) -> None:
        # Not at the top: the window is there sooner without.
        from trayapp.review import asking_looks  # noqa: PLC0415 - see above

        self._instance.serve(self._answer)
        self._show_icon()
        asking_looks.follow(lambda looks: self._posted(lambda: self._wear(looks)))

    def _show_icon(self) -> None:
        from trayapp.desktop.app_icon import app_icon  # noqa: PLC0415 - as above

        if Path(app_icon()).is_file():
            self._icon = tk.PhotoImage(master=self._root, file=app_icon())
            self._top.iconphoto(True, self._icon)

    def _answer(self, request: Message) -> Message:
        """Answer another start; in a thread of its own."""
        wish = only_one.understood(request)
        if wish is None:
            return {"error": "no such question"}
        self._posted(lambda: self._raise(wish))
        return {"shown": True}

    def _raise(self, wish: Wish) -> None:
        self._top.deiconify()
        self._top.lift()
        # Before the page gives the focus to whatever is to have it.
        self._top.focus_force()
        self._window.show(wish)

    def _wear(self, looks: Looks) -> None:
        self._looks = looks
        if self._theme.wear(looks):
            self._window.restyle()

    def _close(self) -> None:
        looks = self._looks
        sizes.remember(self._remembered, self._window.remembered(looks))
        self._window.close()
        self._root.destroy()
