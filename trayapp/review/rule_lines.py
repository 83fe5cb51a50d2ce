"""A rule as it would stand in the settings file."""

from trayapp.core.policy import Mute
from trayapp.settings.rules import mute_values
from trayapp.settings.toml_text import with_entry


def rule_lines(rule: Mute) -> list[str]:
    """Give the lines that would be added to the settings."""
    return with_entry("", "mute", mute_values(rule)).strip().splitlines()
