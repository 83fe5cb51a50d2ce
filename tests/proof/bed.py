"""Where subjects live: one emulated AWS, and a certificate authority."""

import json
import os
import secrets as random
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from desktop_bench.authority import Authority
from desktop_bench.cloud import Cloud
from desktop_bench.parts import NotificationDaemon
from desktop_bench.session import Desktop, DesktopConfig
from proof.place import Places

ARTEFACTS = Path(__file__).parents[2] / "build"
"""The folder of reports; ``$TRAYAPP_ARTEFACTS`` names another."""

_QUIET_DESK = DesktopConfig(notifications=NotificationDaemon.NONE, panel=False)


class Bed:
    """Use it as a context manager.

    Args:
        root: A folder of its own, with a short path.

    Attributes:
        root: As given.
        cloud: The emulated AWS.
        upstream: ``host:port`` of the emulator itself.
        places: Regions for subjects.
        authority: Trusted by the subjects.
        stranger: Trusted by nobody.
    """

    cloud: Cloud
    upstream: str
    places: Places

    def __init__(self, root: Path) -> None:
        self.root = root
        self.authority = Authority(root / "authority")
        self.stranger = Authority(root / "stranger", "Nobody's authority")
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Start everything."""
        try:
            self.cloud = self._stack.enter_context(Cloud(self.root / "cloud"))
            self.upstream = self.cloud.upstream
            self.places = Places(self.cloud, self.upstream)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End everything."""
        self._stack.close()

    def new_desk(self) -> Desktop:
        """Give a desk of one's own, for its buses and its keyring, not started yet.

        One that all share does not do: GNOME Keyring ends where one program leaves its bus while another calls.
        """
        return Desktop(self.root / f"desk-{random.token_hex(2)}", _QUIET_DESK)

    def home(self, name: str) -> tuple[Path, Mapping[str, str]]:
        """Make a home for one program: its folder, and what its environment says of it."""
        folder = self.root / f"{name[:12]}-{random.token_hex(2)}"
        places = {
            "HOME": folder,
            "XDG_RUNTIME_DIR": folder / "run",
            "XDG_CONFIG_HOME": folder / "config",
            "XDG_DATA_HOME": folder / "data",
            "XDG_STATE_HOME": folder / "state",
            "XDG_CACHE_HOME": folder / "cache",
        }
        for place in places.values():
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder, {variable: str(place) for variable, place in places.items()}


def save(name: str, text: str, record: object) -> Path:
    """Save a report as ``<name>.md`` and ``<name>.json``; gives the first."""
    folder = Path(os.environ.get("TRAYAPP_ARTEFACTS") or ARTEFACTS)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    path = folder / f"{name}.md"
    path.write_text(text, encoding="utf-8")
    return path
