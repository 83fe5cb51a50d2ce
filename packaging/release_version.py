"""Which version the checkout is, and which time everything that is built from it bears."""

import os
import re
import subprocess
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]


def version() -> str:
    """Give the version, which stands in the package itself and nowhere else.

    Raises:
        ValueError: It does not stand there.
    """
    text = (CHECKOUT / "trayapp" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if found is None:
        raise ValueError("trayapp/__init__.py names no __version__")
    return found[1]


def build_time() -> int:
    """Give the time of the build in seconds since 1970: ``SOURCE_DATE_EPOCH``, or else that of the last commit.

    https://reproducible-builds.org/specs/source-date-epoch/
    """
    said = os.environ.get("SOURCE_DATE_EPOCH")
    if said:
        return int(said)
    command = ["git", "-C", str(CHECKOUT), "log", "-1", "--format=%ct"]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603 - our own words
