"""Signing in and out."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import click

from trayapp.aws.key_problems import KeyStoreProblem
from trayapp.aws.key_store import OsKeyStore
from trayapp.aws.keys import AccessKey
from trayapp.aws.session import Endpoint
from trayapp.aws.sign_in import Identity, SignInRefused, prove
from trayapp.cli.common import Refused, ask_tray, settings
from trayapp.core.language import listed, say
from trayapp.core.text import grouped_account, name
from trayapp.desktop.autostart import AutostartFailed, Standing, autostart
from trayapp.settings import Account, Paths, Settings, SettingsError, check_account
from trayapp.settings.edit import remove_account, write_account
from trayapp.settings.model import ACCOUNT_KEYS, InvalidValue
from trayapp.settings.problems import check_known

_KEY_PARTS = ("access_key_id", "secret_access_key")
_DEFAULT_NAME = "default"


@click.command()
@click.argument("account", required=False)
@click.option("--stdin", "from_stdin", is_flag=True, help="Read one JSON object from standard input, ask nothing.")
def login(account: str | None, from_stdin: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Sign in to ACCOUNT: prove a key and a queue, then keep the key in the system's keyring.

    Nothing secret is ever taken from the command line. With --stdin the object holds access_key_id,
    secret_access_key, region, queue_url, and any other setting of the account by its name in the settings file, of
    the same type as there. Where no topics are named, those that the queue's policy lets in are remembered.
    """
    paths, keys = Paths.platform(), OsKeyStore()
    known = settings(paths)
    called = account or _only_account(known) or _DEFAULT_NAME
    before = next((asdict(each) for each in known.accounts if each.name == called), {})
    try:
        keys.check()
        given = _read_object(sys.stdin.read()) if from_stdin else _ask(called, before)
        key = _key(given)
        chosen = check_account(called, _account_settings(before, given))
        identity = prove(Endpoint(chosen.region, key, chosen.endpoint_url), chosen.queue_url, called)
        chosen = replace(chosen, account_id=identity.account_id, topics=chosen.topics or identity.topics)
        keyring = keys.save(called, key)
        write_account(paths.settings, chosen)
    except InvalidValue as error:
        raise Refused(say("{sentence}.", sentence=error)) from None
    except (KeyStoreProblem, SignInRefused, SettingsError) as error:
        raise Refused(error) from None
    _tell(chosen, identity, keyring, running=ask_tray(paths, "reload", account=called) is not None)
    if not from_stdin:
        _offer_autostart()


def _offer_autostart() -> None:
    """Whoever has just signed in wants to be told tomorrow as well."""
    try:
        switch = autostart()
        if switch.status().standing is not Standing.OFF:
            return
        if click.confirm(say("Start trayapp at every login?"), default=True):
            switch.switch(on=True)
    except AutostartFailed as error:
        # He is signed in all the same.
        click.echo(str(error), err=True)


@click.command()
@click.argument("account", required=False)
@click.option("--forget", is_flag=True, help="Remove the account from the settings as well.")
def logout(account: str | None, forget: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Remove the key of ACCOUNT from the system's keyring."""
    paths = Paths.platform()
    known = settings(paths)
    called = account or _only_account(known) or _DEFAULT_NAME
    try:
        had_key = OsKeyStore().remove(called)
        if forget:
            remove_account(paths.settings, called)
    except (KeyStoreProblem, SettingsError) as error:
        raise Refused(error) from None
    ask_tray(paths, "reload", account=called)
    if not had_key and not forget:
        raise Refused(say("There is no key of {account} in the keyring.", account=repr(called)))
    click.echo(
        say(
            "The key of {account} is no longer in the keyring. At AWS it still exists: delete it there if it is not "
            "used.",
            account=called,
        )
    )


def _only_account(known: Settings) -> str | None:
    return known.accounts[0].name if len(known.accounts) == 1 else None


def _read_object(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError:
        # The parser's own words could quote the secret.
        raise InvalidValue((), say("standard input is not one JSON object")) from None
    if not isinstance(document, dict):
        raise InvalidValue((), say("standard input must be one JSON object"))
    check_known(document, (*_KEY_PARTS, *ACCOUNT_KEYS), ())
    return document


def _ask(called: str, before: Mapping[str, Any]) -> dict[str, Any]:
    click.echo(
        say("Signing in to {account}. Use the access key of the listener user that the template made.", account=called)
    )
    return {
        "access_key_id": click.prompt(say("Access key id")).strip(),
        "secret_access_key": click.prompt(say("Secret access key (not shown)"), hide_input=True).strip(),
        "region": click.prompt(say("Region of the queue"), default=before.get("region") or None).strip(),
        "queue_url": click.prompt(say("Queue URL"), default=before.get("queue_url") or None).strip(),
        "label": click.prompt(say("What to call this account"), default=before.get("label") or called).strip(),
        "heartbeat": _heartbeat(before.get("heartbeat", "")),
    }


def _heartbeat(before: str) -> str:
    none = say("no")
    answer = click.prompt(say("Heartbeat chosen in the stack, such as 1h"), default=before or none).strip()
    return "" if answer in (none, "no") else answer


def _key(given: Mapping[str, Any]) -> AccessKey:
    for part in _KEY_PARTS:
        value = given.get(part, "")
        if not isinstance(value, str) or not value or not value.isprintable() or " " in value:
            raise InvalidValue(
                (part,), say("{part} is missing or is not one word; copy it from the console again", part=part)
            )
    return AccessKey(given["access_key_id"], given["secret_access_key"])


def _account_settings(before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    chosen = {key: given.get(key, before.get(key)) for key in ACCOUNT_KEYS}
    return {key: value for key, value in chosen.items() if value not in (None, "")}


def _tell(account: Account, identity: Identity, keyring: str, *, running: bool) -> None:
    known = {
        "account": name(account.called),
        "number": grouped_account(identity.account_id),
        "identity": name(identity.arn, 120),
        "keyring": keyring,
    }
    if account.endpoint_url:
        signed_in = say(
            "Signed in to {account}: account {number} at {server}, which is not AWS, as {identity}. The key is in the "
            "{keyring}.",
            server=account.endpoint_host,
            **known,
        )
    else:
        signed_in = say(
            "Signed in to {account}: account {number}, as {identity}. The key is in the {keyring}.", **known
        )
    click.echo(signed_in)
    if account.topics:
        click.echo(say("It listens to {topics}.", topics=listed(name(topic, 200) for topic in account.topics)))
    if identity.is_root:
        click.echo(
            say(
                "This is the root user's key. Nothing should have one: make a key of the listener user instead "
                "(trayapp template), sign in with that, and delete this one."
            ),
            err=True,
        )
    click.echo(say("The running tray watches it now.") if running else say("Start watching with: trayapp run"))
