"""The steps for one incident: the rows of the table that fit it, each made about what it is about."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from string import Formatter
from urllib.parse import quote

from trayapp.core import console
from trayapp.core.incidents import Incident
from trayapp.core.language import say, say_count
from trayapp.core.regions import Partition
from trayapp.core.response.model import Row, Stage, Step, Target
from trayapp.core.response.scene import Scene, scene_of
from trayapp.core.response.table import STAGES

MOST = 8
"""More steps of one row than this are one step for the rest: nobody works through a page of fifty."""

_LONGEST_KEY = 100


def steps(incident: Incident, related: Sequence[Incident] = ()) -> tuple[Step, ...]:
    """Give what to do about an incident that was not its owner, what stops damage first.

    Args:
        incident: The incident.
        related: Others of the same affair, as ``relatives`` chooses them.

    Returns:
        The steps; never none.
    """
    scene = scene_of(incident, related)
    return tuple(step for stage, rows in STAGES for row in rows for step in _of_row(row, scene, stage))


def _of_row(row: Row, scene: Scene, stage: Stage) -> Iterator[Step]:
    targets = list({target.key: target for target in row.targets(scene)}.values())
    yield from (_step(row, target, scene.partition, stage) for target in targets[:MOST])
    rest = targets[MOST:]
    if rest:
        yield _the_rest(row, rest, scene.partition, stage)


def _step(row: Row, target: Target, partition: Partition | None, stage: Stage) -> Step:
    return Step(
        id="/".join((row.id, *map(_part, target.key))),
        title=_said(row.title, target),
        why=_said(row.why, target),
        done_when=_said(row.done_when, target),
        url=target.url or _url(row, target, partition),
        region=target.region,
        source=row.source,
        stage=stage,
    )


def _the_rest(row: Row, targets: Sequence[Target], partition: Partition | None, stage: Stage) -> Step:
    titles = "; ".join(_said(row.title, target) for target in targets[:MOST])
    more = len(targets) - MOST
    why = (
        say("{titles}; and {count} more.", titles=titles, count=more)
        if more > 0
        else say("{sentence}.", sentence=titles)
    )
    return Step(
        id=f"{row.id}/rest/{len(targets)}",
        title=say_count("Do the same once more", "Do the same {count} times more", len(targets)),
        why=why,
        done_when=say("All of them are done."),
        url=console.page_link(row.rest, partition, targets[0].region) if row.rest else None,
        region=targets[0].region,
        source=row.source,
        stage=stage,
    )


def _said(text: str, target: Target) -> str:
    # What says where begins with a blank, and may stand first in another language.
    return say(text).format_map(target.words).strip()


def _url(row: Row, target: Target, partition: Partition | None) -> str | None:
    if partition is not None and partition.name in row.outside:
        return row.outside[partition.name]
    # A page of something without a name would show nothing: the list does.
    wanted = {field for _, field, _, _ in Formatter().parse(row.page) if field} - {"region"}
    page = row.page if all(target.parts.get(field) for field in wanted) else row.rest
    return console.page_link(page, partition, target.region, **target.parts) if page else None


def _part(text: str) -> str:
    """Write a name so that it can stand between slashes, on a command line and in a terminal, and stays another's."""
    plain = quote(text.encode("utf-8", "replace"), safe="")
    if len(plain) <= _LONGEST_KEY:
        return plain
    return f"{plain[:_LONGEST_KEY]}~{sha256(plain.encode()).hexdigest()[:12]}"
