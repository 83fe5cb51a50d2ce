"""The Debian package as people get it: built, installed in a fresh system without a network, used, upgraded, removed.

``TRAYAPP_PACKAGES`` names a folder of packages built before, ``TRAYAPP_SUITES`` the releases to install them in, and
``TRAYAPP_ROOTS`` a folder where fresh systems are kept for the next time.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop_bench.cloud import Cloud, Inbox
from desktop_bench.messages import iam_user_created
from desktop_bench.processes import Process
from desktop_bench.session import Desktop
from desktop_bench.waiting import wait_until
from end_to_end.fresh_root import USER, FreshRoot, can_be_made, debootstrap
from trayapp.aws.session import SERVICES

CHECKOUT = Path(__file__).parents[2]
SUITES = os.environ.get("TRAYAPP_SUITES", "bookworm").split()
MENU_ENTRY = "/usr/share/applications/trayapp.desktop"
PROGRAM = "/usr/lib/trayapp/trayapp"
START_S = 20.0
REPLACED_S = 60.0
"""Seconds within which a running program has noticed that its file is another, and is itself again."""
RENAMED = {"libssl3": "libssl3t64"}
"""Packages by their name since Debian's move to 64 bits of time; they still answer to the old one."""

WHY_NOT = can_be_made()
pytestmark = [pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT), pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with everything that ``packaging/dev package`` builds."""
    if built := os.environ.get("TRAYAPP_PACKAGES"):
        return Path(built)
    folder = tmp_path_factory.mktemp("packages")
    command: list[str | Path] = [
        CHECKOUT / "packaging" / "dev",
        "package",
        "--work",
        folder / "work",
        "--into",
        folder / "dist",
    ]
    subprocess.run(command, check=True)
    return folder / "dist"


@pytest.fixture(scope="module")
def deb(packages: Path) -> Path:
    """The Debian package."""
    (found,) = packages.glob("*.deb")
    return found


@pytest.fixture(scope="module")
def unpacked(deb: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is in the Debian package."""
    folder = tmp_path_factory.mktemp("unpacked")
    subprocess.run(["dpkg-deb", "--raw-extract", deb, folder / "deb"], check=True)
    return folder / "deb"


@pytest.fixture(scope="module")
def newer(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same package under a higher version."""
    folder = tmp_path_factory.mktemp("newer")
    shutil.copytree(unpacked, folder / "deb", symlinks=True)
    control = folder / "deb" / "DEBIAN" / "control"
    control.write_text(re.sub(r"^(Version: .*)$", r"\1+1", control.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    command: list[str | Path] = [
        "dpkg-deb",
        "--root-owner-group",
        "-Zgzip",
        "-z1",
        "--build",
        folder / "deb",
        folder / "newer.deb",
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder / "newer.deb"


def field(deb: Path, name: str) -> str:
    """Give a field of a package's control file."""
    return subprocess.run(["dpkg-deb", "--field", deb, name], check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module", params=SUITES)
def base(request: pytest.FixtureRequest, deb: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh system with what the package depends on, and with what starts menu entries."""
    suite = str(request.param)
    needed = [re.split(r"[ |]", each.strip())[0] for each in field(deb, "Depends").split(",")]
    if suite != "bookworm":
        needed = [RENAMED.get(name, name) for name in needed]
    kept = os.environ.get("TRAYAPP_ROOTS")
    folder = Path(kept, suite) if kept else tmp_path_factory.mktemp("roots") / suite
    if not (folder / "usr" / "bin" / "gio").exists():
        debootstrap(suite, folder, [*needed, "libglib2.0-bin"])
    return folder


@pytest.fixture
def fresh(base: Path, desktop: Desktop, tmp_path: Path) -> Iterator[FreshRoot]:
    """A copy of the fresh system, from which the test's desktop can be reached."""
    # The desktop's bus and display are for the ordinary user in there, too.
    for folder in (desktop.root, desktop.root / "browser"):
        folder.chmod(0o755)
    for path in [desktop.home, *desktop.home.rglob("*"), *(desktop.root / "run").rglob("*"), desktop.root / "run"]:
        os.chown(path, USER, USER)
    os.chown(desktop.root / "browser", USER, USER)
    work = tmp_path / "fresh"
    work.mkdir()
    with FreshRoot(base, work, [desktop.root]) as root:
        yield root


class Installed:
    """The owner's side of an installed program.

    Args:
        root: Where it is installed.
        desktop: Their desktop.
    """

    def __init__(self, root: FreshRoot, desktop: Desktop) -> None:
        self.root, self.desktop = root, desktop
        self.env = {**desktop.env, "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"}

    def install(self, deb: Path) -> None:
        """Install or upgrade, as any package, where no network is."""
        self.root.run("dpkg", "--install", self.root.bring(deb), network=False)

    def command(self, *words: str) -> str:
        """Run a command of trayapp as its owner."""
        return self.root.run("/usr/bin/trayapp", *words, user=USER, env=self.env)

    def sign_in(self, cloud: Cloud, inbox: Inbox) -> None:
        """Sign in, and choose the browser."""
        details = {
            "access_key_id": cloud.access_key_id,
            "secret_access_key": cloud.secret_access_key,
            "region": cloud.region,
            "queue_url": inbox.queue_url,
            "endpoint_url": cloud.endpoint_url,
        }
        settings = Path(self.desktop.env["XDG_CONFIG_HOME"], "trayapp", "settings.toml")
        settings.parent.mkdir(mode=0o700, exist_ok=True)
        settings.write_text(f"browser_command = {json.dumps(self.desktop.browser.command)}\n")
        for path in (settings.parent, settings):
            os.chown(path, USER, USER)
        login = self.desktop.start(
            self.root.command("/usr/bin/trayapp", "login", "private", "--stdin", user=USER),
            name="login",
            stdin=True,
            env=self.env,
        )
        login.stdin.write(json.dumps(details).encode())
        login.stdin.close()
        assert login.wait(START_S) == 0, login.tail()

    def choose_in_menu(self, entry: str = MENU_ENTRY) -> Process:
        """Start what a menu entry or an autostart entry names, the way desktops made with GLib do."""
        launcher = self.root.command("gio", "launch", entry, user=USER)
        return self.desktop.start(launcher, name="gio", env=self.env)

    def pid(self) -> int:
        """Give the process of the running program, 0 for none."""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
                marked = self.desktop.mark.encode() in (folder / "environ").read_bytes()
            except OSError:
                continue
            if marked and words[1:2] == [b"run"] and words[0].endswith(b"trayapp"):
                return int(folder.name)
        return 0

    def status(self) -> dict[str, Any]:
        """Ask for the state, which is also told by the exit code."""
        done = subprocess.run(
            self.root.command("/usr/bin/trayapp", "status", "--json", user=USER),
            check=False,
            capture_output=True,
            text=True,
            env=self.env,
            timeout=START_S,
        )
        said: dict[str, Any] = json.loads(done.stdout)
        return said

    def await_state(self, state: str) -> dict[str, Any]:
        """Wait until the state is this one."""
        return wait_until(
            lambda: status if (status := self.status())["state"] == state else None, START_S, f"the state {state}"
        )


@pytest.fixture
def installed(fresh: FreshRoot, desktop: Desktop, deb: Path) -> Iterator[Installed]:
    owner = Installed(fresh, desktop)
    owner.install(deb)
    yield owner
    log = Path(desktop.env["XDG_STATE_HOME"], "trayapp", "log", "trayapp.log")
    print(log.read_text("utf-8") if log.exists() else "(no log)")


def test_from_the_menu_to_the_console(installed: Installed, cloud: Cloud, inbox: Inbox) -> None:
    installed.sign_in(cloud, inbox)
    began = time.monotonic()
    installed.choose_in_menu()
    status = installed.await_state("watching")
    print(f"{time.monotonic() - began:.2f} s from the menu to watching")
    (watch,) = status["accounts"]
    # Each of its services was asked, by botocore's data of the frozen program, and has answered.
    answered = {check["check"] for check in watch["checks"] if check["outcome"] == "passed"}
    print(sorted(f"{check['check']}: {check['outcome']}" for check in watch["checks"]))
    assert {"identity", "recorder", "subscription", "trail"} <= answered
    desktop = installed.desktop
    item = desktop.tray.wait_item()
    desktop.tray.wait_shown(item)
    inbox.publish(iam_user_created("helpdesk2"))
    notify = desktop.spy.wait_notify(timeout=10)
    assert notify.summary == "New user “helpdesk2”"
    desktop.popups.wait_shown()
    desktop.screenshot("alert")
    desktop.popups.click_action(notify, "default")
    assert "helpdesk2" in desktop.browser.wait_url()
    installed.await_state("watching")


def test_the_window_opens_out_of_the_menu_of_the_icon(installed: Installed, cloud: Cloud, inbox: Inbox) -> None:
    installed.sign_in(cloud, inbox)
    installed.choose_in_menu()
    installed.await_state("watching")
    desktop = installed.desktop
    desktop.tray.choose(desktop.tray.wait_item(), "Show the window")

    def drawn() -> bool:
        windows = [each for each in desktop.screen.windows() if each.wm_class == "trayapp.trayapp"]
        return bool(windows) and not desktop.screen.is_plain(windows[0].box)

    desktop.wait_for(drawn, START_S, "the window")
    desktop.screenshot("window")


def test_what_is_switched_on_starts_with_the_session(installed: Installed, cloud: Cloud, inbox: Inbox) -> None:
    installed.sign_in(cloud, inbox)
    installed.command("autostart", "on")
    (entry,) = Path(installed.desktop.env["XDG_CONFIG_HOME"], "autostart").glob("*.desktop")
    installed.choose_in_menu(str(entry))
    installed.await_state("watching")
    assert installed.pid()


def test_an_upgrade_reaches_the_running_program_and_loses_nothing(
    installed: Installed, newer: Path, cloud: Cloud, inbox: Inbox
) -> None:
    installed.sign_in(cloud, inbox)
    installed.choose_in_menu()
    installed.await_state("watching")
    inbox.publish(iam_user_created("before"))
    installed.desktop.spy.wait_notify(timeout=10)
    before = installed.pid()
    installed.install(newer)
    # One that runs from a file that is gone would fail when it next needs something from it.
    wait_until(
        lambda: (pid := installed.pid()) and str(Path(f"/proc/{pid}/exe").readlink()).endswith(PROGRAM),
        REPLACED_S,
        "the newer one",
    )
    assert installed.pid() == before
    inbox.publish(iam_user_created("after"))
    installed.desktop.spy.wait_notify(2, timeout=START_S)
    wait_until(lambda: installed.status()["to_review"] == 2, START_S, "both alerts")


def test_removing_it_ends_it_and_leaves_nothing_but_the_owners_own(
    fresh: FreshRoot, desktop: Desktop, deb: Path, cloud: Cloud, inbox: Inbox
) -> None:
    before = fresh.files()
    owner = Installed(fresh, desktop)
    owner.install(deb)
    added = fresh.files() - before
    print("\n".join(sorted(line.split(" ", 3)[3] for line in added if "/_internal/" not in line)))
    owner.sign_in(cloud, inbox)
    owner.choose_in_menu()
    owner.await_state("watching")
    fresh.run("dpkg", "--purge", "trayapp", network=False)
    wait_until(lambda: not owner.pid(), REPLACED_S, "the program to end")
    desktop.tray.wait_empty()
    left = {line for line in fresh.files() ^ before if not re.search(r" /var/lib/dpkg/| /etc/.*-? ", line)}
    assert left == set()


def test_the_archives_own_checkers_find_nothing(deb: Path, unpacked: Path) -> None:
    share = unpacked / "usr" / "share"
    checkers: list[list[str | Path]] = [
        ["lintian", "--allow-root", "--fail-on", "error,warning", deb],
        ["desktop-file-validate", share / "applications" / "trayapp.desktop"],
        ["appstreamcli", "validate", "--no-net", next((share / "metainfo").iterdir())],
        ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", share / "man" / "man1" / "trayapp.1.gz"],
    ]
    said = []
    for checker in checkers:
        if shutil.which(str(checker[0])):
            done = subprocess.run(checker, check=False, capture_output=True, text=True)
            words = done.stderr if checker[0] == "man" else done.stdout + done.stderr
            said += [f"{checker[0]}: {words}"] if done.returncode or re.search(r"^[EW]: |warning|hint:", words) else []
    assert said == []


def test_it_is_as_small_as_promised(deb: Path, packages: Path) -> None:
    (folder,) = packages.glob("*.tar.xz")
    sizes = deb.stat().st_size, folder.stat().st_size, int(field(deb, "Installed-Size")) * 1024
    print(f"package {sizes[0] / 1e6:.2f} MB, folder {sizes[1] / 1e6:.2f} MB packed; installed {sizes[2] / 1e6:.1f} MB")
    assert sizes[0] <= 18_000_000
    assert sizes[1] <= 18_000_000
    assert sizes[2] <= 50_000_000


def test_the_checksums_are_those_of_the_files(packages: Path) -> None:
    lines = (packages / "SHA256SUMS").read_text("utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert sums == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in packages.iterdir()
        if path.name != "SHA256SUMS"
    }


def test_it_has_botocores_data_of_every_service_that_is_asked_and_of_no_other(unpacked: Path) -> None:
    data = unpacked / "usr" / "lib" / "trayapp" / "_internal" / "botocore" / "data"
    assert {path.name for path in data.iterdir() if path.is_dir()} == set(SERVICES)


def test_whoever_made_something_in_it_is_named(unpacked: Path) -> None:
    text = (unpacked / "usr/share/doc/trayapp/copyright").read_text("utf-8")
    inside = {path.name.removesuffix(".dist-info") for path in unpacked.glob("usr/lib/trayapp/_internal/*.dist-info")}
    assert inside
    assert [name for name in inside if f"/{name}.dist-info/" not in text] == []
    assert [name for name in ("libpython3", "libtcl8", "libtk8") if f"\nComment: {name}" not in text] == []
