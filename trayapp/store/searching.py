"""What is wanted of the history, as conditions of SQL: they answer as ``core.history.matches`` does, only faster."""

import json
from collections.abc import Iterable, Iterator

from trayapp.core.history import Wanted, searched_words
from trayapp.store.texts import storable

_ANY = "(SELECT value FROM json_each(?))"

_SAYING = """
    id IN (SELECT incident FROM facet WHERE instr(words, ?))
    OR id IN (SELECT id FROM incident WHERE note <> '' AND instr(folded(note), ?))
"""

Condition = tuple[str, tuple[object, ...]]


def condition_of(wanted: Wanted) -> Condition:
    """Give a condition on ``incident``, with the values for its marks."""
    found = list(_conditions(wanted))
    values = tuple(value for _, each in found for value in each)
    return " AND ".join(f"({sql})" for sql, _ in found) or "TRUE", values


def _conditions(wanted: Wanted) -> Iterator[Condition]:
    if wanted.severities:
        yield f"severity IN {_ANY}", (_list(int(each) for each in wanted.severities),)
    if wanted.accounts:
        accounts = _list(wanted.accounts)
        yield f"watch IN {_ANY} OR {_having('account_id')}", (accounts, accounts)
    if wanted.regions:
        yield _having("region"), (_list(wanted.regions),)
    if wanted.signals:
        yield _having("signal"), (_list(wanted.signals),)
    if wanted.reviewed is not None:
        yield f"reviewed IS {'NOT NULL' if wanted.reviewed else 'NULL'}", ()
    if wanted.muted is not None:
        yield f"muted {'<>' if wanted.muted else '='} ''", ()
    if wanted.since is not None:
        yield "ended >= ?", (wanted.since.timestamp(),)
    if wanted.until is not None:
        yield "began < ?", (wanted.until.timestamp(),)
    for word in searched_words(wanted.text):
        yield _SAYING, (storable(word), storable(word))


def _having(column: str) -> str:
    return f"id IN (SELECT incident FROM facet WHERE {column} IN {_ANY})"  # noqa: S608 - our own names


def _list(values: Iterable[object]) -> str:
    return json.dumps(list(values))
