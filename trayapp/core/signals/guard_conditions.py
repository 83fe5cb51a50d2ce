"""The conditions of the rows about watching, signing in, money, and what AWS itself says."""

from trayapp.core.facts import ActorKind, ApiCall, ResourceChange, Verdict
from trayapp.core.finding import Certainty
from trayapp.core.severity import Severity
from trayapp.core.signals.model import HOLDS, Condition, Context, Evidence, Thing, of_fact
from trayapp.core.signals.places import named_place, place_of, service_of
from trayapp.core.signals.reading import items, pick, says_no, text

_AWS_SERVICE = ".amazonaws.com"
_READING = ("Get", "List", "Describe", "Lookup", "Head", "Search", "Check", "View")


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


def _trail_gone(fact: ResourceChange) -> Evidence | str:  # noqa: ARG001 - a condition's form
    return Evidence(key=("deleted",))


TRAIL_WEAKENED = of_fact("heavier when it records less, or elsewhere", _trail_weakened)
TRAIL_ENDED = of_fact("whichever it is", _trail_ended)
TRAIL_GONE = of_fact("whichever it is", _trail_gone)


def _root_used(fact: ApiCall) -> Evidence | str:
    if fact.actor.kind is not ActorKind.ROOT:
        return "root did not call it"
    if fact.address.endswith(_AWS_SERVICE):
        # The CIS benchmark leaves these out likewise: the service does it by itself, under the account's name.
        return f"{fact.address} called it in root's name"
    if fact.action == "ConsoleLogin":
        mfa = text(fact.extra, "MFAUsed") or ("Yes" if fact.actor.mfa else "")
        return Evidence({"case": "ConsoleLogin without MFA" if mfa == "No" else "ConsoleLogin"})
    if fact.read_only or fact.action.startswith(_READING):
        return "it changes nothing"
    return Evidence({"case": "write"})


ROOT_USED = of_fact("root signs in, or changes something", _root_used)


def _no_mfa(fact: ApiCall) -> Evidence | str:
    if fact.actor.kind is not ActorKind.USER:
        return "it is no user's sign-in: roles and single sign-on ask for MFA elsewhere"
    if text(fact.response, "ConsoleLogin") not in ("Success", ""):
        return "the sign-in did not succeed"
    return HOLDS if text(fact.extra, "MFAUsed") == "No" else "MFA was used, or the record does not say"


NO_MFA = of_fact("a user signs in without MFA", _no_mfa)


def _as_root(fact: ApiCall) -> Evidence | str:
    # The events of recovery name root even where they leave the identity's type out.
    return HOLDS if fact.actor.kind not in (ActorKind.USER, ActorKind.ROLE) else "it is not about root"


ABOUT_ROOT = of_fact("it is about root", _as_root)


def _what_was_asked(*keys: str) -> Condition[ApiCall]:
    def check(fact: ApiCall) -> Evidence | str:
        return Evidence({"what": next((found for key in keys if (found := text(fact.request, key))), "")})

    return of_fact("whatever it is for", check)


QUOTA_ASKED = _what_was_asked("serviceCode")
SPEND_ASKED = _what_was_asked("emailIdentity", "emailAddress", "domain", "modelId")
ACCOUNT_ASKED = _what_was_asked("regionName", "alternateContactType")

EXPOSED_KEY_CODES = {
    "AWS_RISK_CREDENTIALS_EXPOSED": "exposed",
    "AWS_RISK_CREDENTIALS_EXPOSURE_SUSPECTED": "suspected",
    "AWS_RISK_CREDENTIALS_COMPROMISED": "compromised",
    "AWS_RISK_CREDENTIALS_COMPROMISE_SUSPECTED": "suspected",
    "AWS_RISK_IAM_QUARANTINE": "quarantine",
}
"""The codes of AWS Health about keys, and how each is spoken.
https://github.com/aws-samples/notify-and-remediate-exposed-access-key"""

_CRITICAL_FROM, _HIGH_FROM, _MEDIUM_FROM = 9.0, 7.0, 4.0


def guardduty_severity(weight: float) -> Severity:
    """Give our level for GuardDuty's: critical 9.0 to 10.0, high 7.0 to 8.9, medium 4.0 to 6.9, low 1.0 to 3.9.

    https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html
    """
    if weight >= _CRITICAL_FROM:
        return Severity.CRITICAL
    if weight >= _HIGH_FROM:
        return Severity.HIGH
    return Severity.MEDIUM if weight >= _MEDIUM_FROM else Severity.LOW


def _key_exposed(fact: Verdict) -> Evidence | str:
    case = EXPOSED_KEY_CODES.get(fact.kind)
    if case is None:
        return f"AWS Health's {fact.kind or 'message'} is not about an exposed key"
    # Five codes may come for one key, as AWS grows surer; each is told.
    links = (f"key:{fact.key_id}",) if fact.key_id else ()
    return Evidence(
        {"case": case, "key": fact.key_id[-6:]}, certainty=Certainty.AWS_SAYS, key=(fact.kind, fact.key_id), links=links
    )


def _abuse(fact: Verdict) -> Evidence | str:
    return Evidence({"kind": fact.kind, "text": fact.text}, certainty=Certainty.AWS_SAYS)


def _guardduty(fact: Verdict) -> Evidence | str:
    links = (f"key:{fact.key_id}",) if fact.key_id else ()
    return Evidence(
        {"kind": fact.kind, "text": fact.text or fact.kind},
        guardduty_severity(fact.weight),
        Certainty.AWS_SAYS,
        links=links,
    )


def _cost(fact: Verdict) -> Evidence | str:
    details = {"amount": fact.amount, "text": fact.text, "case": fact.judge.value if fact.amount else ""}
    return Evidence(details, certainty=Certainty.AWS_SAYS)


KEY_EXPOSED = of_fact("it is about an exposed key", _key_exposed)
ABUSE = of_fact("any", _abuse)
GUARDDUTY = of_fact("as heavy as GuardDuty says", _guardduty)
COST = of_fact("any", _cost)
