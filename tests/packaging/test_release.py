"""``packaging/release`` in a small repository of its own, which is ready for a release until a test spoils it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
COPIED = (
    "packaging/release",
    "packaging/release_version.py",
    "packaging/builder",
    "packaging/debian",
    "pyproject.toml",
)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="releases are made on a Linux")


class Repository:
    """A repository with the real script, a version, a change log, and checks that pass or fail."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            source, target = CHECKOUT / name, folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
        self.write(".gitignore", "__pycache__/\n")
        self.write("trayapp/__init__.py", '"""A version."""\n\n__version__ = "1.2.0"\n')
        self.write("CHANGELOG.md", "# Changelog\n\n## [1.2.0] - 2026-11-24\n\n### Added\n\n- Something.\n")
        self.checks("exit 0")
        self.git("init", "--quiet", "--initial-branch", "main")
        self.commit()

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def checks(self, command: str) -> None:
        self.write("packaging/dev", f'#!/bin/sh\n[ "$1" = test ] || exit 99\n{command}\n').chmod(0o755)

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "A change")

    def git(self, *words: str) -> str:
        who = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgsign=false")
        said = subprocess.run(
            ["git", *who, *words], cwd=self.folder, env=self.env, capture_output=True, text=True, timeout=30, check=True
        )
        return said.stdout.strip()

    @property
    def env(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder.parent), "GIT_CONFIG_GLOBAL": os.devnull}

    def release(self) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, self.folder / "packaging" / "release"],
            cwd=self.folder.parent,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "checkout")


def test_what_is_ready_is_told_step_by_step_and_nothing_is_done(repository: Repository) -> None:
    before = repository.git("rev-parse", "HEAD")
    result = repository.release()
    assert (result.returncode, result.stderr) == (0, "")
    assert "git tag --sign v1.2.0" in result.stdout
    assert f"commit {before[:7]}" in result.stdout
    assert (repository.git("tag"), repository.git("rev-parse", "HEAD")) == ("", before)
    assert repository.git("status", "--porcelain") == ""


def _changed_file(repository: Repository) -> None:
    repository.write("CHANGELOG.md", "# Changelog\n\n## [1.2.0] - 2026-11-24\n\nEdited.\n")


def _unknown_file(repository: Repository) -> None:
    repository.write("trayapp/extra.py", "")


def _staged_file(repository: Repository) -> None:
    repository.write("trayapp/extra.py", "")
    repository.git("add", "--all")


def _other_branch(repository: Repository) -> None:
    repository.git("switch", "--quiet", "--create", "try")


def _newer_version(repository: Repository) -> None:
    repository.write("trayapp/__init__.py", '__version__ = "1.3.0"\n')
    repository.commit()


def _no_version(repository: Repository) -> None:
    repository.write("trayapp/__init__.py", '"""No version."""\n')
    repository.commit()


def _no_day(repository: Repository) -> None:
    repository.write("CHANGELOG.md", "# Changelog\n\n## [1.2.0] - unreleased\n\n- Something.\n")
    repository.commit()


def _unreleased_section(repository: Repository) -> None:
    repository.write("CHANGELOG.md", "## [Unreleased]\n\n- More.\n\n## [1.2.0] - 2026-11-24\n\n- Something.\n")
    repository.commit()


def _empty_changelog(repository: Repository) -> None:
    repository.write("CHANGELOG.md", "# Changelog\n")
    repository.commit()


def _metainfo_with_releases_of_its_own(repository: Repository) -> None:
    path = repository.folder / "packaging/debian/metainfo.xml"
    text = path.read_text("utf-8")
    old = '<releases><release version="1.1.0" date="2026-01-01"/></releases>\n</component>'
    path.write_text(text.replace("</component>", old), "utf-8")
    repository.commit()


def _tagged(repository: Repository) -> None:
    repository.git("tag", "v1.2.0")


def _failing_checks(repository: Repository) -> None:
    repository.checks("echo 'FAILED  mypy'; exit 7")
    repository.commit()


def _checks_that_write(repository: Repository) -> None:
    repository.checks('touch "$(dirname "$0")/left-behind"')
    repository.commit()


REFUSED: dict[Callable[[Repository], None], str] = {
    _changed_file: "the tree is not what was committed; commit or put aside:\n M CHANGELOG.md",
    _unknown_file: "?? trayapp/extra.py",
    _staged_file: "A  trayapp/extra.py",
    _other_branch: "releases are made from main, and this is try",
    _newer_version: "CHANGELOG.md begins with 1.2.0, and trayapp/__init__.py says 1.3.0",
    _no_version: "packaging/release: trayapp/__init__.py names no __version__",
    _no_day: "CHANGELOG.md gives 1.2.0 no day; write it as ## [1.2.0] - YYYY-MM-DD",
    _unreleased_section: "CHANGELOG.md begins with Unreleased, and trayapp/__init__.py says 1.2.0",
    _empty_changelog: "CHANGELOG.md names no version, and trayapp/__init__.py says 1.2.0",
    _metainfo_with_releases_of_its_own: "the metainfo begins with ['1.1.0'], and trayapp/__init__.py says 1.2.0",
    _tagged: "v1.2.0 is tagged already",
    _failing_checks: "packaging/dev test failed with exit code 7",
    _checks_that_write: "?? packaging/left-behind",
}


@pytest.mark.parametrize(("spoil", "said"), REFUSED.items(), ids=[spoil.__name__.strip("_") for spoil in REFUSED])
def test_what_is_not_ready_is_refused(repository: Repository, spoil: Callable[[Repository], None], said: str) -> None:
    spoil(repository)
    result = repository.release()
    assert result.returncode == 1
    assert said in result.stderr
    assert "git tag" not in result.stdout


def test_long_checks_are_not_begun_where_a_short_look_tells_already(repository: Repository) -> None:
    _failing_checks(repository)
    _unknown_file(repository)
    assert "FAILED  mypy" not in repository.release().stdout
