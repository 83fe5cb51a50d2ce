"""What the owner can ask for, from the tray, a notification or the terminal."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """Open the console at the resource of one alert, and count it as reviewed."""

    alert_id: int
    activation_token: str = ""


@dataclass(frozen=True, slots=True)
class OpenHeaviest:
    """Open the heaviest, then newest, alert to review; with none, tell how things stand."""


@dataclass(frozen=True, slots=True)
class ReviewAlert:
    """Mark one alert as reviewed."""

    alert_id: int


@dataclass(frozen=True, slots=True)
class ReviewAll:
    """Mark every alert as reviewed."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Hold notifications back for an hour; the watching goes on."""


@dataclass(frozen=True, slots=True)
class Resume:
    """End the pause and show what was held back."""


@dataclass(frozen=True, slots=True)
class TellStatus:
    """Say in a notification how things stand."""


@dataclass(frozen=True, slots=True)
class Quit:
    """Stop the program."""


Command = OpenAlert | OpenHeaviest | ReviewAlert | ReviewAll | Pause | Resume | TellStatus | Quit
