"""What is on disk and may still be in the queue: it is deleted as soon as that can be done, and not committed twice."""

from collections import OrderedDict
from collections.abc import Container, Sequence
from dataclasses import replace

from trayapp.aws.queue import BATCH, Message

MOST = 5_000
"""Messages that are remembered at the most; of older ones it is forgotten that they were committed, which does no
harm."""


class Backlog:
    """Messages that were committed and not yet deleted. It belongs to the poller's thread."""

    def __init__(self) -> None:
        self._messages: OrderedDict[str, Message] = OrderedDict()

    def __contains__(self, message: Message) -> bool:
        """Tell whether a message was committed already."""
        return message.id in self._messages

    def add(self, messages: Sequence[Message]) -> None:
        """Note that messages were committed, with the receipts that they have now."""
        for message in messages:
            self._messages[message.id] = replace(message, body="")
            self._messages.move_to_end(message.id)
        while len(self._messages) > MOST:
            self._messages.popitem(last=False)

    def due(self) -> list[Message]:
        """Give some to delete, with receipts that nobody has refused."""
        return [message for message in self._messages.values() if message.receipt][:BATCH]

    def deleted(self, messages: Sequence[Message], refused: Container[str]) -> None:
        """Note what came of deleting: those whose ids were refused wait until they are received again."""
        for message in messages:
            if message.id not in refused:
                self._messages.pop(message.id, None)
            elif message.id in self._messages:
                self._messages[message.id] = replace(self._messages[message.id], receipt="")

    def forget(self) -> None:
        """Forget that anything was committed: the disk may have lost it."""
        self._messages.clear()
