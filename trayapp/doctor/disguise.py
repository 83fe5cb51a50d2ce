"""Making a text fit for the public: what names somebody or something of theirs becomes ``<account-1>`` and the like.

The same thing gets the same stand-in wherever it stands, so that what belongs together can still be seen. In doubt
something harmless is replaced rather than something telling left.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import trayapp
from trayapp.core.regions import is_region
from trayapp.core.text import ELLIPSIS, clean
from trayapp.doctor.redaction import redacted

_URL = re.compile(r"\b[a-z][a-z0-9+.-]*://(?:<left out>@)?[^\s\"'<>“”「」]+", re.IGNORECASE)
_ARN = re.compile(r"\barn:[^\s\"'<>“”「」,;()]+")
_MAIL = re.compile(r"[\w.+%-]+@[\w.-]+\w")
# Ids that AWS gives to users, roles, keys and the like; see redaction.py for those of keys.
_UNIQUE_ID = re.compile(r"(?:A3T|AGPA|AIDA|AIPA|ANPA|ANVA|APKA|AROA|ASCA|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{8,}")
_ACCOUNT = re.compile(r"(?<!\d)\d{4}[- ]?\d{4}[- ]?\d{4}(?!\d)")
_RESOURCE = re.compile(r"\b[a-z]{1,12}-[0-9a-f]{8,40}\b")
_ADDRESS = re.compile(r"(?<![\w.:])\[?(?=[0-9A-Fa-f:]*[.:])[0-9A-Fa-f:.]{3,45}(?:%\w+)?\]?")
_IN_AWS = re.compile(r"\bip(?:-\d{1,3}){4}\b")
# What was shortened in its middle has lost what it could be known by.
_SHORTENED = re.compile(rf"[^\s{ELLIPSIS}]*{ELLIPSIS}\S*")
_CODE = re.compile(r"File \"(?P<path>[^\"\n]*)\"")
_PACKAGE = re.compile(r".*[/\\](?P<of>trayapp|site-packages|dist-packages|python3\.\d+)[/\\](?P<file>.*\.py)")
_HOME = re.compile(
    r"(?:/home/|/Users/|/var/home/|[A-Za-z]:(?:\\{1,2}|/)Users(?:\\{1,2}|/))[^/\\\s\"':,;]+", re.IGNORECASE
)
_HOST = re.compile(r"(?<![\w@.-])(?:[\w-]+\.)+[A-Za-z][\w-]+\.?(?::\d+)?(?![\w-])")
_QUOTED = re.compile(r"“[^”\n]*”|「[^」\n]*」|\"[^\"\n]*\"|(?<!\w)'[^'\n]*'(?!\w)")
_TOKEN = re.compile(r"(?<![\w+/=-])(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+/=-]{28,}")

# What looks like a host and is one of our own words.
_MODULES = frozenset({"trayapp", "boto3", "botocore", "urllib3", "dbus_fast", "asyncio", "concurrent", "sqlite3"})
_WORDS = re.compile(
    r"org\.(?:kde\.StatusNotifier|freedesktop\.(?:Notifications|DBus|secrets|login1|NetworkManager))[A-Za-z.]*|"
    r"AWS\.SimpleQueueService\.NonExistentQueue|settings\.toml|alerts\.sqlite3|trayapp\.log"
)
# What stands in ARNs and is nobody's name: partitions, services and types.
_IN_ARNS = frozenset(
    {"arn", "aws", "aws-cn", "aws-us-gov", "aws-eusc", "iam", "sts", "sqs", "sns", "kms", "config", "ec2", "events"}
    | {"cloudtrail", "user", "role", "group", "policy", "root", "assumed-role", "federated-user", "instance", "key"}
    | {"trail", "rule", "topic", "queue", "stack"}
)
_JAPANESE = "\u3000-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_IS_JAPANESE = re.compile(f"[{_JAPANESE}]")
_BESIDE_JAPANESE = re.compile(rf"(?<=[{_JAPANESE}])(?=[!-~])|(?<=[!-~])(?=[{_JAPANESE}])")
_SEAM = "\x1f"
"""Stands for the space that Japanese does not write between words: to all patterns here it is one."""

_LEAST_NAME = 3
"""Characters. What is shorter would be found in anything."""

_AWS_HOSTS = (".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".api.aws", ".amazon.com", ".amazonaws.cn")

_HERE = Path(trayapp.__file__).parent

_STAND_INS = 0xF0000
"""Where the private use characters begin that stand for replaced parts until the end: nothing finds anything in them,
and no text has them beforehand, since cleaning replaces them all."""


class Disguise:
    """Replaces what names somebody, by what is known of this computer and its accounts and by how such things look.

    Args:
        known: Texts that must not get through, by what they are: ``{"user": ["alice"]}``. Empty ones are passed over.
    """

    def __init__(self, known: Mapping[str, Iterable[str]]) -> None:
        self._stand_ins: list[str] = []
        self._places: dict[tuple[str, str], int] = {}
        self._counts: dict[str, int] = {}
        self._known = [(kind, text) for kind, texts in known.items() for text in texts if text.strip()]

    def __call__(self, text: str) -> str:
        """Give the text in disguise."""
        text = "\n".join(clean(line) for line in redacted(text).splitlines())
        text = self._without_names(text)
        # Once more with the ends of what stands in a Japanese sentence to be seen; before that, what holds Japanese
        # itself was found as a whole.
        return self._expanded(self._without_names(_BESIDE_JAPANESE.sub(_SEAM, text)).replace(_SEAM, ""))

    def _without_names(self, text: str) -> str:
        names = self._names_in(text)
        text = _CODE.sub(self._code, text)
        text = self._replace(_URL, lambda found: ("url", found.rstrip(".,:;)")), text)
        text = self._replace(_ARN, lambda found: ("arn", found), text)
        text = self._replace(_SHORTENED, lambda found: ("text", found), text)
        text = self._replace(_MAIL, lambda found: ("mail", found), text)
        # The longest first, lest a short one spoils a longer one that holds it.
        for kind, known in sorted([*self._known, *names], key=lambda each: -len(each[1])):
            text = self._replace(_standing_alone(known), lambda _, kind=kind, known=known: (kind, known), text)  # type: ignore[misc] # mypy does not take defaults for the lambda's own
        text = self._replace(_HOME, lambda found: ("home", found), text)
        text = self._replace(_UNIQUE_ID, lambda found: ("id", found), text)
        text = self._replace(_RESOURCE, lambda found: ("resource", found), text)
        text = self._replace(_ACCOUNT, lambda found: ("account", re.sub(r"\D", "", found)), text)
        text = self._replace(_IN_AWS, lambda found: ("address", found), text)
        text = self._replace(_ADDRESS, _address, text)
        text = self._replace(_HOST, _host, text)
        text = self._replace(_TOKEN, lambda found: ("token", found), text)
        return self._replace(_QUOTED, _quoted, text)

    def _names_in(self, text: str) -> list[tuple[str, str]]:
        """Find what ARNs and addresses call things by, so that it is replaced where it stands alone, too."""
        found = [part for arn in _ARN.finditer(text) for part in re.split("[/:]", arn[0].partition("::")[2] or arn[0])]
        found += [url[0].rstrip("/").rpartition("/")[2] for url in _URL.finditer(text)]
        return [
            ("name", each)
            for each in found
            if len(each) >= _LEAST_NAME and each not in _IN_ARNS and not is_region(each) and not each.isdigit()
        ]

    def _code(self, found: "re.Match[str]") -> str:
        """Keep of a traceback's path what is the same on every computer."""
        path = _PACKAGE.fullmatch(found["path"])
        if path is None or (path["of"] == "trayapp" and not (_HERE / path["file"].replace("\\", "/")).is_file()):
            return f"File {self._stand_in('file', found['path'])}"
        return f"File {self._verbatim(path['of'] + '/' + path['file'])}"

    def _replace(self, pattern: "re.Pattern[str]", judge: Callable[[str], tuple[str, str] | None], text: str) -> str:
        def stand_in(found: "re.Match[str]") -> str:
            judged = judge(found[0])
            return found[0] if judged is None else self._stand_in(*judged)

        return pattern.sub(stand_in, text)

    def _stand_in(self, kind: str, what: str) -> str:
        place = self._places.get((kind, what.casefold()))
        if place is None:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            place = self._places[kind, what.casefold()] = len(self._stand_ins)
            self._stand_ins.append(f"<{kind}-{self._counts[kind]}>")
        return chr(_STAND_INS + place)

    def _verbatim(self, what: str) -> str:
        self._stand_ins.append(what)
        return chr(_STAND_INS + len(self._stand_ins) - 1)

    def _expanded(self, text: str) -> str:
        return "".join(
            self._stand_ins[ord(character) - _STAND_INS] if ord(character) >= _STAND_INS else character
            for character in text
        )


def _standing_alone(known: str) -> "re.Pattern[str]":
    """Give what finds a text that is no part of a longer word; where Japanese begins and ends a word nobody sees."""
    bare, letter = clean(known).strip(), rf"[^\W_{_JAPANESE}]"
    begin = "" if _IS_JAPANESE.match(bare[:1]) else f"(?<!{letter})"
    end = "" if _IS_JAPANESE.match(bare[-1:]) else f"(?!{letter})"
    return re.compile(f"{begin}{re.escape(bare)}{end}", re.IGNORECASE)


def _address(found: str) -> tuple[str, str] | None:
    bare = found.strip("[]").partition("%")[0]
    host, _, port = bare.rpartition(":")
    for candidate in (bare, bare.rstrip(".:"), host if port.isdigit() else bare):
        try:
            return ("address", str(ipaddress.ip_address(candidate)))
        except ValueError:
            continue
    return None


def _host(found: str) -> tuple[str, str] | None:
    bare = found.partition(":")[0].rstrip(".")
    if _WORDS.fullmatch(bare) or _is_code(bare):
        return None
    return ("aws-host" if bare.lower().endswith(_AWS_HOSTS) else "host", bare)


def _is_code(dotted: str) -> bool:
    """Tell whether this is the name of a module of ours or of a library's, or of something in one."""
    if dotted.partition(".")[0] not in _MODULES:
        return False
    module, _, last = dotted.rpartition(".")
    try:
        return hasattr(import_module(module), last) or find_spec(dotted) is not None
    except Exception:  # noqa: BLE001 - what cannot be loaded, for whatever reason, is not known to be ours
        return False


def _quoted(found: str) -> tuple[str, str] | None:
    inside = found[1:-1]
    return None if all(ord(character) >= _STAND_INS for character in inside) else ("text", inside)
