"""Every sentence and word that the window shows, in one place."""

from trayapp.core.finding import Certainty, Trust
from trayapp.core.incidents import Decision
from trayapp.core.severity import Severity

TITLE = "trayapp"

# Pages
TO_REVIEW = "To review"
TO_REVIEW_COUNT = "To review ({count})"
HISTORY = "History"

# The list
NOTHING_TO_REVIEW = "Nothing to review."
NOTHING_FOUND = "Nothing in the history matches."
NOTHING_YET = "There has been no alert yet."
FOUND_ONE = "1 incident"
FOUND = "{count:,} incidents"
ROW_DETAIL = " · "

SEVERITIES = {
    Severity.CRITICAL: "Critical",
    Severity.HIGH: "High",
    Severity.MEDIUM: "Medium",
    Severity.LOW: "Low",
}
REVIEWED = "reviewed"
MUTED = "muted"
NOTED = "noted"
SNOOZED_UNTIL = "snoozed until {when}"
DECISIONS = {
    Decision.SEEN: "reviewed",
    Decision.MINE: "that was me",
    Decision.NOT_MINE: "not me",
}

# Filters
SEARCH = "Search"
SEARCH_HINT = "Names, ids, addresses, who did it"
SEVERITY = "How heavy"
ACCOUNT = "Account"
STATE = "State"
PERIOD = "When"
ANY_SEVERITY = "Any severity"
ANY_STATE = "Any state"
ANY_TIME = "Any time"
ANY_ACCOUNT = "All accounts"
STATE_OPEN = "To review"
STATE_REVIEWED = "Reviewed"
STATE_MUTED = "Muted"
AND_HEAVIER = "{severity} and heavier"
PERIODS = {
    1: "Last 24 hours",
    7: "Last 7 days",
    30: "Last 30 days",
    90: "Last 90 days",
}
ONE_DAY = "{day:%Y-%m-%d}"
RESET = "Show all"

# The picture of the days
CHART = "Incidents a day"
CHART_DAY = "{day:%a %Y-%m-%d}: {counts}"
CHART_NONE = "none"
CHART_HINT = "Left and Right choose a day, Enter shows it"
CHART_COUNT = "{count} {severity}"

# The chosen incident
CHOOSE_ONE = "Choose an incident in the list."
GONE = "This incident is no longer in the history."
DETAILS = "What happened"
WHAT_TO_DO = "What to do"
WHAT = "What"
WHERE = "Where"
WHO = "Who"
FROM = "From"
WITH = "With"
WHEN = "When"
HOW_SURE = "How sure"
IDENTIFIER = "Id"
ARN = "ARN"
KEY = "Access key"
DECIDED = "Decided"
NOTE = "Note"
MUTED_BY = "Muted by"
TIME_LINE = "In order of time"
CHANGES = "What changed"
ASKED = "What was asked for"
RAW = "The message itself"
RAW_CUT = "{head}; it was very long, and only its beginning is kept"
RAW_NUMBER = "Message {number} of {count}, received {when}"
NOTHING_BEFORE = "(not set)"
NOTHING_AFTER = "(removed)"
AND_MORE = "and {count} more"
NO_RAW = "No message is kept: this was found in others, or it is too old."
WHO_UNKNOWN = "AWS Config does not say by whom"
WHEN_UNKNOWN = "AWS does not say; told {when}"
SPAN = "{first}\nto {last}"
BY_FROM = "from {address}"
WITH_UTC = "{local} ({utc})"
NOTE_SAID = "“{note}”"
ACCOUNT_NUMBER = "{label} ({number})"

CERTAINTIES = {
    Certainty.NEW: "certain",
    Certainty.FIRST_SEEN: "first seen now; AWS gives no time of creation, so it may be older",
    Certainty.REFUSED: "somebody tried, and AWS refused",
    Certainty.AWS_SAYS: "AWS's own judgement",
}
TRUSTS = {
    Trust.TRUSTED: "",
    Trust.UNVERIFIED: "not verified yet: the certificate of its signature is not at hand",
    Trust.FORGED: "forged: not signed by AWS",
}

# Buttons; which of their letters is underlined, ``keys`` says.
OPEN = "Open in console"
MINE = "That was me"
NOT_MINE = "Not me"
SNOOZE = "Snooze…"
SNOOZE_HOUR = "For an hour"
SNOOZE_TOMORROW = "Until tomorrow, {when}"
SEEN = "Reviewed"
UNDO = "Undo"
ALL_SEEN = "Mark all reviewed"
SHOW_RAW = "Show message"
HIDE_RAW = "Hide message"
COPY_RAW = "Copy message"
CANCEL = "Cancel"
NOTE_ASKED = "A note, if you like:"

TIP_OPEN = "Look at it in the AWS console"
TIP_MINE = "You did it, or know who did: it is reviewed"
TIP_NOT_MINE = "Show what to do now, in order"
TIP_SNOOZE = "Do not remind me until later"
TIP_SEEN = "Seen and dealt with"
TIP_UNDO = "Take back the last decision about this incident"
TIP_ALL_SEEN = "All incidents that wait are reviewed"
TIP_RAW = "The message as AWS sent it"
TIP_COPY = "Copy the message exactly as it came"
TIP_REVIEW_PAGE = "What waits for you"
TIP_HISTORY_PAGE = "Everything that was ever told"
TIP_DETAILS = "Who, what, where, when"
TIP_RESPOND = "Steps for when that was not you"

# What was done
DONE_MINE = "Noted: that was you."
DONE_NOT_MINE = "Noted: that was not you. It stays here until you mark it reviewed."
DONE_SEEN = "Reviewed."
DONE_ALL_ONE = "1 incident is reviewed now."
DONE_ALL = "{count} incidents are reviewed now."
DONE_SNOOZE = "Snoozed until {when}."
NOT_SNOOZED = "It is reviewed already, and will not remind you."
DONE_UNDO = "Taken back."
NOTHING_TO_UNDO = "There is nothing to take back here."
UNDO_HINT = "{key} takes it back."
DONE_COPY = "Copied."
DONE_OPEN = "Opened in your browser."
NO_LINK = "There is no page in the console for this."

# Not me
STEPS_HEAD = "If that was not you"
STEPS_LEAD = "Top to bottom: the first steps stop the damage. trayapp itself changes nothing in your account."
STEP_OPEN = "Open page"
STEP_WHERE = "in {region}"
STEP_DONE_WHEN = "Done when: {text}"
STEPS_LEFT = "{done} of {count} done"
EXPORT = "Save for AWS Support"
COPY_SUPPORT = "Copy for AWS Support"
TIP_EXPORT = "Incident, time line and ids as a text"
EXPORT_NAME = "incident-{number}.txt"
EXPORTED = "Saved: {place}"
