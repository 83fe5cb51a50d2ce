"""Build the Windows set-up, on Windows: ``python packaging/windows/build.py FOLDER``.

It takes the Python that it is started with, into which the requirements for building were installed, and makensis of
NSIS 3. On Linux, packaging/windows/wine does the same for tests.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT / "packaging"))

import sbom  # noqa: E402 - the checkout's own, found by the line above


def main() -> None:
    """Freeze, wrap, and write the bill of materials and the checksums."""
    parser = argparse.ArgumentParser(description="Build the Windows set-up.")
    parser.add_argument("into", metavar="FOLDER", type=Path, help="the folder to write to")
    into = parser.parse_args().into.resolve()
    makensis = shutil.which("makensis")
    if sys.platform != "win32" or makensis is None:
        raise SystemExit("packaging/windows/build.py: this needs Windows, and makensis of NSIS 3 on the PATH")
    work = CHECKOUT / "build" / "windows"
    shutil.rmtree(work, ignore_errors=True)
    _run(
        [
            *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
            *("--distpath", str(work / "frozen"), "--workpath", str(work / "work")),
            str(CHECKOUT / "packaging" / "freeze" / "trayapp.spec"),
        ]
    )
    into.mkdir(parents=True, exist_ok=True)
    version = sbom.version()
    setup = into / f"trayapp-{version}-setup.exe"
    _run(
        [
            *(makensis, "-V2", f"-DVERSION={version}", f"-DFOLDER={work / 'frozen' / 'trayapp'}"),
            *(f"-DICON={CHECKOUT / 'icons' / 'trayapp.ico'}", f"-DSETUP={setup}"),
            str(CHECKOUT / "packaging" / "windows" / "trayapp.nsi"),
        ]
    )
    _run([sys.executable, str(CHECKOUT / "packaging" / "sbom.py"), str(setup)])


def _run(command: list[str]) -> None:
    # What is frozen, and what freezes it, import the checkout, which is no installed package.
    environment = os.environ | {"PYTHONPATH": str(CHECKOUT)}
    if code := subprocess.run(command, check=False, env=environment).returncode:  # noqa: S603 - our own words
        raise SystemExit(code)


if __name__ == "__main__":
    main()
