"""AWS's language of policies, as far as it takes to say whom a resource's own policy lets in.

Evaluation: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html. What depends on
something that is not known here, such as the caller's address, comes out as neither yes nor no.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from trayapp.aws.checks.maybe import Maybe, every, negated, some

_ACCOUNT_ID = re.compile(r"\d{12}")
_ACCOUNT_ROOT = re.compile(r"(?:arn:aws[a-z-]*:iam::)?(\d{12})(?::root)?")


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who would like to do something.

    Attributes:
        service: The service that calls by itself, ``sns.amazonaws.com``; empty for a user or a role.
        arn: The ARN of the user or role; empty for a service, and for anybody at all.
        account_id: The account of that user or role, or empty.
        context: What the keys that policies ask about, in lower case, are in this request; ``None`` for what is not
            known. Of keys that are not here, those in ``ABSENT`` are not in the request, and others are not known.
    """

    service: str = ""
    arn: str = ""
    account_id: str = ""
    context: Mapping[str, str | None] = field(default_factory=dict)


ABSENT = frozenset(
    {
        "aws:sourcearn",
        "aws:sourceaccount",
        "aws:sourceowner",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:userid",
        "aws:username",
        "aws:principalisawsservice",
        "aws:principalservicename",
    }
)
"""Keys that are known not to be in a request unless its ``Caller`` has them."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy of one resource.

    Attributes:
        statements: Its statements.
        resource: The resource's ARN.
    """

    statements: tuple[Mapping[str, Any], ...]
    resource: str

    def allows(self, caller: Caller, action: str) -> Maybe:
        """Tell whether it lets a caller do something, the caller's own policies left aside."""
        asked = [
            (one.get("Effect"), _applies(one, caller, action, self.resource))
            for one in self.statements
            if one.get("Effect") in ("Allow", "Deny")
        ]
        allowed = some(applies for effect, applies in asked if effect == "Allow")
        denied = some(applies for effect, applies in asked if effect == "Deny")
        return every((allowed, negated(denied)))

    def mentioned(self, pattern: str) -> tuple[str, ...]:
        """Give every text in it that matches ``pattern`` as a whole, in order."""
        found = (text for one in self.statements for text in _texts(one) if re.fullmatch(pattern, text))
        return tuple(dict.fromkeys(found))

    def accounts(self) -> tuple[str, ...]:
        """Give every account number that stands anywhere in it, in order."""
        found = (number for one in self.statements for text in _texts(one) for number in _ACCOUNT_ID.findall(text))
        return tuple(dict.fromkeys(found))


def parsed(document: str, resource: str) -> Policy:
    """Read a policy; an empty one lets nobody in.

    Raises:
        ValueError: It is not a policy.
    """
    content = json.loads(document) if document else {}
    if not isinstance(content, dict):
        raise ValueError("the policy is no object of JSON")  # noqa: TRY004 - it is the text that is wrong
    statements = [one for one in _listed(content.get("Statement", [])) if isinstance(one, Mapping)]
    return Policy(tuple(statements), resource)


def _applies(statement: Mapping[str, Any], caller: Caller, action: str, resource: str) -> Maybe:
    return every(
        (
            _names(statement, "Action", lambda pattern: _like(pattern.lower(), action.lower())),
            _names(statement, "Resource", lambda pattern: _like(pattern, resource)),
            _principal(statement, caller),
            every(
                _condition(operator, key, _listed(values), caller)
                for operator, tests in _mapping(statement.get("Condition")).items()
                for key, values in _mapping(tests).items()
            ),
        )
    )


def _names(statement: Mapping[str, Any], element: str, matches: Callable[[str], bool]) -> bool:
    if f"Not{element}" in statement:
        return not any(matches(str(each)) for each in _listed(statement[f"Not{element}"]))
    return any(matches(str(each)) for each in _listed(statement.get(element, [])))


def _principal(statement: Mapping[str, Any], caller: Caller) -> bool:
    if "NotPrincipal" in statement:
        return not _is_among(statement["NotPrincipal"], caller)
    return _is_among(statement.get("Principal", {}), caller)


def _is_among(principal: object, caller: Caller) -> bool:
    if principal == "*":
        return True
    kinds = _mapping(principal)
    if any(_is_user(str(each), caller) for each in _listed(kinds.get("AWS", []))):
        return True
    return any(_is_service(str(each), caller) for each in _listed(kinds.get("Service", [])))


def _is_user(named: str, caller: Caller) -> bool:
    if named == "*":
        return True
    if caller.arn and named == caller.arn:
        return True
    account = _ACCOUNT_ROOT.fullmatch(named)
    return account is not None and account[1] == caller.account_id


def _is_service(named: str, caller: Caller) -> bool:
    if not caller.service:
        return False
    # Of some Regions a service calls by a name with the Region in it, sns.ap-east-1.amazonaws.com.
    name, _, domain = caller.service.partition(".")
    regional = re.fullmatch(rf"{re.escape(name)}\.[a-z0-9-]+\.{re.escape(domain)}", named)
    return named in ("*", caller.service) or regional is not None


def _condition(operator: str, key: str, wanted: list[Any], caller: Caller) -> Maybe:
    quantifier, _, plain = operator.rpartition(":")
    if_exists = plain.endswith("IfExists")
    plain = plain.removesuffix("IfExists")
    name = key.lower()
    value = caller.context.get(name)
    if value is None and (name in caller.context or name not in ABSENT):
        return None
    if plain == "Null":
        return some((str(each).lower() == "true") is (value is None) for each in wanted)
    compare = _COMPARE.get(plain.replace("Not", "", 1))
    if compare is None:
        return None
    negative = "Not" in plain
    if value is None:
        # Nothing to compare: only what asks for something is not given; https://docs.aws.amazon.com/IAM/latest/
        # UserGuide/reference_policies_elements_condition_operators.html
        return negative or if_exists or quantifier == "ForAllValues"
    among = some(compare(str(each), value) for each in wanted)
    return negated(among) if negative else among


def _like(pattern: str, text: str) -> bool:
    """Match ``*`` and ``?``, and no other special characters; never slow, whatever the pattern."""
    at, star, resumed = 0, -1, 0
    place = 0
    while place < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, resumed = at, place
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", text[place]):
            at, place = at + 1, place + 1
        elif star >= 0:
            resumed += 1
            at, place = star + 1, resumed
        else:
            return False
    return not pattern[at:].strip("*")


def _arn_like(pattern: str, text: str) -> bool:
    """Match each of an ARN's six parts by itself."""
    patterns, parts = pattern.split(":", 5), text.split(":", 5)
    return len(patterns) == len(parts) and all(map(_like, patterns, parts))


def _variable(compare: Callable[[str, str], bool]) -> Callable[[str, str], Maybe]:
    """Leave open what is compared with a variable of the policy language."""
    return lambda wanted, value: None if "${" in wanted else compare(wanted, value)


_COMPARE: dict[str, Callable[[str, str], Maybe]] = {
    "StringEquals": _variable(str.__eq__),
    "StringEqualsIgnoreCase": _variable(lambda wanted, value: wanted.lower() == value.lower()),
    "StringLike": _variable(_like),
    "ArnEquals": _variable(_arn_like),
    "ArnLike": _variable(_arn_like),
    "Bool": lambda wanted, value: wanted.lower() == value,
}


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else []
    return [text for each in inner for text in _texts(each)]
