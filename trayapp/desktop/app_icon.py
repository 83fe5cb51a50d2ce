"""Where the application's icon is."""

from importlib.resources import as_file, files
from pathlib import Path

_NAME = Path("hicolor", "128x128", "apps", "trayapp.png")


def app_icon() -> str:
    """Give the path of the icon, or its name in the icon theme where the file is not beside us.

    An installed package has the pictures inside, a checkout beside it.
    """
    with as_file(files("trayapp")) as package:
        for icons in (package / "icons", package.parent / "icons"):
            if (icons / _NAME).is_file():
                return str(icons / _NAME)
    return "trayapp"
