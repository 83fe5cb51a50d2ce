"""Writing a new file, whole or not at all."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from trayapp.cli.common import Refused
from trayapp.core.language import say

_PREFIX = 100
"""So many characters of the name stand in that of the part, which must not get too long."""


@contextmanager
def new_file(file: Path) -> Iterator[TextIO]:
    """Open what is written to, readable by its owner alone; the file is there once all of it is on the disk.

    Args:
        file: The new file; ``-`` is standard output.

    Raises:
        Refused: It is there already, or cannot be written.
    """
    if str(file) == "-":
        yield sys.stdout
        return
    try:
        _check_free(file)
        # Beside it, lest whoever finds it takes a part for the whole when this program is killed.
        descriptor, name = tempfile.mkstemp(".part", f".{file.name[:_PREFIX]}.", file.parent)  # mode 0600
        try:
            with open(descriptor, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor
                yield stream
                stream.flush()
                os.fsync(descriptor)
            _put_in_place(Path(name), file)
        finally:
            Path(name).unlink(missing_ok=True)
    except FileExistsError:
        raise Refused(say("{path} is there already. Name a file that is not.", path=file)) from None
    except OSError as error:
        raise Refused(say("{path} cannot be written: {reason}.", path=file, reason=error.strerror)) from None


def _check_free(file: Path) -> None:
    if os.path.lexists(file):
        raise FileExistsError


def _put_in_place(part: Path, file: Path) -> None:
    """Give a whole file its name, unless something has that name meanwhile.

    Raises:
        FileExistsError: Something has.
        OSError: It cannot be done.
    """
    try:
        os.link(part, file)  # unlike renaming, it never replaces anything
    except FileExistsError:
        raise
    except OSError:
        # There are file systems without links; between this look and the renaming lies a moment only.
        _check_free(file)
        part.replace(file)
