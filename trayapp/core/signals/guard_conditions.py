"""The conditions of the rows about what watches."""

from trayapp.core.facts import ApiCall, ResourceChange
from trayapp.core.severity import Severity
from trayapp.core.signals.model import HOLDS, Condition, Context, Evidence, Thing, of_fact
from trayapp.core.signals.places import named_place, place_of, service_of
from trayapp.core.signals.reading import items, pick, says_no, text


def _narrowed(fact: ApiCall) -> Evidence | str:
    recorder = pick(fact.request, "configurationRecorder")
    group = pick(recorder, "recordingGroup")
    if pick(recorder, "recordingMode.recordingFrequency") == "DAILY":
        return Evidence({"case": "daily"})
    left_out = items(pick(group, "exclusionByResourceTypes.resourceTypes"))
    if says_no(group, "allSupported") or says_no(group, "includeGlobalResourceTypes") or left_out:
        return Evidence({"case": "narrowed"})
    return "it records everything"


NARROWED = of_fact("records only a part, or once a day", _narrowed)


def _no_topic(fact: ApiCall) -> Evidence | str:
    return "it sends to a topic" if text(fact.request, "deliveryChannel.snsTopicARN") else HOLDS


NO_TOPIC = of_fact("sends to no topic", _no_topic)


def _ours(service: str, named: str, known: frozenset[str]) -> Evidence | str:
    mine = [place_of(ours) for ours in known if service_of(ours) == service]
    if not mine:
        # Better once too often than never: but not as loud as when we know.
        return Evidence({"ours": "perhaps"}, Severity.MEDIUM)
    account, name = place_of(named)
    if any(name == own and (not account or not owner or account == owner) for owner, own in mine):
        return Evidence({"ours": "yes"})
    return "it is not on the way by which we are told"


def _path_cut(fact: ApiCall, thing: Thing, context: Context) -> Evidence | str:
    ours = _ours(fact.service, named_place(fact.request) or thing.subject.name, context.known.path)
    if isinstance(ours, str):
        return ours
    # Every roll-out writes rules; one that may not even be ours is told only if it is switched off by that.
    written = fact.action == "PutRule" and text(fact.request, "state") != "DISABLED"
    if written and ours.details.get("ours") != "yes":
        return "it is not known to be on the way by which we are told, and stays switched on"
    act = "deleted" if fact.action in ("DeleteTopic", "DeleteQueue", "DeleteRule") else fact.action
    return Evidence(ours.details, ours.severity, key=(act,))


def _path_gone(fact: ResourceChange, thing: Thing, context: Context) -> Evidence | str:
    service = "sqs" if "SQS" in fact.resource_type else "sns"
    ours = _ours(service, fact.arn or thing.subject.id, context.known.path)
    return ours if isinstance(ours, str) else Evidence(ours.details, ours.severity, key=("deleted",))


PATH_CUT = Condition("it is on the way by which we are told", _path_cut)
PATH_GONE = Condition("it is on the way by which we are told", _path_gone)


def _trail_weakened(fact: ApiCall) -> Evidence | str:
    selectors = (*items(pick(fact.request, "eventSelectors")), *items(pick(fact.request, "advancedEventSelectors")))
    blind = any(
        says_no(selector, "includeManagementEvents") or text(selector, "readWriteType") == "ReadOnly"
        for selector in selectors
    )
    narrowed = any(says_no(fact.request, key) for key in ("isMultiRegionTrail", "includeGlobalServiceEvents"))
    moved = bool(text(fact.request, "s3BucketName"))
    return Evidence(severity=Severity.CRITICAL if blind or narrowed or moved else Severity.HIGH, key=(fact.action,))


def _trail_ended(fact: ApiCall) -> Evidence | str:
    return Evidence(key=("deleted" if fact.action == "DeleteTrail" else fact.action,))


def _gone(fact: ResourceChange) -> Evidence | str:  # noqa: ARG001 - a condition's form
    return Evidence(key=("deleted",))


def _detector_off(fact: ApiCall) -> Evidence | str:
    if fact.action == "DeleteDetector":
        return Evidence(key=("deleted",))
    if says_no(fact.request, "enable"):
        return Evidence({"case": "off"}, key=("off",))
    less = any(text(feature, "status") == "DISABLED" for feature in items(pick(fact.request, "features")))
    return Evidence({"case": "narrowed"}, Severity.MEDIUM, key=("narrowed",)) if less else "it looks at no less"


TRAIL_WEAKENED = of_fact("heavier when it records less, or elsewhere", _trail_weakened)
TRAIL_ENDED = of_fact("whichever it is", _trail_ended)
GONE = of_fact("whichever it is", _gone)
DETECTOR_OFF = of_fact("is switched off, or looks at less", _detector_off)
