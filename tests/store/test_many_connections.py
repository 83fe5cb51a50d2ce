"""Several threads of the tray and several commands use one file; none may pull it away under another."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from trayapp.inbox import judge
from trayapp.store import Store

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
COUNT = """
import sys
from pathlib import Path
from trayapp.store import Store
print(len(Store(Path(sys.argv[1])).alerts()))
"""


def commit(store: Store, number: int) -> None:
    item = {
        "awsAccountId": "123456789012",
        "resourceType": "AWS::IAM::User",
        "resourceId": f"AIDA{number}",
        "configurationItemStatus": "ResourceDiscovered",
    }
    body = json.dumps({"messageType": "ConfigurationItemChangeNotification", "configurationItem": item})
    store.commit("private", [judge(body, NOW)], NOW)


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
            assert len(first.alerts()) == 3
        commit(first, 4)
        assert counted_elsewhere(path) == 4
        assert path.with_name("alerts.sqlite3-wal").exists()
