"""The commands, a file per theme. Each is thin: it parses, builds, calls, and maps what came of it to an exit code.

Exit codes: 0 done; 1 it could not be done, and standard error says why; 2 the command line was wrong; 3 (``status``
only) not everything is being watched.
"""

from trayapp.cli.group import main

__all__ = ["main"]
