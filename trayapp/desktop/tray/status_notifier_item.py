"""The tray icon, as the hosts read it: ``org.kde.StatusNotifierItem``.

Specification: https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/StatusNotifierItem/.
"""

from collections.abc import Callable
from typing import Annotated, Any

from dbus_fast import PropertyAccess
from dbus_fast.annotations import DBusBool, DBusInt32, DBusObjectPath, DBusSignature, DBusStr
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal
from PIL import Image

ITEM_PATH = "/StatusNotifierItem"
"""Where hosts look for an item that registered itself by name."""

MENU_PATH = "/MenuBar"
"""Where ours has its menu."""

Pixmap = tuple[int, int, bytes]
"""Width, height, and the pixels: ARGB32, alpha not multiplied in, most significant byte first ("Icons")."""

_Pixmaps = Annotated[list[Any], DBusSignature("a(iiay)")]
_READ = PropertyAccess.READ


def pixmap(picture: Image.Image) -> Pixmap:
    """Turn a picture into what travels over the bus."""
    red, green, blue, alpha = picture.convert("RGBA").split()
    return picture.width, picture.height, Image.merge("RGBA", (alpha, red, green, blue)).tobytes()


class StatusNotifierItem(ServiceInterface):
    """The icon. All of it belongs to the bus's thread.

    Args:
        app_id: The program's name, as id and as title.
        activated: What a plain click runs.
    """

    def __init__(self, app_id: str, activated: Callable[[], object]) -> None:
        super().__init__("org.kde.StatusNotifierItem")
        self._app_id = app_id
        self._activated = activated
        self._pixmaps: list[Pixmap] = []
        self._tooltip = ""
        self._status = "Passive"

    def set_pixmaps(self, pixmaps: list[Pixmap]) -> None:
        """Show these, the same picture at several sizes."""
        if pixmaps != self._pixmaps:
            self._pixmaps = pixmaps
            self.new_icon()

    def set_tooltip(self, text: str) -> None:
        """Show this text on hovering."""
        if text != self._tooltip:
            self._tooltip = text
            self.new_tool_tip()

    def set_shown(self, *, shown: bool) -> None:
        """Ask hosts to show or to hide the icon."""
        status = "Active" if shown else "Passive"
        if status != self._status:
            self._status = status
            self.new_status()

    @dbus_property(access=_READ, name="Category")
    def category(self) -> DBusStr:
        """What kind of item this is."""
        return "SystemServices"

    @dbus_property(access=_READ, name="Id")
    def id(self) -> DBusStr:
        """The program's name; hosts keep their settings for the icon under it."""
        return self._app_id

    @dbus_property(access=_READ, name="Title")
    def title(self) -> DBusStr:
        """The program's name."""
        return self._app_id

    @dbus_property(access=_READ, name="Status")
    def status(self) -> DBusStr:
        """``Active`` while shown. Never ``NeedsAttention``: some hosts then blink or show another icon."""
        return self._status

    @dbus_property(access=_READ, name="WindowId")
    def window_id(self) -> DBusInt32:
        """No window."""
        return 0

    @dbus_property(access=_READ, name="IconName")
    def icon_name(self) -> DBusStr:
        """Empty, so that hosts take the pixmaps."""
        return ""

    @dbus_property(access=_READ, name="IconThemePath")
    def icon_theme_path(self) -> DBusStr:
        """No icon theme."""
        return ""

    @dbus_property(access=_READ, name="IconPixmap")
    def icon_pixmap(self) -> _Pixmaps:
        """The icon."""
        return self._pixmaps

    @dbus_property(access=_READ, name="OverlayIconName")
    def overlay_icon_name(self) -> DBusStr:
        """No overlay."""
        return ""

    @dbus_property(access=_READ, name="OverlayIconPixmap")
    def overlay_icon_pixmap(self) -> _Pixmaps:
        """No overlay."""
        return []

    @dbus_property(access=_READ, name="AttentionIconName")
    def attention_icon_name(self) -> DBusStr:
        """Empty, as ``IconName``."""
        return ""

    @dbus_property(access=_READ, name="AttentionIconPixmap")
    def attention_icon_pixmap(self) -> _Pixmaps:
        """The icon, so that whichever a host picks it tells the truth."""
        return self._pixmaps

    @dbus_property(access=_READ, name="AttentionMovieName")
    def attention_movie_name(self) -> DBusStr:
        """No film."""
        return ""

    @dbus_property(access=_READ, name="ToolTip")
    def tool_tip(self) -> Annotated[list[Any], DBusSignature("(sa(iiay)ss)")]:
        """Icon name, pixmaps, title, text. Ours is the title, because hosts read the text as markup."""
        return ["", [], self._tooltip, ""]

    @dbus_property(access=_READ, name="ItemIsMenu")
    def item_is_menu(self) -> DBusBool:
        """A plain click is not for the menu."""
        return False

    @dbus_property(access=_READ, name="Menu")
    def menu(self) -> DBusObjectPath:
        """Where the menu is."""
        return MENU_PATH

    @dbus_method(name="Activate")
    def activate(self, x: DBusInt32, y: DBusInt32) -> None:  # noqa: ARG002 - the interface's
        """The owner clicked."""
        self._activated()

    @dbus_method(name="SecondaryActivate")
    def secondary_activate(self, x: DBusInt32, y: DBusInt32) -> None:
        """The owner clicked with the middle button, which asks for nothing."""

    @dbus_method(name="ContextMenu")
    def context_menu(self, x: DBusInt32, y: DBusInt32) -> None:
        """The host cannot draw our menu and wants us to; we have no windows."""

    @dbus_method(name="Scroll")
    def scroll(self, delta: DBusInt32, orientation: DBusStr) -> None:
        """The owner turned the wheel, which asks for nothing."""

    @dbus_method(name="ProvideXdgActivationToken")
    def provide_xdg_activation_token(self, token: DBusStr) -> None:
        """Plasma lets the next click raise a window; we have none."""

    @dbus_signal(name="NewIcon")
    def new_icon(self) -> None:
        """Tell that the icon changed."""

    @dbus_signal(name="NewToolTip")
    def new_tool_tip(self) -> None:
        """Tell that the tooltip changed."""

    @dbus_signal(name="NewStatus")
    def new_status(self) -> DBusStr:
        """Tell that the status changed."""
        return self._status
