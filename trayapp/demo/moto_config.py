"""What moto's AWS Config cannot be asked, taught by importing this module (seen with moto 5.2.5)."""

import json
from typing import Any

from moto.config.responses import ConfigResponse

UNTAUGHT = ConfigResponse.describe_delivery_channel_status
"""moto's own, which only says that it is not there."""


def _describe_delivery_channel_status(response: ConfigResponse) -> str:
    """Say that every channel delivers.

    https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeDeliveryChannelStatus.html
    """
    channels = response.config_backend.describe_delivery_channels([])
    delivers = {"lastStatus": "SUCCESS"}
    statuses = [{"name": channel["name"], "configStreamDeliveryInfo": delivers} for channel in channels]
    return json.dumps({"DeliveryChannelsStatus": statuses})


_taught: Any = ConfigResponse
_taught.describe_delivery_channel_status = _describe_delivery_channel_status
