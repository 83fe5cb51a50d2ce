"""What is muted and by what, in the language that is spoken now."""

from datetime import date, datetime

import pytest

from builders import NOW, instance_finding
from speaking import escaped, marked
from trayapp.core import rule_words
from trayapp.core.language import say
from trayapp.core.offering import By, Offer, Refusal, Trial
from trayapp.core.policy import Mute, Policy

RULES = [
    Mute(stack="web-*"),
    Mute(stack="web-*", actor="deploy", until=date(2026, 12, 31)),
    Mute(tag="env=dev", until=datetime(2026, 12, 31, 18, 30), reason="nightly (deploys)"),  # noqa: DTZ001 - as in the settings
    Mute(signal="ec2-new", until=NOW, reason="until the move"),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.says)
def test_what_is_kept_of_a_rule_is_said_in_the_language_spoken(rule: Mute) -> None:
    assert rule_words.muted(rule.says) == rule.says
    with marked(apart=True):
        said = rule_words.muted(rule.says)
    assert escaped(said, rule, "stack actor tag signal") == []


def test_what_is_muted_by_its_type_is_said_in_the_language_spoken() -> None:
    kept = Policy(watched_types=frozenset({"AWS::S3::Bucket"})).apply(instance_finding(), NOW).muted
    assert rule_words.muted(kept) == kept
    with marked(apart=True):
        assert escaped(rule_words.muted(kept), instance_finding().subject) == []


def test_what_is_kept_in_words_that_nobody_knows_is_told_as_it_is() -> None:
    with marked():
        assert rule_words.muted("by the rule of another version") == "by the rule of another version"


@pytest.mark.parametrize("until", [None, date(2026, 12, 24), NOW])
@pytest.mark.parametrize("by", By)
@pytest.mark.parametrize("account", ["", "210987658321"])
def test_nothing_that_is_said_of_an_offer_escapes_translation(by: By, account: str, until: date | None) -> None:
    offer = Offer(by, "web", Mute(signal="ec2-new" if by is By.ACTOR else "", account=account, until=until))
    with marked(apart=True):
        said = [
            rule_words.sentence(offer),
            rule_words.exception(offer),
            rule_words.ending(until),
            rule_words.trial(Trial(3, 41)),
            *(say(reason.value) for reason in Refusal),
        ]
    assert [word for text in said for word in escaped(text, offer)] == []
