"""Changing the file as its owner would: what is not meant stays, and a crash leaves no half."""

import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import ACCOUNT_ID, QUICK
from trayapp.core.regions import NAMES
from trayapp.settings import Account, SettingsError, load
from trayapp.settings.edit import remove_account, write_account


def queue(name: str, region: str = "eu-central-1") -> str:
    return f"https://sqs.{region}.amazonaws.com/{ACCOUNT_ID}/{name}"


WORK = Account("work", "eu-central-1", queue("work"))
HOME = Account("home", "eu-central-1", queue("home"), label="Home")
NEW = Account("new", "ap-northeast-1", queue("new", "ap-northeast-1"), "Neü “x”\n", account_id=ACCOUNT_ID)

HOME_TABLE = f"""\
# home comes first, since it is the one I worry about
[accounts.home]
label   = 'Home'    # aligned by hand
queue_url = "{HOME.queue_url}"
region="eu-central-1"   # Frankfurt
"""
WORK_TABLE = f"""\
# work: ask Jo before changing
[accounts.work]
region = "eu-central-1"
queue_url = "{WORK.queue_url}"
"""
NEW_TABLE = f"""\
[accounts.new]
region = "ap-northeast-1"
queue_url = "{NEW.queue_url}"
label = "Neü “x”\\n"
account_id = "{ACCOUNT_ID}"
"""
TOP = '# my settings\n\nbrowser_command = [ "firefox", "{url}" ]  # not the default one\n\n'
END = "\n# that is all\n"
WHOLE = TOP + HOME_TABLE + "\n" + WORK_TABLE + END


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_bytes(WHOLE.encode())
    return path


def text(path: Path) -> str:
    return path.read_bytes().decode()


def test_a_new_account_is_added_at_the_end_and_all_else_stays(path: Path) -> None:
    write_account(path, NEW)
    assert text(path) == WHOLE + "\n" + NEW_TABLE
    assert load(path).accounts == (HOME, WORK, NEW)


def test_changing_a_value_changes_its_own_line_alone(path: Path) -> None:
    write_account(path, replace(HOME, region="eu-west-1", queue_url=queue("home", "eu-west-1")))
    changed = HOME_TABLE.replace("eu-central-1", "eu-west-1")
    assert text(path) == TOP + changed + "\n" + WORK_TABLE + END


def test_a_setting_that_is_empty_now_is_taken_out_and_one_that_is_new_put_in(path: Path) -> None:
    write_account(path, replace(HOME, label="", account_id=ACCOUNT_ID))
    own_lines = HOME_TABLE.replace("label   = 'Home'    # aligned by hand\n", "") + f'account_id = "{ACCOUNT_ID}"\n'
    assert text(path) == TOP + own_lines + "\n" + WORK_TABLE + END


TOPIC = f"arn:aws:sns:eu-central-1:{ACCOUNT_ID}:config"


def test_who_reports_is_written_as_lists_and_switches_and_read_back(path: Path) -> None:
    watched = replace(WORK, topics=(TOPIC, TOPIC + "2"), regions=("eu-central-1",), trail=False, heartbeat="1h")
    write_account(path, watched)
    added = f'topics = ["{TOPIC}", "{TOPIC}2"]\nregions = ["eu-central-1"]\ntrail = false\nheartbeat = "1h"\n'
    assert text(path) == TOP + HOME_TABLE + "\n" + WORK_TABLE + added + END
    assert load(path).accounts[1] == watched


def test_no_regions_at_all_is_something_else_than_none_named(path: Path) -> None:
    write_account(path, replace(WORK, regions=()))
    assert text(path) == TOP + HOME_TABLE + "\n" + WORK_TABLE + "regions = []\n" + END
    assert load(path).accounts[1].config_regions == ()
    write_account(path, WORK)
    assert text(path) == WHOLE


def test_a_list_that_says_the_same_stays_as_it_is_written(path: Path) -> None:
    own = f'topics = [\n  "{TOPIC}",  # of the company\n]\ntrail = true   # always\n'
    path.write_text(TOP + WORK_TABLE + own)
    account = replace(WORK, topics=(TOPIC,), trail=True)
    write_account(path, replace(account, label="Work"))
    assert text(path) == TOP + WORK_TABLE + own + 'label = "Work"\n'


def test_writing_what_stands_there_already_does_not_touch_the_file(path: Path) -> None:
    before = path.stat()
    write_account(path, WORK)
    remove_account(path, "nobody")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert text(path) == WHOLE


def test_the_first_account_makes_the_file_and_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "config" / "trayapp" / "settings.toml"
    before = os.umask(0)
    try:
        write_account(path, NEW)
    finally:
        os.umask(before)
    assert text(path) == NEW_TABLE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_only_the_owner_may_read_a_file_that_we_changed(path: Path) -> None:
    path.chmod(0o644)
    write_account(path, NEW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_removing_an_account_leaves_all_comments_and_all_others(path: Path) -> None:
    remove_account(path, "home")
    assert text(path) == TOP + HOME_TABLE.partition("[")[0] + "\n" + WORK_TABLE + END
    assert load(path).accounts == (WORK,)


def test_removing_the_last_account_leaves_a_file_that_can_be_read(path: Path) -> None:
    remove_account(path, "work")
    remove_account(path, "home")
    assert load(path).accounts == ()
    assert load(path).browser_command == ("firefox", "{url}")
    assert END in text(path)


def test_removing_from_a_file_that_is_not_there_makes_none(tmp_path: Path) -> None:
    remove_account(tmp_path / "settings.toml", "work")
    assert not (tmp_path / "settings.toml").exists()


def test_line_ends_of_windows_stay(path: Path) -> None:
    path.write_bytes(WHOLE.replace("\n", "\r\n").encode())
    write_account(path, NEW)
    remove_account(path, "home")
    assert text(path).startswith(TOP.replace("\n", "\r\n"))
    assert WORK_TABLE.replace("\n", "\r\n") in text(path)
    assert load(path).accounts == (WORK, NEW)


VALUES = f'region = "eu-central-1", queue_url = "{WORK.queue_url}"'
DOTTED = "".join(f"accounts.work.{value}\n" for value in VALUES.split(", "))
OTHER_WAYS = {
    "values in one line": f"[accounts]\nwork = {{ {VALUES} }}\n",
    "a dotted name and values in one line": f"accounts.work = {{ {VALUES} }}\n",
    "everything in one line": f"accounts = {{ work = {{ {VALUES} }} }}\n",
    "dotted keys": DOTTED,
    "dotted keys in a table": "[accounts]\n" + "\n".join(f"work.{value}" for value in VALUES.split(", ")) + "\n",
    "names in quotation marks": '["accounts"."work"]\n' + VALUES.replace(", ", "\n") + "\n",
    "no line end at the end": "[accounts.work]\n" + VALUES.replace(", ", "\n"),
}


BEYOND_THE_LIBRARY = (OTHER_WAYS["everything in one line"], OTHER_WAYS["dotted keys"])


@pytest.mark.parametrize("written", OTHER_WAYS.values(), ids=OTHER_WAYS.keys())
def test_an_account_written_in_another_way_is_changed_and_removed(tmp_path: Path, written: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(written.encode())
    write_account(path, replace(WORK, label="Work"))
    assert load(path).accounts == (replace(WORK, label="Work"),)
    remove_account(path, "work")
    assert load(path).accounts == ()


@pytest.mark.parametrize("written", OTHER_WAYS.values(), ids=OTHER_WAYS.keys())
def test_an_account_is_added_to_one_written_in_another_way_or_the_file_is_left_alone(
    tmp_path: Path, written: str
) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(written.encode())
    if written in BEYOND_THE_LIBRARY:
        with pytest.raises(
            SettingsError, match=r"\. Write every account as a table, \[accounts\.NAME\], and try again"
        ):
            write_account(path, NEW)
        assert text(path) == written
    else:
        write_account(path, NEW)
        assert load(path).accounts == (WORK, NEW)


def test_a_change_that_would_spoil_something_else_is_not_made(path: Path) -> None:
    tricky = WHOLE.replace("'Home'", "'''\n[accounts.work]\n[accounts.home]\n'''")
    path.write_text(tricky)
    with pytest.raises(SettingsError, match="could not be changed: the change would spoil it"):
        remove_account(path, "work")
    assert text(path) == tricky


def test_a_file_that_says_something_wrong_is_not_written_into(path: Path) -> None:
    wrong = WHOLE + "[accounts.bad]\n"
    path.write_text(wrong)
    with pytest.raises(SettingsError, match="region is missing"):
        write_account(path, NEW)
    with pytest.raises(SettingsError, match="region is missing"):
        remove_account(path, "work")
    assert text(path) == wrong


@pytest.mark.parametrize(
    "account",
    [
        replace(NEW, label="half a pair \ud800"),
        replace(NEW, region="nowhere"),
        replace(NEW, name="no name at all"),
        replace(NEW, queue_url=""),
    ],
)
def test_an_account_that_could_not_be_read_back_is_not_written(path: Path, account: Account) -> None:
    with pytest.raises(SettingsError, match="could not be changed"):
        write_account(path, account)
    assert text(path) == WHOLE


def test_a_link_stays_a_link_and_its_target_is_changed(path: Path, tmp_path: Path) -> None:
    dotfiles = tmp_path / "dotfiles"
    dotfiles.mkdir()
    path.rename(dotfiles / "trayapp.toml")
    path.symlink_to(Path("dotfiles", "trayapp.toml"))
    write_account(path, NEW)
    assert path.is_symlink()
    assert text(dotfiles / "trayapp.toml") == WHOLE + "\n" + NEW_TABLE
    assert [file.name for file in dotfiles.iterdir()] == ["trayapp.toml"]


def test_a_link_that_leads_nowhere_is_named(path: Path, tmp_path: Path) -> None:
    path.unlink()
    path.symlink_to(tmp_path / "nowhere" / "settings.toml")
    with pytest.raises(SettingsError, match=r"could not be changed: .*\. Check its permissions and the disk\."):
        write_account(path, NEW)


def test_the_file_is_replaced_and_never_written_into(path: Path, tmp_path: Path) -> None:
    reader = tmp_path / "what somebody who has it open sees"
    reader.hardlink_to(path)
    write_account(path, NEW)
    assert text(reader) == WHOLE
    assert text(path) != WHOLE


# A limit on the size of files stands in for the full disk: the write fails after some bytes.
WITH_A_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from trayapp.settings import SettingsError, load
from trayapp.settings.edit import write_account
path = Path(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    write_account(path, load(path).accounts[0].__class__("new", "us-east-1", "https://sqs.us-east-1.amazonaws.com/1/q"))
except SettingsError as error:
    print(error)
"""


def test_a_disk_that_is_full_leaves_the_old_file_and_no_litter(path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", WITH_A_FULL_DISK, str(path)], capture_output=True, text=True, timeout=60, check=True
    ).stdout
    assert said.startswith(f"{path} could not be changed: ")
    assert said.endswith(". Check its permissions and the disk.\n")
    assert text(path) == WHOLE
    assert list(path.parent.iterdir()) == [path]


NAMES_OF_ACCOUNTS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", fullmatch=True)
LABELS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    region = draw(st.sampled_from(sorted(name for name in NAMES if not name.startswith(("cn-", "eusc-")))))
    endpoint = draw(st.sampled_from(["", "", "http://localhost:4566", "https://aws.example"]))
    name = draw(NAMES_OF_ACCOUNTS)
    address = f"{endpoint}/000000000000/q" if endpoint else queue("q", region)
    return Account(name, region, address, draw(LABELS), endpoint, draw(st.sampled_from(["", ACCOUNT_ID])))


@given(st.lists(accounts(), min_size=1, max_size=6), st.data())
@settings(QUICK, max_examples=60)
def test_what_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, written: list[Account], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.toml"
    path.write_bytes(WHOLE.encode())
    expected = {"home": HOME, "work": WORK}
    for account in written:
        write_account(path, account)
        expected[account.name] = account
        assert load(path).accounts == tuple(expected.values())
    gone = data.draw(st.sampled_from(sorted(expected)))
    remove_account(path, gone)
    del expected[gone]
    assert load(path).accounts == tuple(expected.values())
    assert text(path).startswith(TOP)
    assert END in text(path)
