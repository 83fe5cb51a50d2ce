"""What the window says about one incident."""

from builders import NOW, actor, before, clock, finding, incident, takeover_steps
from trayapp.core.finding import Certainty, Trust
from trayapp.core.incidents import Decision
from trayapp.review.detail import Detail, detail
from trayapp.review.texts import Texts


def facts(shown: Detail) -> dict[str, str]:
    return {fact.name: fact.value for fact in shown.facts}


def test_it_says_what_where_who_from_with_when_and_how_sure() -> None:
    known = finding(actor=actor(), address="198.51.100.23", agent="aws-cli/2.31")
    said = facts(detail(incident(1, known), "private", clock()))
    assert said[Texts.WHAT] == "user helpdesk2"
    assert said[Texts.WHERE] == "private (1234-5678-9012)"
    assert said[Texts.WHO] == "user “deploy”, key …XYZABC"
    assert said[Texts.ADDRESS] == "198.51.100.23"
    assert said[Texts.WITH] == "aws-cli/2.31"
    assert said[Texts.WHEN] == "Mon 2026-11-23 20:11:40 (2026-11-23 11:11:40 UTC) · 3 min ago"
    assert said[Texts.HOW_SURE] == "certain"
    assert said[Texts.KEY] == "AKIAEXAMPLE7XYZABC"


def test_it_says_where_nothing_is_known() -> None:
    said = facts(detail(incident(1, finding(happened=None)), "private", clock()))
    assert said[Texts.WHO] == Texts.WHO_UNKNOWN
    assert said[Texts.WHEN].startswith("AWS does not say; told Mon 2026-11-23 20:13:40")
    assert Texts.ADDRESS not in said


def test_it_says_how_sure_it_is_not() -> None:
    shaky = finding(certainty=Certainty.FIRST_SEEN, trust=Trust.UNVERIFIED)
    shown = detail(incident(1, shaky), "private", clock())
    assert "may be older" in facts(shown)[Texts.HOW_SURE]
    assert "not verified yet" in facts(shown)[Texts.HOW_SURE]
    assert shown.doubt == Texts.TRUSTS[Trust.UNVERIFIED]


def test_its_parts_stand_in_order_of_time() -> None:
    shown = detail(incident(1, *takeover_steps()), "private", clock())
    assert [moment.when for moment in shown.moments] == ["19:54:40", "19:56:40", "20:06:40"]
    assert shown.moments[1].text == "User “alice” was deleted"
    assert shown.left_out == 0
    assert "\nto " in facts(shown)[Texts.WHEN]


def test_of_very_many_parts_the_rest_is_counted() -> None:
    many = [finding(fingerprint=f"f{number}") for number in range(75)]
    assert detail(incident(1, *many), "private", clock()).left_out == 15


def test_it_says_what_its_owner_has_said() -> None:
    decided = incident(1, decision=Decision.MINE, reviewed=NOW, note="my deploy")
    said = facts(detail(decided, "private", clock()))
    assert said[Texts.DECIDED] == "that was me, 20:14"
    assert said[Texts.NOTE] == "“my deploy”"


def test_what_others_chose_cannot_bend_a_line() -> None:
    hostile = finding(agent="a\u202eb\n" + "x" * 900, happened=before(minutes=1))
    said = facts(detail(incident(1, hostile), "private", clock()))[Texts.WITH]
    assert "\u202e" not in said
    assert "\n" not in said
    assert len(said) <= 200
