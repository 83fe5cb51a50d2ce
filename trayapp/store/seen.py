"""What each account was seen to have, and since when.

All functions work on a connection; those that write, inside the caller's transaction. What is seen stands here as in
``Judged.seen``. Of Regions and types an account has hundreds at the most. Of names there are as many as users were
ever made, so that none is read but the one that is asked for.
"""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from trayapp.store.times import to_text

# A semicolon comes right behind a colon: what begins with ``name:`` lies between the two. Each account is found by one
# step in the index, however many rows it has, and so are the spans before and behind its names.
_BEFORE = """
    WITH RECURSIVE account (id) AS (
        SELECT min(account_id) FROM seen
        UNION ALL
        SELECT (SELECT min(account_id) FROM seen WHERE account_id > account.id) FROM account WHERE id IS NOT NULL
    )
    SELECT account_id, what FROM account CROSS JOIN seen
        WHERE account_id = account.id AND what < 'name:' AND first < ?1
    UNION ALL
    SELECT account_id, what FROM account CROSS JOIN seen
        WHERE account_id = account.id AND what >= 'name;' AND first < ?1
"""


def keep(connection: sqlite3.Connection, seen: Iterable[tuple[str, str]], received: datetime) -> None:
    """Keep what was seen; of what is known already, the earlier time counts.

    A clock that was ahead for a while must not make what it saw then unknown until that time really comes.
    """
    connection.executemany(
        "INSERT INTO seen VALUES (?, ?, ?)"
        " ON CONFLICT (account_id, what) DO UPDATE SET first = excluded.first WHERE excluded.first < first",
        [(account_id, what, to_text(received)) for account_id, what in seen],
    )


def before(connection: sqlite3.Connection, when: datetime) -> frozenset[tuple[str, str]]:
    """Give what each account was seen to have before a moment, without the names."""
    return frozenset((row["account_id"], row["what"]) for row in connection.execute(_BEFORE, (to_text(when),)))


def name(connection: sqlite3.Connection, account_id: str, user_id: str, when: datetime) -> str:
    """Give what a user was called last before a moment; empty if that is not known."""
    prefix = f"name:{user_id}:"
    row = connection.execute(
        "SELECT what FROM seen WHERE account_id = ? AND what >= ? AND what < ? AND first < ?"
        " ORDER BY first DESC, what LIMIT 1",
        (account_id, prefix, f"name:{user_id};", to_text(when)),
    ).fetchone()
    return str(row["what"]).removeprefix(prefix) if row else ""
