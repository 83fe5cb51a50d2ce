"""The page of the settings, with real keys on a real screen, and the file that it writes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from builders import ACCOUNT_ID
from desktop_bench.session import Desktop
from end_to_end.reviewer import PATIENCE, Reviewer, contrasts, set_resolution, set_theme
from end_to_end.test_review_window import LARGE, PLAIN, _ground, _rgb, plainly
from trayapp.core.policy import ReviewOnOpen
from trayapp.core.severity import Severity
from trayapp.review.theme import DARK, LIGHT
from trayapp.settings import load

RULES = f"""
# mine alone
history_days = 200   # a good half year

[accounts.private]
label = "Private"
region = "eu-central-1"
queue_url = "https://sqs.eu-central-1.amazonaws.com/{ACCOUNT_ID}/trayapp-Inbox"
account_id = "{ACCOUNT_ID}"
topics = ["arn:aws:sns:eu-central-1:{ACCOUNT_ID}:trayapp-Topic"]

[severity]
lb-new = "medium"

[[mute]]
stack = "nightly-*"
until = 2099-12-31
reason = "our nightly builds"

[[mute]]
actor = "deployer"
signal = "ec2-new"
forever = true
"""


class Owner(Reviewer):
    """Somebody with settings of their own."""

    def __init__(self, desktop: Desktop) -> None:
        super().__init__(desktop)
        self.settings = Path(desktop.env["XDG_CONFIG_HOME"], "trayapp", "settings.toml")
        self.settings.write_text(self.settings.read_text() + RULES)

    def text(self) -> str:
        """Read the file."""
        return self.settings.read_text()

    def saved(self, text: str) -> None:
        """Wait until the file says this and nothing else."""
        self.desktop.wait_for(lambda: self.text() == text, PATIENCE, "the file to be saved")


@pytest.fixture
def owner(desktop: Desktop) -> Iterator[Owner]:
    yield Owner(desktop)
    for log in sorted((desktop.root / "log").glob("*window.err")):
        assert log.read_text() == "", "the window complained"


@pytest.mark.parametrize(
    ("desktop", "theme", "dpi"),
    [(PLAIN, "Adwaita", 96), (PLAIN, "Adwaita-dark", 96), (LARGE, "Adwaita", 192), (LARGE, "Adwaita-dark", 192)],
    indirect=["desktop"],
    ids=["light-1x", "dark-1x", "light-2x", "dark-2x"],
)
def test_the_settings_stand_out_in_both_themes_and_sizes(owner: Owner, theme: str, dpi: int) -> None:
    desktop = owner.desktop
    palette = DARK if "dark" in theme else LIGHT
    set_theme(desktop, theme)
    set_resolution(desktop, dpi)
    owner.open("--page", "settings")
    desktop.wait_for(lambda: _ground(owner) == _rgb(palette.ground), PATIENCE, "the theme")
    pictures = {}
    pages = {
        "top": [],
        "wrong": ["Tab", "Tab", "Tab", "1", "Return"],
        "quiet": ["Escape", "Tab", "Tab", "Tab", "space"],
        "days": ["Tab", "Tab", "Tab", "space"],
        "mutes": ["Tab"] * 7 + ["Down"],
        "severity": ["Tab", "Tab", "Down", "Down"],
        "accounts": ["Tab"] * 5,
    }
    for name, keys in pages.items():
        owner.press(*keys)
        pictures[name] = owner.settle()
        desktop.screenshot(name)
    critical = _rgb(palette.severities[Severity.CRITICAL])
    colours = [_rgb(palette.text), _rgb(palette.faint), critical]
    for name, picture in pictures.items():
        measured = contrasts(picture, colours)
        assert {_rgb(palette.text), _rgb(palette.faint)} <= set(measured), name
        weak = {colour: round(ratio, 2) for colour, ratio in measured.items() if ratio < 4.5}
        assert not weak, f"{name}: {weak}"
    assert critical in contrasts(pictures["wrong"], colours), "what is wrong is said"


@plainly
def test_a_setting_is_saved_with_all_else_in_the_file_as_it_was_and_taken_back(owner: Owner) -> None:
    before = owner.text()
    owner.open("--page", "settings")
    owner.press(*["Tab"] * 3, "Control_L+a", "9", "0", "Return")
    owner.saved(before.replace("history_days = 200 ", "history_days = 90 "))
    owner.press("Control_L+z")
    owner.saved(before)


@plainly
def test_a_choice_is_saved_at_once(owner: Owner) -> None:
    owner.open("--page", "settings")
    owner.press("Tab", "Tab", "Down")
    owner.settle()
    owner.press("Down", "Return")
    owner.desktop.wait_for(lambda: load(owner.settings).policy.review_on_open is ReviewOnOpen.ALL, PATIENCE, "the file")


@plainly
def test_what_is_wrong_is_not_saved_stays_to_be_mended_and_escape_takes_it_back(owner: Owner) -> None:
    before = owner.text()
    owner.open("--page", "settings")
    owner.press(*["Tab"] * 3, "Control_L+a", "3", "Tab")
    owner.settle()
    owner.desktop.screenshot("wrong")
    assert owner.text() == before
    owner.press("Shift_L+Tab", "Control_L+a", "4", "0", "Return")
    owner.saved(before.replace("history_days = 200 ", "history_days = 40 "))


@plainly
def test_what_an_editor_has_written_meanwhile_is_shown_and_not_overwritten(owner: Owner) -> None:
    owner.open("--page", "settings")
    owner.press(*["Tab"] * 3, "Control_L+a", "9", "0")
    edited = owner.text().replace("history_days = 200 ", "history_days = 300 ").replace('"Private"', '"Mine"')
    owner.settings.write_text(edited)
    owner.press("Tab")
    owner.settle()
    owner.desktop.screenshot("meanwhile")
    assert owner.text() == edited
    owner.press("Shift_L+Tab", "Return")
    owner.saved(edited.replace("history_days = 300 ", "history_days = 90 "))


@plainly
def test_a_file_that_an_editor_has_broken_is_named_and_left_alone_until_it_is_mended(owner: Owner) -> None:
    whole = owner.text()
    owner.open("--page", "settings")
    broken = whole.replace("[severity]", "[severity")
    owner.settings.write_text(broken)
    owner.settle()
    owner.press(*["Tab"] * 3, "Control_L+a", "9", "0", "Return")
    owner.settle()
    owner.desktop.screenshot("broken")
    assert owner.text() == broken
    owner.settings.write_text(whole)
    owner.settle()
    owner.press("Return")
    owner.saved(whole.replace("history_days = 200 ", "history_days = 90 "))


@plainly
def test_quiet_hours_are_switched_on_and_off_and_a_mute_is_ended_and_put_back_by_keyboard(owner: Owner) -> None:
    desktop = owner.desktop
    before = owner.text()
    owner.open("--page", "settings")
    owner.press(*["Tab"] * 6, "space")
    owner.saved(before + '\n[quiet_hours]\nfrom = "22:00"\nto = "07:00"\n')
    owner.press(*["Tab"] * 3, "space")
    desktop.wait_for(lambda: '"sun"' in owner.text() and '"mon"' not in owner.text(), PATIENCE, "the days")
    owner.press(*["Shift_L+Tab"] * 3, "space")
    desktop.wait_for(lambda: load(owner.settings).policy.quiet_hours is None, PATIENCE, "the quiet hours to be off")
    owner.press("Tab", "Delete")
    desktop.wait_for(lambda: len(load(owner.settings).policy.mutes) == 1, PATIENCE, "the mute to end")
    owner.press("Control_L+z")
    desktop.wait_for(lambda: len(load(owner.settings).policy.mutes) == 2, PATIENCE, "the mute to be back")


@plainly
def test_how_heavy_a_signal_is_changes_for_that_signal_alone(owner: Owner) -> None:
    owner.open("--page", "settings")
    owner.press(*["Tab"] * 9, "Return")
    owner.settle()
    owner.press("Down")
    owner.settle()
    owner.press("Down", "Return")
    wanted = {"lb-new": Severity.MEDIUM, "iam-user-new": Severity.LOW}
    owner.desktop.wait_for(lambda: load(owner.settings).policy.severities == wanted, PATIENCE, "the file")


@plainly
def test_starting_with_the_session_is_switched_on_and_off(owner: Owner) -> None:
    entry = Path(owner.desktop.env["XDG_CONFIG_HOME"], "autostart")
    owner.open("--page", "settings")
    owner.press("space")
    owner.desktop.wait_for(lambda: list(entry.glob("*.desktop")), PATIENCE, "the entry")
    before = [each.read_text() for each in entry.glob("*.desktop")]
    owner.settle()
    owner.press("space")
    owner.desktop.wait_for(
        lambda: [each.read_text() for each in entry.glob("*.desktop")] != before, PATIENCE, "the entry to be off"
    )


@plainly
def test_on_the_page_of_the_settings_nothing_is_decided_about_alerts(owner: Owner) -> None:
    owner.open("--alert", "1")
    waiting = owner.waiting()
    owner.press("Control_L+3")
    owner.settle()
    owner.press("Alt_L+r", "Alt_L+a", "Control_L+z")
    owner.settle()
    assert owner.waiting() == waiting
    owner.press("Control_L+1")
    owner.settle()
    owner.press("Alt_L+r")
    owner.desktop.wait_for(lambda: len(owner.waiting()) == len(waiting) - 1, PATIENCE, "an alert to be reviewed")
    owner.settle()
    owner.desktop.screenshot("back")


@plainly
def test_an_account_that_is_removed_elsewhere_leaves_the_page_while_its_label_is_written(owner: Owner) -> None:
    desktop = owner.desktop
    owner.open("--page", "settings")
    owner.press(*["Tab"] * 11, "x")
    owner.settle()
    without = owner.text().partition("[accounts.private]")[0]
    owner.settings.write_text(without)
    owner.settle()
    desktop.screenshot("without")
    owner.press("Control_L+3", *["Tab"] * 3, "Control_L+a", "9", "0", "Return")
    owner.saved(without.replace("history_days = 200 ", "history_days = 90 "))
