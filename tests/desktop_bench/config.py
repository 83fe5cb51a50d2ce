"""What a desktop is made of."""

from dataclasses import dataclass

from desktop_bench.parts import DARK, NotificationDaemon, Palette

PASSWORD = "correct horse"
"""Unlocks the keyring."""


@dataclass(frozen=True, slots=True)
class DesktopConfig:
    """What a desktop is made of.

    Attributes:
        notifications: Who shows notifications at the start.
        panel: Whether a tray host runs from the start.
        keyring_password: The password of the Secret Service's login keyring, which is unlocked with it; ``None`` for
            a desktop without a Secret Service.
        activation: Whether the bus starts services on demand; see ``bus_config``.
        palette: The panel's look.
        timezone: What ``TZ`` says.
        width: Of the screen, in pixels.
        height: Of the screen, in pixels.
    """

    notifications: NotificationDaemon = NotificationDaemon.XFCE
    panel: bool = True
    keyring_password: str | None = PASSWORD
    activation: bool = False
    palette: Palette = DARK
    timezone: str = "Asia/Tokyo"
    width: int = 1280
    height: int = 800
