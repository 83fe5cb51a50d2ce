"""Every sentence and word of the settings page, in one place."""

from trayapp.core.language import Language
from trayapp.core.policy import ReviewOnOpen
from trayapp.core.severity import Severity
from trayapp.core.wording import Text, Wording, Words

OWN_NAMES = {Language.ENGLISH.value: "English", Language.JAPANESE.value: "日本語"}
"""What those who speak a language call it, in every language."""


class SettingsTexts(Wording):
    """The texts, said in the language that is spoken when they are read."""

    SETTINGS = Text("Settings")
    TIP_SETTINGS_PAGE = Text("How trayapp behaves")

    # Sections
    GENERAL = Text("In general")
    QUIET = Text("Quiet hours")
    MUTES = Text("What you do not want to hear of")
    SEVERITY = Text("How heavy a signal is to you")

    FILE = Text("All of this stands in {file}. You may edit that as well: your comments stay, and this page follows.")

    # When it takes effect
    AT_ONCE = Text("Takes effect at once.")
    AT_ONCE_BUT_HERE = Text("Takes effect at once; in this window when it is opened again.")
    AT_ONCE_NEW = Text("Takes effect at once, for what comes in from now on.")
    AT_ONCE_ASKS = Text("Takes effect at once; AWS is asked anew.")

    # In general
    AUTOSTART = Text("Start when I sign in")
    AUTOSTART_SAYS = Text("trayapp is there with the desktop. This is a setting of your system and not in the file.")
    AUTOSTART_BROKEN = Text("It is switched on, but {program} is not there any more. Tick it to start this trayapp.")
    LANGUAGE = Text("Language")
    LANGUAGE_SAYS = Text("What trayapp speaks.")
    AS_DESKTOP = Text("As the desktop does")
    OPENING = Text("Opening an alert")
    OPENING_SAYS = Text("Which alerts count as reviewed once you have opened them in the console.")
    OPENINGS = Words(
        {
            ReviewOnOpen.NOT_CRITICAL.value: "Reviews it, unless it is critical",
            ReviewOnOpen.ALL.value: "Reviews it",
            ReviewOnOpen.NEVER.value: "Never reviews it",
        }
    )
    HISTORY_DAYS = Text("Days in the history")
    HISTORY_DAYS_SAYS = Text(
        "How long what is reviewed is kept; 30 at least. What is older is removed when trayapp starts."
    )
    BROWSER = Text("Browser")
    BROWSER_SAYS = Text("The command that opens a link, with {url} where it goes. Empty: the system's own way.")
    TYPES = Text("Watched types")
    TYPES_SAYS = Text(
        "Only things of these types are told, such as AWS::IAM::User, AWS::EC2::Instance. Empty: all. "
        "What is critical, and what AWS itself says, is told in any case."
    )
    QUOTE_OPEN = Text("a quotation mark is not closed; close it")

    # Quiet hours
    QUIET_ON = Text("Be quiet at night")
    QUIET_SAYS = Text("Only what is critical is told aloud; all else waits for the morning.")
    QUIET_FROM = Text("Begins")
    QUIET_TO = Text("Ends")
    QUIET_DAYS = Text("Evenings")
    QUIET_DAYS_SAYS = Text("The days on which the quiet hours begin.")
    DAYS = Words({"mon": "Mon", "tue": "Tue", "wed": "Wed", "thu": "Thu", "fri": "Fri", "sat": "Sat", "sun": "Sun"})
    NO_DAY = Text("Choose one day at least, or switch the quiet hours off.")

    # Mutes
    MUTES_SAYS = Text(
        "What these rules match goes to the history without a word. A rule is made where an alert is decided: "
        "“That was me, and always”."
    )
    NO_MUTES = Text("No rule mutes anything.")
    MUTE_MATCHES = Text("What is muted")
    MUTE_UNTIL = Text("Until")
    MUTE_WHY = Text("Why")
    MUTE_PATTERNS = Words(
        {
            "stack": "stack {pattern}",
            "actor": "done by {pattern}",
            "tag": "tag {pattern}",
            "signal": "signal {pattern}",
            "account": "account {pattern}",
        }
    )
    FOREVER = Text("for ever")
    MUTE_OVER = Text("{until} (over)")
    MUTE_ENDED = Text("The rule is gone.")
    END_MUTE = Text("End this rule")
    TIP_END_MUTE = Text("Take it out of the settings; what it has muted stays muted")

    # Severities
    SEVERITY_SAYS = Text(
        "What is low goes to the history without a word. The guard's own alerts cannot be made lighter. "
        "Choose a signal in the list, then how heavy it is to you."
    )
    SEVERITY_CHOSEN = Text("To me it is")
    SIGNAL = Text("Signal")
    TO_YOU = Text("To you")
    SEVERITIES = Words(
        {
            Severity.LOW: "Low",
            Severity.MEDIUM: "Medium",
            Severity.HIGH: "High",
            Severity.CRITICAL: "Critical",
        }
    )
    SEVERITY_OWN = Text("{own} (trayapp says {usual})")
    AS_USUAL = Text("As trayapp says: {usual}")
    CHOICES = Words(
        {
            Severity.LOW: "Low: history only",
            Severity.MEDIUM: "Medium",
            Severity.HIGH: "High",
            Severity.CRITICAL: "Critical",
        }
    )

    # Accounts
    ACCOUNTS = Text("Accounts")
    ACCOUNT = Text("Account {name}")
    NO_ACCOUNT = Text("There is no account yet. In a terminal, use: trayapp login")
    LABEL = Text("Label")
    LABEL_SAYS = Text("What notifications call it. Empty: {name}.")
    CONFIG_REGIONS = Text("Regions of AWS Config")
    CONFIG_REGIONS_SAYS = Text(
        "Where AWS Config should record, such as eu-central-1, us-east-1. Empty: the queue's Region. "
        "The word none: AWS Config is not used."
    )
    TRAIL = Text("CloudTrail")
    TRAIL_SAYS = Text("Whether CloudTrail should log.")
    TRAILS = Words({"": "As the queue's policy says", "true": "It should log", "false": "It is not used, on purpose"})
    HEARTBEAT = Text("Heartbeat")
    HEARTBEAT_SAYS = Text("How often the stack sends a message that only proves the way: 15m, 1h or 1d. Empty: never.")
    QUEUE = Text("Queue")
    QUEUE_REGION = Text("Region of the queue")
    NUMBER = Text("AWS account")
    TOPICS = Text("Topics")
    ENDPOINT = Text("Server")
    BY_LOGIN = Text("These are changed by signing in. In a terminal, use: trayapp login {name}")

    # What was done, and what went wrong
    SAVED = Text("Saved.")
    TAKEN_BACK = Text("The setting is as it was before.")
    NOTHING_TO_UNDO = Text("There is nothing to take back here.")
    NOT_TAKEN_BACK = Text("It has been changed since, and was not taken back.")
    MEANWHILE = Text(
        "The file was changed meanwhile and says “{value}” now. Enter keeps yours, Escape takes the file's."
    )
    NOTHING = Text("nothing")
    BROKEN = Text("The file cannot be used as it is now; nothing is changed until it is mended. {problem}")
