"""Whether the key still belongs to the account that its owner signed in to."""

from trayapp.aws.checks.asking import Asker
from trayapp.aws.checks.expected import Expected
from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked, Outcome
from trayapp.core.language import say
from trayapp.core.text import grouped_account


def check_identity(asker: Asker, expected: Expected) -> list[Checked]:
    """Compare the key's account with the one in the settings. One question, which needs no permission.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    """
    account_id = asker.ask(asker.client("sts").get_caller_identity).get("Account", "")
    if not expected.account_id:
        return [
            Checked(
                Check.IDENTITY,
                Outcome.NOTICE,
                sentence=say(
                    "the settings do not say which account this is, so another one's key would not be noticed"
                ),
            )
        ]
    if account_id != expected.account_id:
        sentence = say(
            "the key belongs to account {actual}, and the settings name {expected}",
            actual=grouped_account(account_id),
            expected=grouped_account(expected.account_id),
        )
        return [Checked(Check.IDENTITY, Outcome.FAILED, cause=Cause.WRONG_ACCOUNT, sentence=sentence)]
    return [Checked(Check.IDENTITY, Outcome.PASSED)]
