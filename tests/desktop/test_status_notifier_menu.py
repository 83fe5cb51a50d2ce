from collections.abc import Callable
from typing import Any

import pytest
from dbus_fast import DBusError

from trayapp.desktop.tray.dbusmenu import DBusMenu, Entry


class Menu(DBusMenu):
    """The menu with nobody on the other side; counts what it would tell."""

    def __init__(self) -> None:
        super().__init__()
        self.told = 0
        self.ran: list[str] = []

    def layout_updated(self) -> None:
        self.told += 1

    def show(self, *labels: str) -> None:
        """Show lines that are what their first letter says; small letters only tell."""
        self.set_entries(
            tuple(Entry(label[0], label, self.runs(label) if label[0].isupper() else None) for label in labels)
        )

    def runs(self, label: str) -> Callable[[], None]:
        return lambda: self.ran.append(label[0])

    def layout(self) -> Any:  # noqa: ANN401 - nested lists, as D-Bus has them
        return members(self)["GetLayout"](self, 0, -1, [])

    def ids(self) -> dict[str, int]:
        return {line.value[1]["label"].value: line.value[0] for line in self.layout()[1][2]}

    def click(self, item_id: int) -> None:
        self._happened(item_id, "clicked")


def members(menu: Menu) -> dict[str, Callable[..., Any]]:
    """Give the functions behind the D-Bus methods; the methods themselves return nothing to Python."""
    return {method.name: method.fn for method in DBusMenu._get_methods(menu)}


@pytest.fixture
def menu() -> Menu:
    return Menu()


def test_a_line_keeps_its_id_while_others_come_and_go(menu: Menu) -> None:
    menu.show("A", "B", "C")
    before = menu.ids()
    menu.show("X", "C", "A now with other words")
    after = menu.ids()
    assert after["C"] == before["C"]
    assert after["A now with other words"] == before["A"]
    assert after["X"] not in before.values()


def test_an_id_is_never_given_to_another_line(menu: Menu) -> None:
    menu.show("A")
    old = menu.ids()["A"]
    menu.show("B")
    menu.show("A")
    assert len({old, menu.ids()["A"]}) == 2
    menu.click(old)
    assert menu.ran == []


def test_a_click_on_a_line_that_has_gone_does_nothing(menu: Menu) -> None:
    menu.show("A", "B")
    old = menu.ids()
    menu.show("B")
    menu.click(old["A"])
    menu.click(old["B"])
    assert menu.ran == ["B"]


def test_a_click_on_a_line_that_only_tells_does_nothing(menu: Menu) -> None:
    menu.show("a")
    menu.click(menu.ids()["a"])
    menu.click(0)
    menu.click(-1)
    assert menu.ran == []


def test_hovering_and_opening_run_nothing(menu: Menu) -> None:
    menu.show("A")
    for kind in ("hovered", "opened", "closed"):
        menu._happened(menu.ids()["A"], kind)
    assert menu.ran == []


def test_only_what_looks_different_is_told(menu: Menu) -> None:
    menu.show("A", "b")
    assert (menu.told, menu.layout()[0]) == (1, 2)
    menu.show("A", "b")
    assert (menu.told, menu.layout()[0]) == (1, 2)
    menu.show("A", "b with other words")
    assert (menu.told, menu.layout()[0]) == (2, 3)
    menu.show("b with other words", "A")
    assert (menu.told, menu.layout()[0]) == (3, 4)


def test_underscores_do_not_become_access_keys(menu: Menu) -> None:
    menu.show("A_b__c")
    assert list(menu.ids()) == ["A__b____c"]


def test_hosts_that_read_piecemeal_get_the_same(menu: Menu) -> None:
    menu.show("A", "b")
    call = members(menu)
    first, second = menu.ids().values()
    assert call["GetLayout"](menu, 0, 0, [])[1][2] == []
    assert call["GetLayout"](menu, first, 1, [])[1] == [first, {"label": menu._properties[first]["label"]}, []]
    assert list(call["GetLayout"](menu, 0, -1, ["enabled"])[1][2][1].value[1]) == ["enabled"]
    assert [item for item, _ in call["GetGroupProperties"](menu, [second, 99], ["label"])] == [second]
    assert [item for item, _ in call["GetGroupProperties"](menu, [], [])] == [0, first, second]
    assert call["GetProperty"](menu, first, "label").value == "A"
    assert call["AboutToShow"](menu, 0) is False
    assert call["AboutToShowGroup"](menu, [first, 99]) == [[], [99]]
    assert call["EventGroup"](menu, [[first, "clicked", None, 0], [99, "clicked", None, 0]]) == [99]
    assert menu.ran == ["A"]


def test_what_is_not_there_is_refused(menu: Menu) -> None:
    menu.show("A")
    call = members(menu)
    with pytest.raises(DBusError, match="no menu item 99"):
        call["GetLayout"](menu, 99, -1, [])
    with pytest.raises(DBusError, match="no icon-name"):
        call["GetProperty"](menu, menu.ids()["A"], "icon-name")
