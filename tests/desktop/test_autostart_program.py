"""What a session starts is the installation itself, by a path that outlives upgrades."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from trayapp.desktop.autostart import program

CHECKOUT = Path(__file__).parents[2]
ASK = "import json; from trayapp.desktop.autostart.program import login_command; print(json.dumps(login_command()))"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has launchers of its own kind")


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """An environment of its own, with this code on its path and nothing installed."""
    folder = tmp_path / "an environment"
    venv.create(folder, symlinks=True)
    (site,) = folder.glob("lib/python3*/site-packages")
    (site / "checkout.pth").write_text(f"{CHECKOUT}\n")
    return folder


def asked(environment: Path) -> list[str]:
    said = subprocess.run(
        [environment / "bin" / "python", "-P", "-c", ASK], capture_output=True, text=True, timeout=30, check=True
    )
    command: list[str] = json.loads(said.stdout)
    return command


def test_in_a_checkout_it_is_the_environments_python(environment: Path) -> None:
    python = str(environment / "bin" / "python")
    assert asked(environment) == [python, "-P", "-m", "trayapp", "run"]
    libraries = {"PYTHONPATH": sysconfig.get_path("purelib")}
    subprocess.run([*asked(environment)[:-1], "--version"], cwd="/", env=libraries, timeout=30, check=True)


@pytest.mark.parametrize("record", ["../../../bin/trayapp,,\n", "trayapp/bin/nothing,,\n../../../bin/trayapp,,\n"])
def test_installed_by_pip_or_pipx_it_is_the_launcher_that_the_installation_recorded(
    environment: Path, record: str
) -> None:
    (site,) = environment.glob("lib/python3*/site-packages")
    info = site / "trayapp-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: trayapp\nVersion: 1.0\n")
    (info / "RECORD").write_text(record)
    launcher = environment / "bin" / "trayapp"
    launcher.write_text("#!/bin/sh\n")
    assert asked(environment) == [str(launcher), "run"]


def test_here_it_is_what_the_tests_run_with() -> None:
    command = program.login_command()
    assert command[0] in {sys.executable, str(Path(sysconfig.get_path("scripts")).resolve() / "trayapp")}
    assert command[-1] == "run"


@pytest.fixture
def frozen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A frozen program in a folder of its own, and an empty folder on the path."""
    executable = tmp_path / "usr" / "lib" / "trayapp" / "trayapp"
    executable.parent.mkdir(parents=True)
    executable.write_text("#!/bin/sh\n")
    executable.chmod(0o755)
    (tmp_path / "usr" / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "usr" / "bin"))
    monkeypatch.setattr(sys, "executable", str(executable))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    return executable


def test_unpacked_from_an_archive_it_is_the_frozen_program(frozen: Path) -> None:
    assert program.login_command() == (str(frozen), "run")


def test_installed_by_a_package_it_is_the_packages_link_whatever_it_points_to(frozen: Path) -> None:
    link = frozen.parents[2] / "bin" / "trayapp"
    link.symlink_to("../lib/trayapp/trayapp")
    assert program.login_command() == (str(link), "run")


def test_another_trayapp_on_the_path_is_not_us(frozen: Path) -> None:
    other = frozen.parents[2] / "bin" / "trayapp"
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    assert program.login_command() == (str(frozen), "run")
