"""Signs for well, ill and not asked, on terminals of every encoding."""

from dataclasses import dataclass
from typing import TextIO

from trayapp.core.text import clean


@dataclass(frozen=True, slots=True)
class Marks:
    """Three signs of one width."""

    well: str
    ill: str
    not_asked: str


_SIGNS = Marks("✔", "✘", "–")
_WORDS = Marks("ok", "!!", "--")


def marks(stream: TextIO) -> Marks:
    """Give the signs that a stream's encoding can write."""
    signs = _SIGNS.well + _SIGNS.ill + _SIGNS.not_asked
    try:
        signs.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return _WORDS
    return _SIGNS


def fit(text: str, stream: TextIO) -> str:
    """Give a line as a stream can write it, with nothing in it that steers a terminal."""
    encoding = stream.encoding or "ascii"
    return clean(text).encode(encoding, "replace").decode(encoding, "replace")
