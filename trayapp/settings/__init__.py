"""The owner's settings: where they are, what they may say, and how they are changed without losing comments."""

from trayapp.settings.edit import remove_account, write_account
from trayapp.settings.load import load
from trayapp.settings.model import Account, Settings, SettingsError, check_account
from trayapp.settings.paths import Paths

__all__ = ["Account", "Paths", "Settings", "SettingsError", "check_account", "load", "remove_account", "write_account"]
