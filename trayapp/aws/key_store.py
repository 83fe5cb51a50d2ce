"""Keeping the access key in the operating system's keyring, and nowhere else.

Only stores of the operating system itself are accepted. ``keyring`` also knows ones that write plain text, forget, or
fall silent; a key that seems stored and is not would be a light that seems to watch and does not.
"""

import contextlib
import os
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast, runtime_checkable

from trayapp.aws.key_problems import KeyStoreProblem, way_out
from trayapp.aws.keys import AccessKey
from trayapp.core.causes import Cause
from trayapp.core.language import say

SERVICE = "trayapp"
"""The service name of our entries in the keyring; the user name of an entry is the account's name."""

_SECRET_SERVICE = "Secret Service"  # noqa: S105 - the name of a specification
_KWALLET = "keyring.backends.kwallet.DBusKeyring"
_ACCEPTED = {
    "keyring.backends.SecretService.Keyring": _SECRET_SERVICE,
    "keyring.backends.libsecret.Keyring": _SECRET_SERVICE,
    _KWALLET: "KWallet",
    "keyring.backends.kwallet.DBusKeyringKWallet4": "KWallet",
    "keyring.backends.macOS.Keyring": "macOS Keychain",
    "keyring.backends.Windows.WinVaultKeyring": "Windows Credential Locker",
}
"""What each back end is called, in the order in which they are tried; a desktop's own comes first there."""

_CHAIN = "keyring.backends.chainer.ChainerBackend"

_FIND_SECONDS = 5.0
_ANSWER_SECONDS = 5.0
"""Within this the Secret Service answers: it never waits for its owner here."""
_DIALOG_SECONDS = 20.0
"""Within this everything else has been done: others ask their owner, and what is written has to reach a disk."""
_MOMENT_SECONDS = 0.5
_MOST_WAITING = 8
"""Threads that may wait for a keyring that does not answer: each one does until it answers, and nothing ends it."""

_waiting = threading.BoundedSemaphore(_MOST_WAITING)

_Result = TypeVar("_Result")


class _JustRefused(KeyStoreProblem):
    """It refused, in a way that it does not explain."""


class KeyStore(Protocol):
    """Where a key is read from; the real one is ``OsKeyStore``."""

    def load(self, account: str) -> AccessKey | None:
        """Read an account's key, ``None`` if there is none."""


class MemoryKeyStore:
    """Keys that live in this process only, for a cloud that lives there as well."""

    def __init__(self, keys: dict[str, AccessKey]) -> None:
        self._keys = keys

    def load(self, account: str) -> AccessKey | None:
        """Read an account's key, ``None`` if there is none."""
        return self._keys.get(account)


class OsKeyStore:
    """The operating system's keyring. Every method ends within seconds, also with a dialog left unanswered."""

    def check(self) -> str:
        """Make sure that there is a keyring that can be used right now.

        Returns:
            What it is called.

        Raises:
            KeyStoreProblem: It is locked, missing, or not one to trust a key to.
        """
        backend, called = _found()
        if isinstance(backend, _Checked):
            _within(_ANSWER_SECONDS, backend.check)
        return called

    def load(self, account: str) -> AccessKey | None:
        """Read an account's key, ``None`` if there is none.

        Raises:
            KeyStoreProblem: The keyring cannot be used, or what it holds is not ours.
        """
        text = _read(account)
        try:
            return None if text is None else AccessKey.from_json(text)
        except ValueError as error:
            raise KeyStoreProblem(
                Cause.SIGNED_OUT, say("{problem}. Run: trayapp login {account}", problem=error, account=account)
            ) from None

    def save(self, account: str, key: AccessKey) -> str:
        """Store an account's key, and read it back.

        Returns:
            What the keyring is called.

        Raises:
            KeyStoreProblem: The keyring cannot be used, or did not keep the key.
        """
        backend, called = _found()
        _within(_DIALOG_SECONDS, lambda: backend.set_password(SERVICE, account, key.to_json()))
        if self.load(account) != key:
            raise KeyStoreProblem(
                Cause.KEYRING_MISSING,
                say("{keyring} took the key but does not give it back. Check that it is running.", keyring=called),
            )
        return called

    def remove(self, account: str) -> bool:
        """Remove an account's key; tell whether there was one.

        Raises:
            KeyStoreProblem: The keyring cannot be used.
        """
        if _read(account) is None:
            return False
        backend, _ = _found()
        _within(_DIALOG_SECONDS, lambda: backend.delete_password(SERVICE, account))
        return True


def _read(account: str) -> str | None:
    """Read an entry; a keyring that was seen open and then refuses is asked once more, as it may only be busy."""
    try:
        return _asked_for(account)
    except _JustRefused:
        time.sleep(_MOMENT_SECONDS)
        return _asked_for(account)


def _asked_for(account: str) -> str | None:
    backend, _ = _found()
    seconds = _ANSWER_SECONDS if isinstance(backend, _Checked) else _DIALOG_SECONDS
    return _within(seconds, lambda: backend.get_password(SERVICE, account))


class _Backend(Protocol):
    def get_password(self, service: str, username: str, /) -> str | None: ...

    def set_password(self, service: str, username: str, password: str, /) -> None: ...

    def delete_password(self, service: str, username: str, /) -> None: ...


@runtime_checkable
class _Checked(Protocol):
    """A back end that refuses, in its own words, what its owner would have to unlock."""

    def check(self) -> None: ...


def _found() -> tuple[_Backend, str]:
    """Give the keyring, and what it is called. Raises ``KeyStoreProblem``."""
    return _within(_FIND_SECONDS, _choose)


def _choose() -> tuple[_Backend, str]:
    """Find the keyring, and refuse it unless it is one of the system's."""
    chosen = _named() or _systems()
    # With several back ends "keyring" chains them all; the first accepted one is the one we write to.
    candidates: list[Any] = getattr(chosen, "backends", [chosen]) if _class_name(chosen) == _CHAIN else [chosen]
    for backend in candidates:
        called = _ACCEPTED.get(_class_name(backend))
        if called is not None:
            return _secret_service() if called == _SECRET_SERVICE else backend, called
    raise KeyStoreProblem(Cause.KEYRING_MISSING, _refusal(_class_name(chosen)))


def _named() -> _Backend | None:
    """Give the back end that the owner has named to ``keyring``, ``None`` where nothing is."""
    from keyring import core  # noqa: PLC0415 - slow to load, which only the thread that reads a key need wait for

    return cast("_Backend | None", core.load_env() or core.load_config())


def _systems() -> _Backend | None:
    """Give the system's own keyring, ``None`` where there is none.

    ``keyring.get_keyring()`` would load whatever is installed on the computer to choose from it, and keep what it chose
    for good: also that there was none yet.
    """
    from keyring import core  # noqa: PLC0415 - as above

    on_kde = "KDE" in os.environ.get("XDG_CURRENT_DESKTOP", "").split(":")
    for name in sorted(_ACCEPTED, key=lambda name: on_kde and name != _KWALLET):
        with contextlib.suppress(Exception):  # each has its own ways of saying that it does not work here
            return cast("_Backend", core.load_keyring(name))
    return None


def _secret_service() -> _Backend:
    from trayapp.aws.secret_service import SecretService  # noqa: PLC0415 - slow to load as well, and on Linux only

    return SecretService()  # type: ignore[no-untyped-call]


def _class_name(backend: object) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _refusal(class_name: str) -> str:
    if class_name in ("builtins.NoneType", "keyring.backends.fail.Keyring"):
        return say("There is no keyring on this system. {way_out}", way_out=way_out())
    if class_name.startswith("keyring.backends.null"):
        return say("Keyring is set to its null back end, which keeps nothing. {way_out}", way_out=way_out())
    return say(
        "Keyring would use {backend}, which is not a keyring of the operating system. {way_out}",
        backend=class_name,
        way_out=way_out(),
    )


def _within(seconds: float, work: Callable[[], _Result]) -> _Result:
    """Run ``work`` in a thread of its own and give up on it after ``seconds``: a dialog may wait there for ever."""
    results: list[_Result] = []
    problems: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as problem:  # noqa: BLE001 - handed over to the caller, whatever it is
            problems.append(problem)
        finally:
            _waiting.release()

    thread = threading.Thread(target=run, name="keyring", daemon=True)
    if may_wait := _waiting.acquire(blocking=False):
        thread.start()
        thread.join(seconds)
    if not may_wait or thread.is_alive():
        raise KeyStoreProblem(
            Cause.KEYRING_LOCKED,
            say("The keyring does not answer; it may be waiting for a password. Unlock it and try again."),
        )
    if problems:
        if isinstance(problems[0], KeyStoreProblem):
            raise problems[0]
        # The exception's own text could quote what was being stored, so only its kind is told.
        kind = type(problems[0]).__name__
        refused = say("The keyring refused ({kind}). {way_out}", kind=kind, way_out=way_out())
        if kind == "KeyringLocked":
            raise KeyStoreProblem(Cause.KEYRING_LOCKED, refused) from None
        raise _JustRefused(Cause.KEYRING_MISSING, refused) from None
    return results[0]
