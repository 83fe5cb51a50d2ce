"""Changing the settings file as its owner would: every comment and every line that is not meant stays."""

import os
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from trayapp.settings.accounts import ACCOUNT_KEYS, DEFAULTS, Account
from trayapp.settings.load import header_of, load, text_of
from trayapp.settings.model import Settings, check
from trayapp.settings.problems import InvalidValue, SettingsError


def write_account(path: Path, account: Account) -> None:
    """Write one account's settings, leaving all others as they are.

    Raises:
        SettingsError: The file says something wrong already, or cannot be written.
    """
    _edit(path, lambda text: _with_account(text, account), lambda accounts: {**accounts, account.name: account})


def remove_account(path: Path, name: str) -> None:
    """Remove one account's settings; does nothing if they are not there.

    Raises:
        SettingsError: The file says something wrong already, or cannot be written.
    """
    _edit(
        path,
        lambda text: _without_account(text, name),
        lambda accounts: {each: account for each, account in accounts.items() if each != name},
    )


def _with_account(text: str, account: Account) -> str:
    before, own, after = _parted(text, account.name)
    document = tomlkit.parse(before + own)
    accounts = document.setdefault("accounts", tomlkit.table(is_super_table=True))
    table = accounts.setdefault(account.name, tomlkit.table())
    values = asdict(account)
    for key in ACCOUNT_KEYS:
        value = list(values[key]) if isinstance(values[key], tuple) else values[key]
        if values[key] == DEFAULTS[key]:
            table.pop(key, None)
        elif table.get(key) != value:  # else its way of writing stays as well
            table[key] = value
    return tomlkit.dumps(document) + after


def _without_account(text: str, name: str) -> str:
    before, own, after = _parted(text, name)
    if own:
        return before + after
    document = tomlkit.parse(text)
    document.get("accounts", {}).pop(name, None)
    return tomlkit.dumps(document)


def _parted(text: str, name: str) -> tuple[str, str, str]:
    """Part the text into what stands before an account's table, the table's own lines, and what stands after.

    Comments below the last setting speak of what comes next, so they stand after; tomlkit would count them in.
    Where no line begins the table, all of the text stands before it.
    """
    lines = text.splitlines(keepends=True)
    headers = [number for number, line in enumerate(lines) if header_of(line)]
    start = next((number for number in headers if header_of(lines[number]) == ("accounts", name)), len(lines))
    end = next((number for number in headers if number > start), len(lines))
    while end > start and (lines[end - 1].strip() == "" or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return "".join(lines[:start]), "".join(lines[start:end]), "".join(lines[end:])


Accounts = dict[str, Account]
"""The accounts by their names."""


def _edit(path: Path, change: Callable[[str], str], meant: Callable[[Accounts], Accounts]) -> None:
    """Change the text, and replace the file only if the new text then says what is meant and nothing else new.

    There are ways of writing TOML that no editing library leaves whole (keys with dots over several lines).
    """
    before = load(path)  # never write into a file that we do not understand
    try:
        text = text_of(path)
        changed = change(text)
        _check_says(changed, meant(_by_name(before)), before)
        if changed != text:
            _replace(path, changed)
    except OSError as error:
        raise SettingsError(f"{path} could not be changed: {error}. Check its permissions and the disk.") from error
    except (ValueError, InvalidValue, TOMLKitError) as error:
        raise SettingsError(
            f"{path} could not be changed: {error}. Write every account as a table, [accounts.NAME], and try again."
        ) from error


def _check_says(text: str, wanted: Accounts, before: Settings) -> None:
    """Raise ``ValueError`` unless the text has the wanted accounts, and all else as before."""
    said = check(tomllib.loads(text))
    if _by_name(said) != wanted or replace(said, accounts=()) != replace(before, accounts=()):
        raise ValueError("the change would spoil it")


def _by_name(settings: Settings) -> Accounts:
    return {account.name: account for account in settings.accounts}


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
