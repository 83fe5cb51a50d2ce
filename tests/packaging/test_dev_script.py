"""``packaging/dev`` in a small checkout of its own: the real script makes real environments, from empty locks.

No package registry and no package manager can be reached from here: the locks are empty, and the PATH holds only the
few programs the script itself may use.
"""

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
PROGRAMS = ("awk", "cat", "cmp", "dirname", "env", "find", "flock", "rm", "mv", "sed", "sh")
CHECKERS = ("ruff", "lint-imports", "shellcheck")
APPLICATION = '''"""Says how it was started."""

import os
import sys
from pathlib import Path

print(Path(__file__).parents[1])
print(sys.argv[1:], os.environ.get("AWS_PROFILE"))
sys.exit(3 if "fail" in sys.argv else 0)
'''
PROJECT = """
[tool.ruff.lint]
select = ["F"]

[tool.mypy]
files = ["trayapp"]

[tool.importlinter]
root_package = "trayapp"

[[tool.importlinter.contracts]]
name = "Nothing imports its own start"
type = "forbidden"
source_modules = ["trayapp.words"]
forbidden_modules = ["trayapp.__main__"]
"""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a script for the POSIX shell")


class SmallCheckout:
    """A folder with the script, empty locks and an application that says how it was started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = folder.parent / f"{folder.name}-programs"
        self.write("trayapp/__init__.py", '"""A small package."""\n')
        self.write("trayapp/words.py", '"""What it says."""\n')
        self.write("trayapp/__main__.py", APPLICATION)
        self.write("tests/test_arithmetic.py", "def test_one_is_one() -> None:\n    assert 1 == 1\n")
        self.write("pyproject.toml", PROJECT)
        for purpose in ("demo", "dev"):
            self.write(f"packaging/requirements-{purpose}.txt", "# nothing\n")
        for script in ("packaging/dev", ".ci/run"):
            self.write(script, (CHECKOUT / script).read_text(encoding="utf-8")).chmod(0o755)
        self.programs.mkdir()
        for program in PROGRAMS:
            if found := shutil.which(program):
                (self.programs / program).symlink_to(found)
        self.offer_python("python3")

    def write(self, path: str, text: str) -> Path:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        return target

    def offer_python(self, name: str, command: str = f'exec "{sys.executable}" "$@"') -> None:
        program = self.programs / name
        program.write_text(f"#!/bin/sh\n{command}\n", encoding="utf-8")
        program.chmod(0o755)

    def offer_python_3_10(self, name: str) -> None:
        """A Python that answers questions as the last one too old would, and makes no environments."""
        answer = "import sys; sys.version_info = (3, 10, 19, 'final', 0); exec(sys.argv[1])"
        self.offer_python(name, f'[ "$1" = -c ] && exec "{sys.executable}" -c "{answer}" "$2"\nexit 9')

    def offer_checkers(self) -> None:
        """Lends ``.venv-dev`` the checkers of the environment these tests run in."""
        self.dev("bench")  # builds .venv-dev; there is no bench to run here
        venv = self.folder / ".venv-dev"
        (site,) = venv.glob("lib/python3*/site-packages")
        (site / "lent.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
        for name in CHECKERS:
            (venv / "bin" / name).symlink_to(Path(sysconfig.get_path("scripts"), name))

    def start(self, *words: str, **variables: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.folder / "packaging" / "dev", *words],
            env={"PATH": str(self.programs), "HOME": str(self.folder), **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def dev(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        with self.start(*words, **variables) as process:
            out, err = process.communicate(timeout=100)
        return subprocess.CompletedProcess(words, process.returncode, out, err)


@pytest.fixture
def fresh(tmp_path: Path) -> SmallCheckout:
    return SmallCheckout(tmp_path / "a checkout")


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> SmallCheckout:
    """A checkout whose demo environment stands."""
    checkout = SmallCheckout(tmp_path_factory.mktemp("ready") / "a checkout")
    result = checkout.dev("run")
    assert result.returncode == 0, result.stderr
    assert "installing Python packages into .venv-demo" in result.stderr
    return checkout


@pytest.mark.parametrize("words", [(), ("dance",)])
def test_without_a_word_it_knows_it_tells_its_words_and_fails(fresh: SmallCheckout, words: tuple[str, ...]) -> None:
    result = fresh.dev(*words)
    assert (result.returncode, result.stdout) == (2, "")
    assert "packaging/dev WORD" in result.stderr


def test_asked_for_help_it_tells_its_words(fresh: SmallCheckout) -> None:
    result = fresh.dev("--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert all(f"\n  {word} " in result.stdout for word in ("demo", "test", "run", "bench", "lock"))


def test_run_hands_arguments_and_exit_code_through_and_says_nothing_itself(ready: SmallCheckout) -> None:
    result = ready.dev("run", "say", "two words", "fail")
    assert (result.returncode, result.stderr) == (3, "")
    assert result.stdout.splitlines() == [str(ready.folder), "['say', 'two words', 'fail'] None"]


def test_what_is_set_up_needs_no_python_on_the_path(ready: SmallCheckout) -> None:
    (ready.programs / "python3").unlink()
    try:
        assert ready.dev("run").returncode == 0
    finally:
        ready.offer_python("python3")


def test_the_callers_python_settings_do_not_reach_the_application(ready: SmallCheckout, tmp_path: Path) -> None:
    (tmp_path / "trayapp.py").write_text("raise SystemExit('another trayapp')", encoding="utf-8")
    result = ready.dev("run", PYTHONPATH=str(tmp_path), PYTHONHOME=str(tmp_path))
    assert (result.returncode, result.stderr) == (0, "")


def test_the_demo_never_sees_the_callers_aws_account_and_run_does(ready: SmallCheckout) -> None:
    demo, run = (ready.dev(word, AWS_PROFILE="production").stdout.splitlines()[1] for word in ("demo", "run"))
    assert (demo, run) == ("['demo'] None", "[] production")


def test_a_changed_lock_is_installed_anew(ready: SmallCheckout) -> None:
    ready.write("packaging/requirements-demo.txt", "# nothing, but otherwise\n")
    assert "installing Python packages" in ready.dev("run").stderr
    assert ready.dev("run").stderr == ""


def test_a_moved_checkout_runs_the_code_of_its_new_place(ready: SmallCheckout, fresh: SmallCheckout) -> None:
    shutil.copytree(ready.folder, fresh.folder, symlinks=True, dirs_exist_ok=True)
    assert fresh.dev("run").stdout.splitlines()[0] == str(fresh.folder)


def test_a_set_up_killed_half_way_is_done_again(fresh: SmallCheckout) -> None:
    venv = fresh.folder / ".venv-demo"
    with fresh.start("run") as process:
        deadline = time.monotonic() + 60
        while not (venv / "bin" / "python").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
    assert venv.exists()
    assert not (venv / "stamp").exists()
    assert fresh.dev("run").returncode == 0
    assert (venv / "stamp").exists()


@pytest.mark.skipif(shutil.which("flock") is None, reason="nothing to wait with: no flock on this system")
def test_of_two_started_at_once_one_sets_up_and_both_run(fresh: SmallCheckout) -> None:
    with fresh.start("run") as one, fresh.start("run") as other:
        results = [process.communicate(timeout=100) for process in (one, other)]
    assert (one.returncode, other.returncode) == (0, 0)
    assert sorted("installing" in err for _out, err in results) == [False, True]


def test_without_a_new_enough_python_it_says_so(fresh: SmallCheckout) -> None:
    fresh.offer_python_3_10("python3")
    result = fresh.dev("run")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "packaging/dev: needs Python 3.11 or newer, and found none on the PATH\n"


def test_beside_a_python3_that_is_too_old_it_finds_the_newer_one(fresh: SmallCheckout) -> None:
    fresh.offer_python_3_10("python3")
    fresh.offer_python("python3.11")
    assert fresh.dev("run").returncode == 0


def test_pytest_comes_after_all_checks_and_has_the_last_word(fresh: SmallCheckout) -> None:
    fresh.offer_checkers()
    result = fresh.dev("test", "-k", "one_is_one")
    names = ("ruff check", "ruff format", "mypy", "lint-imports", "interrogate", "shellcheck")
    assert result.stdout.splitlines()[:6] == [f"ok      {name}" for name in names]
    assert "1 passed" in result.stdout.splitlines()[-1]
    assert result.returncode == 0


def test_failed_checks_are_named_together_and_pytest_is_not_started(fresh: SmallCheckout) -> None:
    fresh.offer_checkers()
    fresh.write("trayapp/words.py", '"""What it says."""\n\nimport os\n\ncount: int = "one"\n')
    result = fresh.dev("test")
    assert result.returncode == 1
    assert "F401" in result.stdout
    assert "ok      lint-imports" in result.stdout
    assert "1 passed" not in result.stdout
    assert result.stderr.endswith("failed: ruff check, mypy; pytest was not started\n")
