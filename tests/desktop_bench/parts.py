"""The desktop's parts: which there are, how each is started, and the configuration that pins its looks and habits."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from desktop_bench.processes import find_program

PANEL_HEIGHT = 32
ICON_SIZE = 22
"""The tray's icons are this many pixels wide and high."""

BUTTON_RGB = (0x2B, 0x6C, 0xB0)
"""The colour of every button in a notification, by which they are found; nothing else on the screen has it."""

NOTIFICATIONS = "org.freedesktop.Notifications"
WATCHER = "org.kde.StatusNotifierWatcher"
SECRETS = "org.freedesktop.secrets"
XFCONF = "org.xfce.Xfconf"


class NotificationDaemon(Enum):
    """Who shows notifications, and how a click reaches the default action there."""

    XFCE = "xfce4-notifyd"
    """Draws a button for the default action; a click on the body dismisses."""
    DUNST = "dunst"
    """No buttons; a click on the body is the default action (pinned: stock dunst wants the middle button)."""
    MATE = "mate-notification-daemon"
    """A click on the body is the default action; further actions are buttons."""
    NONE = "none"
    """Nobody: calls are answered by ``ServiceUnknown``."""

    @property
    def default_is_a_button(self) -> bool:
        """Whether the default action is reached by a button instead of the body."""
        return self is NotificationDaemon.XFCE

    @property
    def window_class(self) -> str:
        """What its windows' WM_CLASS contains, in lower case."""
        return self.value

    def shows_button(self, action_key: str) -> bool:
        """Tell whether an action gets a button."""
        match self:
            case NotificationDaemon.XFCE:
                return True
            case NotificationDaemon.MATE:
                return action_key != "default"
            case _:
                return False


@dataclass(frozen=True, slots=True)
class Palette:
    """The panel's look. ``LIGHT`` and ``DARK`` are the two that an icon has to be legible on."""

    background: tuple[int, int, int]


DARK = Palette((0x26, 0x26, 0x2B))
LIGHT = Palette((0xF2, 0xF1, 0xEE))


def xfconfd() -> list[str]:
    """Give the command of Xfce's settings service, without which neither panel nor notification daemon is itself."""
    return [find_program("xfconfd", "xfconf", "lib/*/xfce4/xfconf", "lib/xfce4/xfconf", "libexec")]


def panel() -> list[str]:
    """Give the command of the tray host."""
    return [find_program("xfce4-panel", "xfce4-panel"), "--disable-wm-check"]


def openbox() -> list[str]:
    """Give the command of the window manager."""
    return [find_program("openbox", "openbox"), "--sm-disable"]


def xvfb(width: int, height: int, display_fd: int) -> list[str]:
    """Give the command of the X server, which picks a free display and writes its number to ``display_fd``."""
    return [
        *(find_program("Xvfb", "xvfb"), "-displayfd", str(display_fd), "-nolisten", "tcp", "-noreset"),
        *("-screen", "0", f"{width}x{height}x24"),
    ]


def keyring() -> list[str]:
    """Give the command of the Secret Service, which reads its password from standard input up to the end."""
    program = find_program("gnome-keyring-daemon", "gnome-keyring")
    return [program, "--foreground", "--unlock", "--components=secrets"]


def notification_daemon(which: NotificationDaemon, env: Mapping[str, str]) -> list[str]:
    """Give the command of a notification daemon.

    Raises:
        ValueError: For ``NONE``.
    """
    match which:
        case NotificationDaemon.XFCE:
            return [find_program("xfce4-notifyd", "xfce4-notifyd", "lib/*/xfce4/notifyd", "lib/xfce4/notifyd")]
        case NotificationDaemon.DUNST:
            return [find_program("dunst", "dunst"), "-conf", f"{env['XDG_CONFIG_HOME']}/dunst/dunstrc"]
        case NotificationDaemon.MATE:
            package = "mate-notification-daemon"
            return [find_program(package, package, f"lib/{package}", f"lib/*/{package}", "libexec")]
        case NotificationDaemon.NONE:
            raise ValueError("no daemon has no command")


def write_configuration(config: Path, palette: Palette, width: int, height: int) -> None:
    """Write every part's configuration below ``$XDG_CONFIG_HOME``."""
    files = {
        "xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml": _panel_xml(palette, width, height),
        "xfce4/xfconf/xfce-perchannel-xml/xfce4-notifyd.xml": _NOTIFYD_XML,
        "dunst/dunstrc": _DUNSTRC,
        "gtk-3.0/settings.ini": _GTK_SETTINGS,
        "gtk-3.0/gtk.css": _GTK_CSS.format(*BUTTON_RGB),
        "glib-2.0/settings/keyfile": _GSETTINGS,
    }
    for name, text in files.items():
        path = config / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _panel_xml(palette: Palette, width: int, height: int) -> str:
    # Position "p=8": snapped to the lower edge. Without a ready configuration the first start asks a question.
    rgba = "".join(f'<value type="double" value="{part / 255:.6f}"/>' for part in (*palette.background, 255))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=8;x={width // 2};y={height - PANEL_HEIGHT // 2}"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="{PANEL_HEIGHT}"/>
      <property name="background-style" type="uint" value="1"/>
      <property name="background-rgba" type="array">{rgba}</property>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray">
      <property name="icon-size" type="int" value="{ICON_SIZE}"/>
      <property name="square-icons" type="bool" value="true"/>
      <property name="hide-new-items" type="bool" value="false"/>
    </property>
  </property>
</channel>
"""


# No fading and no sliding: a popup that is there can be clicked.
_NOTIFYD_XML = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-notifyd" version="1.0">
  <property name="theme" type="string" value="Default"/>
  <property name="do-fadeout" type="bool" value="false"/>
  <property name="do-slideout" type="bool" value="false"/>
  <property name="initial-opacity" type="double" value="1.0"/>
  <property name="notify-location" type="uint" value="2"/>
  <property name="notification-log" type="bool" value="false"/>
</channel>
"""

# https://dunst-project.org/documentation/ - mouse_left_click is a list of what one click does, in order.
_DUNSTRC = """[global]
    width = 360
    height = 160
    origin = top-right
    offset = 16x16
    font = DejaVu Sans 10
    markup = full
    frame_width = 1
    idle_threshold = 0
    show_age_threshold = -1
    icon_position = off
    mouse_left_click = do_action, close_current
    mouse_middle_click = none
    mouse_right_click = close_current
"""

_GTK_SETTINGS = """[Settings]
gtk-theme-name=Adwaita
gtk-icon-theme-name=Adwaita
gtk-font-name=DejaVu Sans 10
gtk-enable-animations=0
"""

_GTK_CSS = """#XfceNotifyWindow button, window:not(.xfce4-panel) button {{
  background: rgb({0}, {1}, {2});
  border-color: rgb({0}, {1}, {2});
  color: white;
  box-shadow: none;
  text-shadow: none;
}}
"""

_GSETTINGS = """[org/mate/notification-daemon]
theme='slider'
popup-location='top_right'
use-active-monitor=false
sound-enabled=false
"""
