"""The sentence of a finding: its row's words, with the finding's own names made harmless."""

from trayapp.core.finding import Certainty, Finding
from trayapp.core.regions import GLOBAL, spoken
from trayapp.core.signals.catalogue import BY_ID
from trayapp.core.signals.model import Says
from trayapp.core.text import name, quoted

_PLAIN = frozenset({"action", "chips", "count", "hours", "key", "ports", "size", "vcpus", "version", "what"})
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
    sentence = _template(signal.says, finding).format_map(_Fields(finding))
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
        finding = self._finding
        if field == "name":
            return _subject(finding)
        if field == "where":
            return "" if finding.region in ("", GLOBAL) else f" in {spoken(name(finding.region, 24))}"
        value = finding.details.get(field.casefold(), "")
        if field.casefold() in _PLAIN:
            said = name(value, _LONGEST)
            return said[:1].upper() + said[1:] if field.istitle() else said
        return quoted(value, _LONGEST_TEXT if field == "text" else _LONGEST) if value else "(not named)"


def _subject(finding: Finding) -> str:
    called = finding.subject.name or finding.subject.id
    return quoted(called) if called else "(not named)"
