"""The rows about the account itself, and about spending that is being prepared or kept from being told."""

from trayapp.core.finding import Theme
from trayapp.core.severity import Severity
from trayapp.core.signals import account_conditions as conditions
from trayapp.core.signals import types
from trayapp.core.signals.looks import call
from trayapp.core.signals.model import SameBy, Signal, says
from trayapp.core.signals.things import account, asked

ACCOUNT = (
    Signal(
        id="account-change",
        theme=Theme.GUARD,
        severity=Severity.HIGH,
        calls=(
            call(
                "account",
                (
                    "PutAlternateContact",
                    "DeleteAlternateContact",
                    "PutContactInformation",
                    "EnableRegion",
                    "CloseAccount",
                ),
                account,
                conditions.ACCOUNT_ASKED,
            ),
            # Whoever runs the organization may limit the account, root included, and sees its bill.
            call("organizations", ("AcceptHandshake", "LeaveOrganization", "CloseAccount"), account),
        ),
        same_by=SameBy.EVENT,
        says=says(
            {
                "PutAlternateContact": "A contact of the account was changed: {what}",
                "DeleteAlternateContact": "A contact of the account was deleted: {what}",
                "PutContactInformation": "Name, address or telephone of the account were changed",
                "EnableRegion": "A Region was switched on: {what}",
                "AcceptHandshake": "The account accepted what an organization asked of it",
                "LeaveOrganization": "The account left its organization",
                "CloseAccount": "The account was closed",
            },
            refused="Somebody tried to change the account itself: {action}",
        ),
        source="Sigma aws_cloudtrail_region_enabled; Elastic impact_aws_account_closed",
    ),
    Signal(
        id="spend-prep",
        theme=Theme.MONEY,
        severity=Severity.HIGH,
        calls=(
            call(
                "servicequotas", "RequestServiceQuotaIncrease", asked(types.QUOTA, "quotaCode"), conditions.QUOTA_ASKED
            ),
            call(
                "ses",
                (
                    "PutAccountDetails",
                    "CreateEmailIdentity",
                    "VerifyEmailIdentity",
                    "VerifyDomainIdentity",
                    "UpdateAccountSendingEnabled",
                ),
                asked(types.IDENTITY, "emailIdentity", "emailAddress", "domain"),
                conditions.SPEND_ASKED,
            ),
            call(
                "bedrock",
                ("PutUseCaseForModelAccess", "CreateFoundationModelAgreement", "PutFoundationModelEntitlement"),
                asked(types.MODEL, "modelId"),
                conditions.SPEND_ASKED,
            ),
        ),
        same_by=SameBy.EVENT,
        says=says(
            {
                "RequestServiceQuotaIncrease": "Somebody asked AWS for higher limits: {what}",
                "PutAccountDetails": "Somebody asked to send mail to the world",
                "UpdateAccountSendingEnabled": "Sending mail was switched on or off",
                "": "New sender of mail: {what}",
                "PutUseCaseForModelAccess": "Somebody asked for access to AI models",
                "CreateFoundationModelAgreement": "Somebody agreed to pay for AI model {what}",
                "PutFoundationModelEntitlement": "Access to AI model {what} was switched on",
            }
        ),
        source="Prowler's list for LLM jacking; Stratus discovery.ses-enumerate",
    ),
    Signal(
        id="cost-alarm-off",
        theme=Theme.MONEY,
        # Medium where a budget is only changed: its owner does that, too.
        severity=Severity.HIGH,
        calls=(
            call(
                "budgets",
                ("DeleteBudget", "UpdateBudget"),
                asked(types.BUDGET, "budgetName", "newBudget.budgetName"),
                conditions.BUDGET_TOUCHED,
            ),
            call("ce", "DeleteAnomalySubscription", asked(types.ANOMALY_SUBSCRIPTION, "subscriptionArn")),
        ),
        same_by=SameBy.EVENT,
        says=says(
            {
                "DeleteBudget": "Budget {name} was deleted",
                "UpdateBudget": "Budget {name} was changed",
                "DeleteAnomalySubscription": "AWS no longer tells of unusual spending",
            }
        ),
        source="Whoever runs up a bill wants nobody to be told of it; Reflex aws-budget-modified-or-deleted",
    ),
)
"""The rows about the account and its bill."""
