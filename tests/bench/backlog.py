"""What lies in the queue when a laptop is opened after some days: bodies as Amazon SNS delivers them."""

import copy
import json
import random
import secrets
from typing import Any

from bench.envelope import enveloped
from desktop_bench.messages import (
    ConfigMessage,
    ec2_instance_baseline,
    ec2_instance_created,
    iam_user_baseline,
    iam_user_created,
)

_SHARES = {"new": 10, "existing": 20, "other": 55, "again": 15}
"""Percent: worth an incident; there before; of no interest, such as an update; the same message delivered again."""


def backlog(count: int) -> list[str]:
    """Make bodies in random order; what comes again comes after its first delivery."""
    kinds = random.choices(list(_SHARES), list(_SHARES.values()), k=count)
    bodies: list[str] = []
    for number, kind in enumerate(kinds):
        bodies.append(random.choice(bodies) if kind == "again" and bodies else _enveloped(_message(kind, number)))
    return bodies


def _message(kind: str, number: int) -> ConfigMessage:
    name = f"build-agent-{number}"
    # One user for every three machines.
    user = number % 4 == 0
    match kind:
        case "new":
            return iam_user_created(name) if user else ec2_instance_created(tags={"Name": name})
        case "existing":
            return iam_user_baseline(name) if user else ec2_instance_baseline(tags={"Name": name})
        case _:
            return _updated(ec2_instance_created(tags={"Name": name}))


def _updated(message: ConfigMessage) -> ConfigMessage:
    """Make the notification of a later change: an instance that got another security group."""
    body: dict[str, Any] = copy.deepcopy(message.body)
    item = body["configurationItem"]
    item["configurationItemStatus"] = "OK"
    group = {"groupName": "web", "groupId": f"sg-0{secrets.token_hex(8)}"}
    body["configurationItemDiff"] = {
        "changeType": "UPDATE",
        "changedProperties": {
            "Configuration.SecurityGroups.0": {
                "previousValue": item["configuration"]["securityGroups"][0],
                "updatedValue": group,
                "changeType": "UPDATE",
            }
        },
    }
    item["configuration"]["securityGroups"] = [group]
    return ConfigMessage(message.subject.replace("Discovered", "Updated"), body)


def _enveloped(message: ConfigMessage) -> str:
    return enveloped(message.subject, json.dumps(message.body))
