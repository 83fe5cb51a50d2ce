"""The parts that subjects live on are those of Linux."""

import sys

collect_ignore_glob = [] if sys.platform == "linux" else ["test_*.py"]
