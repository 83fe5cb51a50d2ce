"""Who has made what is inside, and under which licence it may be passed on."""

import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePath

from builder.freezing import Frozen
from builder.project import CHECKOUT

_LICENCE_FILE = re.compile(r"(LICEN[CS]E|COPYING|NOTICE)[^/]*", re.IGNORECASE)

# https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/#license-specification
_DEBIAN_NAMES = {
    "MIT": "Expat",
    "MIT License": "Expat",
    "LGPLv3": "LGPL-3",
    "Apache License 2.0": "Apache-2.0",
    "Dual License": "Apache-2.0 or BSD-3-Clause",
    "MIT-0": "Expat-0",
}
_END = r".*?END OF TERMS AND CONDITIONS"
_IN_EVERY_DEBIAN = {
    r"Apache License\s+Version 2\.0, January 2004"
    + _END
    + r"(\s+APPENDIX:.*?limitations under the\s+License\.)?": "Apache-2.0",
    r"GNU GENERAL PUBLIC LICENSE\s+Version 3," + _END: "GPL-3",
    r"GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3,.*?permanent authorization for you to choose": "LGPL-3",
    r"GNU GENERAL PUBLIC LICENSE\s+Version 2, June 1991" + _END: "GPL-2",
}
"""Texts of which Debian wants no copies, since each of its systems has them (Debian Policy 12.5)."""


_HEAD = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: trayapp
Comment: trayapp itself, and below it what is bundled with it, in its folder or within the program's file."""


class Nobodys(Exception):  # noqa: N818 - named after what it reports
    """Something is inside of which it is not known whose it is, so that it may not be passed on."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something of somebody else's.

    Attributes:
        name: What it is called.
        version: Its version.
        authors: Who has made it, where its licence does not name them.
        licence: The short name of its licence.
        files: Where it lies in the folder of libraries, as patterns.
        texts: Its licence's files.
        debian: Whether it was taken from a Debian package; otherwise from a Python package.
    """

    name: str
    version: str
    authors: str
    licence: str
    files: tuple[str, ...]
    texts: tuple[Path, ...]
    debian: bool = False


def parts(frozen: Frozen) -> list[Part]:
    """Tell whose everything is that was frozen.

    Raises:
        Nobodys: Of something, nobody knows; or its licence is missing.
    """
    owners = {Path(str(each.locate_file(file))): each.name for each in distributions() for file in each.files or ()}
    installed = {each.name: each for each in distributions()}
    owned, rest = defaultdict(set), set()
    for source in frozen.sources:
        if source in owners:
            owned[owners[source]].add(source)
        elif not source.is_relative_to(CHECKOUT) and not source.is_relative_to(frozen.folder.parent.parent):
            rest.add(source)
    packages = _packages(rest)
    found = [_of_python(installed[name], frozen, owned[name]) for name in sorted(owned, key=str.lower)]
    found += [_of_debian(name, frozen, packages[name]) for name in sorted(packages)]
    missing = [part.name for part in found if not part.texts]
    if missing:
        raise Nobodys(f"without a licence's text: {', '.join(missing)}")
    return found


def copyright_file(found: Iterable[Part], folder: str) -> str:
    """Write Debian's machine-readable form of it all.

    Args:
        found: What is inside.
        folder: Where the folder of libraries is installed, without the first slash.
    """
    ours = (CHECKOUT / "LICENSE").read_text(encoding="utf-8")
    stanzas = [
        _HEAD,
        _stanza(["*"], [ours], "Expat", "trayapp contributors"),
    ]
    for part in found:
        texts = [text.read_text(encoding="utf-8", errors="replace") for text in part.texts]
        patterns = [f"{folder}/{pattern}" for pattern in part.files]
        stanzas.append(_stanza(patterns, texts, part.licence, part.authors, f"{part.name} {part.version}"))
    return "\n\n".join(stanzas) + "\n"


def copy_texts(found: Iterable[Part], target: Path) -> None:
    """Copy the licences themselves, for systems that have none of them.

    Args:
        found: What is inside.
        target: The folder to copy to.
    """
    for part in found:
        for text in part.texts:
            place = target / part.name / text.name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(text, place)


def _of_python(package: Distribution, frozen: Frozen, sources: set[Path]) -> Part:
    said = package.metadata.json
    short = next((str(said[field]) for field in ("license_expression", "license") if said.get(field)), "")
    if not short or "\n" in short or len(short) > 40:  # noqa: PLR2004 - a name, not a text
        classifiers = [each.rpartition(" :: ")[2] for each in said.get("classifier", ())]
        short = next((each for each in classifiers if "License" in each), "")
    texts = [
        Path(str(package.locate_file(file)))
        for file in package.files or ()
        if file.parts[0].endswith(".dist-info") and _LICENCE_FILE.fullmatch(file.name)
    ]
    return Part(
        package.name,
        package.version,
        _authors(package),
        _DEBIAN_NAMES.get(short, short),
        _patterns(frozen, sources | {Path(str(package.locate_file(file))) for file in package.files or ()}),
        tuple(texts),
    )


def _authors(package: Distribution) -> str:
    said = package.metadata.json
    fields = (said.get(field) for field in ("author", "author_email", "maintainer", "maintainer_email"))
    found = next((str(field) for field in fields if field), "its authors")
    return " ".join(re.sub(r"<[^>]*>", "", found).replace('"', "").split())


def _of_debian(name: str, frozen: Frozen, sources: set[Path]) -> Part:
    said = subprocess.run(  # noqa: S603 - a name that dpkg itself has told
        ["dpkg-query", "-W", "-f", "${Version}", name],  # noqa: S607 - the dpkg of whoever builds
        check=True,
        capture_output=True,
        text=True,
    )
    bare = name.partition(":")[0]
    text = Path("/usr/share/doc", bare, "copyright")
    return Part(
        bare,
        said.stdout,
        "as Debian tells below",
        f"{bare}-terms",
        _patterns(frozen, sources),
        (text,) if text.is_file() else (),
        debian=True,
    )


def _packages(sources: set[Path]) -> dict[str, set[Path]]:
    """Ask dpkg whose files these are."""
    # What dpkg knows as /lib/x may be found as /usr/lib/x, and the other way round.
    names: dict[str, Path] = {}
    for source in sources:
        real = str(source.resolve())
        for spelling in {str(source), real, real.removeprefix("/usr"), f"/usr{source}"}:
            names[spelling] = source
    said = subprocess.run(  # noqa: S603 - paths only
        ["dpkg-query", "--search", *sorted(names)],  # noqa: S607 - the dpkg of whoever builds
        check=False,
        capture_output=True,
        text=True,
    )
    found: dict[str, set[Path]] = defaultdict(set)
    for line in said.stdout.splitlines():
        package, _, path = line.partition(": ")
        if path in names:
            found[package].add(names[path])
    lost = sources - set().union(*found.values())
    if lost:
        raise Nobodys(f"nobody knows whose these are: {', '.join(map(str, sorted(lost)))}")
    return found


def _patterns(frozen: Frozen, sources: set[Path]) -> tuple[str, ...]:
    """Name where some of the sources lie, by folders where they have folders of their own."""
    folders: dict[str, bool] = {}
    for place, source in frozen.places.items():
        top = PurePath(place).parts[0] if len(PurePath(place).parts) > 1 else place
        folders[top] = folders.get(top, True) and source in sources
    found: set[str] = set()
    for place, source in frozen.places.items():
        if source in sources:
            top = PurePath(place).parts[0]
            found.add(f"{top}/*" if folders[top] and top != place else place)
    return tuple(sorted(found))


def _stanza(patterns: list[str], texts: list[str], licence: str, authors: str, comment: str = "") -> str:
    whole = "\n\n".join(texts)
    for pattern, common in _IN_EVERY_DEBIAN.items():
        whole = re.sub(pattern, f"(On Debian: /usr/share/common-licenses/{common})\n", whole, flags=re.DOTALL)
    holders = list(dict.fromkeys(_holders(whole))) or [authors]
    lines = [
        f"Files: {f'{chr(10)} '.join(patterns)}",
        f"Copyright: {f'{chr(10)} '.join(holders)}",
        *([f"Comment: {comment}"] if comment else []),
        f"License: {licence}",
        *(f" {line.rstrip()}" if line.strip() else " ." for line in whole.strip().splitlines()),
    ]
    return "\n".join(lines)


def _holders(text: str) -> Iterator[str]:
    for line in text.splitlines():
        found = re.match(r"\W{0,4}(?:Copyright:?\s*)?(?:\(c\)|©|Copyright)\s*(.*\d{4}.*)", line, re.IGNORECASE)
        if found and not re.search(r"[<\[].*[>\]]", found[1]):  # a form that nobody has filled in
            yield " ".join(found[1].split())
