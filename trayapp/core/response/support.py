"""The text for AWS Support: which account, what happened when, by which credentials, and what its owner has done.

What AWS asks for: https://github.com/aws-samples/aws-customer-playbook-framework/blob/main/docs/AWS_Help.md. The ids of
keys stand in it whole, as AWS looks by them; they are no secrets.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime

from trayapp.core import signals
from trayapp.core.clock import Clock
from trayapp.core.facts import Actor, ActorKind
from trayapp.core.finding import Certainty, Finding
from trayapp.core.incidents import Incident
from trayapp.core.language import listed, say, say_count
from trayapp.core.regions import GLOBAL
from trayapp.core.response.model import Step
from trayapp.core.response.scene import Scene, scene_of
from trayapp.core.response.writing import steps
from trayapp.core.severity import Severity
from trayapp.core.takeovers import TAKEOVER
from trayapp.core.tellings import in_order
from trayapp.core.text import grouped_account, name, quoted

LONGEST = 8000
"""So many characters fit into a case. https://docs.aws.amazon.com/awssupport/latest/APIReference/API_CreateCase.html"""

_ARN = 120
_IDS = 12
_LISTED = 8
_AROUND = 120
"""Characters of the text beside its entries: the time line's heading, that some are left out, the line ends."""


def support_text(
    incident: Incident, related: Sequence[Incident], ticked: Collection[str], clock: Clock, label: str
) -> str:
    """Write what AWS Support needs to know, in plain text and in UTC.

    Args:
        incident: The incident.
        related: Others of the same affair, as ``relatives`` chooses them.
        ticked: The ids of the steps that are done.
        clock: The moment.
        label: What its owner calls the account.

    Returns:
        The text, of at most ``LONGEST`` characters; where there is more to tell, what is lightest is left out, and the
        text says so.
    """
    scene = scene_of(incident, related)
    head = "\n".join(_head(scene, incident, clock, label))
    foot = "\n".join(_steps(steps(incident, related), ticked))
    story = "\n".join(_time_line(_together(scene.all), LONGEST - len(head) - len(foot)))
    text = f"{head}\n{story}\n{foot}\n"
    # More steps than any real affair has: whole lines of them, as many as there is room for.
    return text if len(text) <= LONGEST else text[: text.rindex("\n", 0, LONGEST) + 1]


def _head(scene: Scene, incident: Incident, clock: Clock, label: str) -> Iterator[str]:
    times = [each.happened for each in scene.all if each.happened]
    account = grouped_account(scene.account_id) or say("(number not known)")
    yield say("Activity that was not mine in AWS account {account}", account=account)
    yield ""
    yield say(
        "Somebody else has worked in my AWS account. I am asking AWS to help me to secure the account, to tell me what "
        "else was done in it, and to look at the charges that this has caused."
    )
    yield ""
    yield _row(say("Account"), say("{account} (I call it {label})", account=account, label=quoted(label, 24)))
    if times:
        yield _row(say("From"), _utc(min(times)))
        yield _row(say("To"), _utc(max(times)))
    yield _row(say("I was told"), _utc(incident.shown or incident.created))
    yield _row(say("Regions"), _list(each.region for each in scene.all if each.region not in ("", GLOBAL)))
    yield _row(say("Credentials"), _list(map(_whom, scene.callers), " | "))
    yield _row(say("Addresses"), _list(name(each.address, 40) for each in scene.all))
    yield _row(say("User agents"), _list((name(each.agent, 60) for each in scene.all), " | "))
    written = say("{moment}, with trayapp, from the messages of AWS Config and CloudTrail", moment=_utc(clock.now))
    yield _row(say("Written"), written)


def _row(called: str, value: str) -> str:
    return f"{called:<15} {value}"


def _list(values: Iterable[str], between: str = "") -> str:
    found = list(dict.fromkeys(name(value, 240) for value in values if value))
    rest = [say("and {count} more", count=len(found) - _LISTED)] if len(found) > _LISTED else []
    return (between or say(", ")).join([*found[:_LISTED], *rest]) or say("not known")


def _whom(actor: Actor) -> str:
    # What kind of identity it is stands here in a word of AWS's own, by which AWS will look.
    called = "root" if actor.kind is ActorKind.ROOT else f"{actor.kind.value} {name(actor.name, 64)}"
    key = say("access key id {key}", key=name(actor.key_id, 40)) if actor.key_id else ""
    return listed(part for part in (called, key, name(actor.arn, _ARN)) if part)


def _together(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Put what is alike and follows one another together, in the order of time."""
    entries: list[list[Finding]] = []
    for finding in in_order(each for each in findings if each.signal != TAKEOVER):
        if entries and _like(entries[-1][0]) == _like(finding):
            entries[-1].append(finding)
        else:
            entries.append([finding])
    return entries


def _like(finding: Finding) -> tuple[object, ...]:
    kind = finding.subject.resource_type
    return (finding.signal, finding.certainty, finding.region, kind, finding.details.get("size"), finding.actor)


def _time_line(entries: Sequence[list[Finding]], room: int) -> Iterator[str]:
    """Tell what happened in the order of time, of the heaviest entries as many as there is room for."""
    told = ["\n".join(_entry(entry)) for entry in entries]
    left = room - _AROUND
    chosen = set()
    for index in sorted(range(len(entries)), key=lambda each: (-_weight(entries[each]), each)):
        left -= len(told[index]) + 1
        if left < 0:
            break
        chosen.add(index)
    yield ""
    yield say("What happened (times in UTC)")
    yield from (text for index, text in enumerate(told) if index in chosen)
    if len(chosen) < len(told):
        left_out = say_count(
            "{count} more entry is left out to keep this short.",
            "{count} more entries are left out to keep this short.",
            len(told) - len(chosen),
        )
        yield f"  {left_out}"


def _weight(entry: Iterable[Finding]) -> Severity:
    return max(finding.severity for finding in entry)


def _entry(entry: Sequence[Finding]) -> Iterator[str]:
    first, last = entry[0], entry[-1]
    when = _utc(first.happened)
    if len(entry) > 1 and last.happened != first.happened:
        end = f"{last.happened.astimezone(UTC):%H:%M:%S}" if last.happened else ""
        when = say("{first} to {last}", first=when, last=end) if end else when
    what = signals.title(first)
    if len(entry) > 1:
        what = say("{title}, and {count} more like it", title=what, count=len(entry) - 1)
    if first.certainty is Certainty.REFUSED:
        what = say("{title} (AWS refused it)", title=what)
    yield f"  {when}  {what}"
    yield f"      {_things(entry)}"
    who = say("by {name}", name=_whom(first.actor)) if first.actor else ""
    origin = say("from {address}", address=name(first.address, 40)) if first.address else ""
    said = [part for part in (who, origin, _event(entry)) if part]
    if said:
        yield f"      {'; '.join(said)}"


def _things(entry: Sequence[Finding]) -> str:
    subjects = [each.subject for each in entry]
    # One thing by its ARN; of many the ids are enough.
    things = [subjects[0].arn or subjects[0].id] if len(entry) == 1 else [each.id or each.name for each in subjects]
    found = list(dict.fromkeys(name(thing, _ARN) for thing in things if thing))
    rest = [say("and {count} more", count=len(found) - _IDS)] if len(found) > _IDS else []
    where = entry[0].region
    return f"{name(where, 24) or GLOBAL}: {', '.join([*found[:_IDS], *rest]) or say('(no id)')}"


def _event(entry: Sequence[Finding]) -> str:
    events = [link.removeprefix("event:") for each in entry for link in sorted(each.links) if link.startswith("event:")]
    return say("CloudTrail event {id}", id=name(events[0], 40)) if events else ""


def _steps(todo: Sequence[Step], ticked: Collection[str]) -> Iterator[str]:
    done = [step.title for step in todo if step.id in ticked]
    open_ = [step.title for step in todo if step.id not in ticked]
    yield ""
    yield say("What I have done")
    yield from (f"  [x] {title}" for title in done)
    if not done:
        yield f"  {say('Nothing yet.')}"
    yield ""
    yield say("What I have not done yet")
    yield from (f"  [ ] {title}" for title in open_)
    if not open_:
        yield f"  {say('Nothing is left.')}"


def _utc(when: datetime | None) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z" if when else say("(AWS does not say when)")
