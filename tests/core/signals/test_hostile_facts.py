"""Whatever stands in a fact: judging never fails, and sentences stay sentences."""

import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, QUICK
from core.signals.building import Example, call, item
from core.signals.examples import EXAMPLES
from core.signals.happenings import SAME_HAPPENING
from trayapp.core.facts import ApiCall, Change, PropertyChange, ResourceChange, Verdict
from trayapp.core.finding import Finding, Lane, Subject
from trayapp.core.signals import CATALOGUE, Known, explain, judge, title

HOSTILE = "<b>x</b>\N{RIGHT-TO-LEFT OVERRIDE}\n“{name}”\x1b[31m\N{ZERO WIDTH SPACE}" + "y" * 300
_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

texts = st.one_of(st.text(), st.sampled_from([HOSTILE, "arn:", "arn:aws:sns:x:y:z", "://[", "1e999", "nan", "%", "*"]))
KEYS = st.one_of(
    texts,
    st.sampled_from(
        [
            "userName",
            "policyArn",
            "policyName",
            "policyDocument",
            "Statement",
            "Effect",
            "Principal",
            "AWS",
            "Action",
            "Resource",
            "items",
            "item",
            "value",
            "key",
            "attachedManagedPolicies",
            "userPolicyList",
            "groupList",
            "ipPermissions",
            "ipRanges",
            "cidrIp",
            "ipProtocol",
            "fromPort",
            "toPort",
            "maxSize",
            "desiredCapacity",
            "cpu",
            "containerDefinitions",
            "image",
            "instancesSet",
            "instanceId",
            "instanceType",
            "tagSet",
            "queueUrl",
            "topicArn",
            "subscriptionArn",
            "name",
            "configurationRecorder",
            "recordingGroup",
            "allSupported",
            "assumeRolePolicyDocument",
            "hostProperties",
            "loadBalancers",
            "accessKey",
            "response",
            "layers",
            "eventSelectors",
            "tags",
            "tagSpecificationSet",
        ]
    ),
)
values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)
objects = st.dictionaries(KEYS, values, max_size=6)
TYPES = sorted({key for signal in CATALOGUE for look in signal.config for key in look.keys})
CALLS = sorted({key for signal in CATALOGUE for look in signal.calls for key in look.keys if key != "*"})
PATHS = st.sampled_from(
    ["AttachedManagedPolicies.0", "UserPolicyList", "GroupList.0", "IpPermissions.0", "AssumeRolePolicyDocument"]
)


def speaks_safely(finding: Finding) -> bool:
    said = title(finding)
    return not any(unicodedata.category(char) in _UNSAFE for char in said.replace("\N{REPLACEMENT CHARACTER}", ""))


@given(
    resource_type=st.sampled_from(TYPES),
    change=st.sampled_from(Change),
    configuration=objects,
    tags=st.dictionaries(texts, texts, max_size=3),
    changes=st.lists(
        st.builds(PropertyChange, PATHS.map(lambda path: f"Configuration.{path}"), values, values), max_size=3
    ),
    named=texts,
)
@QUICK
def test_any_item_can_be_judged_and_spoken(
    resource_type: str,
    change: Change,
    configuration: dict[str, Any],
    tags: dict[str, str],
    changes: list[PropertyChange],
    named: str,
) -> None:
    fact = item(
        resource_type,
        change=change,
        configuration=configuration,
        tags=tags,
        properties=tuple(changes),
        resource_name=named,
        resource_id=named,
        arn=named,
        size=named,
    )
    assert all(speaks_safely(finding) for finding in judge(fact, NOW, Known()).findings)
    assert explain(fact, NOW, Known())


@given(key=st.sampled_from(CALLS), request=objects, response=objects, error=st.sampled_from(["", "AccessDenied"]))
@QUICK
def test_any_call_can_be_judged_and_spoken(
    key: str, request: dict[str, Any], response: dict[str, Any], error: str
) -> None:
    service, action = key.split(":")
    fact = call(service, action, request, response, error=error)
    known = Known(path=frozenset({"https://sqs.eu-west-1.amazonaws.com/123456789012/trayapp"}))
    assert all(speaks_safely(finding) for finding in judge(fact, NOW, known).findings)
    assert explain(fact, NOW, known)


def _soiled(value: object) -> object:
    if isinstance(value, dict):
        return {key: _soiled(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_soiled(each) for each in value]
    return HOSTILE if isinstance(value, str) and value.isalnum() and not value.isdecimal() else value


def soiled(fact: object) -> ResourceChange | ApiCall | Verdict:
    """Give the fact with every name in it replaced by the worst one."""
    if isinstance(fact, ResourceChange):
        return replace(fact, resource_name=HOSTILE, tags={HOSTILE: HOSTILE})
    if isinstance(fact, ApiCall):
        request, response = _soiled(fact.request), _soiled(fact.response)
        assert isinstance(request, dict)
        assert isinstance(response, dict)
        return replace(
            fact, request=request, response=response, actor=replace(fact.actor, name=HOSTILE), region=HOSTILE
        )
    assert isinstance(fact, Verdict)
    return replace(fact, text=HOSTILE, amount=HOSTILE, key_id=HOSTILE, user_name=HOSTILE)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.signal}: {example.title}")
def test_a_hostile_name_bends_no_sentence(example: Example) -> None:
    fact = soiled(example.fact)
    for finding in judge(fact, NOW, example.known).findings:
        said = title(finding)
        assert speaks_safely(finding)
        assert said.count("“") == said.count("”")
        assert "y" * 100 not in said
        assert len(said) < 260


def test_a_finding_of_an_unknown_signal_can_be_spoken() -> None:
    finding = judge(SAME_HAPPENING[0][1], NOW, Known()).findings[0]
    assert title(replace(finding, signal="from-tomorrow")) == "from-tomorrow: “helpdesk2”"


def test_a_finding_that_names_nothing_can_be_spoken() -> None:
    for signal in CATALOGUE:
        bare = Finding(
            signal.id,
            signal.theme,
            signal.severity,
            judge(SAME_HAPPENING[0][1], NOW, Known()).findings[0].certainty,
            Lane.CLIENT,
            "",
            "",
            Subject("", ""),
            "",
            frozenset(),
            None,
        )
        assert title(bare)


def test_a_document_nested_without_end_is_no_trust() -> None:
    deep = "[" * 100_000
    fact = call("iam", "UpdateAssumeRolePolicy", {"roleName": "r", "policyDocument": deep})
    assert judge(fact, NOW, Known()).findings == ()
