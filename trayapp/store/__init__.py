"""What is on disk: alerts, what could not be read, and counts. The only owner of the file."""

from trayapp.store.errors import StoreError
from trayapp.store.quarantine import Quarantined
from trayapp.store.store import Store

__all__ = ["Quarantined", "Store", "StoreError"]
