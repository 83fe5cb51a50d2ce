"""What the application bundle says of itself to macOS; the freezing spec asks here.

https://developer.apple.com/documentation/bundleresources/information-property-list
"""

from typing import Any

import trayapp
from trayapp.desktop.autostart.launch_agent import LABEL

NAME = "Trayapp.app"
IDENTIFIER = LABEL
"""One name for the bundle and its launch agent, so that the system's settings show both as one."""

OLDEST_SYSTEM = "12.0"
"""The oldest macOS that python.org's Python, the pictures' library and the notifications are all built for."""


def info() -> dict[str, Any]:
    """Give the entries of ``Info.plist`` that PyInstaller does not write by itself."""
    return {
        # An icon in the menu bar, none in the Dock, and no menu of its own.
        "LSUIElement": True,
        "LSMinimumSystemVersion": OLDEST_SYSTEM,
        "LSApplicationCategoryType": "public.app-category.utilities",
        "CFBundleDisplayName": "trayapp",
        "CFBundleShortVersionString": trayapp.__version__,
        "CFBundleVersion": trayapp.__version__,
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": "MIT licence",
        # Two of one user are one: the second would find the first and end, but only after it was loaded.
        "LSMultipleInstancesProhibited": True,
    }
