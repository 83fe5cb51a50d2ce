"""Where things live on each system."""

import warnings
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_APP = "trayapp"


@dataclass(frozen=True, slots=True)
class Paths:
    """The places of one installation.

    Attributes:
        settings: The TOML file that its owner may edit.
        store: The SQLite file.
        log: The log file.
        runtime: The folder of the lock and the control channel; emptied by the system at logout or restart.
    """

    settings: Path
    store: Path
    log: Path
    runtime: Path

    @classmethod
    def platform(cls) -> "Paths":
        """Give the platform's own places (on Linux those of the XDG base directory specification)."""
        dirs = platformdirs.PlatformDirs(_APP, appauthor=False)
        with warnings.catch_warnings():
            # Without XDG_RUNTIME_DIR it warns and takes a folder in /tmp, which serves: the folder is checked there.
            warnings.simplefilter("ignore")
            runtime = dirs.user_runtime_path
        return cls(
            settings=dirs.user_config_path / "settings.toml",
            store=dirs.user_data_path / "alerts.sqlite3",
            log=dirs.user_log_path / "trayapp.log",
            runtime=runtime,
        )

    @classmethod
    def inside(cls, folder: Path) -> "Paths":
        """Give places that all lie in one folder, for an installation that leaves nothing behind."""
        return cls(folder / "settings.toml", folder / "alerts.sqlite3", folder / "trayapp.log", folder / "run")
