"""The macOS bundle as far as it can be seen without a Mac: its description, its scripts' refusals, and the spec."""

import importlib
import plistlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import trayapp
from trayapp.desktop.autostart.launch_agent import LABEL

PACKAGING = Path(__file__).parents[2] / "packaging"
MACOS = PACKAGING / "macos"
SPEC = PACKAGING / "freeze" / "trayapp.spec"
SCRIPTS = ["build", "release", "smoke"]


class Freezing:
    """What the spec asks PyInstaller for, taken down instead of done."""

    def __init__(self) -> None:
        self.programs: dict[str, bool] = {}
        self.collected: list[str] = []
        self.bundle: dict[str, Any] = {}

    def names(self, work: Path) -> dict[str, Any]:
        """Give what PyInstaller lets a spec use.

        https://pyinstaller.org/en/stable/spec-files.html#spec-file-operation
        """
        return {
            "SPECPATH": str(SPEC.parent),
            "workpath": str(work),
            "Analysis": lambda *_words, **_options: Analysed(),
            "PYZ": lambda *_words: None,
            "EXE": self._program,
            "COLLECT": self._collect,
            "BUNDLE": self._bundle,
        }

    def _program(self, *_parts: object, name: str, console: bool, **_options: object) -> str:
        self.programs[name] = console
        return name

    def _collect(self, *parts: object, **_options: object) -> str:
        self.collected = [part for part in parts if isinstance(part, str)]
        return "folder"

    def _bundle(self, *parts: object, **options: object) -> None:
        assert parts == ("folder",)
        self.bundle = options


class Analysed:
    """An analysis that has found nothing."""

    def __init__(self) -> None:
        self.scripts: list[Any] = []
        self.pure: list[Any] = []
        self.binaries: list[Any] = []
        self.datas: list[Any] = []


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """PyInstaller's helpers, which need not be installed for these tests."""
    module: Any = ModuleType("PyInstaller.utils.hooks")
    module.collect_submodules = lambda name: [name]
    module.collect_data_files = lambda _name: []
    for name in ("PyInstaller", "PyInstaller.utils"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield
    for name in ("contents", "bundle"):
        sys.modules.pop(name, None)


@pytest.fixture
def freezing(request: pytest.FixtureRequest, hooks: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Freezing:
    """Run the spec as it runs on the system that the test names."""
    # What the spec imports of ours imports the standard library, which is that of this system.
    importlib.import_module("trayapp.aws.session")
    monkeypatch.setattr(sys, "platform", request.param)
    freezing = Freezing()
    exec(compile(SPEC.read_text("utf-8"), SPEC, "exec"), freezing.names(tmp_path))
    return freezing


@pytest.mark.parametrize("freezing", ["darwin"], indirect=True)
def test_on_macos_the_spec_makes_a_bundle_that_lives_in_the_menu_bar(freezing: Freezing) -> None:
    assert freezing.bundle["name"] == "Trayapp.app"
    assert freezing.bundle["bundle_identifier"] == LABEL
    assert Path(freezing.bundle["icon"]).is_file()
    information = plistlib.loads(plistlib.dumps(freezing.bundle["info_plist"]))
    assert information["LSUIElement"] is True
    assert information["CFBundleShortVersionString"] == information["CFBundleVersion"] == trayapp.__version__


@pytest.mark.parametrize("freezing", ["win32"], indirect=True)
def test_on_windows_the_spec_makes_one_program_for_consoles_and_one_without(freezing: Freezing) -> None:
    assert freezing.programs == {"trayapp": True, "trayappw": False}
    assert freezing.collected == ["trayapp", "trayappw"]
    assert freezing.bundle == {}


@pytest.mark.parametrize("freezing", ["linux"], indirect=True)
def test_on_linux_the_spec_makes_one_program_and_no_bundle(freezing: Freezing) -> None:
    assert freezing.programs == {"trayapp": True}
    assert freezing.bundle == {}


def test_the_application_has_one_name_on_all_systems() -> None:
    assert f'\nID = "{LABEL}"\n' in (PACKAGING / "builder" / "project.py").read_text("utf-8")


def test_the_entitlements_are_a_property_list_and_give_no_more_than_is_needed() -> None:
    granted = plistlib.loads((MACOS / "entitlements.plist").read_bytes())
    assert granted == {"com.apple.security.cs.allow-unsigned-executable-memory": True}


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_scripts_are_sound_shell(name: str) -> None:
    program = shutil.which("shellcheck", path=f"{Path(sys.executable).parent}:/usr/bin:/bin")
    assert program, "shellcheck comes with the tests' requirements"
    checked = subprocess.run([program, MACOS / name], capture_output=True, text=True, timeout=30, check=False)
    assert (checked.returncode, checked.stdout) == (0, "")


@pytest.mark.skipif(sys.platform == "darwin", reason="here they would go ahead")
@pytest.mark.parametrize(("name", "words"), [("build", ["x"]), ("smoke", ["x.dmg"]), ("release", ["x.app", "x.dmg"])])
def test_on_another_system_they_refuse_and_write_nothing(name: str, words: list[str], tmp_path: Path) -> None:
    (tmp_path / "x.app" / "Contents").mkdir(parents=True)
    before = sorted(tmp_path.rglob("*"))
    refused = subprocess.run(
        [MACOS / name, *words], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False
    )
    assert refused.returncode == 1
    assert "macOS" in refused.stderr
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", SCRIPTS)
def test_without_words_they_tell_how_they_are_used(name: str) -> None:
    refused = subprocess.run([MACOS / name], capture_output=True, text=True, timeout=30, check=False)
    assert refused.returncode == 2
    assert f"packaging/macos/{name}" in refused.stderr
