"""Changing the settings file as its owner would: every comment and every line that is not meant stays."""

import os
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tomlkit.exceptions import TOMLKitError

from trayapp.core.language import mark, say
from trayapp.core.policy import Mute
from trayapp.settings.accounts import ACCOUNT_KEYS, DEFAULTS, Account
from trayapp.settings.load import read, text_of
from trayapp.settings.model import Settings, check
from trayapp.settings.problems import InvalidValue, SettingsError
from trayapp.settings.rules import mute_values
from trayapp.settings.toml_text import Value, with_entry, with_values, without, without_entry

Place = tuple[str, ...]
"""Where a value stands, as a path of keys from the top."""

_MUTES = "mute"
_AS_TABLES = mark("Write every account as a table, [accounts.NAME], and try again.")
_AS_LISTED = mark("Write every mute as a table of its own, [[mute]], and try again.")
_BY_HAND = mark("Change it in an editor instead.")


def write_values(path: Path, values: Mapping[Place, Value | None]) -> None:
    """Set single values, all of them or none, leaving all others as they are.

    Args:
        path: The file.
        values: What shall stand where; ``None`` takes a value out, or a whole table.

    Raises:
        InvalidValue: One of the values is wrong, and its key says which. The file is as it was.
        SettingsError: The file says something wrong already, or cannot be written.
    """
    _edit(path, lambda before: _set(before, values), _BY_HAND)


def write_account(path: Path, account: Account) -> None:
    """Write one account's settings, leaving all others as they are.

    Raises:
        SettingsError: The file says something wrong already, or cannot be written.
    """
    said = asdict(account)
    values: dict[Place, Value | None] = {
        ("accounts", account.name, key): None if said[key] == DEFAULTS[key] else said[key] for key in ACCOUNT_KEYS
    }
    _edit_checked(path, lambda before: _set(before, values), _AS_TABLES)


def remove_account(path: Path, name: str) -> None:
    """Remove one account's settings; does nothing if they are not there.

    Raises:
        SettingsError: The file says something wrong already, or cannot be written.
    """
    _edit_checked(path, lambda before: _set(before, {("accounts", name): None}), _AS_TABLES)


def add_mute(path: Path, rule: Mute) -> None:
    """Add a rule that mutes, after those that are there; does nothing if it is there already.

    Raises:
        SettingsError: Such a rule may not be made, the file says something wrong already, or it cannot be written.
    """

    def add(before: _File) -> _File:
        if rule in before.settings.policy.mutes:
            return before
        values = mute_values(rule)
        meant = {**before.document, _MUTES: [*before.document.get(_MUTES, []), values]}
        return _File(with_entry(before.text, _MUTES, values), meant, check(meant))

    _edit_checked(path, add, _AS_LISTED)


def remove_mute(path: Path, rule: Mute) -> None:
    """Remove a rule that mutes; does nothing if it is not there.

    Raises:
        SettingsError: The file says something wrong already, or cannot be written.
    """

    def remove(before: _File) -> _File:
        if rule not in before.settings.policy.mutes:
            return before
        place = before.settings.policy.mutes.index(rule)
        mutes = before.document[_MUTES]
        meant = {**before.document, _MUTES: mutes[:place] + mutes[place + 1 :]}
        return _File(without_entry(before.text, _MUTES, place), meant, check(meant))

    _edit_checked(path, remove, _AS_LISTED)


@dataclass(frozen=True, slots=True)
class _File:
    """A text, and what it says or is meant to say.

    Attributes:
        text: The text.
        document: What it says as TOML.
        settings: What it says as settings.
    """

    text: str
    document: Mapping[str, Any]
    settings: Settings


def _set(before: _File, values: Mapping[Place, Value | None]) -> _File:
    meant = deepcopy(dict(before.document))
    gone: list[Place] = []
    tables: dict[Place, dict[str, Value | None]] = {}
    for place, value in values.items():
        *path, key = place
        table = _table(meant, path, make=value is not None)
        if value is None and key not in table:
            continue
        if value is not None:
            table[key] = list(value) if isinstance(value, tuple) else value
        elif isinstance(table.pop(key), Mapping):
            gone.append(place)
            continue
        tables.setdefault(tuple(path), {})[key] = value
    settings = check(meant)  # what may not be said is not written either
    text = before.text
    for place in gone:
        text = without(text, place)
    for place, own in tables.items():
        text = with_values(text, place, own)
    return _File(text, meant, settings)


def _table(document: dict[str, Any], path: Iterable[str], *, make: bool) -> dict[str, Any]:
    """Give the table at a path; where there is none a new one, which belongs to the document if it is to be made."""
    for part in path:
        document = document.setdefault(part, {}) if make else document.get(part, {})
    return document


def _edit_checked(path: Path, change: Callable[[_File], _File], advice: str) -> None:
    try:
        _edit(path, change, advice)
    except InvalidValue as error:
        raise SettingsError(say("{path} could not be changed: {problem}.", path=path, problem=error)) from error


def _edit(path: Path, change: Callable[[_File], _File], advice: str) -> None:
    """Change the text, and replace the file only if the new text then says what is meant and nothing else.

    There are ways of writing TOML that no editing library leaves whole (keys with dots over several lines).
    """
    settings, text = read(path)  # never write into a file that we do not understand
    try:
        after = change(_File(text, tomllib.loads(text), settings))
        if after.text == text:
            return
        _prove(after)
        if text_of(path) != text:
            raise SettingsError(
                say("{path} could not be changed: somebody else did so at this moment. Try again.", path=path)
            )
        _replace(path, after.text)
    except OSError as error:
        raise SettingsError(
            say("{path} could not be changed: {problem}. Check its permissions and the disk.", path=path, problem=error)
        ) from error
    except (ValueError, TOMLKitError) as error:
        raise SettingsError(
            say("{path} could not be changed: {problem}. {advice}", path=path, problem=error, advice=say(advice))
        ) from error


def _prove(changed: _File) -> None:
    """Raise ``ValueError`` unless the text says what is meant."""
    try:
        said = check(tomllib.loads(changed.text))
    except InvalidValue:
        said = None
    if said != changed.settings:
        raise ValueError(say("the change would spoil it"))


def _replace(path: Path, text: str) -> None:
    """Put a whole new file in the old one's place, so that a crash leaves one or the other, never half."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = path.resolve()  # a link into somebody's dotfiles stays a link
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".settings-", suffix=".toml")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:  # as bytes: line ends are the owner's too
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
