"""What is on disk: alerts, their history, what could not be read, and counts. The only owner of the file."""

from trayapp.store.bodies import Body
from trayapp.store.errors import StoreError
from trayapp.store.quarantine import Quarantined
from trayapp.store.store import Store

__all__ = ["Body", "Quarantined", "Store", "StoreError"]
