"""What was shown before it could be verified is settled later: proved, or marked as forged and put into quarantine."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from builders import ACCOUNT_ID, NOW, finding, instance_finding, judged, numbered
from signing import CERTIFICATE_URL
from trayapp.core.finding import Finding, Trust
from trayapp.store import Store
from trayapp.store.unverified import Unsettled, Unverified, count

REASON = "its signature does not fit what it says"
OTHER_URL = CERTIFICATE_URL.replace("-0", "-1")


@dataclass
class Shelf:
    """A store, and what waits in it."""

    path: Path
    store: Store
    unsettled: Unsettled

    def hold(self, body: str, *findings: Finding, **changes: Any) -> Unverified:  # noqa: ANN401 - any field
        """Commit an unverified message, as the intake does."""
        withheld = {key: tuple(changes.pop(key)) for key in ("seen", "existing") if key in changes}
        fields: dict[str, Any] = {"watch": "work", "certificate": CERTIFICATE_URL, "received": NOW} | changes
        message = Unverified(body=body, **fields)
        marked = [replace(each, trust=Trust.UNVERIFIED) for each in findings]
        told = judged(*marked, body=body, certificate=message.certificate, **withheld)
        self.store.commit(message.watch, [told], message.received)
        return message

    def document(self, told: Finding) -> dict[str, Any] | None:
        with closing(sqlite3.connect(self.path)) as connection:
            row = connection.execute(
                "SELECT document FROM finding WHERE fingerprint = ? AND lane = ?", (told.fingerprint, told.lane.value)
            ).fetchone()
        return json.loads(row[0]) if row else None

    def trust(self, told: Finding) -> str | None:
        document = self.document(told)
        return None if document is None else document.get("trust", "trusted")

    def waits(self) -> int:
        with closing(sqlite3.connect(self.path)) as connection:
            connection.row_factory = sqlite3.Row
            (findings,) = connection.execute("SELECT count(*) FROM unverified_finding").fetchone()
            messages = count(connection)
            assert messages or not findings
            return messages


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    path = tmp_path / "trayapp.db"
    with Store(path) as store, Unsettled(path) as unsettled:
        yield Shelf(path, store, unsettled)


def test_what_waits_is_found_by_its_certificate_oldest_first(shelf: Shelf) -> None:
    young = shelf.hold("young")
    old = shelf.hold("old", received=NOW - timedelta(hours=1))
    other = shelf.hold("other", certificate=OTHER_URL)
    assert shelf.unsettled.certificates() == [CERTIFICATE_URL, OTHER_URL]
    assert shelf.unsettled.waiting(CERTIFICATE_URL, 10) == [old, young]
    assert shelf.unsettled.waiting(CERTIFICATE_URL, 1) == [old]
    assert shelf.unsettled.waiting(OTHER_URL, 10) == [other]
    assert shelf.waits() == 3


def test_a_message_that_comes_again_waits_once(shelf: Shelf) -> None:
    first = shelf.hold("body", finding())
    shelf.hold("body", finding(), received=NOW + timedelta(hours=1))
    assert shelf.unsettled.waiting(CERTIFICATE_URL, 10) == [first]


def test_a_proved_message_loses_its_mark(shelf: Shelf) -> None:
    message = shelf.hold("body", finding(), instance_finding())
    assert shelf.trust(finding()) == "unverified"
    assert len(shelf.unsettled.prove(message)) == 2
    assert (shelf.trust(finding()), shelf.trust(instance_finding())) == ("trusted", "trusted")
    assert shelf.waits() == 0
    assert not shelf.store.quarantine()


def test_a_forged_message_is_marked_and_put_into_quarantine_whole(shelf: Shelf) -> None:
    message = shelf.hold("body \x00 \U0001f512", finding())
    (incident,) = shelf.unsettled.denounce(message, REASON)
    assert shelf.trust(finding()) == "forged"
    assert shelf.waits() == 0
    (held,) = shelf.store.quarantine()
    assert (held.watch, held.body, held.reason, held.received, held.kind) == (
        "work",
        message.body,
        REASON,
        NOW,
        "forged",
    )
    assert [each.id for each in shelf.store.incidents()] == [incident]


@pytest.mark.parametrize("body", ["plain", "東京 \U0001f512", "half \ud800"])
def test_whatever_the_body_it_is_settled_as_it_was_read(shelf: Shelf, body: str) -> None:
    shelf.hold(body, finding())
    (message,) = shelf.unsettled.waiting(CERTIFICATE_URL, 10)
    assert shelf.unsettled.prove(message)
    assert shelf.waits() == 0


def test_what_is_settled_stays_settled(shelf: Shelf) -> None:
    message = shelf.hold("body", finding())
    shelf.unsettled.prove(message)
    assert shelf.unsettled.denounce(message, REASON) == []
    assert shelf.unsettled.prove(message) == []
    assert shelf.trust(finding()) == "trusted"
    assert not shelf.store.quarantine()


def test_what_a_proved_message_says_of_what_is_normal_counts_only_then(shelf: Shelf) -> None:
    seen, existing = [(ACCOUNT_ID, "region:sa-east-1"), (ACCOUNT_ID, "type:AWS::IAM::User")], ["there:1", "there:2"]
    message = shelf.hold("body", seen=seen, existing=existing)
    later = NOW + timedelta(days=1)
    assert (shelf.store.seen(later), shelf.store.existing()) == (frozenset(), 0)
    shelf.unsettled.prove(message)
    assert (shelf.store.seen(later), shelf.store.existing()) == (frozenset(seen), 2)


def test_what_a_forged_one_says_of_it_never_counts(shelf: Shelf) -> None:
    message = shelf.hold("body", seen=[(ACCOUNT_ID, "region:sa-east-1")], existing=["there:1"])
    shelf.unsettled.denounce(message, REASON)
    assert (shelf.store.seen(NOW + timedelta(days=1)), shelf.store.existing()) == (frozenset(), 0)


# Several messages about the same thing


def test_a_finding_stays_trusted_when_a_forger_tells_it_as_well(shelf: Shelf) -> None:
    shelf.store.commit("work", [judged(finding())], NOW)
    message = shelf.hold("forged", finding(address="203.0.113.66"))
    assert shelf.trust(finding()) == "trusted"
    shelf.unsettled.denounce(message, REASON)
    document = shelf.document(finding())
    assert document is not None
    assert (document.get("trust", "trusted"), document["address"]) == ("trusted", "")


def test_a_finding_that_another_message_may_still_prove_goes_on_waiting(shelf: Shelf) -> None:
    forged = shelf.hold("forged", finding(address="203.0.113.66"))
    honest = shelf.hold("honest", finding(address="198.51.100.7"))
    shelf.unsettled.denounce(forged, REASON)
    document = shelf.document(finding())
    assert document is not None
    assert (document["trust"], document["address"]) == ("unverified", "198.51.100.7")
    shelf.unsettled.prove(honest)
    assert shelf.trust(finding()) == "trusted"


def test_a_proved_message_speaks_in_its_own_words(shelf: Shelf) -> None:
    forged = shelf.hold("forged", finding(address="203.0.113.66"))
    honest = shelf.hold("honest", finding(address="198.51.100.7"))
    shelf.unsettled.prove(honest)
    document = shelf.document(finding())
    assert document is not None
    assert (document["trust"], document["address"]) == ("trusted", "198.51.100.7")
    shelf.unsettled.denounce(forged, REASON)
    assert shelf.document(finding()) == document


def test_the_same_body_in_two_queues_is_settled_for_each(shelf: Shelf) -> None:
    work = shelf.hold("body", finding())
    home = shelf.hold("body", finding(), watch="home")
    assert shelf.waits() == 2
    shelf.unsettled.denounce(home, REASON)
    assert shelf.trust(finding()) == "unverified"
    shelf.unsettled.prove(work)
    assert shelf.trust(finding()) == "trusted"


# Waiting no longer


def test_what_is_dropped_keeps_its_mark(shelf: Shelf) -> None:
    message = shelf.hold("body", finding())
    shelf.unsettled.drop(message)
    assert shelf.waits() == 0
    assert shelf.trust(finding()) == "unverified"
    assert not shelf.store.quarantine()


def test_what_has_waited_too_long_is_given_up_and_nothing_else(shelf: Shelf) -> None:
    shelf.hold("old", numbered(1), received=NOW - timedelta(days=40))
    kept = shelf.hold("young", numbered(2))
    assert shelf.unsettled.forget(NOW - timedelta(days=39)) == 1
    assert shelf.unsettled.waiting(CERTIFICATE_URL, 10) == [kept]
    assert shelf.unsettled.prove(kept)
    assert (shelf.trust(numbered(1)), shelf.trust(numbered(2))) == ("unverified", "trusted")
    assert shelf.waits() == 0


def test_all_of_it_is_on_disk(shelf: Shelf) -> None:
    message = shelf.hold("body", finding())
    with Unsettled(shelf.path) as another:
        assert another.waiting(CERTIFICATE_URL, 10) == [message]
        another.prove(message)
    assert shelf.unsettled.waiting(CERTIFICATE_URL, 10) == []
