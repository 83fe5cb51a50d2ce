"""The workflows that build and release: what they name is there, and they may do no more than they need."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

CHECKOUT = Path(__file__).parents[2]
WORKFLOWS = sorted((CHECKOUT / ".github" / "workflows").glob("*.yml"))


def read(path: Path) -> dict[Any, Any]:
    document: dict[Any, Any] = yaml.safe_load(path.read_text("utf-8"))
    return document


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in read(path)["jobs"].values() for step in job.get("steps", [])]


def test_there_is_one_that_builds_and_one_that_releases() -> None:
    assert [path.name for path in WORKFLOWS] == ["build.yml", "release.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_what_a_step_runs_is_in_the_checkout_and_can_be_run(path: Path) -> None:
    named = [name for step in steps(path) for name in re.findall(r"packaging/[\w./-]+", step.get("run", ""))]
    assert path.name == "release.yml" or named
    for name in named:
        assert (CHECKOUT / name).is_file(), name
        assert (CHECKOUT / name).suffix or os.access(CHECKOUT / name, os.X_OK), name


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_read_the_checkout_and_only_the_draft_may_write(path: Path) -> None:
    document = read(path)
    assert document["permissions"] == {"contents": "read"}
    wider = {name: job["permissions"] for name, job in document["jobs"].items() if "permissions" in job}
    assert wider == ({"draft": {"contents": "write"}} if path.name == "release.yml" else {})


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_nothing_runs_without_end_and_no_credentials_stay_in_the_checkout(path: Path) -> None:
    assert all("timeout-minutes" in job for job in read(path)["jobs"].values() if "runs-on" in job)
    checkouts = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_text_that_strangers_choose_becomes_part_of_a_script(path: Path) -> None:
    assert not [step["run"] for step in steps(path) if "${{" in step.get("run", "")]


def test_all_three_systems_are_built_and_tried() -> None:
    jobs = read(WORKFLOWS[0])["jobs"]
    systems = {job["runs-on"].partition("-")[0] for job in jobs.values()}
    assert systems == {"ubuntu", "windows", "macos"}
    assert {"linux", "windows", "macos"} <= set(jobs)
    for name in ("linux", "windows", "macos"):
        uploads = [step for step in jobs[name]["steps"] if "upload-artifact" in step.get("uses", "")]
        assert [step["with"]["if-no-files-found"] for step in uploads] == ["error"]


def test_a_release_is_a_draft_made_of_what_was_built_and_tried() -> None:
    jobs = read(WORKFLOWS[1])["jobs"]
    assert jobs["build"]["uses"] == "./.github/workflows/build.yml"
    assert jobs["draft"]["needs"] == "build"
    assert "--draft" in jobs["draft"]["steps"][-1]["run"]
