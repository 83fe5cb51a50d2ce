"""The bill of materials beside each artefact, of what is really inside."""

from pathlib import Path

import sbom
from packaging.utils import canonicalize_name

from builder import licences
from builder.project import CHECKOUT

_LOCK = CHECKOUT / "packaging" / "requirements-build.txt"


def write_bill(artefact: Path, parts: list[licences.Part]) -> None:
    """Write the bill of something frozen.

    Args:
        artefact: The file.
        parts: What is inside.
    """
    locked = {part.name: part for part in sbom.locked(_LOCK, sbom.System.LINUX)}

    def listed(part: licences.Part) -> sbom.Part:
        if part.debian:
            return sbom.Part(part.name, part.version, "deb")
        hashes = locked[canonicalize_name(part.name)].hashes
        return sbom.Part(part.name, part.version, licence=part.licence, hashes=hashes)

    write(artefact, [listed(part) for part in parts])


def write(artefact: Path, parts: list[sbom.Part]) -> None:
    """Write a bill beside an artefact."""
    text = sbom.bill(artefact, sbom.version(), parts, sbom.build_time())
    artefact.with_name(f"{artefact.name}.cdx.json").write_text(text, encoding="utf-8")
