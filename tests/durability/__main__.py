"""``python -m durability``: the proofs at any length, with their figures."""

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory

from durability import crash, power


def main() -> int:
    """Run one proof; print its figures as JSON. The exit code says whether it holds."""
    parser = argparse.ArgumentParser(prog="python -m durability", description=__doc__)
    parser.add_argument("proof", choices=["crash", "power", "migration", "healing"])
    parser.add_argument("--rounds", type=int, default=500, help="processes to kill, or power cuts")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(2**32))
    wanted = parser.parse_args()
    print(f"seed {wanted.seed}", file=sys.stderr)
    began = time.monotonic()
    figures: crash.Figures | power.Figures
    match wanted.proof:
        case "crash":
            with TemporaryDirectory() as folder:
                figures = crash.run(Path(folder), wanted.rounds, wanted.seed)
            bad = figures.unshown + figures.wrongly_shown + figures.rung_twice + figures.doubled
        case "power":
            figures, bad = power.commits(wanted.rounds, wanted.seed), 0
        case "migration":
            figures, bad = power.migrations(wanted.rounds, wanted.seed), 0
        case _:
            figures, bad = power.healings(wanted.rounds, wanted.seed), 0
    print(json.dumps({"proof": wanted.proof, "seconds": round(time.monotonic() - began, 1), **asdict(figures)}))
    torn = figures.torn if isinstance(figures, power.Figures) else 0
    return 1 if bad + torn + figures.lost + figures.damaged else 0


if __name__ == "__main__":
    sys.exit(main())
