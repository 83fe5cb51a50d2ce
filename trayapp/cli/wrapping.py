"""Breaking a text into lines of so many columns, also one of a language that writes no spaces."""

from wcwidth import wcswidth, wrap

from trayapp.core.lines import lines_of


def wrapped(text: str, width: int, *, at_hyphens: bool = True) -> list[str]:
    """Break a text into lines.

    Args:
        text: One paragraph.
        width: The columns of a line; a wide character takes two. A word that is longer than a line is not broken beside
            wide characters.
        at_hyphens: Whether a narrow word may be broken after a hyphen.
    """
    if wcswidth(text) == len(text):
        return wrap(text, width, break_on_hyphens=at_hyphens)
    return lines_of(" ".join(text.split()), width, wcswidth)
