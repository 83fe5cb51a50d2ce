"""What a session has to start: this installation's launcher, by a path that stays the same when it is upgraded."""

import shutil
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

_NAME = "trayapp"
_WITHOUT_CONSOLE = "trayappw.exe"
"""Beside the frozen ``trayapp.exe``: the same program, for which Windows opens no console."""


def login_command() -> tuple[str, ...]:
    """Give the command by which a session is to start this installation, program first."""
    return (*_launcher(), "run")


def _launcher() -> tuple[str, ...]:
    if getattr(sys, "frozen", False):
        return (_frozen(Path(sys.executable)),)
    if sys.platform == "win32":
        # The launcher that is installed there, and python.exe, open a console.
        return str(Path(sys.executable).with_name("pythonw.exe")), "-P", "-m", _NAME
    script = _installed_script()
    return (str(script),) if script else (sys.executable, "-P", "-m", _NAME)


def _frozen(program: Path) -> str:
    if sys.platform == "win32":
        windowed = program.with_name(_WITHOUT_CONSOLE)
        return str(windowed if windowed.is_file() else program)
    # The link on the path is the name that a package promises; where its folder lies is the package's own affair.
    link = shutil.which(_NAME)
    return link if link and Path(link).resolve() == program.resolve() else str(program)


def _installed_script() -> Path | None:
    """Find the launcher by the installation's own record of its files, which says it for pip, pipx and every scheme.

    https://packaging.python.org/en/latest/specifications/recording-installed-packages/
    """
    try:
        files = distribution(_NAME).files or []
    except PackageNotFoundError:
        return None
    scripts = (Path(str(file.locate())) for file in files if file.name == _NAME and file.parent.name == "bin")
    return next((script.parent.resolve() / script.name for script in scripts if script.is_file()), None)
