"""The last line of defence of every text that is kept or shown around: what must be in none is cut out of it.

Nothing of ours writes keys, tokens, signatures or message bodies into the log. What others say in their exceptions is
not ours, and what is not foreseen must not get through either.
"""

import json
import re

_VALUE = r"[A-Za-z0-9/+=_%.~-]"
# What stands between a name and its value: quotes (escaped ones too, and those of bytes), a colon or an equals sign.
_TO_VALUE = r"""\\{0,8}["']?\s*(?:[:=]|=>|%3D)\s*b?\\{0,8}["']?"""

_LEFT_OUT = "<left out>"
_BODY = "<message body left out>"

# Key ids by their prefixes: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
_KEY_ID = re.compile(r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{8,}")
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
# What a body of ours is known by, each a key of JSON, maybe inside a text of JSON, maybe as Python writes a dictionary.
_IN_BODY = re.compile(
    r"""\\{0,8}["'](?:configurationItem\w*|messageType|detail-type|TopicArn|SigningCertURL|eventSource)\\{0,8}["']\s*:"""
)
_JSON = json.JSONDecoder()
_FIELD = re.compile(
    r"""(\\{0,8}["'](?:Body|ReceiptHandle|Message|SubscribeURL|UnsubscribeURL)\\{0,8}["']\s*:\s*)\\{0,8}["'][^\n]*"""
)
# The whole of a header's value, to the end of its line; in a dictionary of headers that takes what follows as well.
_AUTHORIZATION = re.compile(rf"((?:proxy-)?authorization{_TO_VALUE})[^\n]+", re.IGNORECASE)
_SIGNED = re.compile(r"AWS4-(?:HMAC|ECDSA)[^\n]*")
_SIGNATURE = re.compile(rf"(signature{_TO_VALUE}){_VALUE}{{6,}}", re.IGNORECASE)
_AMZ = re.compile(rf"(x-amz-(?:security-token|credential|signature)\w*{_TO_VALUE}){_VALUE}+", re.IGNORECASE)
_CREDENTIAL = re.compile(rf"(credential{_TO_VALUE}){_VALUE}{{12,}}", re.IGNORECASE)
_PASSWORD = re.compile(rf"((?:password|passwd|passphrase){_TO_VALUE})[^\s\"',;}}]+", re.IGNORECASE)
_NAMED = re.compile(
    r"""((?:secret|token|(?:access|private|api)[\s_.-]?key)[\w\s.-]{0,24}?"""
    rf"""(?:{_TO_VALUE}|\s+(?:is|was|of)?\s*\\{{0,8}}["'(]*)){_VALUE}{{16,}}""",
    re.IGNORECASE,
)
# A secret key has 40 characters; a hash written in hexadecimal digits has them too, but no capitals.
_BARE = re.compile(
    r"(?<![A-Za-z0-9/+])(?=[A-Za-z0-9/+]{0,39}[a-z])(?=[A-Za-z0-9/+]{0,39}[A-Z])(?=[A-Za-z0-9/+]{0,39}[0-9])"
    r"[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])"
)
_USER_IN_URL = re.compile(r"(?<=://)[^/\s@\"'<>]+@")


def redacted(text: str) -> str:
    """Cut keys, tokens, signatures, passwords and message bodies out of a text."""
    text = _PRIVATE_KEY.sub(_LEFT_OUT, text)
    text = _without_bodies(text)
    text = _FIELD.sub(rf"\1{_BODY}", text)
    for pattern in (_AUTHORIZATION, _AMZ, _SIGNATURE, _CREDENTIAL, _PASSWORD, _NAMED):
        text = pattern.sub(rf"\1{_LEFT_OUT}", text)
    for pattern in (_SIGNED, _BARE):
        text = pattern.sub(_LEFT_OUT, text)
    text = _KEY_ID.sub("<key id>", text)
    return _USER_IN_URL.sub(f"{_LEFT_OUT}@", text)


def _without_bodies(text: str) -> str:
    kept, place = [], 0
    while in_body := _IN_BODY.search(text, place):
        begin = max(text.find("{", place, in_body.start()), place)
        kept += [text[place:begin], _BODY]
        try:
            _, place = _JSON.raw_decode(text, begin)
        except (ValueError, RecursionError):  # it was cut, or written as a text in a text: where it ends nobody knows
            return "".join(kept)
    return "".join([*kept, text[place:]])
