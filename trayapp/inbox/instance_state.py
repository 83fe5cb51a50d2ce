"""EC2's word that an instance changed its state.

Shape: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html.
"""

from trayapp.core.facts import InstanceState
from trayapp.core.language import mark
from trayapp.inbox import kinds
from trayapp.inbox.event import Event
from trayapp.inbox.jsonlike import JsonObject, string
from trayapp.inbox.reading import Reading, Unreadable

_DETAIL_TYPE = "EC2 Instance State-change Notification"


def read(message: JsonObject, event: Event) -> Reading | None:
    """Read the detail of a change of state; ``None`` for what is none.

    Raises:
        Unreadable: It says that an instance changed its state, but not which or to what.
    """
    # The guide's own sample has a blank before the id.
    instance_id, state = string(message, "instance-id").strip(), string(message, "state").strip()
    if instance_id and state:
        fact = InstanceState(event.account_id, event.region, instance_id, state, event.happened)
        return Reading(kinds.event(_DETAIL_TYPE), (fact,))
    if event.detail_type == _DETAIL_TYPE:
        raise Unreadable(mark("it tells of an instance's state but not of which instance or which state"))
    return None
