"""The steps on this computer: the settings, the store, the keyring, and what the network's settings say."""

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies

from trayapp.aws.key_problems import KeyStoreProblem
from trayapp.aws.session import ca_bundle
from trayapp.core.causes import Cause
from trayapp.core.language import listed, say, say_count
from trayapp.doctor.steps import Ill, NotAsked, ill_by
from trayapp.doctor.surroundings import Keys
from trayapp.settings import Settings, SettingsError, load
from trayapp.store import Store, StoreError

LEAST_FREE = 20_000_000
"""Bytes of free space with which a night's alerts surely find room."""

_CA_BUNDLES = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE")


def read_settings(path: Path) -> Settings:
    """Read the settings.

    Raises:
        Ill: They cannot be read, say something wrong, or name no account.
    """
    try:
        found = load(path)
    except SettingsError as error:
        raise Ill(say("the settings are wrong"), str(error)) from None
    if not found.accounts:
        raise ill_by(Cause.NO_ACCOUNT, "", f"{path}" if path.exists() else say("there is no {path}", path=path))
    return found


def look_at_store(path: Path) -> str:
    """Read the whole of the store, and see whether there is room for more.

    Raises:
        Ill: It is damaged, cannot be read or written, or the disk is full.
        NotAsked: There is none yet.
    """
    if not path.exists():
        raise NotAsked(say("there is none yet; the first start makes {path}", path=path))
    try:
        with Store(path) as store:
            store.check()
    except StoreError as error:
        raise ill_by(error.cause, "", str(error)) from None
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        raise Ill(
            say("alerts cannot be written to disk"),
            say("Make it yours to write: {path}, and its folder.", path=path),
        )
    free = shutil.disk_usage(path.parent).free
    if free < LEAST_FREE:
        raise ill_by(Cause.DISK_FULL, "", say("{room} are free at {folder}", room=_size(free), folder=path.parent))
    size = _size(path.stat().st_size)
    return say("{path} is whole, {size}; {room} are free", path=path, size=size, room=_size(free))


def look_at_keyring(keys: Keys) -> str:
    """See which keyring there is, and whether it is open.

    Raises:
        Ill: There is none, or it is locked.
    """
    try:
        return say("{keyring}, open", keyring=keys.check())
    except KeyStoreProblem as problem:
        raise ill_by(problem.cause, "", str(problem)) from None


def look_at_network_settings() -> str:
    """Tell which proxies and which CA bundle the surroundings name, without anybody's password.

    Raises:
        Ill: A bundle is named that is not there.
    """
    for variable in _CA_BUNDLES:
        named = os.environ.get(variable, "")
        if named and not Path(named).is_file():
            raise Ill(
                say("{variable} names a file that is not there, so it is passed over", variable=variable),
                say("Give the path of your company's CA bundle in {variable}, or unset it.", variable=variable),
                named,
            )
    bundle = ca_bundle()
    proxies = listed(
        say("{scheme} by {proxy}", scheme=scheme, proxy=without_sign_in(url))
        for scheme, url in sorted(getproxies().items())
        if scheme != "no"
    )
    authorities = say("CA bundle {path}", path=bundle) if bundle else say("the usual authorities")
    return f"{proxies or say('no proxy')}; {authorities}"


def without_sign_in(url: str) -> str:
    """Give a proxy's address without user and password."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _size(count: int) -> str:
    for unit, size in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000)):
        if count >= size:
            return f"{count / size:.0f} {unit}"
    return say_count("{count} byte", "{count} bytes", count)
