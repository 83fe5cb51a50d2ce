"""Changing the settings file as its owner would: every comment and every line that is not meant stays."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from trayapp.settings.load import load
from trayapp.settings.model import ACCOUNT_KEYS, Account, SettingsError


def write_account(path: Path, account: Account) -> None:
    """Write one account's settings, leaving all others as they are.

    Raises:
        SettingsError: The file says something wrong already, or cannot be written.
    """

    def change(document: tomlkit.TOMLDocument) -> None:
        accounts = document.setdefault("accounts", tomlkit.table(is_super_table=True))
        table = accounts.setdefault(account.name, tomlkit.table())
        values = asdict(account)
        for key in ACCOUNT_KEYS:
            if values[key]:
                table[key] = values[key]
            else:
                table.pop(key, None)

    _edit(path, change)


def remove_account(path: Path, name: str) -> None:
    """Remove one account's settings; does nothing if they are not there.

    Raises:
        SettingsError: The file says something wrong already, or cannot be written.
    """
    _edit(path, lambda document: document.get("accounts", {}).pop(name, None))


def _edit(path: Path, change: Callable[[tomlkit.TOMLDocument], object]) -> None:
    load(path)  # never write into a file that we do not understand
    try:
        text = path.read_text("utf-8") if path.exists() else ""
        document = tomlkit.parse(text)
        change(document)
        _replace(path, tomlkit.dumps(document))
    except (OSError, TOMLKitError) as error:
        raise SettingsError(f"{path} could not be changed: {error}. Check its permissions and the disk.") from error


def _replace(path: Path, text: str) -> None:
    """Put a whole new file in the old one's place, so that a crash leaves one or the other, never half."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = path.resolve()  # a link into somebody's dotfiles stays a link
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".settings-", suffix=".toml")  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
