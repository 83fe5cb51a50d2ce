"""What is wrong with the keyring, said to whoever wants a key."""

import sys

from trayapp.core.causes import Cause
from trayapp.core.language import mark, say

_WAY_OUT = (
    mark(
        "Install and start GNOME Keyring (apt install gnome-keyring) or KWallet, sign in to the desktop again, and "
        "leave PYTHON_KEYRING_BACKEND unset."
    )
    if sys.platform == "linux"
    else mark("Leave PYTHON_KEYRING_BACKEND unset and remove keyringrc.cfg, so that the system's own keyring is used.")
)


class KeyStoreProblem(Exception):  # noqa: N818 - named after what it reports
    """The keyring cannot be used; the text says why and what to install or unlock.

    Attributes:
        cause: Whether it is locked or missing.
    """

    def __init__(self, cause: Cause, message: str) -> None:
        super().__init__(message)
        self.cause = cause


def way_out() -> str:
    """Say what to install or to unset, so that there is a keyring."""
    return say(_WAY_OUT)
