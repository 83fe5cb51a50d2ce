"""Messages that were put aside, because they could not be read or were forged."""

import sys
from collections.abc import Sequence
from typing import TypedDict

import click

from trayapp.aws.certificates import Certificates
from trayapp.cli.common import Refused, ask_tray, clock, echo_json, opened, settings
from trayapp.cli.marks import fit
from trayapp.cli.second_look import SecondLook
from trayapp.cli.terminal import cell
from trayapp.core.judged import Judged
from trayapp.core.language import listed, mark, say, say_count, say_reason
from trayapp.core.records import utc
from trayapp.core.text import name
from trayapp.inbox import kinds
from trayapp.settings import Paths
from trayapp.store import Quarantined, Store, StoreError

_REASON = 200
"""Characters of a reason in a list."""


class QuarantineRecord(TypedDict):
    """One message as ``trayapp quarantine list --json`` prints it."""

    id: int
    account: str
    received: str
    kind: str
    forged: bool
    reason: str
    size: int


class QuarantineBodyRecord(QuarantineRecord):
    """One message as ``trayapp quarantine show --json`` prints it."""

    body: str


@click.group()
def quarantine() -> None:
    """Look at messages that were put aside, judge them again, drop them.

    A message that cannot be read, or that is forged, is kept here whole until you drop it.
    """


@quarantine.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print an array of objects; the README names their fields.")
def list_(as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """List the messages, oldest first."""
    with opened(Paths.platform()) as store:
        found = store.quarantine()
    if as_json:
        echo_json([_record(message) for message in found])
        return
    if not found:
        click.echo(say("Nothing was put aside."))
    for message in found:
        _print(_row(message))


@quarantine.command()
@click.argument("number", metavar="ID", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print one object; the README names its fields.")
def show(number: int, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Show the message ID: its body on standard output, and what is known of it on standard error.

    Into a pipe the body goes as it is, so that it can be given to: trayapp explain -
    """
    with opened(Paths.platform()) as store:
        [message] = _chosen(store, [number])
    if as_json:
        echo_json(QuarantineBodyRecord(**_record(message), body=message.body))
        return
    click.echo(fit(_row(message), sys.stderr), err=True)
    if sys.stdout.isatty():
        # It may come from anybody, and what it says must not steer the terminal.
        for line in message.body.splitlines():
            _print(line)
    else:
        sys.stdout.buffer.write(message.body.encode())
        sys.stdout.buffer.flush()


@quarantine.command()
@click.argument("numbers", metavar="[ID]...", nargs=-1, type=int)
@click.option("--all", "every", is_flag=True, help="Judge all of them.")
def retry(numbers: tuple[int, ...], every: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Judge messages again, as after an upgrade: by their numbers, or all of them.

    What can be read now becomes what it should have been; what cannot stays.
    """
    _numbers_or_all(numbers, every=every)
    paths = Paths.platform()
    known = settings(paths)
    try:
        with opened(paths) as store:
            look = SecondLook(store, known, Certificates(paths.store.with_name("certificates")))
            for message in _chosen(store, numbers, every=every):
                judged = look.judged(message)
                changed = store.retry_quarantined(message.id, judged, clock().now)
                if changed is None:
                    _print(say("{number}: it is not there any more", number=message.id))
                elif judged.unreadable:
                    _print(say("{number}: it stays: {reason}", number=message.id, reason=say_reason(judged.unreadable)))
                else:
                    _print(_read(message.id, judged, changed))
    except StoreError as error:
        raise Refused(error) from None
    finally:
        ask_tray(paths, "changed")


@quarantine.command()
@click.argument("numbers", metavar="[ID]...", nargs=-1, type=int)
@click.option("--all", "every", is_flag=True, help="Drop all of them.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def drop(numbers: tuple[int, ...], every: bool, yes: bool) -> None:  # noqa: FBT001 - click passes them by name
    """Drop messages for good: by their numbers, or all of them. Asks first, unless with --yes."""
    _numbers_or_all(numbers, every=every)
    paths = Paths.platform()
    try:
        with opened(paths) as store:
            found = _chosen(store, numbers, every=every)
            for message in found:
                _print(_row(message))
            if not found:
                click.echo(say("Nothing was put aside."))
                return
            if not yes:
                _confirm(len(found))
            # These and no others: something may have come while the question stood there.
            dropped = store.drop_quarantined([message.id for message in found])
    except StoreError as error:
        raise Refused(error) from None
    ask_tray(paths, "changed")
    click.echo(say_count("{count} message dropped.", "{count} messages dropped.", len(dropped)))


def _numbers_or_all(numbers: Sequence[int], *, every: bool) -> None:
    if bool(numbers) == every:
        raise click.UsageError(say("Give the numbers of messages (see: trayapp quarantine list), or --all."))


def _chosen(store: Store, numbers: Sequence[int], *, every: bool = False) -> list[Quarantined]:
    if every:
        return store.quarantine()
    found = {number: store.quarantined_message(number) for number in numbers}
    if unknown := [str(number) for number, message in found.items() if message is None]:
        raise Refused(
            say("There is no message {numbers} put aside. See: trayapp quarantine list", numbers=listed(unknown))
        )
    return [message for message in found.values() if message is not None]


def _confirm(count: int) -> None:
    if not sys.stdin.isatty():
        raise Refused(say("Nothing is dropped: say --yes where nobody can be asked."))
    click.confirm(say_count("Drop {count} message for good?", "Drop {count} messages for good?", count), abort=True)


def _record(message: Quarantined) -> QuarantineRecord:
    return QuarantineRecord(
        id=message.id,
        account=message.watch,
        received=utc(message.received) or "",
        kind=message.kind,
        forged=message.kind == kinds.FORGED,
        reason=message.reason,
        size=len(message.body.encode()),
    )


def _row(message: Quarantined) -> str:
    received = clock().moment(message.received)
    size = say("{count} bytes", count=len(message.body.encode()))
    cells = [cell(received, 16, sys.stdout), cell(name(message.watch), 16, sys.stdout)]
    return "  ".join([f"{message.id:>5}", *cells, cell(size, 14, sys.stdout, right=True), _why(message)])


def _why(message: Quarantined) -> str:
    reason = say_reason(name(message.reason, _REASON))
    return say("forged: {reason}", reason=reason) if message.kind == kinds.FORGED else reason


_READ = {
    # Whether alerts came of it, and whether its signature is verified.
    (False, True): mark("{number}: it is read now, as {kind}; there is nothing to tell of it"),
    (True, True): mark("{number}: it is read now, as {kind}; alerts: {alerts}"),
    (False, False): mark(
        "{number}: it is read now, as {kind}; there is nothing to tell of it; its signature is still to be verified"
    ),
    (True, False): mark("{number}: it is read now, as {kind}; alerts: {alerts}; its signature is still to be verified"),
}


def _read(number: int, judged: Judged, changed: Sequence[int]) -> str:
    said = _READ[bool(changed), not judged.certificate]
    return say(said, number=number, kind=judged.kind, alerts=listed(map(str, changed)))


def _print(line: str) -> None:
    click.echo(fit(line, sys.stdout))
