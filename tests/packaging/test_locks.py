"""The requirements files: what pyproject.toml asks for, pinned, hashed, and free of any one machine's addresses."""

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).parents[2]
EXTRAS_BY_LOCK: dict[str, tuple[str, ...]] = {
    "requirements.txt": (),
    "requirements-build.txt": ("build",),
    "requirements-demo.txt": ("demo",),
    "requirements-dev.txt": ("demo", "dev"),
}


class Pin(NamedTuple):
    """One locked package: its version, where it applies, and how many files it may come as."""

    name: str
    version: str
    marker: Marker | None
    hashes: int


def read(lock: str) -> str:
    return (CHECKOUT / "packaging" / lock).read_text(encoding="utf-8")


def pins(lock: str) -> list[Pin]:
    """Reads a lock; one that says anything but ``name==version ; marker --hash=...`` fails here."""
    entries = re.sub(r"^ *#.*\n", "", read(lock), flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    found = []
    for entry in entries:
        requirement_text, *hashes = re.split(r"\s+--hash=sha256:(?=[0-9a-f]{64}\b)", entry.strip())
        requirement = Requirement(requirement_text)
        (specifier,) = requirement.specifier
        assert specifier.operator == "=="
        name = canonicalize_name(requirement.name)
        found.append(Pin(name, specifier.version, requirement.marker, len(hashes)))
    return found


def wanted(extras: tuple[str, ...]) -> list[Requirement]:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    texts = list(project["dependencies"])
    for extra in extras:
        texts += project["optional-dependencies"][extra]
    requirements = [Requirement(text) for text in texts]
    return [requirement for requirement in requirements if requirement.name != project["name"]]


@pytest.mark.parametrize("lock", EXTRAS_BY_LOCK)
def test_a_lock_pins_all_that_pyproject_asks_for_in_a_version_it_allows(lock: str) -> None:
    locked = pins(lock)
    for requirement in wanted(EXTRAS_BY_LOCK[lock]):
        versions = [pin.version for pin in locked if pin.name == canonicalize_name(requirement.name)]
        assert versions, f"{requirement.name} is not in {lock}: run packaging/dev lock"
        for version in versions:
            assert requirement.specifier.contains(version), f"{requirement} is locked as {version}"


@pytest.mark.parametrize("lock", EXTRAS_BY_LOCK)
def test_every_pin_names_the_files_it_may_come_as(lock: str) -> None:
    assert [pin.name for pin in pins(lock) if not pin.hashes] == []


@pytest.mark.parametrize("lock", EXTRAS_BY_LOCK)
def test_a_lock_names_no_host_no_index_and_no_path_of_a_machine(lock: str) -> None:
    addresses = re.findall(r"\S*(?:://|--index|--extra-index|--find-links|--trusted|@ |file:|#\s+/)\S*", read(lock))
    assert addresses == []


def test_what_is_packaged_is_what_pip_would_install() -> None:
    packaged = {pin.name: pin.version for pin in pins("requirements-build.txt")}
    assert {pin.name: pin.version for pin in pins("requirements.txt")}.items() <= packaged.items()


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-demo.txt"])
def test_what_ships_is_in_the_very_versions_the_tests_run_with(lock: str) -> None:
    tested = {(pin.name, pin.version) for pin in pins("requirements-dev.txt")}
    assert {(pin.name, pin.version) for pin in pins(lock)} <= tested


def test_a_linux_user_is_not_made_to_install_what_only_other_systems_need() -> None:
    linux = {"sys_platform": "linux", "platform_system": "Linux"}
    here = {pin.name for pin in pins("requirements.txt") if pin.marker is None or pin.marker.evaluate(linux)}
    assert "dbus-fast" in here
    assert not [name for name in here if name.startswith(("pyobjc", "winrt", "pywin32"))]
