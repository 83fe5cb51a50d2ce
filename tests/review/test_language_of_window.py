"""Nothing that the window says of an incident escapes translation."""

from datetime import timedelta

import pytest

from builders import NOW, actor, before, clock, finding, incident, instance_finding, takeover_steps
from speaking import escaped, japanese, marked
from trayapp.core.finding import Certainty, Trust
from trayapp.core.incidents import Decision, Incident
from trayapp.core.policy import Mute
from trayapp.core.severity import Severity
from trayapp.review.detail import detail
from trayapp.review.rows import row
from trayapp.review.texts import Texts, sentences

LABEL = "private"
INCIDENTS = {
    "known": incident(1, finding(actor=actor(), address="198.51.100.23", agent="aws-cli/2.31")),
    "unknown": incident(1, finding(happened=None, certainty=Certainty.FIRST_SEEN, trust=Trust.UNVERIFIED)),
    "takeover": incident(1, *takeover_steps()),
    "decided": incident(1, finding(), decision=Decision.MINE, reviewed=NOW, note="my deploy"),
    "not mine": incident(1, finding(), decision=Decision.NOT_MINE),
    "put off": incident(1, finding(), snoozed=NOW + timedelta(days=1)),
    "muted": incident(1, instance_finding(muted=Mute(stack="web").says, happened=before(days=2))),
    "noted": incident(1, finding(severity=Severity.LOW), reviewed=None),
    "from somewhere": incident(1, finding(address="198.51.100.23"), instance_finding(address="198.51.100.24")),
}


@pytest.mark.parametrize("about", INCIDENTS.values(), ids=INCIDENTS)
def test_nothing_that_is_said_of_an_incident_escapes_translation(about: Incident) -> None:
    with marked(apart=True):
        listed, shown = row(about, LABEL, clock()), detail(about, LABEL, clock())
    said = [listed.title, listed.beside, shown.title, shown.doubt]
    said += [text for fact in shown.facts for text in (fact.name, fact.value)]
    said += [text for moment in shown.moments for text in (moment.text, moment.by)]
    assert [word for text in said for word in escaped(text, about, LABEL, "stack")] == []


def test_sentences_stand_one_behind_the_other() -> None:
    assert sentences(Texts.DONE_ALL(1), Texts.LEFT(1), Texts.UNDO_HINT.format(key="Ctrl+Z")) == (
        "1 incident is reviewed now. 1 is left: said to be somebody else's, or put off. Ctrl+Z takes it back."
    )
    assert sentences(Texts.DONE_ALL(1200), Texts.LEFT(2)) == (
        "1,200 incidents are reviewed now. 2 are left: said to be somebody else's, or put off."
    )


def test_a_change_of_the_language_changes_the_words() -> None:
    with japanese():
        assert Texts.MINE == "自分の操作です"
    assert Texts.MINE == "That was me"
