"""The sentences trayapp speaks about incidents, for a person who may read them at night on a small popup."""

from collections.abc import Sequence
from datetime import datetime

from trayapp.core import signals
from trayapp.core.causes import PROBLEMS, Cause
from trayapp.core.clock import Clock
from trayapp.core.facts import EC2_INSTANCE, Actor, ActorKind
from trayapp.core.finding import Certainty, Finding, Lane, Theme, Trust
from trayapp.core.incidents import Incident
from trayapp.core.language import mark, say
from trayapp.core.nouns import census
from trayapp.core.regions import GLOBAL, spoken
from trayapp.core.takeovers import TAKEOVER
from trayapp.core.text import clause, grouped_account, name, quoted

_UNUSED_REGION = "ec2-region"
_STEPS_TOLD = 4
"""So many steps of a takeover fit into a popup."""

_STARTED = (
    mark("{count} × {size}"),
    mark("{count} × {size} in {region}"),
    mark("{count} × {size} in {regions} Regions"),
)
_MACHINES = {
    Certainty.NEW: _STARTED,
    Certainty.AWS_SAYS: _STARTED,
    Certainty.FIRST_SEEN: (
        mark("{count} × {size}, seen for the first time"),
        mark("{count} × {size} in {region}, seen for the first time"),
        mark("{count} × {size} in {regions} Regions, seen for the first time"),
    ),
    Certainty.REFUSED: (
        mark("Somebody tried to start {count} × {size}"),
        mark("Somebody tried to start {count} × {size} in {region}"),
        mark("Somebody tried to start {count} × {size} in {regions} Regions"),
    ),
}
"""What is said of several machines of one size: of no Region, of one, of several."""


def title(incident: Incident, label: str) -> str:
    """Say what happened, in one line that is enough to decide whether to get up."""
    said = _title(incident, label)
    return say("Forged: {title}", title=said) if incident.trust is Trust.FORGED else said


def _title(incident: Incident, label: str) -> str:
    parts = _things(incident.parts)
    main = max(parts, key=lambda part: part.severity)  # of several the earliest
    if main.signal == TAKEOVER:
        return say("This looks like a takeover of {account}", account=name(label, 24))
    if len(parts) == 1:
        return signals.title(main)
    deployed = _deployed(parts)
    if deployed:
        return deployed
    sizes = {part.details.get("size", "") for part in parts}
    machines = {part.subject.id for part in parts}
    if len(machines) > 1 and len(sizes) == 1 and "" not in sizes and all(map(_is_machine, parts)):
        return _machines(len(machines), sizes.pop(), parts)
    return _and_more(main, len(parts))


def body(incident: Incident, label: str, clock: Clock) -> str:
    """Say which account, which resource, by whom and when, and whether it is proved."""
    return " · ".join(part for part in (_body(incident, label, clock), _proof(incident)) if part)


def _proof(incident: Incident) -> str:
    if incident.trust is Trust.FORGED:
        return say("not signed by AWS")
    if any(finding.trust is Trust.FORGED for finding in incident.findings):
        return say("a part of it is forged")
    return say("not verified yet") if incident.trust is Trust.UNVERIFIED else ""


def _body(incident: Incident, label: str, clock: Clock) -> str:
    main = incident.main
    if main.signal == TAKEOVER:
        told = [name(label), *_steps(incident.steps, clock), _actors(incident.steps)]
        return " · ".join(part for part in told if part)
    if main.theme is Theme.GUARD and main.lane is Lane.CLIENT:
        told = [name(label), _way_out(main, incident.watch), _when(incident, clock)]
        return " · ".join(part for part in told if part)
    parts = [name(label), grouped_account(main.account_id)]
    if len(incident.parts) == 1:
        parts += [_named(main), "" if main.region in ("", GLOBAL) else name(main.region, 24)]
    if any(part.signal == _UNUSED_REGION for part in incident.parts):
        parts.append(say("in a Region you have never used"))
    parts += [_who(incident), _when(incident, clock)]
    return " · ".join(dict.fromkeys(part for part in parts if part))


def line(incident: Incident, label: str, clock: Clock) -> str:
    """Say title and account in one short line, for a menu or a list."""
    return f"{title(incident, label)} · {name(label, 20)} · {clock.moment(incident.last or incident.created)}"


def who(actor: Actor) -> str:
    """Name who made a call; nothing where that is not known at all."""
    key = name(actor.key_id[-6:], 6)
    called = name(actor.name or actor.arn or actor.account_id, 40) if actor.name or actor.arn else ""
    match actor.kind:
        case ActorKind.ROOT:
            said = say("the root user, key …{key}", key=key) if key else say("the root user")
        case ActorKind.USER:
            user = quoted(actor.name, 24)
            said = say("user {name}, key …{key}", name=user, key=key) if key else say("user {name}", name=user)
        case ActorKind.ROLE:
            role, session = quoted(actor.name, 24), quoted(actor.session, 24)
            said = say("role {name}", name=role)
            if actor.session:
                said = say("role {name}, session {session}", name=role, session=session)
        case ActorKind.ACCOUNT | ActorKind.OTHER if called and key:
            said = say("{name}, key …{key}", name=called, key=key)
        case _:
            said = called
    return said


def by_whom(actor: Actor) -> str:
    """Say who made a call; nothing where that is not known at all."""
    named = who(actor)
    return say("by {who}", who=named) if named else ""


def _way_out(lapse: Finding, account: str) -> str:
    """Say what to do about something that watches no longer."""
    try:
        problem = PROBLEMS[Cause(lapse.details.get("cause", ""))]
    except ValueError:  # a notice, or a cause of another version
        return ""
    return clause(say(problem.way_out, account=account))


def _things(parts: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Leave out that a Region was never used before, where what was made there stands beside it."""
    others = tuple(part for part in parts if part.signal != _UNUSED_REGION)
    return others or parts


def _who(incident: Incident) -> str:
    silent = incident.main.lane is Lane.CONFIG and incident.main.theme is Theme.IDENTITY
    return _actors(incident.parts) or (say("AWS Config does not say by whom") if silent else "")


def _actors(findings: Sequence[Finding]) -> str:
    """Say who did what was found, and from where; nothing where no lane has said."""
    acting = [(finding.actor, finding.address) for finding in findings if finding.actor]
    named = next(((actor, address) for actor, address in acting if by_whom(actor)), None)
    if named is None:
        return ""
    first, address = named
    said = by_whom(first)
    if address:
        said = say("{who}, from {address}", who=said, address=name(address, 40))
    return say("{who} and others", who=said) if {actor for actor, _ in acting} - {first} else said


def _is_machine(finding: Finding) -> bool:
    return finding.subject.resource_type == EC2_INSTANCE


def _named(finding: Finding) -> str:
    subject = finding.subject
    if not _is_machine(finding):
        return ""
    tag = quoted(subject.name, 24) if subject.name else ""
    return " · ".join(part for part in (tag, name(subject.id, 14)) if part)


def _when(incident: Incident, clock: Clock) -> str:
    first, last = incident.first, incident.last
    if first is None or last is None:
        told = _moment(incident.created, clock)
        return say("AWS does not say since when; told {moment}", moment=told)
    if clock.moment(first) == clock.moment(last):
        return _moment(first, clock)
    return say("{first} to {last}", first=clock.moment(first), last=clock.moment(last))


def _moment(then: datetime, clock: Clock) -> str:
    moment, ago = clock.moment(then), clock.ago(then)
    return say("{moment}, {ago}", moment=moment, ago=ago) if ago else moment


def _steps(steps: tuple[Finding, ...], clock: Clock) -> list[str]:
    """Tell the steps of a takeover in order, what is alike together."""
    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for step in steps:
        alike.setdefault((step.signal, step.region, step.details.get("size", "")), []).append(step)
    told = []
    for together in list(alike.values())[:_STEPS_TOLD]:
        when = together[0].happened
        told.append(" ".join(part for part in (clock.moment(when) if when else "", _alike(together)) if part))
    rest = sum(len(together) for together in list(alike.values())[_STEPS_TOLD:])
    return [*told, say("and {count} more", count=rest)] if rest else told


def _alike(findings: list[Finding]) -> str:
    first, count = findings[0], len(findings)
    if count == 1:
        return signals.title(first)
    size = first.details.get("size", "")
    return _machines(count, size, findings) if size else _and_more(first, count)


def _and_more(first: Finding, count: int) -> str:
    return say("{title}, and {count} more", title=signals.title(first), count=count - 1)


def _machines(count: int, size: str, findings: Sequence[Finding]) -> str:
    certainties = {finding.certainty for finding in findings}
    # Whole sentences: where a language has a verb for what was started, it is another for what was only tried.
    alone, placed, spread = _MACHINES[certainties.pop() if len(certainties) == 1 else Certainty.NEW]
    size, regions = name(size, 24), {finding.region for finding in findings}
    if len(regions) > 1:
        return say(spread, count=count, size=size, regions=len(regions))
    region = next(iter(regions))
    if region in ("", GLOBAL):
        return say(alone, count=count, size=size)
    return say(placed, count=count, size=size, region=spoken(name(region, 24)))


def _deployed(parts: tuple[Finding, ...]) -> str:
    """Tell what the stack or the group holds that all parts belong to, where there is one."""
    stack, group = _shared(parts, "stack"), _shared(parts, "group")
    things = census(part.subject for part in parts)
    if stack:
        return say("Stack {name}: {things}", name=name(stack), things=things)
    return say("Auto-scaling group {name}: {things}", name=name(group), things=things) if group else ""


def _shared(parts: tuple[Finding, ...], kind: str) -> str:
    names = [_link(part, kind) for part in parts]
    return names[0] if all(each == names[0] or not each for each in names) else ""


def _link(part: Finding, kind: str) -> str:
    for link in sorted(part.links):
        head, _, rest = link.partition(":")
        if head == kind:
            # arn:aws:cloudformation:<region>:<account>:stack/<name>/<id>
            return rest.split(":stack/")[1].split("/")[0] if ":stack/" in rest else rest
    return ""
