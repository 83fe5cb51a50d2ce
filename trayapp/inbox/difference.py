"""What changed between two states of a resource: the ``configurationItemDiff`` of AWS Config's notifications.

Shape: https://docs.aws.amazon.com/config/latest/developerguide/example-sns-notification.html.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from trayapp.core.facts import PropertyChange
from trayapp.inbox.jsonlike import JsonObject, embedded, encodable, mapping, pure_value, string


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference, possibly empty: rules are told none, and an item too large to be sent has none.

    Attributes:
        change_type: ``CREATE``, ``UPDATE``, ``DELETE``, or empty.
        changed: By path, an object with the value before and the value after.
    """

    change_type: str = ""
    changed: JsonObject = field(default_factory=dict)

    def properties(self) -> tuple[PropertyChange, ...]:
        """Give every property that changed."""
        return tuple(
            PropertyChange(
                encodable(path), pure_value(change.get("previousValue")), pure_value(change.get("updatedValue"))
            )
            for path, change in self._changes()
        )

    def before(self, path: str) -> Any:  # noqa: ANN401 - it comes straight out of JSON
        """Give what stood at the path before."""
        return mapping(self.changed, path).get("previousValue")

    def object_before(self, path: str) -> JsonObject:
        """Give the object that stood at the path before, also if it is written as a text of JSON."""
        return embedded(mapping(self.changed, path), "previousValue")

    def text_before(self, path: str) -> str:
        """Give the text that stood at the path before, or an empty one."""
        return string(mapping(self.changed, path), "previousValue")

    def list_before(self, path: str) -> list[Any]:
        """Give what stood at ``path.0``, ``path.1`` and so on before."""
        numbered = f"{path}."
        return [change.get("previousValue") for name, change in self._changes() if name.startswith(numbered)]

    def _changes(self) -> Iterator[tuple[str, JsonObject]]:
        yield from ((path, change) for path, change in self.changed.items() if isinstance(change, dict))


def difference(message: JsonObject) -> Difference:
    """Read the difference out of a notification."""
    found = mapping(message, "configurationItemDiff")
    return Difference(string(found, "changeType"), mapping(found, "changedProperties"))
