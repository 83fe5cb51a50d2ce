"""Every sentence and word that the window shows, in one place; those of its settings stand beside."""

from functools import reduce

from trayapp.core.finding import Certainty, Trust
from trayapp.core.incidents import Decision
from trayapp.core.offering import By
from trayapp.core.severity import Severity
from trayapp.core.wording import Counted, Text, Wording, Words
from trayapp.review.filters import State

TITLE = "trayapp"

BESIDE = " · "
"""What stands between things that are told beside one another."""


class Texts(Wording):
    """The texts, said in the language that is spoken when they are read."""

    # Pages
    TO_REVIEW = Text("To review")
    TO_REVIEW_COUNT = Text("To review ({count})")
    HISTORY = Text("History")

    # The list
    NOTHING_TO_REVIEW = Text("Nothing to review.")
    NOTHING_FOUND = Text("Nothing in the history matches.")
    NOTHING_YET = Text("There has been no alert yet.")
    FOUND = Counted("{count} incident", "{count} incidents")
    WHEN_AGO = Text("{moment}, {ago}")

    SEVERITIES = Words(
        {
            Severity.CRITICAL: "Critical",
            Severity.HIGH: "High",
            Severity.MEDIUM: "Medium",
            Severity.LOW: "Low",
        }
    )
    REVIEWED = Text("reviewed")
    MUTED = Text("muted")
    NOTED = Text("noted")
    SNOOZED_UNTIL = Text("snoozed until {when}")
    DECISIONS = Words(
        {
            Decision.SEEN: "reviewed",
            Decision.MINE: "that was me",
            Decision.NOT_MINE: "not me",
        }
    )

    # Filters
    SEARCH = Text("Search")
    SEARCH_HINT = Text("Names, ids, addresses, who did it")
    SEVERITY = Text("How heavy")
    ACCOUNT = Text("Account")
    STATE = Text("State")
    PERIOD = Text("When")
    REGION = Text("Region")
    SIGNAL = Text("Signal")
    ANY_ACCOUNT = Text("All accounts")
    ANY_REGION = Text("All Regions")
    GLOBAL_REGION = Text("no Region")
    ANY_SIGNAL = Text("All signals")
    COUNTED = Text("{text} ({count})")
    LEAST = Words(
        {
            None: "Any severity",
            Severity.CRITICAL: "Critical",
            Severity.HIGH: "High and heavier",
            Severity.MEDIUM: "Medium and heavier",
        }
    )
    """By the least that is wanted, ``None`` for anything."""
    STATES = Words(
        {
            State.ANY: "Any state",
            State.OPEN: "To review",
            State.REVIEWED: "Reviewed",
            State.MUTED: "Muted",
        }
    )
    PERIODS = Words(
        {
            None: "Any time",
            1: "Last 24 hours",
            7: "Last 7 days",
            30: "Last 30 days",
            90: "Last 90 days",
        }
    )
    """By days until now, ``None`` for all there have been."""
    RESET = Text("Show all")

    # The picture of the days
    CHART = Text("Incidents a day")
    CHART_DAY = Text("{weekday} {date}: {counts}")
    CHART_NONE = Text("none")
    CHART_HINT = Text("Left and Right choose a day, Enter shows it")
    CHART_COUNTS = Words(
        {
            Severity.CRITICAL: "{count} critical",
            Severity.HIGH: "{count} high",
            Severity.MEDIUM: "{count} medium",
            Severity.LOW: "{count} low",
        }
    )

    # The chosen incident
    CHOOSE_ONE = Text("Choose an incident in the list.")
    GONE = Text("This incident is no longer in the history.")
    DETAILS = Text("What happened")
    WHAT_TO_DO = Text("What to do")
    WHAT = Text("What")
    NAMED = Text("{noun} {name}")
    WHERE = Text("Where")
    WHO = Text("Who")
    ADDRESS = Text("Address")
    WITH = Text("With")
    WHEN = Text("When")
    HOW_SURE = Text("How sure")
    IDENTIFIER = Text("Id")
    ARN = Text("ARN")
    KEY = Text("Access key")
    DECIDED = Text("Decided")
    NOTE = Text("Note")
    MUTED_BY = Text("Muted by")
    TIME_LINE = Text("In order of time")
    CHANGES = Text("What changed")
    ASKED = Text("What was asked for")
    RAW = Text("The message itself")
    RAW_CUT = Text("{head}; it was very long, and only its beginning is kept")
    RAW_NUMBER = Text("Message {number} of {count}, received {when}")
    NOTHING_BEFORE = Text("(not set)")
    NOTHING_AFTER = Text("(removed)")
    AND_MORE = Text("and {count} more")
    NO_RAW = Text("No message is kept: this was found in others, or it is too old.")
    WHO_UNKNOWN = Text("AWS Config does not say by whom")
    WHEN_UNKNOWN = Text("AWS does not say; told {when}")
    SPAN = Text("{first}\nto {last}")
    BY_FROM = Text("{who}, from {address}")
    FROM = Text("from {address}")
    WITH_UTC = Text("{weekday} {time} ({utc} UTC)")
    OTHERWISE = Text("; ")
    ACCOUNT_NUMBER = Text("{label} ({number})")

    CERTAINTIES = Words(
        {
            Certainty.NEW: "certain",
            Certainty.FIRST_SEEN: "first seen now; AWS gives no time of creation, so it may be older",
            Certainty.REFUSED: "somebody tried, and AWS refused",
            Certainty.AWS_SAYS: "AWS's own judgement",
        }
    )
    TRUSTS = Words(
        {
            Trust.TRUSTED: "",
            Trust.UNVERIFIED: "not verified yet: the certificate of its signature is not at hand",
            Trust.FORGED: "forged: not signed by AWS",
        }
    )

    # Buttons; which of their letters is underlined, ``keys`` says.
    OPEN = Text("Open in console")
    MINE = Text("That was me")
    NOT_MINE = Text("Not me")
    SNOOZE = Text("Snooze…")
    SNOOZE_HOUR = Text("For an hour")
    SNOOZE_TOMORROW = Text("Until tomorrow, {when}")
    SEEN = Text("Reviewed")
    UNDO = Text("Undo")
    ALL_SEEN = Text("Mark all reviewed")
    SHOW_RAW = Text("Show message")
    HIDE_RAW = Text("Hide message")
    COPY_RAW = Text("Copy message")
    CANCEL = Text("Cancel")
    NOTE_ASKED = Text("A note, if you like:")
    ALWAYS = Text("And always…")

    TIP_OPEN = Text("Look at it in the AWS console")
    TIP_MINE = Text("You did it, or know who did: it is reviewed")
    TIP_ALWAYS = Text("Keep what is like this quiet from now on; you see the rule before it is made")
    TIP_NOT_MINE = Text("Show what to do now, in order")
    TIP_SNOOZE = Text("Do not remind me until later")
    TIP_SEEN = Text("Seen and dealt with")
    TIP_UNDO = Text("Take back the last decision about this incident")
    TIP_ALL_SEEN = Text("All incidents that wait are reviewed")
    TIP_RAW = Text("The message as AWS sent it")
    TIP_COPY = Text("Copy the message exactly as it came")
    TIP_REVIEW_PAGE = Text("What waits for you")
    TIP_HISTORY_PAGE = Text("Everything that was ever told")
    TIP_DETAILS = Text("Who, what, where, when")
    TIP_RESPOND = Text("Steps for when that was not you")

    # What was done
    DONE_MINE = Text("Noted: that was you.")
    DONE_RULE = Text("Noted: that was you. The rule is in your settings, and what is like this is kept quiet.")
    DONE_NOT_MINE = Text("Noted: that was not you. It stays here until you mark it reviewed.")
    DONE_SEEN = Text("Reviewed.")
    DONE_ALL = Counted("{count} incident is reviewed now.", "{count} incidents are reviewed now.")
    LEFT = Counted(
        "{count} is left: said to be somebody else's, or put off.",
        "{count} are left: said to be somebody else's, or put off.",
    )
    DONE_SNOOZE = Text("Snoozed until {when}.")
    NOT_SNOOZED = Text("It is reviewed already, and will not remind you.")
    DONE_UNDO = Text("Taken back.")
    DONE_UNDO_RULE = Text("Taken back, and the rule is out of your settings again.")
    NOTHING_TO_UNDO = Text("There is nothing to take back here.")
    UNDO_HINT = Text("{key} takes it back.")
    DONE_COPY = Text("Copied.")
    DONE_OPEN = Text("Opened in your browser.")
    SENTENCES = Text("{first} {second}")
    NO_LINK = Text("There is no page in the console for this.")

    # Not me
    STEPS_HEAD = Text("If that was not you")
    STEPS_LEAD = Text("Top to bottom: the first steps stop the damage. trayapp itself changes nothing in your account.")
    STEP_OPEN = Text("Open page")
    STEP_WHERE = Text("Region: {region}")
    STEP_DONE_WHEN = Text("Done when: {text}")
    STEPS_LEFT = Text("{done} of {count} done")
    EXPORT = Text("Save for AWS Support")
    COPY_SUPPORT = Text("Copy for AWS Support")
    TIP_EXPORT = Text("Incident, time line and ids as a text")
    EXPORTED = Text("Saved: {place}")

    # And always
    RULE_HEAD = Text("Keep what is like this quiet")
    RULE_LEAD = Text("A rule in your settings does that. What it keeps quiet stands in the history all the same.")
    RULE_BY = Text("It goes by")
    RULE_UNTIL = Text("Until")
    RULE_OFFERS = Words(
        {
            By.STACK: "Stack {value}",
            By.ACTOR: "Who did it: {value}",
            By.TAG: "Tag {value}",
        }
    )
    RULE_ENDS = Words(
        {
            7: "A week",
            30: "30 days",
            90: "90 days",
            None: "For good",
        }
    )
    """By days from now, ``None`` for no end."""
    RULE_TRYING = Text("Looking back at what it would have kept quiet…")
    RULE_FILE = Text("These lines are added to {file}:")
    RULE_MAKE = Text("Make this rule")
    RULE_NONE = Text("No rule can be made of this")
    RULE_THERE = Text("There is such a rule already. What is like this from now on is {says}.")
    BACK = Text("Back")
    TIP_MAKE = Text("The rule is added to your settings, and this alert is yours and reviewed")


def sentences(*said: str) -> str:
    """Put sentences one behind the other; some languages leave no space between them."""
    return reduce(lambda first, second: Texts.SENTENCES.format(first=first, second=second), said)
