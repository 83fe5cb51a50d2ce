"""The review window, with real keys and pointer on a real screen."""

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from builders import ACCOUNT_ID, STACK, instance_finding, judged, numbered
from desktop_bench.parts import NotificationDaemon
from desktop_bench.processes import Process
from desktop_bench.screen import Box, Rgb
from desktop_bench.session import Desktop, DesktopConfig
from end_to_end.reviewer import COMMAND, PATIENCE, Reviewer, contrasts, set_resolution, set_theme
from review.seeding import started
from trayapp.core.history import Wanted
from trayapp.core.incidents import Decision
from trayapp.core.policy import TAG, Mute
from trayapp.core.severity import Severity
from trayapp.review.theme import DARK, LIGHT, Palette
from trayapp.settings.edit import write_values
from trayapp.store import Store

PLAIN = DesktopConfig(panel=False, notifications=NotificationDaemon.NONE, keyring_password=None)
LARGE = replace(PLAIN, width=2560, height=1600)

plainly = pytest.mark.parametrize("desktop", [PLAIN], indirect=True)
"""On a screen with nothing else on it."""


@pytest.fixture
def reviewer(desktop: Desktop) -> Iterator[Reviewer]:
    yield Reviewer(desktop)
    for log in sorted((desktop.root / "log").glob("*window.err")):
        assert log.read_text() == "", "the window complained"


@plainly
def test_a_decision_by_keyboard_is_kept_and_taken_back(reviewer: Reviewer) -> None:
    desktop = reviewer.desktop
    process = reviewer.open("--alert", "1")
    reviewer.press("Alt_L+m")
    reviewer.write("my own deploy")
    desktop.screenshot("note")
    reviewer.press("Return")
    desktop.wait_for(lambda: reviewer.incident(1).decision is Decision.MINE, PATIENCE, "the decision")
    assert reviewer.incident(1).note == "my own deploy"
    assert 1 not in reviewer.waiting()
    reviewer.press("Control_L+z")
    desktop.wait_for(lambda: 1 in reviewer.waiting(), PATIENCE, "the decision to be taken back")
    assert reviewer.incident(1).decision is None
    reviewer.press("Control_L+w")
    assert process.wait(PATIENCE) == 0


@plainly
def test_escape_leaves_a_note_unwritten(reviewer: Reviewer) -> None:
    reviewer.open("--alert", "1")
    reviewer.press("Alt_L+m", "a", "Escape", "Alt_L+r")
    reviewer.desktop.wait_for(lambda: 1 not in reviewer.waiting(), PATIENCE, "the decision")
    assert (reviewer.incident(1).decision, reviewer.incident(1).note) == (Decision.SEEN, "")


@plainly
def test_a_rule_is_chosen_by_keyboard_seen_made_and_taken_back(reviewer: Reviewer) -> None:
    desktop = reviewer.desktop
    machine = instance_finding(
        links=frozenset({STACK}), details={f"{TAG}env": "dev"}, fingerprint="owned", happened=datetime.now(UTC)
    )
    with Store(reviewer.path) as store:
        (number,) = store.commit("work", [judged(machine)], datetime.now(UTC))
    reviewer.open("--alert", str(number))
    reviewer.press("Alt_L+m")
    reviewer.write("nightly")
    reviewer.press("Alt_L+w")
    reviewer.settle()
    assert reviewer.rules() == ()
    # From the stack to the tag; from thirty days to ninety; and on to the button.
    reviewer.press("Right", "space", "Tab", "Tab", "Right", "space", "Tab", "Tab")
    reviewer.settle()
    desktop.screenshot("rule")
    reviewer.press("space")
    desktop.wait_for(reviewer.rules, PATIENCE, "the rule")
    until = (datetime.now().astimezone() + timedelta(days=90)).date()
    assert reviewer.rules() == (Mute(tag="env=dev", account=ACCOUNT_ID, until=until, reason="nightly"),)
    desktop.wait_for(lambda: number not in reviewer.waiting(), PATIENCE, "the decision")
    assert (reviewer.incident(number).decision, reviewer.incident(number).note) == (Decision.MINE, "nightly")
    reviewer.settle()
    desktop.screenshot("rule-made")
    reviewer.press("Control_L+z")
    desktop.wait_for(lambda: not reviewer.rules(), PATIENCE, "the rule to be taken back")
    desktop.wait_for(lambda: number in reviewer.waiting(), PATIENCE, "the decision to be taken back")


@plainly
def test_where_no_rule_can_be_made_it_says_why_and_escape_leads_back(reviewer: Reviewer) -> None:
    critical = max(number for number in reviewer.waiting() if reviewer.incident(number).severity is Severity.CRITICAL)
    reviewer.open("--alert", str(critical))
    reviewer.press("Alt_L+m", "Alt_L+w")
    reviewer.settle()
    reviewer.desktop.screenshot("no-rule")
    reviewer.press("Alt_L+r")  # nothing is decided about what is not seen
    reviewer.settle()
    assert critical in reviewer.waiting()
    reviewer.press("Escape", "Alt_L+r")
    reviewer.desktop.wait_for(lambda: critical not in reviewer.waiting(), PATIENCE, "the decision")
    assert reviewer.rules() == ()


@plainly
def test_what_was_left_by_escape_takes_no_more_keys(reviewer: Reviewer) -> None:
    reviewer.open("--alert", "1")
    reviewer.press("Alt_L+r")
    reviewer.desktop.wait_for(lambda: 1 not in reviewer.waiting(), PATIENCE, "the decision")
    reviewer.press("Alt_L+m", "a", "Escape", "Control_L+z")
    reviewer.desktop.wait_for(lambda: 1 in reviewer.waiting(), PATIENCE, "the decision to be taken back")
    reviewer.press("Alt_L+d", "Escape", "space")
    reviewer.settle()
    assert reviewer.ticked(1) == frozenset()


@plainly
def test_not_me_shows_steps_that_are_ticked_by_keyboard_and_kept(reviewer: Reviewer) -> None:
    desktop = reviewer.desktop
    reviewer.open("--alert", "1")
    reviewer.press("Alt_L+n")
    desktop.wait_for(lambda: reviewer.incident(1).decision is Decision.NOT_MINE, PATIENCE, "the decision")
    reviewer.settle()
    assert 1 in reviewer.waiting()
    reviewer.press("space")
    desktop.wait_for(lambda: len(reviewer.ticked(1)) == 1, PATIENCE, "the first step to be ticked")
    reviewer.press("Tab", "Tab", "space")
    desktop.wait_for(lambda: len(reviewer.ticked(1)) == 2, PATIENCE, "the second step to be ticked")
    desktop.screenshot("steps")
    reviewer.press("space")
    desktop.wait_for(lambda: len(reviewer.ticked(1)) == 1, PATIENCE, "the second step to be taken back")


@plainly
def test_a_step_opens_its_page_in_the_browser(reviewer: Reviewer) -> None:
    reviewer.open("--alert", "1", "--page", "respond")
    reviewer.press("Tab", "space")
    opened = reviewer.desktop.wait_for(reviewer.desktop.browser.urls, PATIENCE, "the browser")
    assert opened[0].startswith("https://")


@plainly
def test_a_click_opens_the_console_and_that_reviews_what_is_not_critical(reviewer: Reviewer) -> None:
    desktop = reviewer.desktop
    reviewer.open("--alert", "1")
    accent = desktop.find_colour(_rgb(LIGHT.accent), 12, _lower_part(reviewer))
    assert accent is not None
    desktop.click(*accent)
    desktop.wait_for(lambda: 1 not in reviewer.waiting(), PATIENCE, "the incident to be reviewed")
    (url,) = desktop.browser.urls()
    assert url.endswith("#/users/details/helpdesk2?section=permissions")


@plainly
def test_opening_what_is_critical_leaves_it_to_review(reviewer: Reviewer) -> None:
    critical = max(number for number in reviewer.waiting() if reviewer.incident(number).severity is Severity.CRITICAL)
    reviewer.open("--alert", str(critical))
    reviewer.press("Alt_L+o")
    reviewer.desktop.wait_for(reviewer.desktop.browser.urls, PATIENCE, "the browser")
    reviewer.settle()
    assert critical in reviewer.waiting()


@plainly
def test_the_incident_and_its_message_can_be_copied(reviewer: Reviewer) -> None:
    desktop = reviewer.desktop
    reviewer.open("--alert", "2")
    reviewer.press("Control_L+c")
    reviewer.settle()
    assert "i-0abc1234def567890" in _clipboard(desktop)
    reviewer.press("Alt_L+g")
    reviewer.settle()
    reviewer.press("Shift_L+Tab", "space")
    desktop.wait_for(lambda: _clipboard(desktop) == started(), PATIENCE, "the message in the clipboard")


@plainly
def test_snoozing_by_keyboard_lasts_until_the_chosen_moment(reviewer: Reviewer) -> None:
    reviewer.open("--alert", "1")
    reviewer.press("Alt_L+s")
    reviewer.settle()
    reviewer.desktop.screenshot("snooze")
    reviewer.press("Down", "Return")
    until = reviewer.desktop.wait_for(lambda: reviewer.incident(1).snoozed, PATIENCE, "the snooze")
    assert abs(until - datetime.now(UTC) - timedelta(hours=1)) < timedelta(minutes=1)


@plainly
def test_all_are_marked_reviewed_and_all_are_taken_back(reviewer: Reviewer) -> None:
    before = reviewer.waiting()
    reviewer.open()
    reviewer.press("Alt_L+a")
    reviewer.desktop.wait_for(lambda: not reviewer.waiting(), PATIENCE, "all to be reviewed")
    reviewer.settle()
    reviewer.desktop.screenshot("nothing-to-review")
    reviewer.press("Control_L+z")
    reviewer.desktop.wait_for(lambda: reviewer.waiting() == before, PATIENCE, "all to wait again")


@plainly
def test_a_second_start_raises_the_first_window_and_shows_what_it_was_asked_for(reviewer: Reviewer) -> None:
    first = reviewer.open()
    again = reviewer.desktop.start([*COMMAND, "window", "--alert", "2", "--page", "respond"], name="again")
    assert again.wait(PATIENCE) == 0, again.tail()
    reviewer.settle()
    assert len(reviewer.windows()) == 1
    assert first.alive
    reviewer.press("space")
    reviewer.desktop.wait_for(lambda: reviewer.ticked(2), PATIENCE, "a step of the second incident to be ticked")


@plainly
def test_the_window_follows_what_others_change_and_agrees_with_them(reviewer: Reviewer) -> None:
    desktop = reviewer.desktop
    reviewer.open("--alert", "1")
    before = reviewer.settle().tobytes()
    with Store(reviewer.path) as store:
        fresh = numbered(99, severity=Severity.CRITICAL, happened=datetime.now(UTC))
        (number,) = store.commit("work", [judged(fresh)], datetime.now(UTC))
    desktop.wait_for(lambda: desktop.screen.grab(reviewer.box).tobytes() != before, PATIENCE, "the new incident")
    reviewer.settle()
    desktop.screenshot("live")
    command = desktop.start([*COMMAND, "review", "1"], name="review")
    assert command.wait(PATIENCE) == 0, command.tail()
    # What the terminal has reviewed is chosen no longer; the key acts upon what has taken its place, or upon nothing.
    reviewer.settle()
    reviewer.press("Home", "Alt_L+r")
    desktop.wait_for(lambda: number not in reviewer.waiting(), PATIENCE, "the newest to be reviewed in the window")
    assert reviewer.incident(1).decision is Decision.SEEN


@plainly
def test_the_desktops_change_to_dark_and_back_is_followed_at_once(reviewer: Reviewer) -> None:
    desktop = reviewer.desktop
    reviewer.open()
    for name, palette in (("Adwaita-dark", DARK), ("Adwaita", LIGHT)):
        set_theme(desktop, name)
        ground = _rgb(palette.ground)
        desktop.wait_for(lambda ground=ground: _ground(reviewer) == ground, PATIENCE, f"the ground of {name}")  # type: ignore[misc] # as mypy has it for defaults of lambdas
        reviewer.settle()
        desktop.screenshot(f"changed-to-{name.lower()}")


@plainly
def test_sizes_and_looks_are_those_of_the_last_window(reviewer: Reviewer) -> None:
    desktop = reviewer.desktop
    set_theme(desktop, "Adwaita-dark")
    process = reviewer.open()
    desktop.wait_for(lambda: _ground(reviewer) == _rgb(DARK.ground), PATIENCE, "the dark")
    (window,) = reviewer.windows()
    desktop.start(["xdotool", "windowsize", str(window.id), "900", "600"]).wait(PATIENCE)
    desktop.wait_for(lambda: reviewer.box.width == 900, PATIENCE, "the new size")
    reviewer.settle()
    reviewer.press("Control_L+q")
    assert process.wait(PATIENCE) == 0
    reviewer.open()
    assert (reviewer.box.width, reviewer.box.height) == (900, 600)
    assert _ground(reviewer) == _rgb(DARK.ground)


@plainly
def test_a_hidden_window_does_nothing(reviewer: Reviewer) -> None:
    desktop = reviewer.desktop
    process = reviewer.open()
    assert _awakenings(process) > 0
    (window,) = reviewer.windows()
    desktop.start(["xdotool", "windowminimize", str(window.id)]).wait(PATIENCE)
    desktop.wait_for(lambda: not reviewer.windows(), PATIENCE, "the window to be hidden")
    desktop.wait_for(lambda: _awakenings(process) == 0, PATIENCE, "the window to rest")


@pytest.mark.parametrize(
    ("desktop", "theme", "dpi", "language"),
    [
        (PLAIN, "Adwaita", 96, "en"),
        (PLAIN, "Adwaita-dark", 96, "en"),
        (LARGE, "Adwaita", 192, "en"),
        (LARGE, "Adwaita-dark", 192, "en"),
        (PLAIN, "Adwaita", 96, "ja"),
        (LARGE, "Adwaita-dark", 192, "ja"),
    ],
    indirect=["desktop"],
    ids=["light-1x", "dark-1x", "light-2x", "dark-2x", "light-1x-ja", "dark-2x-ja"],
)
def test_everything_stands_out_in_both_themes_and_sizes(
    reviewer: Reviewer, theme: str, dpi: int, language: str
) -> None:
    desktop = reviewer.desktop
    palette = DARK if "dark" in theme else LIGHT
    write_values(reviewer.settings, {("language",): language})
    set_theme(desktop, theme)
    set_resolution(desktop, dpi)
    reviewer.open("--alert", "2")
    desktop.wait_for(lambda: _ground(reviewer) == _rgb(palette.ground), PATIENCE, "the theme")
    pictures = {}
    pages = {
        "list": [],
        "message": ["Alt_L+g"],
        "steps": ["Alt_L+d"],
        "history": ["Control_L+2"],
        "history-dated": ["Control_L+f", *["Tab"] * 8, "Left", "Left"],
        "settings": ["Control_L+3"],
    }
    for name, keys in pages.items():
        reviewer.press(*keys)
        pictures[name] = reviewer.settle()
        desktop.screenshot(name)
    assert reviewer.box.width == (1120 if dpi == 96 else 2240)
    for name, picture in pictures.items():
        measured = contrasts(picture, _texts(palette, charted=name.startswith("history")))
        assert measured, name
        weak = {colour: round(ratio, 2) for colour, ratio in measured.items() if ratio < 4.5}
        assert not weak, f"{name}: {weak}"


@plainly
def test_a_region_is_chosen_by_keyboard_out_of_those_in_the_history(reviewer: Reviewer) -> None:
    desktop = reviewer.desktop
    reviewer.open("--page", "history")
    reviewer.press("Control_L+f", *["Tab"] * 5, "Down")
    reviewer.settle()
    desktop.screenshot("regions")
    # Most have no Region; of the two others Tokyo is the more frequent.
    reviewer.press("Down", "Down", "Return")
    reviewer.settle()
    desktop.screenshot("region-chosen")
    with Store(reviewer.path) as store:
        newest = store.search(Wanted(regions=frozenset({"ap-northeast-1"})), 1)[0].id
    assert newest in reviewer.waiting()
    reviewer.press("Alt_L+r")  # what is chosen is the first in the list
    desktop.wait_for(lambda: newest not in reviewer.waiting(), PATIENCE, "the newest of the Region to be reviewed")


@plainly
def test_it_is_usable_at_once_and_its_history_of_thousands_filters_without_a_stutter(desktop: Desktop) -> None:
    reviewer = Reviewer(desktop, past=3000)
    process = reviewer.open("--page", "history")
    figures = {"memory MB": psutil.Process(process.pid).memory_info().rss / 1e6}
    reviewer.press("Control_L+f")
    before = reviewer.settle().tobytes()
    began = time.monotonic()
    reviewer.write("user42")
    desktop.wait_for(lambda: desktop.screen.grab(reviewer.box).tobytes() != before, PATIENCE, "the filtered list")
    figures["to the first change s"] = time.monotonic() - began
    reviewer.settle()
    desktop.screenshot("filtered")
    print(figures)
    assert figures["memory MB"] < 120


@plainly
def test_without_a_screen_it_says_what_to_use_instead(desktop: Desktop) -> None:
    process = desktop.start([*COMMAND, "window"], name="blind", env={"DISPLAY": ""})
    assert process.wait(PATIENCE) == 1
    assert "trayapp alerts" in process.stderr()


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _texts(palette: Palette, *, charted: bool) -> list[Rgb]:
    """Give the colours of what is read. In a chart severities lie upon one another, told apart by their patterns."""
    read = [palette.text, palette.faint, palette.old, palette.new]
    return [_rgb(each) for each in (read if charted else [*read, *palette.severities.values()])]


def _ground(reviewer: Reviewer) -> Rgb:
    """Give the commonest colour of the window."""
    picture = reviewer.desktop.screen.grab(reviewer.box)
    _, colour = max(picture.getcolors(maxcolors=picture.width * picture.height) or [(0, (0, 0, 0))])
    assert isinstance(colour, tuple)
    red, green, blue = colour
    return red, green, blue


def _lower_part(reviewer: Reviewer) -> Box:
    box = reviewer.box
    return replace(box, top=box.bottom - 110, left=box.left + box.width // 2)


def _clipboard(desktop: Desktop) -> str:
    """Read the clipboard as another program does."""
    script = "import tkinter as tk; root = tk.Tk(); root.withdraw(); print(root.clipboard_get(), end='')"
    process = desktop.start([sys.executable, "-c", script], name="clipboard")
    assert process.wait(PATIENCE) == 0, process.tail()
    return process.stdout()


def _awakenings(process: Process) -> int:
    """Count how often the program's own thread wakes within more than one of its looks."""
    status = Path(f"/proc/{process.pid}/task/{process.pid}/status")

    def count() -> int:
        lines = dict(line.split(":\t", 1) for line in status.read_text().splitlines())
        return int(lines["voluntary_ctxt_switches"])

    before = count()
    time.sleep(1.2)
    return count() - before
