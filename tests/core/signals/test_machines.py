"""Instance types, read from their names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import QUICK
from trayapp.core.signals.machines import machine


@pytest.mark.parametrize(
    ("size", "family", "vcpus", "chips"),
    [
        ("t3.micro", "t3", 2, ""),
        ("m5.large", "m5", 2, ""),
        ("m5.xlarge", "m5", 4, ""),
        ("c7i.4xlarge", "c7i", 16, ""),
        ("m5.metal", "m5", 96, ""),
        ("m7i.metal-24xl", "m7i", 96, ""),
        ("c6a.metal", "c6a", 192, ""),
        ("mac2.metal", "mac2", 8, ""),
        ("u-6tb1.56xlarge", "u-6tb1", 224, ""),
        ("u7i-12tb.224xlarge", "u7i-12tb", 896, ""),
        ("p5.48xlarge", "p5", 192, "GPUs"),
        ("p6-b200.48xlarge", "p6-b200", 192, "GPUs"),
        ("p4de.24xlarge", "p4de", 96, "GPUs"),
        ("g4dn.xlarge", "g4dn", 4, "GPUs"),
        ("gr6.4xlarge", "gr6", 16, "GPUs"),
        ("trn1.32xlarge", "trn1", 128, "accelerators"),
        ("inf2.xlarge", "inf2", 4, "accelerators"),
        ("dl1.24xlarge", "dl1", 96, "accelerators"),
        ("vt1.3xlarge", "vt1", 12, "accelerators"),
        ("f2.6xlarge", "f2", 24, "accelerators"),
        ("hpc7g.4xlarge", "hpc7g", 16, ""),
        ("m6g.medium", "m6g", 2, ""),
        ("i4g.large", "i4g", 2, ""),
        ("", "", 0, ""),
        ("unheard of", "", 0, ""),
        ("m5.huge", "m5", 0, ""),
    ],
)
def test_a_name_tells_family_vcpus_and_chips(size: str, family: str, vcpus: int, chips: str) -> None:
    read = machine(size)
    assert (read.family, read.vcpus, read.chips) == (family, vcpus, chips)
    assert read.accelerated is bool(chips)


@given(st.integers(1, 999), st.integers(1, 999))
@QUICK
def test_a_larger_size_never_has_fewer_vcpus(one: int, other: int) -> None:
    small, large = sorted((one, other))
    assert machine(f"m9.{small}xlarge").vcpus <= machine(f"m9.{large}xlarge").vcpus


@given(st.text())
@QUICK
def test_any_text_can_be_read(size: str) -> None:
    assert machine(size).vcpus >= 0
