"""What is being built, each fact from its one place in the checkout."""

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
MAINTAINER = "trayapp contributors <packages@trayapp.example.org>"
ID = "org.example.trayapp"
"""The name in software centres, the homepage's domain backwards (https://www.freedesktop.org/software/appstream/docs)."""


@dataclass(frozen=True, slots=True)
class Release:
    """One section of the change log.

    Attributes:
        version: Its version.
        day: Its day as ``YYYY-MM-DD``; that of the build where it is not released yet.
        changes: What is new, a sentence each.
    """

    version: str
    day: str
    changes: tuple[str, ...]


def about() -> dict[str, str]:
    """Give the one-line description and the homepage."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"summary": project["description"], "homepage": project["urls"]["Homepage"]}


def releases(epoch: int) -> list[Release]:
    """Read the change log, the newest release first.

    Args:
        epoch: The time of the build.
    """
    text = (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")
    _, *sections = re.split(r"^## \[(\d[^\]]*)\] - (\S+)$", text, flags=re.MULTILINE)
    found = []
    for number, day, body in zip(sections[::3], sections[1::3], sections[2::3], strict=True):
        items = re.findall(r"^- (.+(?:\n  .+)*)", body, re.MULTILINE)
        changes = tuple(" ".join(item.split()).replace("`", "") for item in items)
        built = datetime.fromtimestamp(epoch, UTC).date().isoformat()
        found.append(Release(number, built if day == "unreleased" else day, changes))
    return found
