"""Whether CloudTrail logs, since EventBridge hears of calls and sign-ins only what a trail logs.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from trayapp.aws.checks.asking import Asker, Refused
from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked, Outcome
from trayapp.core.language import say
from trayapp.core.text import name

Trail = Mapping[str, Any]


def check_trail(asker: Asker, region: str) -> list[Checked]:
    """Ask for the trails that log a Region's calls. One question, and one or two for each up to the first good one."""
    client = asker.client("cloudtrail", region)
    trails = asker.ask(client.describe_trails, includeShadowTrails=True)["trailList"]
    refused: Refused | None = None
    logging: list[Trail] = []
    empty: list[Trail] = []
    for trail in sorted(trails, key=_worth, reverse=True):
        try:
            if not asker.ask(client.get_trail_status, Name=trail["TrailARN"]).get("IsLogging"):
                continue
            selectors: Mapping[str, Any] = {}
            if trail.get("HasCustomEventSelectors"):
                selectors = asker.ask(client.get_event_selectors, TrailName=trail["TrailARN"])
        except Refused as refusal:  # that of an organization may be another account's
            refused = refusal
            continue
        if not logs_calls(selectors):
            empty.append(trail)
            continue
        logging.append(trail)
        break
    if refused and not logging:
        raise refused
    return [judge_trails(trails, logging, empty, region)]


def judge_trails(trails: Sequence[Trail], logging: Sequence[Trail], empty: Sequence[Trail], region: str) -> Checked:
    """Judge what trails there are.

    Args:
        trails: All.
        logging: Those that log calls.
        empty: Those that are on, and log no calls that change something.
        region: The Region.
    """
    if logging:
        best = max(logging, key=_worth)
        sentence = _lacking(best)
        return Checked(Check.TRAIL, Outcome.NOTICE if sentence else Outcome.PASSED, region, sentence=sentence)
    if empty:
        sentence = say("the trail {trail} leaves out the calls that change something", trail=_called(empty[0]))
    elif trails:
        sentence = say("the trail {trail} is stopped", trail=_called(trails[0]))
    else:
        sentence = say("there is no trail; if that is meant, set trail = false in the settings")
    return Checked(Check.TRAIL, Outcome.FAILED, region, Cause.TRAIL_OFF, sentence)


def _lacking(trail: Trail) -> str:
    """Say what of the calls a trail does not log; empty where it logs all."""
    called = _called(trail)
    match _worth(trail):
        case (True, True):
            return ""
        case (True, False):
            return say("the trail {trail} logs no calls to global services such as IAM", trail=called)
        case (False, True):
            return say("the trail {trail} logs only this Region", trail=called)
        case _:
            return say(
                "the trail {trail} logs only this Region and no calls to global services such as IAM", trail=called
            )


def _called(trail: Trail) -> str:
    return name(str(trail.get("Name", "")))


def logs_calls(selectors: Mapping[str, Any]) -> bool:
    """Tell whether a trail's event selectors take the calls that change something.

    Args:
        selectors: As ``GetEventSelectors`` gives them; empty for a trail that has none of its own, which takes all.
    """
    basic, advanced = selectors.get("EventSelectors") or [], selectors.get("AdvancedEventSelectors") or []
    if not basic and not advanced:
        return True
    if any(each.get("IncludeManagementEvents", True) and each.get("ReadWriteType") != "ReadOnly" for each in basic):
        return True
    return any(_takes_writes(each.get("FieldSelectors") or []) for each in advanced)


def _takes_writes(fields: Sequence[Mapping[str, Any]]) -> bool:
    wanted = {field.get("Field"): field.get("Equals") or [] for field in fields}
    management = "Management" in wanted.get("eventCategory", [])
    return management and ("readOnly" not in wanted or "false" in wanted["readOnly"])


def _worth(trail: Trail) -> tuple[bool, bool]:
    return bool(trail.get("IsMultiRegionTrail")), bool(trail.get("IncludeGlobalServiceEvents"))
