"""The settings that are edited as one text each: what stands in the file, and what a text means there. Pure."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass

from trayapp.review.settings_texts import SettingsTexts
from trayapp.settings import Account, InvalidValue, Settings
from trayapp.settings.edit import Place
from trayapp.settings.toml_text import Value

NONE = "none"
"""What is written for a list without any."""

_SEPARATORS = str.maketrans(",;", "  ")


@dataclass(frozen=True, slots=True)
class Field:
    """One setting as its owner edits it.

    Attributes:
        place: Where it stands in the file.
        text: What the settings say of it, as a text.
        value: What a text means; ``None`` takes the setting out of the file. Raises ``InvalidValue`` for what cannot be
            understood; what is understood and not allowed is found when it is written.
    """

    place: Place
    text: Callable[[Settings], str]
    value: Callable[[str], Value | None]


def split(command: str) -> list[str]:
    """Part a command as a shell does, but for backslashes, which Windows has in its paths.

    Raises:
        ValueError: A quotation mark is not closed.
    """
    parser = shlex.shlex(command, posix=True)
    parser.whitespace_split, parser.commenters, parser.escape = True, "", ""
    return list(parser)


def join(command: tuple[str, ...]) -> str:
    """Write a command so that ``split`` reads it."""
    return " ".join(map(_quoted, command))


def _quoted(part: str) -> str:
    if part and not any(letter.isspace() or letter in "\"'" for letter in part):
        return part
    return '"' + part.replace('"', '"\'"\'"') + '"'


def _command(text: str) -> Value | None:
    try:
        return split(text) or None
    except ValueError:
        raise InvalidValue(BROWSER.place, SettingsTexts.QUOTE_OPEN) from None


def words(text: str) -> list[str]:
    """Part a list that is written with commas or spaces."""
    return text.translate(_SEPARATORS).split()


def _number(text: str) -> Value:
    return int(text) if text.strip().isdecimal() else text


LANGUAGE = Field(("language",), lambda settings: settings.language, str)
REVIEW_ON_OPEN = Field(("review_on_open",), lambda settings: settings.policy.review_on_open.value, str)
HISTORY_DAYS = Field(("history_days",), lambda settings: str(settings.policy.keep.days), _number)
BROWSER = Field(("browser_command",), lambda settings: join(settings.browser_command), _command)
WATCHED_TYPES = Field(
    ("watched_types",),
    lambda settings: ", ".join(sorted(settings.policy.watched_types or ())),
    lambda text: words(text) or None,
)


def label(name: str) -> Field:
    """Give the label of an account."""
    return _of_account(name, "label", lambda account: account.label, lambda text: text.strip() or None)


def heartbeat(name: str) -> Field:
    """Give the period of an account's heartbeat."""
    return _of_account(name, "heartbeat", lambda account: account.heartbeat, lambda text: text.strip() or None)


def regions(name: str) -> Field:
    """Give the Regions in which AWS Config should record; ``NONE`` is a list without any."""

    def text(account: Account) -> str:
        return NONE if account.regions == () else ", ".join(account.regions or ())

    def value(text: str) -> Value | None:
        said = words(text)
        return [] if said == [NONE] else said or None

    return _of_account(name, "regions", text, value)


def trail(name: str) -> Field:
    """Give whether CloudTrail should log: ``true``, ``false``, or empty for what the queue's policy says."""
    return _of_account(
        name,
        "trail",
        lambda account: "" if account.trail is None else str(account.trail).lower(),
        lambda text: None if not text else text == "true",
    )


def _of_account(name: str, key: str, text: Callable[[Account], str], value: Callable[[str], Value | None]) -> Field:
    def said(settings: Settings) -> str:
        return next((text(account) for account in settings.accounts if account.name == name), "")

    return Field(("accounts", name, key), said, value)
