"""The steps of a walk, and walking them: one after the other, none that stands on a failed one, none that can throw."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypedDict

from trayapp.aws.failures import AwsFailure
from trayapp.core.causes import PROBLEMS, Cause
from trayapp.core.language import say
from trayapp.core.text import clean

log = logging.getLogger(__name__)


class Outcome(Enum):
    """How a step came out. The values are stable: ``trayapp doctor --json`` prints them."""

    WELL = "well"
    ILL = "ill"
    NOT_ASKED = "not-asked"


@dataclass(frozen=True, slots=True)
class Step:
    """One step that was taken, or was not.

    Attributes:
        step: What was looked at, a short stable word.
        outcome: How it came out.
        sentence: What was found, or why it was not asked; a clause without a full stop.
        way_out: What to do about it, sentences; empty for what is well.
        detail: What was said in refusing, for who wants to know more; may be empty.
        account: The account that it is about, by its name in the settings; empty for none.
        region: The Region that it is about; empty for none.
    """

    step: str
    outcome: Outcome
    sentence: str
    way_out: str = ""
    detail: str = ""
    account: str = ""
    region: str = ""


class StepRecord(TypedDict):
    """One step as ``trayapp doctor --json`` prints it."""

    step: str
    account: str | None
    region: str | None
    outcome: str
    sentence: str
    way_out: str | None
    detail: str | None


class Ill(Exception):  # noqa: N818 - it says how something is, and what to do
    """What was looked at is not well.

    Attributes:
        way_out: What to do about it.
        detail: What was said in refusing.
    """

    def __init__(self, sentence: str, way_out: str = "", detail: str = "") -> None:
        super().__init__(sentence)
        self.way_out, self.detail = way_out, detail


class NotAsked(Exception):  # noqa: N818 - it says what is the case
    """There was nothing to ask, or nobody; the text says why."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A step that is still to be taken.

    Attributes:
        step: What it looks at.
        look: Looks. Gives a sentence for what is well, or finished steps where it finds several things. Raises
            ``Ill``, ``NotAsked``, ``AwsFailure``; what else it raises is a fault of ours and said as one.
        needs: The steps, of the same account or of none, without which there is no use in this one.
        account: The account that it is about; empty for none.
    """

    step: str
    look: Callable[[], str | Iterable[Step]]
    needs: tuple[str, ...] = ()
    account: str = ""


def walk_stages(stages: Iterable[Stage]) -> Iterator[Step]:
    """Take the steps, giving each as it is taken."""
    failed: set[tuple[str, str]] = set()
    for stage in stages:
        lacking = [need for need in stage.needs if {(need, stage.account), (need, "")} & failed]
        if lacking:
            failed.add((stage.step, stage.account))
            sentence = say("{step} has to be well first", step=lacking[0])
            yield Step(stage.step, Outcome.NOT_ASKED, sentence, account=stage.account)
            continue
        for step in _taken(stage):
            if step.outcome is Outcome.ILL and step.step == stage.step:
                failed.add((stage.step, stage.account))
            yield step


def record(step: Step) -> StepRecord:
    """Give a step's machine-readable form."""
    return StepRecord(
        step=step.step,
        account=step.account or None,
        region=step.region or None,
        outcome=step.outcome.value,
        sentence=clean(step.sentence),
        way_out=clean(step.way_out) or None,
        detail=clean(step.detail) or None,
    )


def ill_by(cause: Cause, account: str, detail: str = "") -> Ill:
    """Give what is the matter by the closed list of causes."""
    problem = PROBLEMS[cause]
    return Ill(say(problem.what), say(problem.way_out, account=account).strip(), detail)


def _taken(stage: Stage) -> Iterator[Step]:
    def step(outcome: Outcome, sentence: str, way_out: str = "", detail: str = "") -> Step:
        return Step(stage.step, outcome, sentence, way_out, detail, stage.account)

    try:
        looked = stage.look()
        if isinstance(looked, str):
            yield step(Outcome.WELL, looked)
        else:
            yield from looked
    except NotAsked as why:
        yield step(Outcome.NOT_ASKED, str(why))
    except Ill as ill:
        yield step(Outcome.ILL, str(ill), ill.way_out, ill.detail)
    except AwsFailure as failure:
        found = ill_by(failure.cause, stage.account, str(failure))
        yield step(Outcome.ILL, str(found), found.way_out, found.detail)
    except Exception as fault:  # one step that stumbles must not end the walk
        log.exception("the step %s failed", stage.step)
        found = ill_by(Cause.INTERNAL, stage.account, type(fault).__name__)
        yield step(Outcome.ILL, str(found), found.way_out, found.detail)
