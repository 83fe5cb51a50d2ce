"""The rows about what watches."""

from trayapp.core.finding import Theme
from trayapp.core.severity import Severity
from trayapp.core.signals import guard_conditions as guard
from trayapp.core.signals import types
from trayapp.core.signals.looks import call, deleted
from trayapp.core.signals.model import RaisedBy, SameBy, Signal, says
from trayapp.core.signals.things import asked, on_the_way

_RECORDER = asked(types.RECORDER, "configurationRecorderName", "configurationRecorder.name")
_CHANNEL = asked(types.CHANNEL, "deliveryChannelName", "deliveryChannel.name")
_TRAIL = asked(types.TRAIL, "name", "trailName")

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
            call(
                "events",
                ("DeleteRule", "DisableRule", "PutRule", "RemoveTargets"),
                on_the_way(types.RULE),
                guard.PATH_CUT,
            ),
        ),
        same_by=SameBy.NAME,
        again=True,
        says=says(
            {
                "Unsubscribe": "A subscription of topic {name} was ended; trayapp may hear nothing any more",
                "DeleteTopic": "Topic {name} was deleted; trayapp may hear nothing any more",
                "SetTopicAttributes": "Topic {name} was changed; trayapp may hear nothing any more",
                "SetSubscriptionAttributes": (
                    "A subscription of topic {name} was changed; trayapp may hear nothing any more"
                ),
                "DeleteQueue": "Queue {name} was deleted; trayapp may hear nothing any more",
                "PurgeQueue": "Queue {name} was emptied: what waited in it is lost",
                "SetQueueAttributes": "Queue {name} was changed; trayapp may hear nothing any more",
                "DeleteRule": "Rule {name} was deleted; trayapp may hear nothing any more",
                "DisableRule": "Rule {name} was switched off; trayapp may hear nothing any more",
                "PutRule": "Rule {name} was changed; trayapp may hear nothing any more",
                "RemoveTargets": "Rule {name} no longer sends to its targets; trayapp may hear nothing any more",
                "deleted": "{name} was deleted; trayapp may hear nothing any more",
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
        config=(deleted(types.TRAIL, guard.GONE),),
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
        id="guardduty-off",
        theme=Theme.GUARD,
        severity=Severity.HIGH,
        config=(deleted(types.DETECTOR, guard.GONE),),
        calls=(
            call(
                "guardduty",
                ("DeleteDetector", "UpdateDetector"),
                asked(types.DETECTOR, "detectorId"),
                guard.DETECTOR_OFF,
            ),
        ),
        same_by=SameBy.NAME,
        again=True,
        says=says(
            {
                "": "GuardDuty was removed{where}, with all that it had found",
                "off": "GuardDuty was switched off{where}",
                "narrowed": "GuardDuty{where} now looks at less",
            },
            refused="Somebody tried to switch off or narrow GuardDuty{where}",
        ),
        source="Elastic defense_evasion_guardduty_detector_deletion",
    ),
)
"""The rows about what watches."""
