"""What is on disk: alerts, what could not be read, and counts. The only owner of the file."""

from trayapp.store.database import StoreError
from trayapp.store.store import Quarantined, Store

__all__ = ["Quarantined", "Store", "StoreError"]
