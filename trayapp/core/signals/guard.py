"""The rows about what watches, what prepares spending, and what AWS itself says."""

from trayapp.core.facts import Judge
from trayapp.core.finding import Theme
from trayapp.core.severity import Severity
from trayapp.core.signals import guard_conditions as guard
from trayapp.core.signals import types
from trayapp.core.signals.looks import call, deleted, verdict
from trayapp.core.signals.model import RaisedBy, SameBy, Signal, says
from trayapp.core.signals.things import account, asked, on_the_way

_RECORDER = asked(types.RECORDER, "configurationRecorderName", "configurationRecorder.name")
_CHANNEL = asked(types.CHANNEL, "deliveryChannelName", "deliveryChannel.name")
_TRAIL = asked(types.TRAIL, "name", "trailName")

_PERHAPS = "; trayapp may hear nothing any more"

GUARD = (
    Signal(
        id="watch-recorder",
        theme=Theme.GUARD,
        severity=Severity.CRITICAL,
        calls=(
            call("config", ("StopConfigurationRecorder", "DeleteConfigurationRecorder"), _RECORDER),
            call("config", "PutConfigurationRecorder", _RECORDER, guard.NARROWED),
            call("config", "DeleteDeliveryChannel", _CHANNEL),
            # A channel without a topic records on, and tells nobody.
            call("config", "PutDeliveryChannel", _CHANNEL, guard.NO_TOPIC),
        ),
        same_by=SameBy.EVENT,
        says=says(
            {
                "StopConfigurationRecorder": "AWS Config was switched off{where}",
                "DeleteConfigurationRecorder": "AWS Config was removed{where}",
                "DeleteDeliveryChannel": "AWS Config{where} no longer tells anybody",
                "PutDeliveryChannel": "AWS Config{where} no longer sends to a topic",
                "narrowed": "AWS Config{where} now records only a part",
                "daily": "AWS Config{where} now records only once a day",
                "recorder-off": "AWS Config does not record{where}",
                "recorder-failing": "AWS Config fails to record{where}",
                "channel-failing": "AWS Config{where} does not deliver what it records",
            },
            refused="Somebody tried to switch off or narrow AWS Config{where}",
        ),
        source="Elastic defense_evasion_configuration_recorder_stopped; Sigma aws_config_disable_recording",
    ),
    Signal(
        id="watch-path",
        theme=Theme.GUARD,
        # Medium where it is not known which queue, topic or rule is ours.
        severity=Severity.CRITICAL,
        config=(deleted((types.TOPIC, types.QUEUE), guard.PATH_GONE),),
        calls=(
            call(
                "sns",
                ("Unsubscribe", "DeleteTopic", "SetTopicAttributes", "SetSubscriptionAttributes"),
                on_the_way(types.TOPIC),
                guard.PATH_CUT,
            ),
            call("sqs", ("DeleteQueue", "PurgeQueue", "SetQueueAttributes"), on_the_way(types.QUEUE), guard.PATH_CUT),
            # The CloudTrail lane comes through a rule of EventBridge.
            call("events", ("DeleteRule", "DisableRule", "RemoveTargets"), on_the_way(types.RULE), guard.PATH_CUT),
        ),
        same_by=SameBy.NAME,
        again=True,
        says=says(
            {
                "Unsubscribe": "A subscription of topic {name} was ended" + _PERHAPS,
                "DeleteTopic": "Topic {name} was deleted" + _PERHAPS,
                "SetTopicAttributes": "Topic {name} was changed" + _PERHAPS,
                "SetSubscriptionAttributes": "A subscription of topic {name} was changed" + _PERHAPS,
                "DeleteQueue": "Queue {name} was deleted" + _PERHAPS,
                "PurgeQueue": "Queue {name} was emptied: what waited in it is lost",
                "SetQueueAttributes": "Queue {name} was changed" + _PERHAPS,
                "DeleteRule": "Rule {name} was deleted" + _PERHAPS,
                "DisableRule": "Rule {name} was switched off" + _PERHAPS,
                "RemoveTargets": "Rule {name} no longer sends to its targets" + _PERHAPS,
                "deleted": "{name} was deleted" + _PERHAPS,
                "subscription-gone": "The topic no longer sends to trayapp's queue",
                "subscription-filtered": "A filter keeps messages from trayapp's queue",
                "queue-shut": "trayapp's queue does not let the topic in",
                "queue-open": "Others may write into trayapp's queue",
                "queue-shared": "Somebody else takes messages out of trayapp's queue",
            },
            refused="Somebody tried to cut off how trayapp hears: {name}",
        ),
        source="Elastic defense_evasion_sqs_purge_queue; the rest in no public rule set",
    ),
    Signal(
        id="watch-key",
        theme=Theme.GUARD,
        severity=Severity.CRITICAL,
        same_by=SameBy.EVENT,
        raised_by=RaisedBy.CLIENT,
        says=says(
            {
                "": "trayapp's own key no longer works",
                "permission-lost": "trayapp may no longer read its queue",
                "wrong-account": "trayapp's key belongs to another account now",
                "blinded": "trayapp's key may no longer look at {what}",
            }
        ),
        source="The takeover in which existing users are deleted produces exactly this",
    ),
    Signal(
        id="watch-silent",
        theme=Theme.GUARD,
        severity=Severity.HIGH,
        same_by=SameBy.EVENT,
        raised_by=RaisedBy.CLIENT,
        says=says("The heartbeat has stopped: nothing has come for {hours} h"),
        source="Whoever cuts the way leaves silence",
    ),
    Signal(
        id="test",
        theme=Theme.GUARD,
        severity=Severity.MEDIUM,
        same_by=SameBy.EVENT,
        raised_by=RaisedBy.CLIENT,
        says=says("This is a test alert; nothing has happened"),
        source="trayapp doctor asks for it, to see that alerts reach the screen",
    ),
    Signal(
        id="trail-off",
        theme=Theme.GUARD,
        # UpdateTrail and PutEventSelectors are high unless they make it record less or elsewhere: they also serve to
        # record more.
        severity=Severity.CRITICAL,
        config=(deleted(types.TRAIL, guard.TRAIL_GONE),),
        calls=(
            call("cloudtrail", ("StopLogging", "DeleteTrail"), _TRAIL, guard.TRAIL_ENDED),
            call("cloudtrail", ("UpdateTrail", "PutEventSelectors"), _TRAIL, guard.TRAIL_WEAKENED),
        ),
        same_by=SameBy.NAME,
        again=True,
        says=says(
            {
                "StopLogging": "CloudTrail {name} was switched off",
                "DeleteTrail": "CloudTrail {name} was deleted",
                "deleted": "CloudTrail {name} was deleted",
                "UpdateTrail": "CloudTrail {name} was changed",
                "PutEventSelectors": "CloudTrail {name} now records something else",
                "trail-off": "CloudTrail does not log{where}",
            },
            refused="Somebody tried to switch off or change CloudTrail {name}",
        ),
        source="Elastic on suspended, updated and deleted trails; Stratus defense-evasion.cloudtrail-stop",
    ),
    Signal(
        id="account-change",
        theme=Theme.GUARD,
        severity=Severity.HIGH,
        calls=(
            call(
                "account",
                ("PutAlternateContact", "DeleteAlternateContact", "EnableRegion", "CloseAccount"),
                account,
                guard.ACCOUNT_ASKED,
            ),
            call("organizations", ("LeaveOrganization", "CloseAccount"), account),
        ),
        same_by=SameBy.EVENT,
        says=says(
            {
                "PutAlternateContact": "A contact of the account was changed: {what}",
                "DeleteAlternateContact": "A contact of the account was deleted: {what}",
                "EnableRegion": "A Region was switched on: {what}",
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
            call("servicequotas", "RequestServiceQuotaIncrease", asked(types.QUOTA, "quotaCode"), guard.QUOTA_ASKED),
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
                guard.SPEND_ASKED,
            ),
            call(
                "bedrock",
                ("PutUseCaseForModelAccess", "CreateFoundationModelAgreement", "PutFoundationModelEntitlement"),
                asked(types.MODEL, "modelId"),
                guard.SPEND_ASKED,
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
)
"""The rows about what watches, and about spending that is being prepared."""

AWS_SAYS = (
    Signal(
        id="aws-key-exposed",
        theme=Theme.IDENTITY,
        severity=Severity.CRITICAL,
        verdicts=(verdict(Judge.HEALTH, guard.KEY_EXPOSED),),
        same_by=SameBy.VERDICT,
        says=says(
            {
                "exposed": "AWS says access key …{key} is public",
                "suspected": "AWS suspects that access key …{key} is in wrong hands",
                "compromised": "AWS says access key …{key} is in wrong hands",
                "quarantine": "AWS has limited a user: access key …{key} is exposed",
            }
        ),
        source="https://github.com/aws-samples/notify-and-remediate-exposed-access-key",
    ),
    Signal(
        id="aws-abuse",
        theme=Theme.GUARD,
        severity=Severity.HIGH,
        verdicts=(verdict(Judge.ABUSE, guard.ABUSE),),
        same_by=SameBy.VERDICT,
        says=says("AWS reports abuse coming from this account"),
        source="https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html",
    ),
    Signal(
        id="aws-guardduty",
        theme=Theme.GUARD,
        # As GuardDuty says.
        severity=Severity.MEDIUM,
        verdicts=(verdict(Judge.GUARDDUTY, guard.GUARDDUTY),),
        same_by=SameBy.VERDICT,
        says=says("GuardDuty says: {text}"),
        source="https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html",
    ),
    Signal(
        id="aws-cost",
        theme=Theme.MONEY,
        severity=Severity.HIGH,
        verdicts=(verdict((Judge.COST_ANOMALY, Judge.BUDGET, Judge.BILLING_ALARM), guard.COST),),
        same_by=SameBy.VERDICT,
        says=says(
            {
                Judge.COST_ANOMALY.value: "AWS says spending is unusual: {amount}",
                Judge.BUDGET.value: "A budget is used up: {amount}",
                Judge.BILLING_ALARM.value: "The bill has passed your limit: {amount}",
                "": "AWS warns of costs: {text}",
            }
        ),
        source="https://docs.aws.amazon.com/cost-management/latest/userguide/cad-sns.html",
    ),
)
"""The rows in which AWS judges by itself, or counts money."""
