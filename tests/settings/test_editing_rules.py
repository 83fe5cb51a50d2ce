"""Changing rules and single values in the file: the one that is meant changes, and not a letter beside it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import ACCOUNT_ID, QUICK
from trayapp.core.policy import Mute
from trayapp.core.severity import Severity
from trayapp.settings import InvalidValue, SettingsError, load
from trayapp.settings.edit import add_mute, remove_mute, write_values
from trayapp.settings.toml_text import Value, with_values

ACCOUNT = f"""\
# work: ask Jo before changing
[accounts.work]
region = "eu-central-1"   # Frankfurt
queue_url = "https://sqs.eu-central-1.amazonaws.com/{ACCOUNT_ID}/work"
"""
MUTE = """\
# the builds that nobody looks at
[[mute]]
stack   = 'nightly-*'    # aligned by hand
until = 2026-12-31
"""
TOP = '# my settings\n\nbrowser_command = [ "firefox", "{url}" ]  # not the default one\n\n'
END = "\n# that is all\n"
WHOLE = TOP + ACCOUNT + "\n" + MUTE + END
NIGHTLY = Mute(stack="nightly-*", until=date(2026, 12, 31))
DEPLOYS = Mute(actor="deployer", signal="lb-new", account=ACCOUNT_ID, reason='the "robot" of Jörg')
DEPLOYS_TABLE = f"""\
[[mute]]
actor = "deployer"
signal = "lb-new"
account = "{ACCOUNT_ID}"
forever = true
reason = "the \\"robot\\" of Jörg"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_bytes(WHOLE.encode())
    return path


def text(path: Path) -> str:
    return path.read_bytes().decode()


# ---- mutes


def test_a_mute_is_added_behind_the_last_one_and_all_else_stays(path: Path) -> None:
    add_mute(path, DEPLOYS)
    assert text(path) == TOP + ACCOUNT + "\n" + MUTE + "\n" + DEPLOYS_TABLE + END
    assert load(path).policy.mutes == (NIGHTLY, DEPLOYS)


def test_the_first_mute_is_added_at_the_end(path: Path) -> None:
    path.write_text(TOP + ACCOUNT + END)
    add_mute(path, DEPLOYS)
    assert text(path) == TOP + ACCOUNT + END + "\n" + DEPLOYS_TABLE


def test_a_mute_makes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "config" / "settings.toml"
    add_mute(path, DEPLOYS)
    assert text(path) == DEPLOYS_TABLE


def test_a_mute_behind_a_last_line_without_an_end_begins_a_line_of_its_own(path: Path) -> None:
    path.write_text("history_days = 90")
    add_mute(path, DEPLOYS)
    assert text(path) == "history_days = 90\n\n" + DEPLOYS_TABLE


def test_a_mute_that_is_there_already_is_not_added_again(path: Path) -> None:
    before = path.stat()
    add_mute(path, NIGHTLY)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize(
    "until",
    [
        datetime(2026, 12, 31, 18, 0),  # noqa: DTZ001 - a moment of the reader's own clock
        datetime(2026, 12, 31, 18, 0, tzinfo=UTC),
        datetime(2026, 12, 31, 18, 0, tzinfo=timezone(timedelta(hours=9))),
        date(2026, 12, 31),
        None,
    ],
)
def test_the_end_of_a_mute_is_read_back_as_it_was_meant(path: Path, until: date | None) -> None:
    mute = Mute(tag="env=dev", until=until)
    add_mute(path, mute)
    assert load(path).policy.mutes[-1] == mute


def test_a_mute_that_would_have_no_effect_is_refused_with_the_reason(path: Path) -> None:
    with pytest.raises(SettingsError, match=r"could not be changed: .* cannot be muted\.$"):
        add_mute(path, Mute(signal="watch-recorder", until=None))
    assert text(path) == WHOLE


def test_a_mute_of_nothing_is_refused(path: Path) -> None:
    with pytest.raises(SettingsError, match="does not say what to mute"):
        add_mute(path, Mute(reason="just so"))
    assert text(path) == WHOLE


def test_removing_a_mute_leaves_all_comments_and_all_others(path: Path) -> None:
    add_mute(path, DEPLOYS)
    remove_mute(path, NIGHTLY)
    assert text(path) == TOP + ACCOUNT + "\n" + MUTE.partition("[[")[0] + "\n" + DEPLOYS_TABLE + END


def test_adding_and_removing_a_mute_leaves_nothing_behind(path: Path) -> None:
    add_mute(path, DEPLOYS)
    remove_mute(path, DEPLOYS)
    assert text(path) == WHOLE


def test_removing_a_mute_that_somebody_else_has_removed_does_nothing(path: Path) -> None:
    remove_mute(path, DEPLOYS)
    assert text(path) == WHOLE


def test_of_two_mutes_that_say_the_same_one_is_removed(path: Path) -> None:
    path.write_text(WHOLE + "\n" + MUTE)
    remove_mute(path, NIGHTLY)
    assert load(path).policy.mutes == (NIGHTLY,)


INLINE = 'mute = [{ stack = "nightly-*", until = 2026-12-31 }]   # short\n\n'


def test_mutes_in_one_line_are_added_to_and_removed_from_there(path: Path) -> None:
    path.write_text(INLINE + ACCOUNT)
    add_mute(path, DEPLOYS)
    assert load(path).policy.mutes == (NIGHTLY, DEPLOYS)
    remove_mute(path, NIGHTLY)
    remove_mute(path, DEPLOYS)
    assert load(path).policy.mutes == ()
    assert text(path).endswith("   # short\n\n" + ACCOUNT)


def test_line_ends_of_windows_stay(path: Path) -> None:
    path.write_bytes(WHOLE.replace("\n", "\r\n").encode())
    add_mute(path, DEPLOYS)
    write_values(path, {("history_days",): 90, ("severity", "lb-new"): "low"})
    assert text(path).count("\r\n") == text(path).count("\n")
    assert load(path).policy.mutes == (NIGHTLY, DEPLOYS)


WORDS = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"]), min_size=1, max_size=30)


@given(st.lists(st.builds(Mute, stack=WORDS, reason=WORDS, until=st.none() | st.dates()), max_size=5), st.data())
@settings(QUICK, max_examples=60)
def test_what_is_muted_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, mutes: list[Mute], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.toml"
    path.write_bytes(WHOLE.encode())
    expected = [NIGHTLY]
    for mute in mutes:
        add_mute(path, mute)
        if mute not in expected:
            expected.append(mute)
    assert load(path).policy.mutes == tuple(expected)
    for mute in data.draw(st.permutations(expected)):
        remove_mute(path, mute)
        expected.remove(mute)
        assert load(path).policy.mutes == tuple(expected)
    assert text(path).startswith(TOP + ACCOUNT)
    assert END in text(path)


# ---- single values


def test_a_value_that_stands_there_changes_in_its_own_line(path: Path) -> None:
    write_values(path, {("accounts", "work", "region"): "eu-west-1", ("accounts", "work", "queue_url"): WEST})
    own = ACCOUNT.replace("eu-central-1", "eu-west-1")
    assert text(path) == TOP + own + "\n" + MUTE + END


WEST = f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT_ID}/work"


def test_a_value_above_all_tables_is_added_below_its_like_and_above_the_first_tables_comment(path: Path) -> None:
    write_values(path, {("history_days",): 90, ("review_on_open",): "all"})
    added = TOP.removesuffix("\n") + 'history_days = 90\nreview_on_open = "all"\n\n'
    assert text(path) == added + ACCOUNT + "\n" + MUTE + END


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", "history_days = 90\n"),
        ("# nothing yet\n", "# nothing yet\nhistory_days = 90\n"),
        ("# nothing yet", "# nothing yet\nhistory_days = 90\n"),
        (ACCOUNT, "history_days = 90\n\n" + ACCOUNT),
        ("\n" + ACCOUNT, "history_days = 90\n\n" + ACCOUNT),
        ("# mine\n\n" + ACCOUNT, "# mine\nhistory_days = 90\n\n" + ACCOUNT),
        ("history_days=365 # a year\n" + ACCOUNT, "history_days=90 # a year\n" + ACCOUNT),
        ('review_on_open = "all"\n' + ACCOUNT, 'review_on_open = "all"\nhistory_days = 90\n' + ACCOUNT),
    ],
)
def test_a_value_above_all_tables_finds_its_place(path: Path, written: str, expected: str) -> None:
    path.write_text(written)
    write_values(path, {("history_days",): 90})
    assert text(path) == expected


def test_a_new_table_is_added_at_the_end(path: Path) -> None:
    write_values(
        path, {("severity", "lb-new"): "low", ("quiet_hours", "from"): "22:00", ("quiet_hours", "to"): "06:30"}
    )
    tables = '\n[severity]\nlb-new = "low"\n\n[quiet_hours]\nfrom = "22:00"\nto = "06:30"\n'
    assert text(path) == WHOLE + tables
    assert load(path).policy.severities == {"lb-new": Severity.LOW}


def test_a_table_is_taken_out_whole_and_the_comment_above_it_stays(path: Path) -> None:
    quiet = '\n# the neighbours\n[quiet_hours]\nfrom = "22:00"\nto = "06:30"\n'
    path.write_text(TOP + ACCOUNT + quiet + END)
    write_values(path, {("quiet_hours",): None})
    assert text(path) == TOP + ACCOUNT + "\n# the neighbours\n" + END
    assert load(path).policy.quiet_hours is None


def test_taking_out_what_is_not_there_does_not_touch_the_file(path: Path) -> None:
    before = path.stat()
    write_values(path, {("quiet_hours",): None, ("severity", "lb-new"): None, ("history_days",): None})
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_value_that_stands_there_already_keeps_its_way_of_writing(path: Path) -> None:
    write_values(path, {("browser_command",): ("firefox", "{url}")})
    assert text(path) == WHOLE


@pytest.mark.parametrize("written", ['severity = { lb-new = "high" }\n', 'severity.lb-new = "high"\n'])
def test_a_table_written_in_another_way_is_changed(path: Path, written: str) -> None:
    path.write_text(written + ACCOUNT)
    write_values(path, {("severity", "lb-new"): "low"})
    assert text(path) == written.replace("high", "low") + ACCOUNT


def test_a_value_that_may_not_be_said_is_refused_by_its_key_and_nothing_is_written(path: Path) -> None:
    with pytest.raises(InvalidValue, match="from 30 to 36500") as caught:
        write_values(path, {("severity", "lb-new"): "low", ("history_days",): 3})
    assert caught.value.key == ("history_days",)
    assert text(path) == WHOLE


def test_values_are_not_written_into_a_file_that_says_something_wrong(path: Path) -> None:
    path.write_text(WHOLE + "[accounts.bad]\n")
    with pytest.raises(SettingsError, match="region is missing"):
        write_values(path, {("history_days",): 90})
    assert text(path) == WHOLE + "[accounts.bad]\n"


def test_what_somebody_writes_at_the_same_moment_is_not_overwritten(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(text: str, table: tuple[str, ...], values: Mapping[str, Value | None]) -> str:
        path.write_text(WHOLE + "# written meanwhile\n")
        return with_values(text, table, values)

    monkeypatch.setattr("trayapp.settings.edit.with_values", meanwhile)
    with pytest.raises(SettingsError, match="somebody else did so at this moment"):
        write_values(path, {("history_days",): 90})
    assert text(path) == WHOLE + "# written meanwhile\n"
