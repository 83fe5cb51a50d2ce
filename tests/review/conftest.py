"""A desk with something of everything on it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from review.seeding import fill
from trayapp.review.desk import Desk
from trayapp.settings import Paths


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.inside(tmp_path)


@pytest.fixture
def desk(paths: Paths) -> Iterator[Desk]:
    fill(paths.store, datetime.now(UTC))
    desk = Desk(paths)
    yield desk
    desk.close()
