"""Whether what AWS Config records is delivered to a topic that our queue listens to: one channel for each Region.

https://docs.aws.amazon.com/config/latest/APIReference/API_DeliveryChannelStatus.html
"""

from collections.abc import Mapping
from typing import Any

from trayapp.aws.checks.asking import Asker
from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked, Outcome
from trayapp.core.language import say
from trayapp.core.text import name


def check_channel(asker: Asker, region: str, topics: tuple[str, ...] | None) -> list[Checked]:
    """Ask where a Region's channel delivers to, and whether it does. Two questions."""
    client = asker.client("config", region)
    channels = asker.ask(client.describe_delivery_channels)["DeliveryChannels"]
    statuses = asker.ask(client.describe_delivery_channel_status)["DeliveryChannelsStatus"] if channels else []
    return [judge_channel(channels[0] if channels else None, statuses[0] if statuses else {}, region, topics)]


def judge_channel(
    channel: Mapping[str, Any] | None, status: Mapping[str, Any], region: str, topics: tuple[str, ...] | None
) -> Checked:
    """Judge a Region's channel.

    Args:
        channel: The channel, ``None`` where there is none.
        status: Its status.
        region: The Region.
        topics: The topics that our queue listens to; ``None`` where they are not known.
    """
    if channel is None:
        return _failing(region, say("AWS Config has no delivery channel here"))
    topic = str(channel.get("snsTopicARN") or channel.get("snsTopicArn") or "")
    if not topic:
        return _failing(region, say("AWS Config sends what it records to no topic"))
    if topics is not None and topic not in topics:
        return _failing(
            region,
            say("AWS Config sends to the topic {topic}, which this queue does not listen to", topic=name(topic, 120)),
        )
    delivery = status.get("configStreamDeliveryInfo") or {}
    if str(delivery.get("lastStatus", "")).upper() == "FAILURE":
        detail = name(f"{delivery.get('lastErrorCode', '')}: {delivery.get('lastErrorMessage', '')}".strip(": "), 300)
        return _failing(region, say("AWS Config failed to send to its topic the last time"), detail)
    if topics is None:
        sentence = say("it cannot be told whether this queue listens to the topic that AWS Config sends to")
        return Checked(Check.DELIVERY_CHANNEL, Outcome.NOTICE, region, sentence=sentence)
    return Checked(Check.DELIVERY_CHANNEL, Outcome.PASSED, region)


def _failing(region: str, sentence: str, detail: str = "") -> Checked:
    return Checked(Check.DELIVERY_CHANNEL, Outcome.FAILED, region, Cause.CHANNEL_FAILING, sentence, detail)
