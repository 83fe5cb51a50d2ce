"""Whether AWS Config records, and what: one recorder for each Region, if any.

https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationRecorderStatus.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from trayapp.aws.checks.asking import Asker
from trayapp.core import nouns
from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked, Outcome
from trayapp.core.language import listed, say
from trayapp.core.text import name

USER = "AWS::IAM::User"
_GLOBAL = (USER, "AWS::IAM::Role", "AWS::IAM::Group", "AWS::IAM::Policy")
"""The types that belong to no Region; one Region that records them is enough."""

_REGIONAL = (
    "AWS::EC2::Instance",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::VPC",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::Lambda::Function",
)
"""What there is to tell of in every Region, the weightiest first."""

_WITHOUT_IAM = frozenset(
    {
        "ap-east-2",
        "ap-south-2",
        "ap-southeast-4",
        "ap-southeast-5",
        "ap-southeast-6",
        "ap-southeast-7",
        "ca-west-1",
        "eu-central-2",
        "eu-south-2",
        "il-central-1",
        "me-central-1",
        "mx-central-1",
    }
)
"""The Regions younger than February 2022: AWS Config never records IAM there, whatever it is told (same page as above
``_records``)."""

_MANY = 3

Recorder = Mapping[str, Any]


def check_recorder(asker: Asker, region: str) -> list[Checked]:
    """Ask whether the recorder of a Region records. One question."""
    client = asker.client("config", region)
    found = asker.ask(client.describe_configuration_recorder_status)["ConfigurationRecordersStatus"]
    return [judge_recorder(found[0] if found else None, region)]


def recorder_of(asker: Asker, region: str) -> Recorder | None:
    """Ask how the recorder of a Region is set up; ``None`` where there is none. One question."""
    found = asker.ask(asker.client("config", region).describe_configuration_recorders)["ConfigurationRecorders"]
    return found[0] if found else None


def judge_recorder(status: Mapping[str, Any] | None, region: str) -> Checked:
    """Judge the status of a Region's recorder, ``None`` where there is none."""
    if status is None:
        sentence = say(
            "AWS Config is not set up here; if that is meant, leave this Region out of regions in the settings"
        )
        return Checked(Check.RECORDER, Outcome.FAILED, region, Cause.RECORDER_OFF, sentence)
    if not status.get("recording"):
        sentence = say("the recorder of AWS Config is stopped")
        return Checked(Check.RECORDER, Outcome.FAILED, region, Cause.RECORDER_OFF, sentence)
    # The API reference and real answers disagree about capitals.
    if str(status.get("lastStatus", "")).upper() == "FAILURE":
        detail = name(f"{status.get('lastErrorCode', '')}: {status.get('lastErrorMessage', '')}".strip(": "), 300)
        sentence = say("AWS Config failed to record the last time")
        return Checked(Check.RECORDER, Outcome.FAILED, region, Cause.RECORDER_FAILING, sentence, detail)
    return Checked(Check.RECORDER, Outcome.PASSED, region)


def judge_types(recorders: Mapping[str, Recorder], *, calls: bool) -> list[Checked]:
    """Judge what is recorded, in all Regions together.

    Args:
        recorders: The recorders, by their Regions.
        calls: Calls are heard of by way of CloudTrail as well.

    Returns:
        One outcome for each Region; what is missing everywhere is said of the first.
    """
    found = []
    for place, (region, recorder) in enumerate(recorders.items()):
        missing = [each for each in _REGIONAL if not _records(recorder, each)]
        late = [each for each in _REGIONAL if each not in missing and _daily(recorder, each)]
        if place == 0:
            taking = [one for where, one in recorders.items() if where not in _WITHOUT_IAM]
            nowhere = [each for each in _GLOBAL if not any(_records(one, each) for one in taking)]
            missing = [*nowhere, *missing]
            late = [
                *(each for each in _GLOBAL if each not in nowhere and _daily_everywhere(taking, each)),
                *late,
            ]
        sentence = "; ".join(part for part in (_unheard(missing, calls=calls), _late(late)) if part)
        outcome = Outcome.NOTICE if sentence else Outcome.PASSED
        found.append(Checked(Check.RECORDED_TYPES, outcome, region, sentence=sentence))
    return found


def _unheard(types: Sequence[str], *, calls: bool) -> str:
    if not types:
        return ""
    things = _spoken(types)
    if calls:
        return say("AWS Config does not record {things} here: they come only by CloudTrail", things=things)
    return say("AWS Config does not record {things} here: nothing is heard of them", things=things)


def _late(types: Sequence[str]) -> str:
    if not types:
        return ""
    return say(
        "AWS Config records {things} only once a day: what is made and gone in between stays unseen",
        things=_spoken(types),
    )


def _spoken(types: Sequence[str]) -> str:
    words = list(dict.fromkeys(say("new users") if each == USER else nouns.noun(each, 2) for each in types))
    if len(words) > _MANY:
        return say("{things} and more", things=listed(words[:_MANY]))
    if len(words) == 1:
        return words[0]
    return say("{things} and {last}", things=listed(words[:-1]), last=words[-1])


def _records(recorder: Recorder, kind: str) -> bool:
    """Tell whether a recorder takes a type.

    https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingGroup.html
    """
    group = recorder.get("recordingGroup") or {}
    strategy = (group.get("recordingStrategy") or {}).get("useOnly", "")
    excluded = (group.get("exclusionByResourceTypes") or {}).get("resourceTypes") or []
    if strategy == "EXCLUSION_BY_RESOURCE_TYPES" or excluded:
        return kind not in excluded
    if group.get("allSupported"):
        return kind not in _GLOBAL or bool(group.get("includeGlobalResourceTypes"))
    return kind in (group.get("resourceTypes") or [])


def _daily(recorder: Recorder, kind: str) -> bool:
    """Tell whether a recorder takes a type only once a day.

    https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingMode.html
    """
    mode = recorder.get("recordingMode") or {}
    for override in mode.get("recordingModeOverrides") or []:
        if kind in (override.get("resourceTypes") or []):
            return bool(override.get("recordingFrequency") == "DAILY")
    return bool(mode.get("recordingFrequency") == "DAILY")


def _daily_everywhere(recorders: Sequence[Recorder], kind: str) -> bool:
    return all(_daily(recorder, kind) for recorder in recorders if _records(recorder, kind))
