"""Several threads of the tray and several commands use one file; none may pull it away under another."""

import subprocess
import sys
from pathlib import Path

from builders import NOW, judged, numbered
from trayapp.store import Store

COUNT = """
import sys
from pathlib import Path
from trayapp.store import Store
print(len(Store(Path(sys.argv[1])).incidents()))
"""


def commit(store: Store, number: int) -> None:
    store.commit("private", [judged(numbered(number))], NOW)


def counted_elsewhere(path: Path) -> int:
    told = subprocess.run([sys.executable, "-c", COUNT, str(path)], capture_output=True, text=True, check=True)
    return int(told.stdout)


def test_what_one_connection_commits_every_other_process_sees_also_after_a_second_connection_came(
    tmp_path: Path,
) -> None:
    path = tmp_path / "alerts.sqlite3"
    with Store(path) as first:
        commit(first, 1)
        with Store(path) as second:
            assert counted_elsewhere(path) == 1
            commit(first, 2)
            commit(second, 3)
            assert counted_elsewhere(path) == 3
            assert len(first.incidents()) == 3
        commit(first, 4)
        assert counted_elsewhere(path) == 4
        assert path.with_name("alerts.sqlite3-wal").exists()
