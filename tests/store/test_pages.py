"""A spoiled page costs what was on it: whatever led to the other pages, what lies on them is found."""

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from builders import ACCOUNT_ID, NOW, finding, judged, numbered
from store.damaging import PAGE, filled, log_of, pages, talked_about
from trayapp.core.finding import Trust
from trayapp.core.incidents import Incident
from trayapp.inbox.kinds import UNREADABLE
from trayapp.store import Store, leaves
from trayapp.store.healing import heal
from trayapp.store.orphans import REASON

TABLE_LEAF, INNER, INDEX_LEAF, INDEX_INNER = 0x0D, 0x05, 0x0A, 0x02
"""What the first byte of a page says that it is (https://www.sqlite.org/fileformat2.html#b_tree_pages)."""

UNVERIFIED = "new:unverified"
"""A finding of which there is a copy, on another page."""

LONG, LONG_DETAIL = "new:710", b"It Goes On"
"""A finding that takes several pages; what is looked for in it stands elsewhere too, in small letters."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alerts.sqlite3"


def full(path: Path) -> None:
    """Make a file with something in every table, and with rows that go on on other pages."""
    talked_about(path)
    told = finding(fingerprint=UNVERIFIED, trust=Trust.UNVERIFIED)
    with Store(path) as store:
        store.commit("work", [judged(told, body="{not yet}", certificate="https://sns.example/a.pem")], NOW)
        for number in range(3):
            noise = Random(number).randbytes(4000 << number).hex()
            store.commit("work", [judged(numbered(700 + number), source=noise)], NOW)
        store.commit("work", [judged(numbered(710, details={"policy": LONG_DETAIL.decode() * 700}))], NOW)
        store.pause_until(NOW + timedelta(hours=1))


def rows(connection: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    return sorted((tuple(row) for row in connection.execute(f"SELECT * FROM {table}")), key=repr)


def found(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    with closing(leaves.read(path)) as connection:
        return {table: rows(connection, table) for table in leaves.TABLES}


def there(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        return {table: rows(connection, table) for table in leaves.TABLES}


def test_page_by_page_every_table_reads_as_it_does_through_its_tree(path: Path) -> None:
    full(path)
    expected = there(path)
    assert all(expected.values()), "every table has rows"
    assert found(path) == expected


def test_what_lies_in_the_write_ahead_log_counts(path: Path) -> None:
    full(path)
    with Store(path) as store:
        store.commit("work", [judged(numbered(900))], NOW)
        in_the_file = path.read_bytes()
        expected = there(path)
        assert found(path) == expected
        assert path.read_bytes() == in_the_file
        assert log_of(path).stat().st_size, "that it was found in"


def test_of_a_log_that_ends_in_the_middle_all_whole_transactions_count(path: Path) -> None:
    with Store(path) as store:
        lengths = [log_of(path).stat().st_size]
        for number in range(5):
            store.commit("work", [judged(numbered(number))], NOW)
            lengths.append(log_of(path).stat().st_size)
        file, log = path.read_bytes(), log_of(path).read_bytes()
    path.write_bytes(file)
    for committed, end in enumerate(lengths):
        for cut in (end, end + 1, end + PAGE):
            log_of(path).write_bytes(log[:cut])
            if cut < len(log):
                assert len(found(path)["finding"]) == committed
    log_of(path).write_bytes(log)
    assert len(found(path)["finding"]) == 5


def test_what_was_deleted_is_not_found_again(path: Path) -> None:
    filled(path)
    with Store(path) as store:
        store._connection.execute("PRAGMA secure_delete = OFF")
        for table in ("facet", "tie", "finding", "incident"):
            store._connection.execute(f"DELETE FROM {table}")
        (unused,) = store._connection.execute("PRAGMA freelist_count").fetchone()
    assert unused > 10
    assert b'"fingerprint":' in path.read_bytes(), "it is still written there"
    assert (found(path)["finding"], found(path)["incident"]) == ([], [])


@pytest.mark.parametrize("version", [1, 2])
def test_rows_of_earlier_versions_are_found_with_the_columns_that_they_have(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(Path(__file__).with_name(f"version_{version}.sql").read_text("utf-8"))
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        expected = {table: rows(connection, table) for table in leaves.TABLES if table in tables}
    after = found(path)
    assert any(expected.values())
    for table, written in expected.items():
        width = min((len(row) for row in written), default=0)
        assert [row[:width] for row in after[table]] == written


@pytest.mark.parametrize("length", [0, 1, 99, PAGE - 1, PAGE, 3 * PAGE + 5])
def test_a_file_of_any_length_can_be_looked_through(path: Path, length: int) -> None:
    full(path)
    os.truncate(path, length)
    assert found(path)["finding"] == []


def test_a_list_of_unused_pages_that_leads_in_a_circle_ends(path: Path) -> None:
    full(path)
    with path.open("r+b") as file:
        for offset in (32, 4 * PAGE):
            file.seek(offset)
            file.write((5).to_bytes(4, "big"))
    assert len(found(path)["finding"]) > 100


def spoiled(path: Path, number: int, filling: bytes) -> Path:
    """Make a copy of a file in which one page is spoiled."""
    copy = path.with_name(f"{number}.sqlite3")
    copy.write_bytes(path.read_bytes())
    with copy.open("r+b") as file:
        file.seek(number * PAGE)
        file.write(filling)
    return copy


def parts(incidents: Iterable[Incident]) -> set[str]:
    return {part.fingerprint for each in incidents for part in each.findings}


def without(incident: Incident, lost: set[str]) -> Incident:
    return replace(incident, findings=tuple(part for part in incident.findings if part.fingerprint not in lost))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("filling", [bytes(PAGE), b"\xa5" * PAGE], ids=["zeroed", "overwritten"])
def test_whichever_page_is_spoiled_what_is_on_the_others_is_carried_over(path: Path, filling: bytes) -> None:
    full(path)
    with Store(path) as store:
        before = {each.id: each for each in store.incidents()}
        messages = {each: {kept.body for kept in store.bodies(each)} for each in before}
    of_incident = {part.fingerprint: each.id for each in before.values() for part in each.findings}
    spread = 0
    for number, page in enumerate(pages(path)):
        documents = {each for each in of_incident if f'"fingerprint":"{each}"'.encode() in page}
        lost = documents - {UNVERIFIED} if page[0] == TABLE_LEAF else {LONG} if LONG_DETAIL in page else set()
        again = documents & {UNVERIFIED} if page[0] == TABLE_LEAF else set()
        spread += len(lost | again)
        copy = spoiled(path, number, filling)
        healed = heal(copy, NOW)
        with Store(copy) as store:
            after = {each.id: each for each in store.incidents()}
            aside = {kept.body for kept in store.quarantine() if kept.reason == REASON}
            kept = {each: {kept.body for kept in store.bodies(each)} for each in after}
        assert (number, set(of_incident) - parts(after.values())) == (number, lost)
        assert aside == {body for each in lost for body in messages[of_incident[each]]}, number
        if lost or page[0] != TABLE_LEAF:
            # It was no page of incidents: not even what their owner has said of them is any different.
            left = {each.id: without(each, lost | again) for each in before.values()}
            told_again = {each for each, incident in after.items() if parts([incident]) <= again}
            assert {each: after[each] for each in after.keys() - told_again} == {
                each: incident for each, incident in left.items() if incident.findings
            }, number
        if documents or page[0] in (INNER, INDEX_LEAF, INDEX_INNER):
            assert all(kept[each] == messages[each] for each in after.keys() & before.keys()), number
        assert healed is None or (copy.with_name(healed.aside.name) / copy.name).stat().st_size, "it lies there whole"
    assert spread > len(of_incident), "every finding was on one of the pages, and one of them on several"


def leaf_with(path: Path, text: str) -> int:
    [number] = [number for number, page in enumerate(pages(path)) if page[0] == TABLE_LEAF and text.encode() in page]
    return number


def test_what_is_remembered_of_a_spoiled_page_gets_its_messages_back(path: Path) -> None:
    full(path)
    with Store(path) as store:
        before = {each.id: each for each in store.incidents()}
        messages = {each: store.bodies(each) for each in before}
    copy = spoiled(path, leaf_with(path, '"fingerprint":"new:520"'), bytes(PAGE))
    assert heal(copy, NOW, list(before.values())) is not None
    with Store(copy) as store:
        assert {each.id: each for each in store.incidents()} == before
        assert {each: store.bodies(each) for each in before} == messages
        assert [each for each in store.quarantine() if each.reason == REASON] == []


def test_the_message_of_an_alert_that_is_lost_is_kept_aside_by_the_queue_that_brought_it(path: Path) -> None:
    with Store(path) as store:
        body = f'{{"account": "{ACCOUNT_ID}", "number": "{"1" * 13}"}}'
        store.commit("home", [judged(numbered(1), source="{another}")], NOW)
        store.commit("work", [judged(numbered(2, account_id="999999999999", details={"x": "y" * 3000}))], NOW)
        store.commit("home", [judged(numbered(3, details={"x": "y" * 3000}), source=body)], NOW)
    copy = spoiled(path, leaf_with(path, '"fingerprint":"new:3"'), bytes(PAGE))
    healed = heal(copy, NOW)
    assert healed is not None
    with Store(copy) as store:
        [aside] = store.quarantine()
        assert (aside.watch, aside.body, aside.kind, aside.received) == ("home", body, UNREADABLE, NOW)
        assert store.retry_quarantined(aside.id, judged(numbered(3), source=body), NOW)
        assert (parts(store.incidents()), store.quarantined()) == ({"new:1", "new:2", "new:3"}, 0)


def test_an_alert_whose_incident_is_lost_is_told_again_as_one_of_the_same_queue(path: Path) -> None:
    with Store(path) as store:
        store.commit("work", [judged(numbered(1))], NOW)
        (root,) = store._connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'incident'").fetchone()
    copy = spoiled(path, root - 1, bytes(PAGE))
    healed = heal(copy, NOW)
    assert healed is not None
    with Store(copy) as store:
        [told] = store.incidents()
    assert (told.watch, told.shown, told.main.fingerprint) == ("work", None, "new:1")
