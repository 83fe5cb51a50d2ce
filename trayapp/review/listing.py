"""A list that is read page by page, so that however long it is the window never waits. Pure."""

from collections.abc import Callable, Sequence

from trayapp.review.rows import Row

Fetch = Callable[[int | None], Sequence[Row]]
"""Gives the rows behind the one of that number, or with ``None`` the first ones; none when there are no more."""


class Listing:
    """The rows known so far.

    Args:
        fetch: Where they come from.
        paged: It gives one page at a time, by falling numbers; else everything at once, in an order of its own.

    Attributes:
        rows: In order.
        complete: There are no others.
    """

    def __init__(self, fetch: Fetch, *, paged: bool) -> None:
        self._fetch, self._paged = fetch, paged
        self.rows: list[Row] = []
        self.complete = False
        self.reload()

    def reload(self) -> None:
        """Read the beginning again; of a paged list what lies behind stays as it is known."""
        page = list(self._fetch(None))
        last = page[-1].id if page else 0
        kept = [row for row in self.rows if row.id < last] if self._paged and page else []
        self.rows = page + kept
        if not self._paged or not page:
            self.complete = True
        elif not kept:
            self.complete = False

    def reach(self, count: int) -> None:
        """Read on until so many rows are known, or all."""
        while len(self.rows) < count and not self.complete:
            page = list(self._fetch(self.rows[-1].id if self.rows else None))
            self.complete = not page
            self.rows += page
