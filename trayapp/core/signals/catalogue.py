"""The catalogue of signals: everything that is looked for, in one place."""

from trayapp.core.signals.access import ACCESS
from trayapp.core.signals.account import ACCOUNT
from trayapp.core.signals.compute import COMPUTE
from trayapp.core.signals.guard import GUARD
from trayapp.core.signals.identity import IDENTITY
from trayapp.core.signals.model import Signal
from trayapp.core.signals.network import NETWORK
from trayapp.core.signals.verdicts import AWS_SAYS

CATALOGUE: tuple[Signal, ...] = (*IDENTITY, *ACCESS, *COMPUTE, *NETWORK, *GUARD, *ACCOUNT, *AWS_SAYS)
"""All signals."""

BY_ID = {signal.id: signal for signal in CATALOGUE}
"""All signals, by id."""
