"""Starting with the owner's session, by the switch that each system has for it.

Whoever offers the switch asks ``autostart()`` and uses ``status`` and ``switch``; what stands behind it is the system's
own mechanism, which the owner may also have used by the desktop's own settings.
"""

import sys

from trayapp.desktop.autostart.base import Autostart, AutostartFailed, Standing, State
from trayapp.desktop.autostart.program import login_command

__all__ = ["Autostart", "AutostartFailed", "Standing", "State", "autostart"]


def autostart() -> Autostart:
    """Give the switch of this system, for this installation."""
    # Imported here because each of these exists on some systems only.
    if sys.platform == "win32":
        from trayapp.desktop.autostart.run_key import RunKey  # noqa: PLC0415 - see above

        return RunKey(login_command())
    if sys.platform == "darwin":
        from trayapp.desktop.autostart.launch_agent import LaunchAgent  # noqa: PLC0415 - see above

        return LaunchAgent(login_command())
    from trayapp.desktop.autostart.xdg import XdgAutostart  # noqa: PLC0415 - see above

    return XdgAutostart(login_command())
