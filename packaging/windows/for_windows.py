"""Print those entries of a requirements file that apply to 64-bit Windows, since pip asks the markers of where it runs.

Usage: ``python3 for_windows.py requirements.txt 3.11``
"""

import re
import sys
from pathlib import Path

# Wherever there is pip, which this is for, there is this.
from pip._vendor.packaging.requirements import Requirement


def main() -> None:
    """Filter."""
    lock, version = Path(sys.argv[1]), sys.argv[2]
    windows = {
        "os_name": "nt",
        "sys_platform": "win32",
        "platform_system": "Windows",
        "platform_machine": "AMD64",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "python_version": version,
        "python_full_version": f"{version}.0",
    }
    text = re.sub(r"^ *#.*\n", "", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for entry in text.replace("\\\n", " ").splitlines():
        said, *hashes = entry.split(" --hash=")
        requirement = Requirement(said)
        if requirement.marker is None or requirement.marker.evaluate(windows):
            requirement.marker = None
            print(" --hash=".join((str(requirement), *(each.strip() for each in hashes))))


main()
