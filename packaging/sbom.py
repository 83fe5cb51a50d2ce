"""Write the bill of materials beside each artefact: what is inside, in which versions, with which hashes.

Usage: ``python packaging/sbom.py ARTEFACT...`` writes ``ARTEFACT.cdx.json`` for each, as CycloneDX 1.6
(https://cyclonedx.org/docs/1.6/json/), and ``SHA256SUMS`` of all that lies in the artefacts' folder.
The same artefact gives the same text: no time of the clock and no random number is in it.
"""

import argparse
import hashlib
import platform
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from release_version import CHECKOUT, build_time, version

__all__ = ["Part", "System", "Unlisted", "bill", "build_time", "locked", "parts_of", "version", "write_beside"]

LOCK = CHECKOUT / "packaging" / "requirements.txt"
SUMS = "SHA256SUMS"
_SUFFIX = ".cdx.json"
_HASH = " --hash=sha256:"


class System(Enum):
    """What an artefact runs on, by ``sys.platform``."""

    LINUX = "linux"
    WINDOWS = "win32"
    MACOS = "darwin"
    ANY = ""


_PLATFORM_NAMES = {System.LINUX: "Linux", System.WINDOWS: "Windows", System.MACOS: "Darwin"}
_SYSTEMS = {".deb": System.LINUX, ".xz": System.LINUX, ".exe": System.WINDOWS, ".dmg": System.MACOS, ".whl": System.ANY}


class Unlisted(Exception):  # noqa: N818 - named after what it reports
    """No bill can be written. The text says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something of somebody else's that is inside, or that an installer is told to fetch.

    Attributes:
        name: Its name.
        version: Its version.
        kind: Where names like this one are given: ``pypi``, ``deb`` or ``generic``
            (https://github.com/package-url/purl-spec).
        licence: The short name of its licence, if it is known.
        hashes: Of the files as which it may have come, SHA-256.
    """

    name: str
    version: str
    kind: str = "pypi"
    licence: str = ""
    hashes: tuple[str, ...] = ()


def system_of(artefact: Path) -> System:
    """Tell by its name what an artefact runs on.

    Raises:
        Unlisted: The name is none of ours.
    """
    try:
        return _SYSTEMS[artefact.suffix]
    except KeyError:
        raise Unlisted(f"{artefact.name} is none of {', '.join(_SYSTEMS)}") from None


def locked(lock: Path, system: System) -> Iterator[Part]:
    """Give what a requirements file pins for a system.

    Args:
        lock: A file of ``name==version ; marker --hash=...``.
        system: The system; with ``ANY`` everything.
    """
    text = re.sub(r"^ *#.*\n", "", lock.read_text(encoding="utf-8"), flags=re.MULTILINE).replace("\\\n", " ")
    for entry in text.splitlines():
        said, *hashes = re.sub(r"\s+--hash=", " --hash=", entry).split(_HASH)
        requirement = Requirement(said)
        if requirement.marker is None or system is System.ANY or requirement.marker.evaluate(_environment(system)):
            (pin,) = requirement.specifier
            yield Part(
                canonicalize_name(requirement.name), pin.version, hashes=tuple(sorted(each.strip() for each in hashes))
            )


def python() -> Part:
    """Give the interpreter that runs this, which is the one that freezing puts inside."""
    return Part("python", platform.python_version(), "generic", "PSF-2.0")


def parts_of(artefact: Path) -> list[Part]:
    """Tell what an artefact consists of: what is locked for its system, and Python where it brings one."""
    system = system_of(artefact)
    return [*locked(LOCK, system), *([] if system is System.ANY else [python()])]


def bill(artefact: Path, version: str, parts: Iterable[Part], epoch: int) -> str:
    """Write a bill of materials.

    Args:
        artefact: The file that it is about.
        version: Its version.
        parts: What is inside.
        epoch: The time of the build, in seconds since 1970.

    Raises:
        Unlisted: What came out is not what CycloneDX's schema allows.
    """
    digest = _sha256(artefact)
    subject = Component(
        name="trayapp",
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref=artefact.name,
        description=artefact.name,
        licenses=[DisjunctiveLicense(id="MIT")],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
    )
    components = [_component(part) for part in parts]
    bom = Bom(components=components, serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"sha256:{digest}"))
    bom.metadata.component = subject
    bom.metadata.timestamp = datetime.fromtimestamp(epoch, UTC)
    bom.register_dependency(subject, components)
    text = JsonV1Dot6(bom).output_as_string(indent=1)
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if wrong:
        raise Unlisted(f"the bill of {artefact.name} is not as CycloneDX wants it: {wrong}")
    return f"{text}\n"


def write_sums(folder: Path) -> None:
    """Write the checksums of everything in a folder, in the form that ``sha256sum --check`` reads."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != SUMS)
    lines = "".join(f"{_sha256(path)}  {path.name}\n" for path in files)
    (folder / SUMS).write_bytes(lines.encode())


def write_beside(artefacts: Iterable[Path], number: str, epoch: int) -> None:
    """Write each artefact's bill beside it, then the checksums of all that lies there.

    Args:
        artefacts: The files.
        number: Their version.
        epoch: The time of the build, in seconds since 1970.

    Raises:
        Unlisted: One of them is none of ours.
    """
    folders = set()
    for artefact in artefacts:
        text = bill(artefact, number, parts_of(artefact), epoch)
        artefact.with_name(f"{artefact.name}{_SUFFIX}").write_bytes(text.encode())
        folders.add(artefact.parent)
    for folder in sorted(folders):
        write_sums(folder)


def main() -> None:
    """Write the bills and the checksums."""
    parser = argparse.ArgumentParser(description="Write the bill of materials beside each artefact, and SHA256SUMS.")
    parser.add_argument("artefacts", metavar="ARTEFACT", type=Path, nargs="+")
    try:
        write_beside(parser.parse_args().artefacts, version(), build_time())
    except (Unlisted, ValueError) as error:
        raise SystemExit(f"packaging/sbom.py: {error}") from None


def _component(part: Part) -> Component:
    namespace = "debian" if part.kind == "deb" else None
    purl = PackageURL(part.kind, namespace, part.name, part.version)
    return Component(
        name=part.name,
        version=part.version,
        type=ComponentType.LIBRARY,
        purl=purl,
        bom_ref=str(purl),
        # A name of a licence and not an identifier: not every maker writes one of SPDX's.
        licenses=[DisjunctiveLicense(name=part.licence)] if part.licence else (),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in part.hashes],
    )


def _environment(system: System) -> dict[str, str]:
    return {
        "sys_platform": system.value,
        "platform_system": _PLATFORM_NAMES[system],
        "os_name": "nt" if system is System.WINDOWS else "posix",
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    main()
