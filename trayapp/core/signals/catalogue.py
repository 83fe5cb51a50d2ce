"""The catalogue of signals: everything that is looked for, in one place."""

from trayapp.core.signals.access import ACCESS
from trayapp.core.signals.compute import COMPUTE
from trayapp.core.signals.guard import AWS_SAYS, GUARD
from trayapp.core.signals.identity import IDENTITY
from trayapp.core.signals.model import Signal
from trayapp.core.signals.network import NETWORK

CATALOGUE: tuple[Signal, ...] = (*IDENTITY, *ACCESS, *COMPUTE, *NETWORK, *GUARD, *AWS_SAYS)
"""All signals."""

BY_ID = {signal.id: signal for signal in CATALOGUE}
"""All signals, by id."""
