"""``python -m trayapp``."""

from trayapp.cli import main

main(prog_name="trayapp")
