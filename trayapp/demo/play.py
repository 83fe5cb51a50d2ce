"""The demonstration: the very program that ``trayapp run`` is, watching an AWS inside this process."""

import tempfile
import threading
import time
from pathlib import Path
from typing import TextIO

from trayapp.app import App
from trayapp.aws.key_store import MemoryKeyStore
from trayapp.aws.keys import AccessKey
from trayapp.core.incidents import Incident
from trayapp.demo.cloud import EmbeddedCloud
from trayapp.demo.scenarios import SCENARIOS, expected_alerts
from trayapp.desktop.app_icon import app_icon
from trayapp.desktop.choose import choose
from trayapp.settings import Account, Paths, Settings, SettingsError, load
from trayapp.store import Store

NAME = LABEL = "demo"
_PATIENCE = 30.0
"""Seconds that ``once`` waits for the last alert to be shown; it takes a second or two."""


class NotShown(Exception):  # noqa: N818 - named after what it reports
    """Some alerts were not shown in time; the text says how many."""


def play(*, once: bool, desktop: bool, stream: TextIO) -> list[Incident]:
    """Play the scenarios until the owner quits.

    Args:
        once: Play them without their pauses and end when every alert was shown.
        desktop: Use the desktop that is there; else, and where there is none, write to ``stream``.
        stream: Where alerts and states are written without a desktop.

    Returns:
        The incidents that there were, newest first.

    Raises:
        DemoUnavailable: The extra packages of the demonstration are not installed.
        NotShown: With ``once``, not everything was shown in time.
    """
    with tempfile.TemporaryDirectory(prefix="trayapp-demo-") as folder, EmbeddedCloud() as cloud:
        paths = Paths.inside(Path(folder))
        settings = Settings((_account(cloud),), _owners_browser())
        app = App(
            store_path=paths.store,
            load=lambda: settings,
            keys=MemoryKeyStore({NAME: AccessKey(cloud.access_key_id, cloud.secret_access_key)}),
            desktop=lambda emit: choose(emit, stream=stream, icon=app_icon(), desktop=desktop),
        )
        ended = threading.Event()
        actors = threading.Thread(
            target=_act, args=(cloud, app, paths.store, ended), kwargs={"once": once}, name="scenario", daemon=True
        )
        actors.start()
        app.run()
        ended.set()
        actors.join(1)
        with Store(paths.store) as store:
            incidents = store.incidents()
    missing = expected_alerts() - _told(incidents)
    if once and missing:
        raise NotShown(
            f"{len(missing)} of {len(expected_alerts())} resources were in no alert shown within {_PATIENCE:.0f} s."
        )
    return incidents


def _account(cloud: EmbeddedCloud) -> Account:
    return Account(
        name=NAME,
        region=cloud.region,
        queue_url=cloud.queue_url,
        label=LABEL,
        endpoint_url=cloud.endpoint_url,
        account_id=cloud.account_id,
        topics=(cloud.topic_arn,),
    )


def _owners_browser() -> tuple[str, ...]:
    try:
        return load(Paths.platform().settings).browser_command
    except SettingsError:
        return ()


def _act(cloud: EmbeddedCloud, app: App, store_path: Path, ended: threading.Event, *, once: bool) -> None:
    for scenario in SCENARIOS:
        for step in scenario.steps():
            if ended.wait(0 if once else step.delay_seconds):
                return
            cloud.send(step.sent)
    if once:
        _await_shown(store_path, ended)
        app.stop()


def _told(incidents: list[Incident]) -> set[str]:
    return {part.subject.id for incident in incidents if incident.shown for part in incident.findings}


def _await_shown(store_path: Path, ended: threading.Event) -> None:
    """Look until all is shown: the store is the one place that knows, and this is no program to leave running."""
    deadline = time.monotonic() + _PATIENCE
    with Store(store_path) as store:
        while time.monotonic() < deadline and not ended.wait(0.05):
            if expected_alerts() <= _told(store.incidents()):
                return
