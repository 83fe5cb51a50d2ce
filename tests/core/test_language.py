"""Nothing that the core says escapes translation; it is said in the language spoken when it is said."""

from dataclasses import replace

import pytest

from builders import NOW, before, clock, finding, incident, instance_finding, situation, takeover_steps, watch
from core.signals.building import Example
from core.signals.examples import EXAMPLES
from speaking import escaped, japanese, marked
from trayapp.core import words
from trayapp.core.alert_notes import alert_note, away_note
from trayapp.core.causes import Cause
from trayapp.core.finding import Finding, Lane, Trust
from trayapp.core.guard_notes import disk_note, forged_note, guard_note, healed_note, no_account_note, status_note
from trayapp.core.incidents import Incident
from trayapp.core.language import say, say_count, say_reason
from trayapp.core.notes import Note
from trayapp.core.response import steps, support_text
from trayapp.core.severity import Severity
from trayapp.core.signals import judge
from trayapp.core.status import summary
from trayapp.core.takeovers import TAKEOVER
from trayapp.core.text import width
from trayapp.core.tray import tray_view
from trayapp.core.view import MenuEntry

LABEL = "private"


def _about(example: Example) -> Incident:
    found = judge(example.fact, NOW, example.known).findings
    assert found
    return incident(1, *found)


def _shown(note: Note) -> str:
    buttons = [*note.buttons, *([note.default] if note.default else [])]
    return "\n".join((note.title, note.body, *(button.label for button in buttons)))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each.signal}: {each.title}")
def test_nothing_that_is_said_of_an_alert_escapes_translation(example: Example) -> None:
    about = _about(example)
    with marked():
        said = [
            _shown(alert_note(about, situation(to_review=(about,)), clock())),
            words.line(about, LABEL, clock()),
            *(f"{step.title}\n{step.why}\n{step.done_when}" for step in steps(about)),
        ]

    assert [word for text in said for word in escaped(text, about, LABEL, "work", "EC2 IAM AWS")] == []


@pytest.mark.parametrize("cause", Cause)
def test_nothing_that_is_said_of_a_trouble_escapes_translation(cause: Cause) -> None:
    failing = watch("work", cause, since=before(minutes=9))
    now = situation(watches=(failing, watch("home")), quarantined=2, unverified=1, disk=Cause.DISK_FULL)
    with marked():
        note = guard_note(failing, clock())
        view = tray_view(now, clock())
        said = [_shown(note) if note else "", summary(now, clock()), view.tooltip]
        said += [entry.label for entry in view.menu if isinstance(entry, MenuEntry)]

    assert [word for text in said for word in escaped(text, failing, watch("home"))] == []


def test_nothing_that_is_said_of_many_alerts_escapes_translation() -> None:
    many = tuple(incident(number, finding(fingerprint=f"f:{number}")) for number in range(1, 20))
    pattern = finding(signal=TAKEOVER, severity=Severity.CRITICAL, lane=Lane.CLIENT)
    taken = incident(30, pattern, steps=takeover_steps())
    forged = incident(31, replace(finding(), trust=Trust.FORGED))
    machines = incident(32, *(instance_finding(fingerprint=f"m:{number}") for number in range(3)))
    now = situation(to_review=(*many, taken, forged, machines), paused_until=before(hours=-1))
    with marked():
        view = tray_view(now, clock())
        said = [entry.label for entry in view.menu if isinstance(entry, MenuEntry)]
        said += [summary(now, clock()), _shown(away_note(many, now, clock())), _shown(status_note(now, clock()))]
        said += [_shown(alert_note(each, now, clock())) for each in (taken, forged, machines)]
        said += [_shown(no_account_note()), _shown(disk_note(Cause.DISK_FULL)), _shown(healed_note("PLACE", 2))]
        said += [_shown(forged_note("work", "work", ["the signature does not fit (x)", "it is old"]))]
        said += [support_text(taken, (machines,), frozenset(), clock(), LABEL)]

    data = (many[0], taken, forged, machines, "work", "PLACE", LABEL, "private UTC x CPU")
    assert [word for text in said for word in escaped(text, *data)] == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each.signal}: {each.title}")
def test_what_is_said_of_an_alert_fits_into_its_popup_in_every_language(example: Example) -> None:
    about = _about(example)
    notes = [alert_note(about, situation(), clock())]
    with japanese():
        notes.append(alert_note(about, situation(), clock()))

    # The narrowest popup there is cuts at 46 columns; what comes first in a title says what it is about.
    assert max(width(note.title) for note in notes) <= 92
    assert max(width(note.body) for note in notes) <= 210
    assert not any("\n" in note.title for note in notes)


@pytest.mark.parametrize("cause", Cause)
def test_what_is_said_of_a_trouble_fits_into_a_tooltip_in_every_language(cause: Cause) -> None:
    failing = situation(watches=(watch("work", cause, since=before(minutes=9)),))
    tips = [tray_view(failing, clock()).tooltip]
    with japanese():
        tips.append(tray_view(failing, clock()).tooltip)

    # https://learn.microsoft.com/windows/win32/api/shellapi/ns-shellapi-notifyicondataw, szTip
    assert max(map(len, tips)) <= 127


def test_a_text_is_said_in_the_language_that_is_spoken_when_it_is_said() -> None:
    with japanese():
        assert words.title(incident(1, finding()), LABEL) == "ユーザー「helpdesk2」が作成されました"
    assert words.title(incident(1, finding()), LABEL) == "New user “helpdesk2”"


def test_what_somebody_else_has_chosen_is_no_pattern() -> None:
    assert say("User {name} was deleted", name="{0.__class__} {x}") == "User {0.__class__} {x} was deleted"
    assert say("{braces} without parts stay") == "{braces} without parts stay"


def test_what_is_counted_has_its_thousands_grouped() -> None:
    assert say_count("{count} alert", "{count} alerts", 1) == "1 alert"
    assert say_count("{count} alert", "{count} alerts", 1234) == "1,234 alerts"


def test_a_stored_reason_is_said_with_its_detail_as_it_is() -> None:
    with marked():
        assert say_reason("it is not whole JSON (line 1)") == "⟦it is not whole JSON⟧ (line 1)"


def test_nothing_is_said_of_nothing() -> None:
    """Gettext's own answer to the empty text is the catalogue's head."""
    with japanese():
        assert say("") == ""
    assert isinstance(finding(), Finding)


def test_what_escapes_is_found() -> None:
    with marked():
        assert escaped(f"{say('New user {name}', name=say('x y'))} · by hand, i-0abc", "i-0abc") == ["by", "hand"]
