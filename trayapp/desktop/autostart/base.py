"""What every system's switch offers, and what it says."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol, Self

from trayapp.core.language import say


class Standing(Enum):
    """Whether the session's start starts trayapp."""

    ON = "on"
    OFF = "off"
    BROKEN = "broken"
    """It is switched on, but the program that it starts is not there any more."""


@dataclass(frozen=True, slots=True)
class State:
    """How the switch stands.

    Attributes:
        standing: Whether trayapp is started.
        place: Where that is written: the path of a file, or a key of the registry.
        command: What is started there, program first; empty where nothing is.
    """

    standing: Standing
    place: str
    command: tuple[str, ...] = ()

    @property
    def on(self) -> bool:
        """Whether trayapp starts with the next session."""
        return self.standing is Standing.ON


class AutostartFailed(Exception):  # noqa: N818 - named after what it reports
    """The switch cannot be read or turned; the text says why."""

    @classmethod
    def unread(cls, place: object, why: object) -> Self:
        """Say that what is written at a place cannot be read."""
        return cls(say("{place} cannot be read: {why}", place=place, why=why))

    @classmethod
    def unwritten(cls, place: object, why: object) -> Self:
        """Say that nothing can be written to a place."""
        return cls(say("{place} cannot be written: {why}", place=place, why=why))


class Autostart(Protocol):
    """A system's switch for starting trayapp with the owner's session."""

    def status(self) -> State:
        """Look how the switch stands.

        Raises:
            AutostartFailed: What is written there cannot be read.
        """

    def switch(self, *, on: bool) -> State:
        """Turn the switch; does nothing where it stands so already.

        Args:
            on: Whether this very installation is to start with the next session.

        Returns:
            How it stands now.

        Raises:
            AutostartFailed: It cannot be turned.
        """


def standing_of(command: Sequence[str]) -> Standing:
    """Tell whether what is switched on can be started."""
    return Standing.ON if command and shutil.which(command[0]) else Standing.BROKEN


def same_program(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two commands start the same installation; what follows the word ``run`` is the owner's choice."""
    return bool(one) and _program(one) == _program(other)


def _program(command: Sequence[str]) -> tuple[str, ...]:
    first = shutil.which(command[0]) or command[0]
    rest = list(command[1:])
    # Links are followed, all but the last: an environment's python is a link to one that knows nothing of trayapp.
    place = Path(first).parent.resolve() / Path(first).name
    return (os.path.normcase(place), *rest[: rest.index("run") if "run" in rest else len(rest)])
