"""Tables of texts: English where they are written, in the language that is spoken wherever they are read."""

from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

from trayapp.core.language import say, say_count

K = TypeVar("K")


class Text:
    """A text of a table; what is read from it is a plain ``str``, with names in braces left as they are.

    Args:
        english: The text.
    """

    def __init__(self, english: str) -> None:
        self.english = english

    def __get__(self, instance: object, owner: type) -> str:
        """Say it."""
        return say(self.english)


class Counted:
    """A text of a table that counts something; what is read from it says so many.

    Args:
        one: The text for exactly one.
        many: The text for any other number, which is ``{count}``.
    """

    def __init__(self, one: str, many: str) -> None:
        self.english = (one, many)

    def __get__(self, instance: object, owner: type) -> Callable[[int], str]:
        """Give what says it of a number."""
        return lambda number: say_count(*self.english, number)


class Words(Generic[K]):
    """A text for each of some values; what is read from it is a plain mapping.

    Args:
        english: The texts.
    """

    def __init__(self, english: Mapping[K, str]) -> None:
        self.english = dict(english)

    def __get__(self, instance: object, owner: type) -> dict[K, str]:
        """Say them all."""
        return {value: say(text) for value, text in self.english.items()}


class Wording:
    """A table of texts: a class whose attributes are ``Text``, ``Counted`` and ``Words``."""

    @classmethod
    def every(cls) -> Iterator[str | tuple[str, str]]:
        """Give every text as it is written, for translators."""
        for each in vars(cls).values():
            match each:
                case Text() | Counted():
                    yield each.english
                case Words():
                    yield from each.english.values()
