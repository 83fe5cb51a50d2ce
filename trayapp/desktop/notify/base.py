"""The interface of a notifier. One file beside this per way of notifying; ``choose`` picks one at start."""

from typing import Protocol

from trayapp.core.notes import Note


class Notifier(Protocol):
    """Shows notes. No method blocks or raises; what becomes of a note is told as an event."""

    name: str
    """What the log calls it."""

    def show(self, note: Note) -> None:
        """Show ``note``, in the place of an earlier one with the same key if that is still there.

        A quiet note is shown only where it can take an earlier one's place, and nothing is emitted for it otherwise.

        Emits ``NoteShown`` once the desktop has accepted it, else ``NoteFailed``.
        """

    def withdraw(self, key: str) -> None:
        """Take the note with this key away, if it is still there."""

    def close(self) -> None:
        """Stop; nothing is emitted afterwards."""
