"""Where things live."""

import sys
from pathlib import Path

import pytest

from trayapp.settings import Paths


@pytest.mark.skipif(sys.platform != "linux", reason="the XDG base directory specification is Linux's")
def test_on_linux_everything_lies_where_the_xdg_specification_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
    assert Paths.platform() == Paths(
        settings=tmp_path / "XDG_CONFIG_HOME" / "trayapp" / "settings.toml",
        store=tmp_path / "XDG_DATA_HOME" / "trayapp" / "alerts.sqlite3",
        log=tmp_path / "XDG_STATE_HOME" / "trayapp" / "log" / "trayapp.log",
        runtime=tmp_path / "XDG_RUNTIME_DIR" / "trayapp",
    )


def test_the_places_are_four_different_ones_of_our_own() -> None:
    paths = Paths.platform()
    places = {paths.settings, paths.store, paths.log, paths.runtime}
    assert len(places) == 4
    assert all("trayapp" in place.parts for place in places)
    assert all(place.is_absolute() for place in places)


def test_everything_may_lie_in_one_folder(tmp_path: Path) -> None:
    paths = Paths.inside(tmp_path)
    assert {paths.settings.parent, paths.store.parent, paths.log.parent, paths.runtime.parent} == {tmp_path}
    assert list(tmp_path.iterdir()) == []
