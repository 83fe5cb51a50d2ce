"""What the settings may say as a whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from trayapp.core.policy import Policy
from trayapp.core.signals import Signal
from trayapp.settings.accounts import ACCOUNT_KEYS, Account, check_account
from trayapp.settings.problems import InvalidValue, SettingsError, check_known
from trayapp.settings.rules import RULES_KEYS, check_rules

__all__ = ["ACCOUNT_KEYS", "Account", "InvalidValue", "Settings", "SettingsError", "check", "check_account"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the settings say.

    Attributes:
        accounts: The accounts, in the order of the file.
        browser_command: The argument list that opens a link, ``{url}`` in it; empty for the system's own way.
        policy: The owner's rules.
    """

    accounts: tuple[Account, ...] = ()
    browser_command: tuple[str, ...] = ()
    policy: Policy = field(default_factory=Policy)


TOP_KEYS = ("browser_command", *RULES_KEYS, "accounts")


def check(document: Mapping[str, Any], catalogue: Iterable[Signal] | None = None) -> Settings:
    """Check a whole document.

    Args:
        document: The document, as ``tomllib`` reads it.
        catalogue: The signals that rules may name; ``None`` for all there are.

    Raises:
        InvalidValue: Something in it is wrong.
    """
    check_known(document, TOP_KEYS, ())
    accounts = document.get("accounts", {})
    if not isinstance(accounts, Mapping):
        raise InvalidValue(("accounts",), "accounts are tables: write [accounts.NAME], then one setting a line")
    return Settings(
        accounts=tuple(check_account(name, values) for name, values in accounts.items()),
        browser_command=_browser_command(document.get("browser_command", [])),
        policy=check_rules(document, catalogue),
    )


def _browser_command(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(part, str) and part for part in value):
        raise InvalidValue(
            ("browser_command",), 'browser_command must be a list of texts, such as ["firefox", "{url}"]'
        )
    if value and not any("{url}" in part for part in value[1:]):
        raise InvalidValue(
            ("browser_command",), "browser_command must say where the link goes: add {url} behind the program"
        )
    return tuple(value)
