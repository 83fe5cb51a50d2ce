"""From bytes to facts: what a queue's message is, and what it says.

Neither ``read`` nor ``judge`` ever raises, whatever the bytes: a message is understood, known and passed over, or
unreadable.
"""

from trayapp.inbox.judge import judge
from trayapp.inbox.read import Reading, read

__all__ = ["Reading", "judge", "read"]
