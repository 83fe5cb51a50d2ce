"""The sentences trayapp speaks about incidents, for a person who may read them at night on a small popup."""

from collections.abc import Sequence
from datetime import datetime

from trayapp.core import signals
from trayapp.core.causes import PROBLEMS, Cause
from trayapp.core.clock import Clock
from trayapp.core.facts import EC2_INSTANCE, Actor, ActorKind
from trayapp.core.finding import Finding, Lane, Theme, Trust
from trayapp.core.incidents import TAKEOVER, Incident
from trayapp.core.nouns import census
from trayapp.core.regions import GLOBAL, spoken
from trayapp.core.text import grouped_account, name, quoted

_UNUSED_REGION = "ec2-region"
_STEPS_TOLD = 4
"""So many steps of a takeover fit into a popup."""


def title(incident: Incident, label: str) -> str:
    """Say what happened, in one line that is enough to decide whether to get up."""
    said = _title(incident, label)
    return f"Forged: {said}" if incident.trust is Trust.FORGED else said


def _title(incident: Incident, label: str) -> str:
    parts = _things(incident.parts)
    main = max(parts, key=lambda part: part.severity)  # of several the earliest
    if main.signal == TAKEOVER:
        return f"This looks like a takeover of {name(label, 24)}"
    if len(parts) == 1:
        return signals.title(main)
    deployed = _deployed(parts)
    if deployed:
        return f"{deployed}: {census(part.subject for part in parts)}"
    sizes = {part.details.get("size", "") for part in parts}
    machines = {part.subject.id for part in parts}
    if len(machines) > 1 and len(sizes) == 1 and "" not in sizes and all(map(_is_machine, parts)):
        regions = {part.region for part in parts}
        where = _where(main.region) if len(regions) == 1 else f" in {len(regions)} Regions"
        return f"{len(machines)} × {name(sizes.pop(), 24)}{where}"
    return f"{signals.title(main)}, and {len(parts) - 1} more"


def body(incident: Incident, label: str, clock: Clock) -> str:
    """Say which account, which resource, by whom and when, and whether it is proved."""
    return " · ".join(part for part in (_body(incident, label, clock), _proof(incident)) if part)


def _proof(incident: Incident) -> str:
    if incident.trust is Trust.FORGED:
        return "not signed by AWS"
    if any(finding.trust is Trust.FORGED for finding in incident.findings):
        return "a part of it is forged"
    return "not verified yet" if incident.trust is Trust.UNVERIFIED else ""


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
        parts.append("in a Region you have never used")
    parts += [_who(incident), _when(incident, clock)]
    return " · ".join(dict.fromkeys(part for part in parts if part))


def line(incident: Incident, label: str, clock: Clock) -> str:
    """Say title and account in one short line, for a menu or a list."""
    return f"{title(incident, label)} · {name(label, 20)} · {clock.moment(incident.last or incident.created)}"


def by_whom(actor: Actor) -> str:
    """Say who made a call."""
    key = f", key …{name(actor.key_id[-6:], 6)}" if actor.key_id else ""
    match actor.kind:
        case ActorKind.ROOT:
            return f"by the root user{key}"
        case ActorKind.USER:
            return f"by user {quoted(actor.name, 24)}{key}"
        case ActorKind.ROLE:
            session = f", session {quoted(actor.session, 24)}" if actor.session else ""
            return f"by role {quoted(actor.name, 24)}{session}"
        case ActorKind.SERVICE:
            return f"by {name(actor.name, 40)}"
        case ActorKind.ACCOUNT | ActorKind.OTHER:
            return f"by {name(actor.name or actor.arn or actor.account_id, 40)}{key}" if actor.name or actor.arn else ""


def _way_out(lapse: Finding, account: str) -> str:
    """Say what to do about something that watches no longer."""
    try:
        problem = PROBLEMS[Cause(lapse.details.get("cause", ""))]
    except ValueError:  # a notice, or a cause of another version
        return ""
    return problem.way_out.format(account=account).rstrip(".")


def _things(parts: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Leave out that a Region was never used before, where what was made there stands beside it."""
    others = tuple(part for part in parts if part.signal != _UNUSED_REGION)
    return others or parts


def _who(incident: Incident) -> str:
    silent = incident.main.lane is Lane.CONFIG and incident.main.theme is Theme.IDENTITY
    return _actors(incident.parts) or ("AWS Config does not say by whom" if silent else "")


def _actors(findings: Sequence[Finding]) -> str:
    """Say who did what was found, and from where; nothing where no lane has said."""
    acting = [(finding.actor, finding.address) for finding in findings if finding.actor]
    if not acting:
        return ""
    first, address = acting[0]
    said = by_whom(first)
    place = f", from {name(address, 40)}" if address and said else ""
    return f"{said}{place}{' and others' if {actor for actor, _ in acting} - {first} else ''}"


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
        return f"AWS does not say since when; told {_moment(incident.created, clock)}"
    if clock.moment(first) == clock.moment(last):
        return _moment(first, clock)
    return f"{clock.moment(first)} to {clock.moment(last)}"


def _moment(then: datetime, clock: Clock) -> str:
    ago = clock.ago(then)
    return f"{clock.moment(then)}, {ago}" if ago else clock.moment(then)


def _steps(steps: tuple[Finding, ...], clock: Clock) -> list[str]:
    """Tell the steps of a takeover in order, what is alike together."""
    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for step in steps:
        alike.setdefault((step.signal, step.region, step.details.get("size", "")), []).append(step)
    told = []
    for together in list(alike.values())[:_STEPS_TOLD]:
        first = together[0]
        when = f"{clock.moment(first.happened)} " if first.happened else ""
        told.append(f"{when}{_alike(together)}")
    rest = sum(len(together) for together in list(alike.values())[_STEPS_TOLD:])
    return [*told, f"and {rest} more"] if rest else told


def _alike(findings: list[Finding]) -> str:
    first, count = findings[0], len(findings)
    if count == 1:
        return signals.title(first)
    size = first.details.get("size", "")
    if size:
        return f"{count} × {name(size, 24)}{_where(first.region)}"
    return f"{signals.title(first)}, and {count - 1} more"


def _where(region: str) -> str:
    return "" if region in ("", GLOBAL) else f" in {spoken(name(region, 24))}"


def _deployed(parts: tuple[Finding, ...]) -> str:
    """Name the stack or the group that all parts belong to, where there is one."""
    for kind, called in (("stack", "Stack"), ("group", "Auto-scaling group")):
        names = [_link(part, kind) for part in parts]
        if names[0] and all(each == names[0] or not each for each in names):
            return f"{called} {name(names[0])}"
    return ""


def _link(part: Finding, kind: str) -> str:
    for link in sorted(part.links):
        head, _, rest = link.partition(":")
        if head == kind:
            # arn:aws:cloudformation:<region>:<account>:stack/<name>/<id>
            return rest.split(":stack/")[1].split("/")[0] if ":stack/" in rest else rest
    return ""
