"""The bill of materials beside each artefact, from the real lock."""

import hashlib
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

import trayapp

CHECKOUT = Path(__file__).parents[2]
EPOCH = int(datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp())
NAMES = [
    "trayapp_0.1.0_amd64.deb",
    "trayapp-0.1.0-linux-x86_64.tar.xz",
    "trayapp-0.1.0-setup.exe",
    "trayapp-0.1.0-arm64.dmg",
    "trayapp-0.1.0-py3-none-any.whl",
]


def write_bills(folder: Path, *names: str, content: bytes = b"what was built") -> "subprocess.CompletedProcess[str]":
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_bytes(content)
    return subprocess.run(
        [sys.executable, CHECKOUT / "packaging" / "sbom.py", *(folder / name for name in names)],
        env={"SOURCE_DATE_EPOCH": str(EPOCH), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def bill(folder: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / f"{name}.cdx.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    done = write_bills(folder, *NAMES)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def components(folder: Path, name: str) -> set[str]:
    return {component["name"] for component in bill(folder, name)["components"]}


@pytest.mark.parametrize("name", NAMES)
def test_a_bill_is_about_the_very_file_it_lies_beside(folder: Path, name: str) -> None:
    said = bill(folder, name)
    subject = said["metadata"]["component"]
    assert (said["bomFormat"], said["specVersion"]) == ("CycloneDX", "1.6")
    assert (subject["name"], subject["version"], subject["bom-ref"]) == ("trayapp", trayapp.__version__, name)
    assert subject["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(b"what was built").hexdigest()}]
    assert said["metadata"]["timestamp"].startswith("2026-11-24T12:00:00")


@pytest.mark.parametrize("name", NAMES)
def test_every_part_has_a_version_and_an_identifier_and_belongs_to_the_whole(folder: Path, name: str) -> None:
    said = bill(folder, name)
    references = {component["bom-ref"] for component in said["components"]}
    assert all(unquote(component["purl"]).endswith(f"@{component['version']}") for component in said["components"])
    assert all(component["hashes"] for component in said["components"] if component["name"] != "python")
    (whole,) = (each for each in said["dependencies"] if each["ref"] == name)
    assert set(whole["dependsOn"]) == references


@pytest.mark.parametrize(
    ("name", "only"),
    [(NAMES[0], "dbus-fast"), (NAMES[2], "pywin32-ctypes"), (NAMES[3], "pyobjc-core")],
)
def test_each_system_has_its_own_parts_and_nobody_elses(folder: Path, name: str, only: str) -> None:
    others = {"dbus-fast", "pywin32-ctypes", "pyobjc-core"} - {only}
    inside = components(folder, name)
    assert {only, "boto3", "cryptography"} <= inside
    assert not inside & others


def test_what_brings_python_says_so(folder: Path) -> None:
    assert "python" in components(folder, NAMES[0])
    assert "python" not in components(folder, NAMES[4])


def test_nothing_that_only_developers_need_is_listed(folder: Path) -> None:
    assert not components(folder, NAMES[4]) & {"pytest", "moto", "pyinstaller", "hatchling"}


def test_the_checksums_are_those_that_sha256sum_checks(folder: Path) -> None:
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    assert {line.rpartition(": ")[0] for line in checked.stdout.splitlines()} == {
        *NAMES,
        *(f"{name}.cdx.json" for name in NAMES),
    }


def test_the_same_artefact_gives_the_same_bill_and_another_one_another(folder: Path, tmp_path: Path) -> None:
    write_bills(tmp_path / "same", *NAMES)
    assert (tmp_path / "same" / "SHA256SUMS").read_bytes() == (folder / "SHA256SUMS").read_bytes()
    write_bills(tmp_path / "other", NAMES[0], content=b"another build")
    assert bill(tmp_path / "other", NAMES[0])["serialNumber"] != bill(folder, NAMES[0])["serialNumber"]


def test_a_bill_names_no_host_and_no_path_of_the_machine_that_built(folder: Path) -> None:
    text = "".join(path.read_text("utf-8") for path in folder.glob("*.cdx.json"))
    assert str(folder) not in text
    assert str(CHECKOUT) not in text
    assert {line.strip() for line in text.splitlines() if "://" in line} == {
        '"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",'
    }


def test_what_is_none_of_ours_gets_no_bill(tmp_path: Path) -> None:
    refused = write_bills(tmp_path, "notes.txt")
    assert refused.returncode == 1
    assert "notes.txt is none of .deb" in refused.stderr
