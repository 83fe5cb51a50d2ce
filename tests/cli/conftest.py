"""A computer for every test."""

from pathlib import Path

import pytest

from cli.computer import Computer


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    return Computer(tmp_path)
