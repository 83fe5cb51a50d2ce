"""The sentence of a finding: its row's words, with the finding's own names made harmless."""

from trayapp.core.finding import Certainty, Finding
from trayapp.core.language import say
from trayapp.core.nouns import noun
from trayapp.core.regions import GLOBAL, spoken
from trayapp.core.signals.catalogue import BY_ID
from trayapp.core.signals.model import Says
from trayapp.core.signals.ports import spoken_ports
from trayapp.core.text import name, quoted

_PLAIN = frozenset({"action", "chips", "count", "hours", "key", "size", "vcpus", "version", "what"})
"""The details that stand in a sentence without quotation marks: figures, and words that are AWS's or ours."""

_LONGEST = 60
_LONGEST_TEXT = 120


def title(finding: Finding) -> str:
    """Say what happened, in one line that is enough to decide whether to get up.

    Whatever came from outside stands in it cleaned, shortened, and, where somebody could choose it, in quotation marks.
    """
    signal = BY_ID.get(finding.signal)
    if signal is None:
        # An alert of another version of the catalogue.
        return f"{name(finding.signal, 40)}: {_subject(finding)}"
    sentence = say(_template(signal.says, finding)).format_map(_Fields(finding))
    return " ".join(sentence.split())


def _template(says: Says, finding: Finding) -> str:
    case = finding.details.get("case", "")
    if finding.certainty is Certainty.REFUSED and says.refused:
        return says.refused.get(case) or says.refused.get("") or next(iter(says.refused.values()))
    if finding.certainty is Certainty.FIRST_SEEN and says.first_seen:
        return says.first_seen
    return says.done.get(case) or says.done.get("") or next(iter(says.done.values()))


class _Fields(dict[str, str]):
    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self._finding = finding

    def __missing__(self, field: str) -> str:
        said = self._said(field.casefold())
        return said[:1].upper() + said[1:] if field.istitle() else said

    def _said(self, field: str) -> str:
        finding = self._finding
        value = finding.details.get(field, "")
        match field:
            case "name":
                said = _subject(finding)
            case "where":
                said = _where(finding.region)
            case "noun":
                said = noun(finding.subject.resource_type)
            case "ports":
                said = spoken_ports(value) or name(value, _LONGEST)
            case _ if field in _PLAIN:
                said = name(say(value), _LONGEST)
            case _:
                said = quoted(value, _LONGEST_TEXT if field == "text" else _LONGEST) if value else say("(not named)")
        return said


def _where(region: str) -> str:
    if region in ("", GLOBAL):
        return ""
    # Apart from the word before it; where nothing stands before it, the blank is taken away with all others.
    return " " + say("in {region}", region=spoken(name(region, 24)))


def _subject(finding: Finding) -> str:
    called = finding.subject.name or finding.subject.id
    return quoted(called) if called else say("(not named)")
