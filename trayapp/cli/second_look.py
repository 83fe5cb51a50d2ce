"""Looking again at a message that was put aside, as carefully as at a new one."""

import contextlib

from trayapp.aws.certificates import Certificates, Unavailable
from trayapp.core.judged import Judged
from trayapp.judging import judge_all, known_before
from trayapp.settings import Settings
from trayapp.store import Quarantined, Store
from trayapp.verifier import Standing, Verifier


class SecondLook:
    """Verifies and judges messages that were put aside.

    Args:
        store: Knows what was seen before.
        settings: The accounts, and the owner's rules.
        certificates: Where certificates are had; asked for those that are missing, since no alert waits for them.
    """

    def __init__(self, store: Store, settings: Settings, certificates: Certificates) -> None:
        self._store, self._policy, self._certificates = store, settings.policy, certificates
        self._accounts = {account.name: account for account in settings.accounts}

    def judged(self, message: Quarantined) -> Judged:
        """Say what becomes of a message now.

        It is judged as of when it came: what was new then is news still.

        Raises:
            StoreError: What was seen before cannot be read.
        """
        account = self._accounts.get(message.watch)
        topics = account.topics if account else ()
        # Of an account that is no longer in the settings nothing is known that would speak for its messages.
        verifier = Verifier(self._certificates.at_hand, topics, enabled=not (account and account.endpoint_url))
        verdict = verifier.verdict(message.body, message.received)
        if verdict.standing is Standing.PENDING:
            with contextlib.suppress(Unavailable):
                self._certificates.fetch(verdict.certificate)
        path = frozenset({account.queue_url, *topics}) if account else frozenset(topics)
        known = known_before(self._store, message.received, path)
        [judged] = judge_all([message.body], known, message.received, self._policy, verifier)
        return judged
