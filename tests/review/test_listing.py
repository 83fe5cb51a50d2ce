"""Reading a list page by page."""

from trayapp.core.severity import Severity
from trayapp.review.listing import Listing
from trayapp.review.rows import Row


def rows(*numbers: int, title: str = "") -> list[Row]:
    return [Row(number, Severity.HIGH, title, "", settled=False) for number in numbers]


class Shelf:
    """A long list that counts how often it was read."""

    def __init__(self, *numbers: int) -> None:
        self.numbers, self.reads, self.title = list(numbers), 0, ""

    def fetch(self, after: int | None) -> list[Row]:
        self.reads += 1
        return rows(*[each for each in self.numbers if after is None or each < after][:3], title=self.title)


def numbers(listing: Listing) -> list[int]:
    return [each.id for each in listing.rows]


def test_no_more_is_read_than_is_needed() -> None:
    shelf = Shelf(*range(100, 0, -1))
    listing = Listing(shelf.fetch, paged=True)
    listing.reach(5)
    assert numbers(listing) == [100, 99, 98, 97, 96, 95]
    assert shelf.reads == 2


def test_it_is_read_to_its_end() -> None:
    listing = Listing(Shelf(4, 3, 2, 1).fetch, paged=True)
    listing.reach(50)
    assert numbers(listing) == [4, 3, 2, 1]
    assert listing.complete


def test_read_again_it_has_what_is_new_without_what_is_gone_and_what_lies_behind_stays() -> None:
    shelf = Shelf(*range(9, 0, -1))
    listing = Listing(shelf.fetch, paged=True)
    listing.reach(9)
    shelf.numbers = [10, 9, 7, *range(6, 0, -1)]
    shelf.title = "new"
    listing.reload()
    assert numbers(listing) == [10, 9, 7, 6, 5, 4, 3, 2, 1]
    assert [each.title for each in listing.rows[:4]] == ["new", "new", "new", ""]


def test_an_emptied_list_is_empty() -> None:
    shelf = Shelf(3, 2, 1)
    listing = Listing(shelf.fetch, paged=True)
    shelf.numbers = []
    listing.reload()
    assert listing.rows == []
    assert listing.complete


def test_a_list_in_an_order_of_its_own_is_read_at_once() -> None:
    found = rows(2, 9, 4)
    listing = Listing(lambda _: found, paged=False)
    listing.reach(100)
    assert numbers(listing) == [2, 9, 4]
    found = rows(9)
    listing.reload()
    assert numbers(listing) == [9]
