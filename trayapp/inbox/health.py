"""AWS Health's events, those about abuse among them.

Shape: https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html.
"""

import re
from dataclasses import dataclass

from trayapp.core.facts import EC2_INSTANCE, IAM_USER, Judge, Verdict
from trayapp.core.language import mark
from trayapp.inbox import kinds
from trayapp.inbox.event import Event
from trayapp.inbox.jsonlike import JsonObject, account, first_string, objects, string
from trayapp.inbox.reading import Reading, Unreadable
from trayapp.inbox.times import instant

_EVENT = "AWS Health Event"
_ABUSE = "AWS Health Abuse Event"

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
_KEY = re.compile(r"A[KS]IA[A-Z0-9]{12,124}")
_ACCOUNT = re.compile(r"[0-9]{12}")
_INSTANCE = re.compile(r"(?:arn:[^/]*:instance/)?(?P<id>i-[0-9a-f]{8,17})")
_USER = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:user/(?:.*/)?(?P<name>[^/]+)", re.DOTALL)
_ABOUT_KEYS = "AWS_RISK_CREDENTIALS_"


@dataclass(frozen=True, slots=True)
class _Entity:
    key_id: str = ""
    resource_type: str = ""
    resource_id: str = ""
    user_name: str = ""


def read(message: JsonObject, event: Event) -> Reading | None:
    """Read the detail of an event of AWS Health, one verdict for each thing it names; ``None`` for what is none.

    Raises:
        Unreadable: It says that it is one of AWS Health's, but not of what type.
    """
    code = string(message, "eventTypeCode")
    if not code:
        if event.detail_type not in (_EVENT, _ABUSE):
            return None
        raise Unreadable(mark("it is an event of AWS Health that does not say what happened"))
    abuse = event.detail_type == _ABUSE or string(message, "service") == "ABUSE"
    named = [value for entity in objects(message, "affectedEntities") if (value := string(entity, "entityValue"))]
    verdicts = tuple(
        _verdict(message, event, Judge.ABUSE if abuse else Judge.HEALTH, entity)
        for entity in ([_entity(value, code) for value in named] or [_Entity()])
    )
    return Reading(kinds.event(_ABUSE if abuse else _EVENT), verdicts)


def _verdict(message: JsonObject, event: Event, judge: Judge, entity: _Entity) -> Verdict:
    return Verdict(
        judge=judge,
        # The account of the event may be the organisation's; its Region is where Health delivered to.
        account_id=first_string(account(message, "affectedAccount"), event.account_id),
        region=first_string(string(message, "eventRegion"), event.region),
        verdict_id=first_string(string(message, "eventArn"), string(message, "communicationId")),
        kind=string(message, "eventTypeCode"),
        weight=0.0,
        text=_description(message),
        happened=instant(message, "startTime") or event.happened,
        key_id=entity.key_id,
        resource_type=entity.resource_type,
        resource_id=entity.resource_id,
        user_name=entity.user_name,
    )


def _description(message: JsonObject) -> str:
    descriptions = sorted(
        objects(message, "eventDescription"), key=lambda each: not string(each, "language").startswith("en")
    )
    return first_string(*(string(each, "latestDescription") for each in descriptions))


def _entity(value: str, code: str) -> _Entity:
    """Tell what an affected entity is; the events that are about keys name nothing else."""
    if _ACCOUNT.fullmatch(value):
        return _Entity(resource_type="AWS::Account", resource_id=value)
    if match := _INSTANCE.fullmatch(value):
        return _Entity(resource_type=EC2_INSTANCE, resource_id=match["id"])
    if match := _USER.fullmatch(value):
        return _Entity(resource_type=IAM_USER, resource_id=value, user_name=match["name"])
    if _KEY.fullmatch(value) or code.startswith(_ABOUT_KEYS):
        return _Entity(key_id=value)
    return _Entity(resource_id=value)
