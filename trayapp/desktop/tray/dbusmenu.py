"""The tray icon's menu, as the hosts read it: ``com.canonical.dbusmenu``.

The interface is written down in libdbusmenu, ``libdbusmenu-glib/dbus-menu.xml``. Entries here are flat, as ours are.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Annotated, Any

from dbus_fast import DBusError, ErrorType, PropertyAccess, Variant
from dbus_fast.annotations import DBusBool, DBusInt32, DBusSignature, DBusStr, DBusUInt32, DBusVariant
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

_ROOT = 0
_Properties = dict[str, Variant]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu.

    Attributes:
        identity: What stays the same as the menu changes around this line; one of a kind within a menu.
        label: Plain text; ``None`` for a separator.
        clicked: What a click runs, on the bus's thread; ``None`` for a line that only tells.
    """

    identity: Hashable
    label: str | None
    clicked: Callable[[], object] | None


class DBusMenu(ServiceInterface):
    """The menu. All of it belongs to the bus's thread."""

    def __init__(self) -> None:
        super().__init__("com.canonical.dbusmenu")
        self._revision = 1
        self._last_id = _ROOT
        self._ids: dict[Hashable, int] = {}
        self._clicked: dict[int, Callable[[], object] | None] = {}
        self._properties: dict[int, _Properties] = {_ROOT: {"children-display": Variant("s", "submenu")}}

    def set_entries(self, entries: tuple[Entry, ...]) -> None:
        """Show ``entries``, and tell the hosts if that looks any different.

        A line that stays keeps its id; an id is never given to another line. So a click on a menu that was drawn
        before the change does what that line said, or nothing.
        """
        ids: dict[Hashable, int] = {}
        for entry in entries:
            ids[entry.identity] = self._ids.get(entry.identity) or self._next_id()
        properties = {_ROOT: self._properties[_ROOT]}
        properties |= {ids[entry.identity]: _properties(entry) for entry in entries}
        changed = list(properties.items()) != list(self._properties.items())
        self._ids = ids
        self._clicked = {ids[entry.identity]: entry.clicked for entry in entries}
        self._properties = properties
        if changed:
            self._revision += 1
            self.layout_updated()

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def _known(self, item_id: int) -> _Properties:
        if item_id not in self._properties:
            raise DBusError(ErrorType.INVALID_ARGS, f"There is no menu item {item_id}.")
        return self._properties[item_id]

    def _chosen(self, item_id: int, names: list[str]) -> _Properties:
        return {name: value for name, value in self._known(item_id).items() if not names or name in names}

    def _happened(self, item_id: int, kind: str) -> None:
        # "opened", "closed" and "hovered" come from some hosts only, so nothing hangs on them.
        clicked = self._clicked.get(item_id)
        if kind == "clicked" and clicked:
            clicked()

    @dbus_property(access=PropertyAccess.READ, name="Version")
    def version(self) -> DBusUInt32:
        """The interface's version."""
        return 3

    @dbus_property(access=PropertyAccess.READ, name="TextDirection")
    def text_direction(self) -> DBusStr:
        """Our labels' direction."""
        return "ltr"

    @dbus_property(access=PropertyAccess.READ, name="Status")
    def status(self) -> DBusStr:
        """No line asks for attention."""
        return "normal"

    @dbus_property(access=PropertyAccess.READ, name="IconThemePath")
    def icon_theme_path(self) -> Annotated[list[str], DBusSignature("as")]:
        """No icons of our own."""
        return []

    @dbus_method(name="GetLayout")
    def get_layout(
        self, parent: DBusInt32, depth: DBusInt32, names: Annotated[list[str], DBusSignature("as")]
    ) -> Annotated[list[Any], DBusSignature("u(ia{sv}av)")]:
        """Give the lines below ``parent``; ``depth`` 0 for none of them, else all, as there is one level only."""
        children = list(self._properties)[1:] if parent == _ROOT and depth != 0 else []
        lines = [Variant("(ia{sv}av)", [child, self._chosen(child, names), []]) for child in children]
        return [self._revision, [parent, self._chosen(parent, names), lines]]

    @dbus_method(name="GetGroupProperties")
    def get_group_properties(
        self,
        ids: Annotated[list[int], DBusSignature("ai")],
        names: Annotated[list[str], DBusSignature("as")],
    ) -> Annotated[list[Any], DBusSignature("a(ia{sv})")]:
        """Give several lines' properties, all lines' for no ids."""
        return [
            [item_id, self._chosen(item_id, names)]
            for item_id in (ids or list(self._properties))
            if item_id in self._properties
        ]

    @dbus_method(name="GetProperty")
    def get_property(self, item_id: DBusInt32, name: DBusStr) -> DBusVariant:
        """Give one property of one line."""
        value = self._known(item_id).get(name)
        if value is None:
            raise DBusError(ErrorType.INVALID_ARGS, f"Menu item {item_id} has no {name}.")
        return value

    @dbus_method(name="Event")
    def event(self, item_id: DBusInt32, kind: DBusStr, data: DBusVariant, timestamp: DBusUInt32) -> None:  # noqa: ARG002 - the interface's
        """Something happened to a line."""
        self._happened(item_id, kind)

    @dbus_method(name="EventGroup")
    def event_group(
        self, events: Annotated[list[Any], DBusSignature("a(isvu)")]
    ) -> Annotated[list[int], DBusSignature("ai")]:
        """Several things happened; gives the ids that are not there."""
        for item_id, kind, _, _ in events:
            self._happened(item_id, kind)
        return [item_id for item_id, *_ in events if item_id not in self._properties]

    @dbus_method(name="AboutToShow")
    def about_to_show(self, item_id: DBusInt32) -> DBusBool:  # noqa: ARG002 - the interface's
        """Tell that no line has to be read again: changes are told when they happen."""
        return False

    @dbus_method(name="AboutToShowGroup")
    def about_to_show_group(
        self, ids: Annotated[list[int], DBusSignature("ai")]
    ) -> Annotated[list[Any], DBusSignature("aiai")]:
        """Tell the same of several lines, and which are not there."""
        return [[], [item_id for item_id in ids if item_id not in self._properties]]

    @dbus_signal(name="LayoutUpdated")
    def layout_updated(self) -> Annotated[list[int], DBusSignature("ui")]:
        """Tell the hosts to read the menu again, from the root."""
        return [self._revision, _ROOT]

    @dbus_signal(name="ItemsPropertiesUpdated")
    def items_properties_updated(
        self, updated: list[Any], removed: list[Any]
    ) -> Annotated[list[Any], DBusSignature("a(ia{sv})a(ias)")]:
        """Part of the interface that hosts look for; ``LayoutUpdated`` is the only one that we send."""
        return [updated, removed]


def _properties(entry: Entry) -> _Properties:
    if entry.label is None:
        return {"type": Variant("s", "separator")}
    # An underscore would mark the next letter as the access key.
    properties = {"label": Variant("s", entry.label.replace("_", "__"))}
    if entry.clicked is None:
        properties["enabled"] = Variant("b", value=False)
    return properties
