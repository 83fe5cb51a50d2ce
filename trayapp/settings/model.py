"""What the settings may say as a whole.

    language = "auto"            # what trayapp speaks: "auto" (as the desktop does), "en", "ja"

    browser_command = ["firefox", "--new-window", "{url}"]   # how a link is opened, instead of the system's own way

Beside these two stand the accounts, which ``trayapp.settings.accounts`` reads, and the rules of
``trayapp.settings.rules``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trayapp.core.language import Language, say
from trayapp.core.policy import Policy
from trayapp.settings.accounts import ACCOUNT_KEYS, Account, check_account
from trayapp.settings.problems import InvalidValue, SettingsError, check_known, quoted
from trayapp.settings.rules import RULES_KEYS, check_rules

__all__ = ["ACCOUNT_KEYS", "Account", "InvalidValue", "Settings", "SettingsError", "check", "check_account"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the settings say.

    Attributes:
        accounts: The accounts, in the order of the file.
        browser_command: The argument list that opens a link, ``{url}`` in it; empty for the system's own way.
        policy: The owner's rules.
        language: What trayapp speaks: ``auto`` for the desktop's language, or a language's code.
    """

    accounts: tuple[Account, ...] = ()
    browser_command: tuple[str, ...] = ()
    policy: Policy = field(default_factory=Policy)
    language: str = "auto"


LANGUAGES = ("auto", *(language.value for language in Language))
"""What ``language`` may be."""

TOP_KEYS = ("language", "browser_command", *RULES_KEYS, "accounts")


def check(document: Mapping[str, Any]) -> Settings:
    """Check a whole document.

    Args:
        document: The document, as ``tomllib`` reads it.

    Raises:
        InvalidValue: Something in it is wrong.
    """
    check_known(document, TOP_KEYS, ())
    accounts = document.get("accounts", {})
    if not isinstance(accounts, Mapping):
        raise InvalidValue(("accounts",), say("accounts are tables: write [accounts.NAME], then one setting a line"))
    return Settings(
        accounts=tuple(check_account(name, values) for name, values in accounts.items()),
        browser_command=_browser_command(document.get("browser_command", [])),
        policy=check_rules(document),
        language=_language(document.get("language", "auto")),
    )


def _language(value: object) -> str:
    if not isinstance(value, str) or value not in LANGUAGES:
        raise InvalidValue(
            ("language",),
            say(
                "{value} is no language of trayapp; write one of {choices}",
                value=repr(value),
                choices=quoted(LANGUAGES),
            ),
        )
    return value


def _browser_command(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(part, str) and part for part in value):
        raise InvalidValue(
            ("browser_command",), say('browser_command must be a list of texts, such as ["firefox", "{url}"]')
        )
    if value and not any("{url}" in part for part in value[1:]):
        raise InvalidValue(
            ("browser_command",), say("browser_command must say where the link goes: add {url} behind the program")
        )
    return tuple(value)
