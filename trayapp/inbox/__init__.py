"""From bytes to facts: what a queue's message is, and what it says.

A message is told by its own shape and not by the way it came: the same notification is understood bare, in Amazon SNS's
envelope, in an event of EventBridge, or in an event in an envelope. The kinds are listed in ``trayapp.inbox.kinds``.

Neither ``read`` nor ``judge`` ever raises, whatever the bytes: a message is understood, known and passed over, or
unreadable. Every text that they give can be encoded.
"""

from trayapp.inbox.judge import judge
from trayapp.inbox.read import read
from trayapp.inbox.reading import Reading

__all__ = ["Reading", "judge", "read"]
