"""The Debian package.

Its form: https://www.debian.org/doc/debian-policy/ch-binary.html, and deb(5).
"""

import hashlib
import os
import re
import shutil
import subprocess
import textwrap
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from builder import licences, share, trees
from builder.freezing import Frozen
from builder.project import CHECKOUT, MAINTAINER, Release, about

_DEBIAN = CHECKOUT / "packaging" / "debian"
_HOME = "usr/lib/trayapp"


def build(
    frozen: Frozen, parts: list[licences.Part], target: Path, version: str, releases: list[Release], epoch: int
) -> None:
    """Build the package.

    Args:
        frozen: The program.
        parts: Whose it all is.
        target: The ``.deb`` to write.
        version: The package's version.
        releases: What the change log says.
        epoch: The time of everything in it.
    """
    root = frozen.folder.parent.parent / "package"
    shutil.rmtree(root, ignore_errors=True)
    home, control, documents = root / _HOME, root / "DEBIAN", root / "usr/share/doc/trayapp"
    shutil.copytree(frozen.folder, home, symlinks=True)
    (root / "usr/bin").mkdir()
    (root / "usr/bin/trayapp").symlink_to("../lib/trayapp/trayapp")
    share.add_share(root / "usr/share", frozen, releases)
    share.write(documents / "copyright", licences.copyright_file(parts, f"{_HOME}/_internal"))
    share.write_packed(documents / "changelog.gz", _changelog(version, releases, epoch))
    share.copy(_DEBIAN / "lintian-overrides", root / "usr/share/lintian/overrides/trayapp")
    listed = [path for path in trees.files(root) if path.is_file() and not path.is_symlink()]
    share.write(control / "md5sums", "".join(f"{_md5(path)}  {path.relative_to(root)}\n" for path in listed))
    text = (_DEBIAN / "control").read_text(encoding="utf-8")
    share.write(
        control / "control",
        text.format(
            version=version,
            architecture=_output(["dpkg", "--print-architecture"]).strip(),
            maintainer=MAINTAINER,
            installed_size=-(-sum(_room(path) for path in trees.files(root / "usr")) // 1024),
            depends=_depends(home, [part.name for part in parts if part.debian]),
            homepage=about()["homepage"],
        ),
    )
    trees.settle(root, epoch, {home / "trayapp"})
    # With one thread, since how many there are shows in what comes out.
    options = ["--root-owner-group", "-Zxz", "-z9", "-Sextreme", "--threads-max=1"]
    _output(["dpkg-deb", *options, "--build", str(root), str(target)], SOURCE_DATE_EPOCH=str(epoch))


def _depends(home: Path, bundled: list[str]) -> str:
    """Ask dpkg-shlibdeps which packages have the libraries that are needed.

    Args:
        home: The folder of the program.
        bundled: The packages from which those libraries were taken that are inside.
    """
    work = home.parents[2].with_name("shlibdeps")
    share.write(work / "debian" / "control", "Source: trayapp\n\nPackage: trayapp\nArchitecture: any\n")
    binaries = [home / "trayapp", *(path for path in trees.files(home) if re.search(r"\.so(\.|$)", path.name))]
    own = sorted({str(path.parent) for path in binaries})
    said = _output(
        [
            *("dpkg-shlibdeps", "-O", "--ignore-missing-info", *(f"-l{folder}" for folder in own)),
            *(f"-x{package}" for package in bundled),
            *(f"-e{path}" for path in binaries),
        ],
        cwd=work,
    )
    return said.strip().removeprefix("shlibs:Depends=")


def _changelog(version: str, releases: list[Release], epoch: int) -> str:
    """Write the change log in Debian's form (deb-changelog(5))."""
    entries = []
    for release in releases:
        number = version if release is releases[0] else release.version
        when = datetime.fromtimestamp(epoch, UTC) if release is releases[0] else datetime.fromisoformat(release.day)
        items = "".join(f"  * {_folded(change)}\n" for change in release.changes)
        entries.append(
            f"trayapp ({number}) unstable; urgency=medium\n\n{items}\n"
            f" -- {MAINTAINER}  {format_datetime(when.replace(tzinfo=UTC))}\n"
        )
    return "\n".join(entries)


def _folded(text: str) -> str:
    return "\n    ".join(textwrap.wrap(text, 74))


def _md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def _room(path: Path) -> int:
    """Tell the bytes that a file takes on disk, a kibibyte at least, as Debian Policy 5.6.20 counts."""
    return 1024 if path.is_dir() or path.is_symlink() else -(-path.stat().st_size // 1024) * 1024


def _output(command: list[str], cwd: Path | None = None, **variables: str) -> str:
    done = subprocess.run(  # noqa: S603 - Debian's own tools and our own words
        command, check=False, capture_output=True, text=True, cwd=cwd, env=os.environ | {"LC_ALL": "C"} | variables
    )
    if done.returncode:
        raise SystemExit(f"{command[0]}: {done.stderr}")
    return done.stdout
