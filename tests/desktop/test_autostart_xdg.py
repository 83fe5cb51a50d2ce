"""The switch of Linux desktops: files in folders of which the owner's outranks the system's."""

import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from trayapp.desktop.autostart import AutostartFailed, Standing, State
from trayapp.desktop.autostart.xdg import XdgAutostart


class Session:
    """The folders of one owner, and a program to be started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program = self.new_program("trayapp")
        self.own = folder / "config" / "autostart" / "trayapp.desktop"
        self.system = folder / "etc" / "autostart" / "trayapp.desktop"
        self.desktop = "XFCE"

    def new_program(self, name: str) -> Path:
        path = self.folder / name / "trayapp"
        path.parent.mkdir(parents=True)
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
        return path

    @property
    def command(self) -> tuple[str, ...]:
        return str(self.program), "run"

    @property
    def switch(self) -> XdgAutostart:
        return XdgAutostart(
            self.command,
            {
                "HOME": str(self.folder),
                "XDG_CONFIG_HOME": str(self.folder / "config"),
                "XDG_CONFIG_DIRS": f"relative:{self.folder / 'site'}:{self.folder / 'etc'}",
                "XDG_CURRENT_DESKTOP": self.desktop,
            },
        )

    def write(self, path: Path, *lines: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(("[Desktop Entry]", "Type=Application", "Name=trayapp", *lines, "")))

    def package(self) -> None:
        """Install what a package would: an entry of the system's that starts the program."""
        self.write(self.system, f"Exec={self.program} run", f"TryExec={self.program}")


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(tmp_path)


def test_without_any_file_it_is_off(session: Session) -> None:
    assert session.switch.status() == State(Standing.OFF, str(session.own))


def test_switched_on_it_starts_this_installation(session: Session) -> None:
    after = session.switch.switch(on=True)

    assert after == State(Standing.ON, str(session.own), session.command) == session.switch.status()
    assert [path.name for path in session.own.parent.iterdir()] == ["trayapp.desktop"]
    assert stat.S_IMODE(session.own.stat().st_mode) == 0o600


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="desktop-file-utils is not installed")
@pytest.mark.parametrize("on", [True, False])
def test_what_is_written_is_a_valid_desktop_entry(session: Session, *, on: bool) -> None:
    session.package()
    session.program = session.new_program("a b $ 50%")
    session.switch.switch(on=on)

    validated = subprocess.run(
        ["desktop-file-validate", session.own], capture_output=True, text=True, timeout=30, check=False
    )
    assert (validated.returncode, validated.stdout) == (0, "")


def test_switched_off_again_nothing_is_left(session: Session) -> None:
    session.switch.switch(on=True)
    assert session.switch.switch(on=False).standing is Standing.OFF
    assert not session.own.exists()
    assert session.switch.switch(on=False).standing is Standing.OFF


def test_what_a_package_starts_is_on_and_is_switched_off_for_this_owner_alone(session: Session) -> None:
    session.package()
    before = session.system.read_bytes()
    assert session.switch.status() == State(Standing.ON, str(session.system), session.command)

    after = session.switch.switch(on=False)

    assert after == State(Standing.OFF, str(session.own))
    assert session.system.read_bytes() == before


def test_switched_on_again_what_the_package_says_counts_again(session: Session) -> None:
    session.package()
    session.switch.switch(on=False)
    assert session.switch.switch(on=True) == State(Standing.ON, str(session.system), session.command)
    assert not session.own.exists()


def test_another_installations_entry_of_the_system_is_outranked_by_our_own(session: Session) -> None:
    session.package()
    session.program = session.new_program("pipx")
    assert session.switch.switch(on=True) == State(Standing.ON, str(session.own), session.command)


@pytest.mark.parametrize(
    "line", ["Hidden=true", "X-GNOME-Autostart-enabled=false", "NotShowIn=XFCE;", "OnlyShowIn=KDE;"]
)
def test_what_the_owner_switched_off_in_the_desktops_settings_is_off(session: Session, line: str) -> None:
    session.package()
    session.write(session.own, f"Exec={session.program} run", line)
    assert session.switch.status().standing is Standing.OFF

    assert session.switch.switch(on=True).on


@pytest.mark.parametrize("line", ["Hidden=false", "OnlyShowIn=GNOME;XFCE;", "NotShowIn=KDE"])
def test_what_does_not_speak_of_this_desktop_does_not_switch_it_off(session: Session, line: str) -> None:
    session.write(session.own, f"Exec={session.program} run", line)
    assert session.switch.status().on


def test_of_the_systems_folders_the_first_one_counts(session: Session) -> None:
    session.package()
    session.write(session.folder / "site" / "autostart" / "trayapp.desktop", "Hidden=true")
    assert session.switch.status().standing is Standing.OFF


def test_what_the_owner_added_to_the_command_is_left_alone(session: Session) -> None:
    session.write(session.own, f"Exec={session.program} run --log-level debug", "X-GNOME-Autostart-Delay=20")
    before = session.own.read_bytes()
    assert session.switch.switch(on=True).command == (*session.command, "--log-level", "debug")
    assert session.own.read_bytes() == before


def test_a_program_that_is_gone_is_told_and_switching_on_mends_it(session: Session) -> None:
    gone = session.command
    session.switch.switch(on=True)
    session.program.unlink()
    assert session.switch.status() == State(Standing.BROKEN, str(session.own), gone)

    session.program = session.new_program("newer")
    assert session.switch.switch(on=True) == State(Standing.ON, str(session.own), session.command)


def test_a_program_that_is_gone_can_be_switched_off(session: Session) -> None:
    session.switch.switch(on=True)
    session.program.unlink()
    assert session.switch.switch(on=False).standing is Standing.OFF


def test_what_a_removed_package_left_is_told(session: Session) -> None:
    session.package()
    session.program.unlink()
    assert session.switch.status() == State(Standing.BROKEN, str(session.system), session.command)


def test_what_is_to_be_tried_first_and_is_gone_starts_nothing(session: Session) -> None:
    session.write(session.own, f"Exec={session.program} run", "TryExec=/gone/trayapp")
    assert session.switch.status().standing is Standing.BROKEN


def test_a_folder_that_is_not_named_in_full_is_passed_over(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    session.write(session.folder / "relative" / "autostart" / "trayapp.desktop", f"Exec={session.program} run")
    monkeypatch.chdir(session.folder)
    assert session.switch.status().standing is Standing.OFF


@pytest.mark.parametrize("entry", ["", 'Exec="open', "Exec="])
def test_an_entry_that_starts_nothing_is_broken_and_mended(session: Session, entry: str) -> None:
    session.write(session.own, entry)
    assert session.switch.status().standing is Standing.BROKEN
    assert session.switch.switch(on=True).on


def test_the_installation_is_the_same_by_whatever_link_leads_to_its_folder(session: Session) -> None:
    link = session.folder / "link"
    link.symlink_to(session.program.parent)
    session.write(session.own, f"Exec={link / 'trayapp'} run")
    before = session.own.read_bytes()
    session.switch.switch(on=True)
    assert session.own.read_bytes() == before


def test_a_link_into_the_owners_dotfiles_stays_a_link(session: Session) -> None:
    kept = session.folder / "dotfiles"
    session.own.parent.mkdir(parents=True)
    session.own.symlink_to(kept)
    assert session.switch.switch(on=True).on
    assert session.own.is_symlink()
    assert kept.is_file()


def test_a_file_that_cannot_be_read_is_neither_on_nor_off(session: Session) -> None:
    session.own.parent.mkdir(parents=True)
    session.own.write_bytes(b"[Desktop Entry]\nExec=\xff\n")
    with pytest.raises(AutostartFailed, match=r"trayapp\.desktop cannot be read"):
        session.switch.status()


def test_a_folder_that_cannot_be_written_is_told(session: Session) -> None:
    session.own.parent.parent.write_text("a file is in the way")
    with pytest.raises(AutostartFailed, match="cannot be written"):
        session.switch.switch(on=True)


@pytest.fixture
def full_disk(session: Session, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Give what fills the disk, so that nothing can be made durable any more."""

    def fill() -> None:
        def fail(_descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("os.fsync", fail)

    return fill


def test_a_full_disk_leaves_the_old_file_whole(session: Session, full_disk: Callable[[], None]) -> None:
    session.switch.switch(on=True)
    before = session.own.read_bytes()
    session.program = session.new_program("newer")
    full_disk()
    with pytest.raises(AutostartFailed, match="No space left"):
        session.switch.switch(on=True)
    assert session.own.read_bytes() == before
    assert [path.name for path in session.own.parent.iterdir()] == ["trayapp.desktop"]
