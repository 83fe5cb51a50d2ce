"""The owner's settings: where they are and what they may say.

Changing them is ``trayapp.settings.edit``; few do, and its library is not loaded for those who only read.
"""

from trayapp.paths import Paths
from trayapp.settings.load import load
from trayapp.settings.model import Account, InvalidValue, Settings, SettingsError, check_account

__all__ = ["Account", "InvalidValue", "Paths", "Settings", "SettingsError", "check_account", "load"]
