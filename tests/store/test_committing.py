"""A batch is one transaction, and the same happening is one incident."""

from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import (
    NOW,
    QUICK,
    actor,
    before,
    finding,
    incident,
    instance_finding,
    judged,
    numbered,
    takeover_steps,
    unreadable,
    user_subject,
)
from trayapp.core.facts import Actor, ActorKind
from trayapp.core.finding import Certainty, Finding, Lane, Subject, Theme
from trayapp.core.judged import Judged
from trayapp.core.severity import Severity
from trayapp.store import Store, StoreError, documents

OTHER_USERS = ("new:old1", "new:old2")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "alerts.sqlite3") as opened:
        yield opened


def kept(store: Store) -> list[Finding]:
    return [each for incident in store.incidents() for each in incident.findings]


def test_a_finding_becomes_an_incident_that_is_neither_shown_nor_reviewed(store: Store) -> None:
    assert store.commit("work", [judged(finding())], NOW) == [1]
    made = incident(1, finding(), created=NOW)
    assert store.incidents() == store.to_review() == [made] == [store.incident(1)]


@pytest.mark.parametrize(
    "found",
    [
        finding(),
        instance_finding(happened=None, muted="a rule"),
        finding(lane=Lane.CLOUDTRAIL, actor=actor(), address="198.51.100.23", agent="aws-cli/2"),
        finding(actor=actor(kind=ActorKind.ROOT, mfa=None), certainty=Certainty.REFUSED, theme=Theme.MONEY),
        *takeover_steps(),
    ],
)
def test_every_field_of_a_finding_comes_back(tmp_path: Path, store: Store, found: Finding) -> None:
    store.commit("work", [judged(found)], NOW)
    with Store(tmp_path / "alerts.sqlite3") as another:
        assert kept(another) == [found]


# What stands in a message is anybody's; halves of surrogate pairs never reach the store, all else may.
ANYBODYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=130)

actors = st.builds(
    Actor,
    kind=st.sampled_from(ActorKind),
    name=ANYBODYS,
    session=ANYBODYS,
    key_id=ANYBODYS,
    arn=ANYBODYS,
    account_id=ANYBODYS,
    mfa=st.sampled_from([None, True, False]),
)
any_finding = st.builds(
    Finding,
    signal=ANYBODYS,
    theme=st.sampled_from(Theme),
    severity=st.sampled_from(Severity),
    certainty=st.sampled_from(Certainty),
    lane=st.sampled_from(Lane),
    account_id=ANYBODYS,
    region=ANYBODYS,
    subject=st.builds(Subject, ANYBODYS, ANYBODYS, ANYBODYS, ANYBODYS),
    fingerprint=ANYBODYS,
    links=st.frozensets(ANYBODYS, max_size=4),
    happened=st.none() | st.datetimes(timezones=st.just(UTC)),
    actor=st.none() | actors,
    address=ANYBODYS,
    agent=ANYBODYS,
    muted=ANYBODYS,
    details=st.dictionaries(ANYBODYS, ANYBODYS, max_size=4),
)


@given(any_finding)
@settings(QUICK, max_examples=200)
def test_any_finding_comes_back_from_its_document_as_it_was(found: Finding) -> None:
    document = documents.write(found)
    assert documents.read(document) == found
    assert document.isascii(), "no encoding spoils it"
    assert documents.write(documents.read(document)) == document


def test_incidents_come_newest_first(store: Store) -> None:
    store.commit("work", [judged(numbered(1), numbered(2)), judged(numbered(3))], NOW)
    store.commit("home", [judged(numbered(4))], NOW)
    assert [(each.id, each.watch) for each in store.incidents()] == [
        (4, "home"),
        (3, "work"),
        (2, "work"),
        (1, "work"),
    ]


def test_a_number_is_never_given_twice(store: Store) -> None:
    store.commit("work", [judged(numbered(1))], NOW)
    for table in ("tie", "finding", "incident"):
        store._connection.execute(f"DELETE FROM {table}")
    assert store.commit("work", [judged(numbered(2))], NOW) == [2]


def test_a_number_that_no_incident_has_gives_none(store: Store) -> None:
    store.commit("work", [judged(finding())], NOW)
    assert [store.incident(number) for number in (-1, 0, 2, 2**63, 10**30)] == [None] * 5


def test_messages_are_counted_by_kind_over_all_accounts(store: Store) -> None:
    store.commit("work", [Judged("text"), Judged("text"), Judged("other")], NOW)
    store.commit("home", [Judged("text")], NOW)
    assert store.counts() == {"other": 1, "text": 3}


def test_what_existed_before_is_counted_once(store: Store) -> None:
    store.commit("work", [judged(existing=OTHER_USERS), judged(existing=OTHER_USERS[:1])], NOW)
    store.commit("home", [judged(existing=OTHER_USERS)], NOW)
    assert store.existing() == 2
    assert store.incidents() == []


def test_what_an_account_was_seen_to_have_counts_from_its_first_time(store: Store) -> None:
    tokyo, type_ = ("123456789012", "region:ap-northeast-1"), ("123456789012", "type:AWS::IAM::User")
    store.commit("work", [judged(seen=(tokyo,)), judged(seen=(tokyo, type_))], before(days=2))
    store.commit("home", [judged(seen=(tokyo, ("210987654321", "region:eu-west-1")))], NOW)
    assert store.seen(before(days=3)) == frozenset()
    assert store.seen(before(days=2)) == frozenset(), "the moment itself is not before it"
    assert store.seen(before(days=1)) == {tokyo, type_}
    assert store.seen(NOW + timedelta(seconds=1)) == {tokyo, type_, ("210987654321", "region:eu-west-1")}


def test_names_are_given_one_by_one_and_as_they_were_last_before_a_moment(store: Store) -> None:
    account, other = "123456789012", "210987654321"
    store.commit("work", [judged(seen=((account, "name:AIDA1:alice"), (account, "type:x")))], before(days=2))
    store.commit("work", [judged(seen=((account, "name:AIDA1:bob:b"), (other, "name:AIDA2:carol")))], before(days=1))
    assert store.seen(NOW) == {(account, "type:x")}
    told = [store.name(account, "AIDA1", before(days=days)) for days in (2, 1, 0)]
    assert told == ["", "alice", "bob:b"]
    assert (store.name(account, "AIDA2", NOW), store.name(other, "AIDA2", NOW)) == ("", "carol")
    assert store.name(account, "AIDA", NOW) == "", "the beginning of an id is no id"


def test_an_empty_batch_changes_nothing(store: Store) -> None:
    assert store.commit("work", [], NOW) == []
    assert (store.counts(), store.incidents(), store.quarantined()) == ({}, [], 0)


MESSAGES = (
    judged(numbered(1)),
    judged(numbered(2)),
    judged(numbered(1), numbered(3)),
    judged(numbered(2, region="eu-west-1")),
    judged(existing=OTHER_USERS),
    unreadable("{cut"),
    unreadable("{cut"),
)


@given(
    order=st.permutations(MESSAGES * 2),
    batches=st.lists(st.integers(1, 5), min_size=14, max_size=14),
    accounts=st.lists(st.sampled_from(["work", "home"]), min_size=14, max_size=14),
)
@settings(QUICK, max_examples=25)
def test_copies_in_any_order_and_any_batches_are_one_incident(
    tmp_path_factory: pytest.TempPathFactory, order: list[Judged], batches: list[int], accounts: list[str]
) -> None:
    with Store(tmp_path_factory.mktemp("store") / "alerts.sqlite3") as store:
        for size, account in zip(batches, accounts, strict=True):
            batch, order = order[:size], order[size:]
            store.commit(account, batch, NOW)
        store.commit("work", order, NOW)
        assert sorted(each.fingerprint for each in kept(store)) == ["new:1", "new:2", "new:3"]
        assert len(store.incidents()) == 3
        assert (store.existing(), store.quarantined()) == (2, 1)
        assert sum(store.counts().values()) == 2 * len(MESSAGES)


def test_a_copy_neither_changes_the_incident_nor_brings_it_back(store: Store) -> None:
    store.commit("work", [judged(finding())], NOW)
    store.mark_shown(1, Severity.HIGH, NOW)
    store.review([1], NOW)
    earlier = store.incidents()
    again = judged(finding(subject=user_subject(name="other"), region="eu-west-1"))
    assert store.commit("home", [again], NOW + timedelta(days=1)) == []
    assert store.incidents() == earlier
    assert store.to_review() == []


@given(text=ANYBODYS, body=st.text(st.characters(exclude_categories=()), min_size=1))
@settings(QUICK, max_examples=30)
def test_any_text_is_kept_as_it_is(tmp_path_factory: pytest.TempPathFactory, text: str, body: str) -> None:
    hostile = finding(
        fingerprint=text, region=text, subject=user_subject(id=text, name=text, arn=text), links=frozenset({text})
    )
    with Store(tmp_path_factory.mktemp("store") / "alerts.sqlite3") as store:
        store.commit("work", [judged(hostile), unreadable(body)], NOW)
        assert kept(store) == [hostile]
        assert store.quarantine()[0].body == body.encode("utf-8", "replace").decode()


BATCH = [judged(numbered(1), existing=OTHER_USERS), unreadable("{cut"), judged(numbered(2)), judged(numbered(3))]


def assert_untouched(store: Store) -> None:
    assert (store.incidents(), store.quarantine(), store.existing(), store.counts()) == ([], [], 0, {})
    for table in ("finding", "tie"):
        assert store._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0


def assert_usable(store: Store) -> None:
    assert len(store.commit("work", BATCH, NOW)) == 3
    assert (store.quarantined(), store.existing()) == (1, 2)


def test_a_statement_that_fails_in_the_middle_leaves_nothing_of_the_batch(store: Store) -> None:
    store._connection.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON finding WHEN new.fingerprint = 'new:2'"
        " BEGIN SELECT raise(ABORT, 'this one is refused'); END"
    )
    with pytest.raises(StoreError, match="this one is refused"):
        store.commit("work", BATCH, NOW)
    assert_untouched(store)
    store._connection.execute("DROP TRIGGER refuse")
    assert_usable(store)


def test_a_commit_that_fails_at_its_very_end_leaves_nothing_and_the_store_usable(store: Store) -> None:
    connection = store._connection
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("CREATE TABLE owner (id INTEGER PRIMARY KEY)")
    connection.execute("CREATE TABLE owned (owner REFERENCES owner (id) DEFERRABLE INITIALLY DEFERRED)")
    connection.execute("CREATE TRIGGER orphan AFTER INSERT ON incident BEGIN INSERT INTO owned VALUES (7); END")
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        store.commit("work", BATCH, NOW)
    assert_untouched(store)
    connection.execute("DROP TRIGGER orphan")
    assert_usable(store)


def test_a_full_disk_leaves_nothing_of_the_batch_and_says_what_to_do(store: Store) -> None:
    pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
    store._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match=r"database or disk is full\. Free some disk space"):
        store.commit("work", [*BATCH, unreadable("{" * 100_000)], NOW)
    assert_untouched(store)
    store._connection.execute(f"PRAGMA max_page_count = {pages + 100}")
    assert_usable(store)


def test_an_interruption_in_the_middle_leaves_nothing_of_the_batch(store: Store) -> None:
    def interrupted() -> Iterator[Judged]:
        yield from BATCH
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.commit("work", interrupted(), NOW)
    assert_untouched(store)
    assert_usable(store)
