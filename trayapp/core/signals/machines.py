"""How large an instance is, read from its type's name alone, so that types of tomorrow are judged too.

How names are built: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html. The count is exact
for nearly all types of the last ten years. Families for supercomputing (``hpc``) have half as many, since they run one
thread a core; a few before 2016 have up to an eighth more.
"""

import re
from dataclasses import dataclass

from trayapp.core.language import mark

_NAME = re.compile(r"([a-z][a-z0-9-]*)\.([a-z0-9-]+)")
_TIMES_XLARGE = re.compile(r"([0-9]{0,3})xlarge|metal-([0-9]{1,3})xl")
_GPUS = re.compile(r"(p|g|gr)[0-9].*")
_ACCELERATORS = re.compile(r"(trn|inf|dl|vt|f)[0-9].*")

_PER_XLARGE = 4
_SMALL = {"nano": 2, "micro": 2, "small": 2, "medium": 2, "large": 2}

_METAL_DEFAULT = 96
_METAL = {
    # A type without its own number in the name is the whole host of its family.
    "a1": 16,
    "c5d": 96,
    "c5n": 72,
    "c6g": 64,
    "c6gd": 64,
    "c6a": 192,
    "c6i": 128,
    "c6id": 128,
    "c6in": 128,
    "c7g": 64,
    "c7gd": 64,
    "g5g": 64,
    "i3": 72,
    "i4i": 128,
    "m6a": 192,
    "m6g": 64,
    "m6gd": 64,
    "m6i": 128,
    "m6id": 128,
    "m6idn": 128,
    "m6in": 128,
    "m7g": 64,
    "m7gd": 64,
    "mac1": 12,
    "mac2": 8,
    "mac2-m1ultra": 20,
    "mac2-m2": 8,
    "mac2-m2pro": 12,
    "r6a": 192,
    "r6g": 64,
    "r6gd": 64,
    "r6i": 128,
    "r6id": 128,
    "r6idn": 128,
    "r6in": 128,
    "r7g": 64,
    "r7gd": 64,
    "u-12tb1": 448,
    "u-18tb1": 448,
    "u-24tb1": 448,
    "u-6tb1": 448,
    "u-9tb1": 448,
    "x2gd": 64,
    "x2idn": 128,
    "x2iedn": 128,
    "x2iezn": 48,
    "z1d": 48,
}


@dataclass(frozen=True, slots=True)
class Machine:
    """What an instance type's name tells.

    Attributes:
        family: What stands before the dot; empty if the name could not be read.
        vcpus: How many vCPU; 0 if the name could not be read.
        chips: What it calculates with beside its processor: ``GPUs``, ``accelerators``, or empty.
    """

    family: str
    vcpus: int
    chips: str

    @property
    def accelerated(self) -> bool:
        """Whether it has GPUs or accelerators, which is what costs, and what miners and model thieves come for."""
        return bool(self.chips)


def machine(size: str) -> Machine:
    """Read an instance type's name, such as ``p5.48xlarge``."""
    parts = _NAME.fullmatch(size)
    if parts is None:
        return Machine("", 0, "")
    family, step = parts.groups()
    return Machine(family, _vcpus(family, step), _chips(family))


def chips_of_family(family: str) -> str:
    """Tell what an instance family calculates with beside its processor; as ``Machine.chips``."""
    return _chips(family)


def _vcpus(family: str, step: str) -> int:
    if step in _SMALL:
        return _SMALL[step]
    times = _TIMES_XLARGE.fullmatch(step)
    if times is not None:
        return _PER_XLARGE * int(times[1] or times[2] or 1)
    return _METAL.get(family, _METAL_DEFAULT) if step == "metal" else 0


def _chips(family: str) -> str:
    if _GPUS.fullmatch(family):
        return mark("GPUs")
    return mark("accelerators") if _ACCELERATORS.fullmatch(family) else ""
