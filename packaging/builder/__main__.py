"""``python -m builder``: everything that a release consists of, into one folder."""

import argparse
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import sbom

from builder import bills, deb, licences, project, share, trees
from builder.freezing import Frozen, freeze

_DEBIAN_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


def main() -> None:
    """Build."""
    parser = argparse.ArgumentParser(prog="packaging/dev package", description="Build everything that is installed.")
    parser.add_argument("--work", type=Path, default=project.CHECKOUT / "build" / "package", help="a folder to work in")
    parser.add_argument("--into", type=Path, default=project.CHECKOUT / "dist", help="the folder to write to")
    options = parser.parse_args()
    work, into = options.work.resolve(), options.into.resolve()
    version, epoch = sbom.version(), sbom.build_time()
    releases = project.releases(epoch)
    if not releases or releases[0].version != version:
        raise SystemExit(f"CHANGELOG.md does not begin with {version}, the version of trayapp/__init__.py")
    frozen = freeze(work, epoch)
    parts = licences.parts(frozen)
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    wheel = _wheel(into, epoch)
    bills.write(wheel, sbom.parts_of(wheel))
    machine = platform.machine()
    folder = into / f"trayapp-{version}-linux-{machine}.tar.xz"
    _tarball(frozen, parts, folder, releases, epoch)
    package = into / f"trayapp_{version}_{_DEBIAN_MACHINES.get(machine, machine)}.deb"
    deb.build(frozen, parts, package, version, releases, epoch)
    for artefact in (folder, package):
        bills.write_bill(artefact, parts)
    sbom.write_sums(into)
    for path in sorted(into.iterdir()):
        print(f"{path.stat().st_size / 1e6:8.2f} MB  {path}")


def _wheel(into: Path, epoch: int) -> Path:
    subprocess.run(  # noqa: S603 - our own interpreter, our own words
        [sys.executable, "-P", "-m", "hatchling", "build", "-t", "wheel", "-d", str(into)],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=project.CHECKOUT,
        env=os.environ | {"SOURCE_DATE_EPOCH": str(epoch)},
    )
    (wheel,) = into.glob("*.whl")
    return wheel


def _tarball(
    frozen: Frozen, parts: list[licences.Part], target: Path, releases: list[project.Release], epoch: int
) -> None:
    folder = frozen.folder.parent / target.name.removesuffix(".tar.xz")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(frozen.folder, folder, symlinks=True)
    share.add_share(folder / "share", frozen, releases)
    licences.copy_texts(parts, folder / "licenses")
    share.copy(project.CHECKOUT / "LICENSE", folder / "licenses" / "trayapp" / "LICENSE")
    trees.settle(folder, epoch, {folder / "trayapp"})
    trees.tarball(folder, target, epoch)


if __name__ == "__main__":
    main()
