"""An access key: a value that never shows itself."""

import json
from dataclasses import dataclass, field

from trayapp.core.language import say


@dataclass(frozen=True, slots=True)
class AccessKey:
    """A key pair of an IAM user. Neither printing nor comparing it in a failing test tells the secret.

    Attributes:
        id: The access key id; not secret, but of no use in a log either.
        secret: The secret access key.
    """

    id: str
    secret: str = field(repr=False)

    def __str__(self) -> str:
        """Give the tail of the id, as the console shows it."""
        return f"…{self.id[-6:]}"

    def to_json(self) -> str:
        """Give the form in which the keyring keeps it."""
        return json.dumps({"access_key_id": self.id, "secret_access_key": self.secret})

    @classmethod
    def from_json(cls, text: str) -> "AccessKey":
        """Read the form in which the keyring keeps it.

        Raises:
            ValueError: It is not that form; the text says so without quoting any of it.
        """
        try:
            document = json.loads(text)
        except ValueError:
            document = None
        match document:
            case {"access_key_id": str(key_id), "secret_access_key": str(secret)} if key_id and secret:
                return cls(key_id, secret)
        raise ValueError(say("what the keyring holds is not a key that trayapp stored"))
