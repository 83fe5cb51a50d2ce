"""One target under Atheris, in a process of its own: ``python -m proof.fuzz_worker TARGET FOLDER [libFuzzer options]``.

Atheris (https://github.com/google/atheris) is LLVM's libFuzzer for Python: it keeps what reaches branches that nothing
before it has reached, and goes on from there. It ends the process by itself, at a crash or when its time is over.
"""

import sys
from pathlib import Path
from random import Random

import atheris  # type: ignore[import-untyped]  # it has no types

with atheris.instrument_imports(include=["trayapp"]):
    from proof.mutating import mutated
    from proof.targets import TARGETS

_CHANCE_OF_ITS_OWN = 0.3


def main() -> None:
    """Fuzz."""
    name, folder, *options = sys.argv[1:]
    target, here = TARGETS[name], Path(folder)

    def mutate(data: bytes, max_size: int, seed: int) -> bytes:
        random = Random(seed)
        if random.random() < _CHANCE_OF_ITS_OWN:
            changed: bytes = atheris.Mutate(data, len(data))
            return changed
        return mutated(data, target.seeds, target.words, random)[:max_size]

    atheris.Setup(
        [sys.argv[0], *options],
        lambda data: target.take(data, here),
        custom_mutator=mutate,
        enable_python_coverage=True,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
