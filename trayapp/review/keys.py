"""The keys: which does what, how it is written, and which letter of a button is underlined."""

import sys
import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict

from trayapp.core.text import ELLIPSIS

_MAC = sys.platform == "darwin"
_COMMAND = "Command" if _MAC else "Control"
_COMMAND_SAID = "⌘" if _MAC else "Ctrl+"
_MNEMONIC_SAID = "⇧⌘" if _MAC else "Alt+"


@dataclass(frozen=True, slots=True)
class Key:
    """A key.

    Attributes:
        sequence: As Tk binds it.
        said: As it is written for its reader.
    """

    sequence: str
    said: str


def command(letter: str) -> Key:
    """Give a letter with Ctrl, on macOS with Command."""
    return Key(f"<{_COMMAND}-Key-{letter}>", f"{_COMMAND_SAID}{letter.upper()}")


def mnemonic(letter: str) -> Key:
    """Give a letter with Alt; on macOS, where that writes other letters, with Shift and Command."""
    sequence = f"<Command-Shift-Key-{letter.upper()}>" if _MAC else f"<Alt-Key-{letter}>"
    return Key(sequence, f"{_MNEMONIC_SAID}{letter.upper()}")


class Labelled(TypedDict):
    """What a control is to say, as Tk takes it."""

    text: str
    underline: int


def labelled(text: str, key: Key) -> Labelled:
    """Give a control's text with the letter of its mnemonic underlined.

    A text without that letter has it behind in parentheses, as is usual in Japanese.

    Args:
        text: What the control says.
        key: What does the same; one that is no mnemonic is not shown, nor is any where the platform underlines none.
    """
    letter = key.said.removeprefix(_MNEMONIC_SAID)
    if _MAC or len(letter) != 1:
        return Labelled(text=text, underline=-1)
    at = text.casefold().find(letter.casefold())
    if at >= 0:
        return Labelled(text=text, underline=at)
    head = text.removesuffix(ELLIPSIS)
    return Labelled(text=f"{head} ({letter}){text[len(head) :]}", underline=len(head) + 2)


OPEN = mnemonic("o")
MINE = mnemonic("m")
ALWAYS = mnemonic("w")
NOT_MINE = mnemonic("n")
SNOOZE = mnemonic("s")
SEEN = mnemonic("r")
UNDO = command("z")
ALL_SEEN = mnemonic("a")
RAW = mnemonic("g")
COPY = command("c")
EXPORT = mnemonic("v")
REVIEW_PAGE = command("1")
HISTORY_PAGE = command("2")
SETTINGS_PAGE = command("3")
DETAILS_PAGE = mnemonic("h")
RESPOND_PAGE = mnemonic("d")
SEARCH = command("f")
CLOSE = command("w")
QUIT = command("q")
BACK = Key("<Escape>", "Esc")


def bind(root: tk.Misc, key: Key, action: Callable[[], object]) -> None:
    """Let a key do something wherever the focus is; nothing else happens on it then."""

    def act(_: object) -> str:
        action()
        return "break"

    root.bind_all(key.sequence, act)
