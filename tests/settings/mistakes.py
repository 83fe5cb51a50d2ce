"""What may be wrong with the settings, each with what is said of it after the name of the file."""

from builders import ACCOUNT_ID

QUEUE = f"https://sqs.eu-central-1.amazonaws.com/{ACCOUNT_ID}/trayapp"
WORK = f"""\
# what I watch
[accounts.work]   # mine
region = "eu-central-1"
queue_url = "{QUEUE}"
"""
QUEUE_LINE = f'queue_url = "{QUEUE}"'
TOPIC_LINE = '"arn:aws:sns:eu-central-1:123456789012:config"'
FOREVER = "forever = true"


def in_work(setting: str) -> str:
    return WORK + setting + "\n"


def muting(*lines: str) -> str:
    """Write a good mute, then a second one of these lines."""
    return "\n".join(['[[mute]]\nstack = "a"\nforever = true\n', "[[mute]]", *lines, ""])


IN_GENERAL = [
    (
        in_work('lable = "x"'),
        ", line 5: there is no setting 'lable'; did you mean label?.",
    ),
    (
        in_work("qqq = 1"),
        (
            ", line 5: there is no setting 'qqq'; known are region, queue_url, label, endpoint_url, account_id, "
            "topics, regions, trail, heartbeat."
        ),
    ),
    ("browser = []\n", ", line 1: there is no setting 'browser'; did you mean browser_command?."),
    (
        "\nzzz = 1\n",
        (
            ", line 2: there is no setting 'zzz'; "
            "known are language, browser_command, watched_types, review_on_open, history_days, severity, mute, "
            "quiet_hours, accounts."
        ),
    ),
    (in_work("label = 7"), ", line 5: label must be text in quotation marks."),
    (in_work("account_id = 123456789012"), ", line 5: account_id must be text in quotation marks."),
    (in_work('account_id = "1234-5678-9012"'), ", line 5: account_id must be the twelve digits of an account."),
    (in_work("topics = 7"), f", line 5: topics must be a list of texts, such as [{TOPIC_LINE}]."),
    (in_work('topics = "x"'), f", line 5: topics must be a list of texts, such as [{TOPIC_LINE}]."),
    (in_work("topics = [7]"), f", line 5: topics must be a list of texts, such as [{TOPIC_LINE}]."),
    (
        in_work('topics = ["trayapp-Topic-1"]'),
        f", line 5: 'trayapp-Topic-1' is no topic; write its ARN, such as {TOPIC_LINE[1:-1]}.",
    ),
    (
        in_work("regions = {}"),
        ', line 5: regions must be a list of texts, such as ["eu-central-1", "us-east-1"].',
    ),
    (
        in_work('regions = ["Frankfurt"]'),
        ", line 5: 'Frankfurt' is no Region; write its code, such as eu-central-1.",
    ),
    (in_work('trail = "no"'), ", line 5: trail must be true or false, without quotation marks."),
    (in_work("trail = 0"), ", line 5: trail must be true or false, without quotation marks."),
    (in_work("heartbeat = 1"), ", line 5: heartbeat must be text in quotation marks."),
    (
        in_work('heartbeat = "hourly"'),
        ", line 5: 'hourly' is no period; write 15m, 1h or 1d, as in the stack.",
    ),
    (in_work('heartbeat = "0h"'), ", line 5: '0h' is no period; write 15m, 1h or 1d, as in the stack."),
    (WORK.replace(QUEUE_LINE, ""), ", line 2: queue_url is missing; give it, or run: trayapp login work."),
    (
        WORK.replace('region = "eu', 'label = "eu'),
        ", line 2: region is missing; give it, or run: trayapp login work.",
    ),
    (WORK.replace("eu-central-1", " ", 1), ", line 3: region is missing; give it, or run: trayapp login work."),
    (
        WORK.replace("eu-central-1", "Frankfurt", 1),
        ", line 3: 'Frankfurt' is no Region; write its code, such as eu-central-1.",
    ),
    (
        WORK.replace("eu-central-1", "eu-west-1", 1),
        ", line 3: region is eu-west-1, but the queue is in eu-central-1.",
    ),
    (
        in_work('endpoint_url = "http://aws.example"'),
        ", line 5: endpoint_url must begin with https:// (http:// only for this computer itself).",
    ),
    (in_work('endpoint_url = "localhost:4566"'), ", line 5: endpoint_url is no address: it names no host."),
    (
        in_work('endpoint_url = "https://a:99999"'),
        ", line 5: endpoint_url is no address: Port out of range 0-65535.",
    ),
    (in_work('endpoint_url = "https://[::1"'), ", line 5: endpoint_url is no address: Invalid IPv6 URL."),
    (
        in_work('endpoint_url = "https://user@aws.example"'),
        ", line 5: endpoint_url must not carry a user or password.",
    ),
    (
        WORK.replace("https://sqs", "https://:secret@sqs"),
        ", line 4: queue_url must not carry a user or password.",
    ),
    ("accounts = 1\n", ", line 1: accounts are tables: write [accounts.NAME], then one setting a line."),
    (
        '[accounts]\nwork = "x"\n',
        ", line 2: an account is a table: write [accounts.work], then one setting a line.",
    ),
    (
        '[accounts."a b"]\n',
        ", line 1: 'a b' cannot name an account: use up to 40 letters, digits, dots, dashes.",
    ),
    (
        '[accounts."x.y"]\nregion = "eu-central-1"\n\nqueue_url = "nonsense"\n',
        ", line 4: queue_url is no address: it names no host.",
    ),
    (
        'browser_command = "firefox"\n',
        ', line 1: browser_command must be a list of texts, such as ["firefox", "{url}"].',
    ),
    (
        'browser_command = ["firefox", ""]\n',
        ', line 1: browser_command must be a list of texts, such as ["firefox", "{url}"].',
    ),
    (
        'browser_command = ["firefox"]\n',
        ", line 1: browser_command must say where the link goes: add {url} behind the program.",
    ),
    (
        'browser_command = ["{url}"]\n',
        ", line 1: browser_command must say where the link goes: add {url} behind the program.",
    ),
]

IN_RULES = [
    # Severities
    ('[severity]\nlb_new = "low"\n', ", line 2: there is no signal 'lb_new'; did you mean lb-new?."),
    (
        'severity = "low"\n',
        ', line 1: severity is a table: write [severity], then lines such as lb-new = "medium".',
    ),
    (
        '[severity]\n\nlb-new = "hihg"\n',
        ', line 3: \'hihg\' is no severity; write one of "low", "medium", "high", "critical".',
    ),
    (
        "[severity]\nlb-new = 3\n",
        ', line 2: 3 is no severity; write one of "low", "medium", "high", "critical".',
    ),
    (
        '[severity]\nlb-new = "low"\nwatch-path = "high"\n',
        ", line 3: watch-path is an alert of the guard's own and cannot be below critical.",
    ),
    (
        '[severity]\nwatch-silent = "low"\n',
        ", line 2: watch-silent is an alert of the guard's own and cannot be below high.",
    ),
    # Watched types
    (
        'watched_types = ["AWS::IAM::Users"]\n',
        ", line 1: no signal is about the type 'AWS::IAM::Users'; did you mean AWS::IAM::User?.",
    ),
    (
        'watched_types = "AWS::IAM::User"\n',
        ', line 1: watched_types must be a list of types, such as ["AWS::IAM::User"]; leave it out to watch all.',
    ),
    (
        "\nwatched_types = []\n",
        ', line 2: watched_types must be a list of types, such as ["AWS::IAM::User"]; leave it out to watch all.',
    ),
    (
        "watched_types = [1]\n",
        ', line 1: watched_types must be a list of types, such as ["AWS::IAM::User"]; leave it out to watch all.',
    ),
    (
        WORK + 'watched_types = ["AWS::IAM::User"]\n',
        ", line 5: watched_types is inside a table; move it up, before the first line in brackets.",
    ),
    (
        '[severity]\nwatched_types = ["AWS::IAM::User"]\n',
        ", line 2: watched_types is inside a table; move it up, before the first line in brackets.",
    ),
    # Mutes
    (
        '[mute]\nstack = "a"\n',
        ", line 1: mute is a list of tables: write [[mute]], with two brackets on each side.",
    ),
    ("mute = [1]\n", ", line 1: each mute is a table: write [[mute]], then one setting a line."),
    (muting('stak = "b"', FOREVER), ", line 6: there is no setting 'stak'; did you mean stack?."),
    (
        muting('name = "b"', FOREVER),
        (", line 6: there is no setting 'name'; known are stack, actor, tag, signal, account, until, forever, reason."),
    ),
    (
        muting(FOREVER, 'reason = "b"'),
        ", line 5: this mute does not say what to mute; add one of stack, actor, tag, signal, account.",
    ),
    (muting('actor = ["b"]', FOREVER), ", line 6: actor must be text in quotation marks."),
    (muting('actor = " "', FOREVER), ", line 6: actor must be text in quotation marks."),
    (muting('tag = "a\\nb"', FOREVER), ", line 6: tag must be one line of at most 200 ordinary characters."),
    (
        muting('stack = "b"', FOREVER, f'reason = "{"x" * 201}"'),
        ", line 8: reason must be one line of at most 200 ordinary characters.",
    ),
    (
        muting('stack = "b"', FOREVER, 'reason = "\\u202e"'),
        ", line 8: reason must be one line of at most 200 ordinary characters.",
    ),
    (muting('account = "1234"', FOREVER), ", line 6: account must be the twelve digits of an account."),
    (muting("account = 123456789012", FOREVER), ", line 6: account must be text in quotation marks."),
    (
        muting('stack = "b"'),
        ", line 5: until is missing; add a day, such as until = 2026-12-31, or forever = true.",
    ),
    (
        muting('stack = "b"', "forever = false"),
        ", line 5: until is missing; add a day, such as until = 2026-12-31, or forever = true.",
    ),
    (
        muting('stack = "b"', 'until = "2026-12-31"'),
        ", line 7: until must be a day without quotation marks, such as 2026-12-31.",
    ),
    (
        muting('stack = "b"', "until = 07:00:00"),
        ", line 7: until must be a day without quotation marks, such as 2026-12-31.",
    ),
    (
        muting('stack = "b"', "until = 2026-12-31", FOREVER),
        ", line 8: until and forever exclude each other; keep one.",
    ),
    (
        muting('stack = "b"', 'forever = "yes"'),
        ", line 7: forever must be true or false, without quotation marks.",
    ),
    (muting('signal = "ec2_new"', FOREVER), ", line 6: there is no signal 'ec2_new'; did you mean ec2-new?."),
    (
        muting('signal = "watch-path"', FOREVER),
        ", line 6: watch-path is an alert of the guard's own; those cannot be muted.",
    ),
    (
        muting('signal = "watch-*"', FOREVER),
        ", line 6: watch-* is an alert of the guard's own; those cannot be muted.",
    ),
    (
        muting('signal = "iam-*"', 'stack = "b"', FOREVER),
        (
            ", line 7: iam-* is not muted by a stack, which an intruder can choose as he likes; "
            "mute by account or actor instead."
        ),
    ),
    (
        muting(FOREVER, 'tag = "b"', 'signal = "key-new"'),
        (
            ", line 7: key-new is not muted by a tag, which an intruder can choose as he likes; "
            "mute by account or actor instead."
        ),
    ),
    # Quiet hours
    (
        "quiet_hours = true\n",
        ', line 1: quiet_hours is a table: write [quiet_hours], then from = "22:00" and to = "07:00".',
    ),
    ('[quiet_hours]\nfrom = "22:00"\n', ', line 1: to is missing; add it, such as to = "07:00".'),
    ('[quiet_hours]\nto = "07:00"\n', ', line 1: from is missing; add it, such as from = "22:00".'),
    (
        '[quiet_hours]\nfrom = "22:00"\nto = "24:00"\n',
        ', line 3: to must be a time of the day from "00:00" to "23:59".',
    ),
    (
        '[quiet_hours]\nfrom = "7:00"\nto = "08:00"\n',
        ', line 2: from must be a time of the day from "00:00" to "23:59".',
    ),
    (
        '[quiet_hours]\nfrom = 22\nto = "08:00"\n',
        ', line 2: from must be a time of the day from "00:00" to "23:59".',
    ),
    (
        '[quiet_hours]\nfrom = "22:00"\nto = "22:00"\n',
        ", line 3: from and to are the same; quiet hours must leave some of the day.",
    ),
    (
        '[quiet_hours]\nfrom = "22:00"\nto = "07:00"\ndays = "mon"\n',
        ', line 4: days must be a list of days, such as ["sat", "sun"]; leave it out for all.',
    ),
    (
        '[quiet_hours]\nfrom = "22:00"\nto = "07:00"\ndays = []\n',
        ', line 4: days must be a list of days, such as ["sat", "sun"]; leave it out for all.',
    ),
    (
        '[quiet_hours]\nfrom = "22:00"\nto = "07:00"\ndays = ["mon", "Monday"]\n',
        ', line 4: \'Monday\' is no day; write one of "mon", "tue", "wed", "thu", "fri", "sat", "sun".',
    ),
    (
        '[quiet_hours]\nfrm = "22:00"\n',
        ", line 2: there is no setting 'frm'; did you mean from?.",
    ),
    ("mutes = []\n", ", line 1: there is no setting 'mutes'; did you mean mute?."),
]
