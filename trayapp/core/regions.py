"""The Regions' names as the console writes them, and the partitions they belong to.

Sources: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html for the names; the
``partitions`` file of botocore for the partitions.
"""

import re
from dataclasses import dataclass

from trayapp.core.language import say

GLOBAL = "global"
"""What AWS Config writes as the Region of a global resource, such as an IAM user."""


@dataclass(frozen=True, slots=True)
class Partition:
    """A separate AWS with its own console.

    Attributes:
        name: As it stands in ARNs.
        console_domain: The console's own domain; a Region's console is ``<region>.`` before it.
        home: The Region that shows global services, such as IAM.
    """

    name: str
    console_domain: str
    home: str


AWS = Partition("aws", "console.aws.amazon.com", "us-east-1")
PARTITIONS = {
    partition.name: partition
    for partition in (
        AWS,
        Partition("aws-us-gov", "console.amazonaws-us-gov.com", "us-gov-west-1"),
        Partition("aws-cn", "console.amazonaws.cn", "cn-north-1"),
        Partition("aws-eusc", "console.amazonaws-eusc.eu", "eusc-de-east-1"),
    )
}

_REGION = re.compile(r"[a-z]{2,4}(-[a-z]{2,12}){1,3}-[0-9]{1,2}")

NAMES = {
    "af-south-1": "Cape Town",
    "ap-east-1": "Hong Kong",
    "ap-east-2": "Taipei",
    "ap-northeast-1": "Tokyo",
    "ap-northeast-2": "Seoul",
    "ap-northeast-3": "Osaka",
    "ap-south-1": "Mumbai",
    "ap-south-2": "Hyderabad",
    "ap-southeast-1": "Singapore",
    "ap-southeast-2": "Sydney",
    "ap-southeast-3": "Jakarta",
    "ap-southeast-4": "Melbourne",
    "ap-southeast-5": "Malaysia",
    "ap-southeast-6": "New Zealand",
    "ap-southeast-7": "Thailand",
    "ca-central-1": "Central Canada",
    "ca-west-1": "Calgary",
    "cn-north-1": "Beijing",
    "cn-northwest-1": "Ningxia",
    "eu-central-1": "Frankfurt",
    "eu-central-2": "Zurich",
    "eu-north-1": "Stockholm",
    "eu-south-1": "Milan",
    "eu-south-2": "Spain",
    "eu-west-1": "Ireland",
    "eu-west-2": "London",
    "eu-west-3": "Paris",
    "eusc-de-east-1": "Germany, sovereign",
    "il-central-1": "Tel Aviv",
    "me-central-1": "UAE",
    "me-south-1": "Bahrain",
    "mx-central-1": "Mexico",
    "sa-east-1": "São Paulo",
    "us-east-1": "N. Virginia",
    "us-east-2": "Ohio",
    "us-gov-east-1": "GovCloud US-East",
    "us-gov-west-1": "GovCloud US-West",
    "us-west-1": "N. California",
    "us-west-2": "Oregon",
}


def is_region(text: str) -> bool:
    """Tell whether ``text`` has the shape of a Region code, known here or not."""
    return _REGION.fullmatch(text) is not None


def partition_of(arn: str, region: str) -> Partition | None:
    """Find the partition from an ARN, else from a Region code; ``None`` for one whose console we do not know."""
    if arn.startswith("arn:"):
        return PARTITIONS.get(arn.split(":", 2)[1])
    prefix = region.partition("-")[0]
    if region.startswith("us-gov-"):
        return PARTITIONS["aws-us-gov"]
    if "-iso" in region:
        return None
    return {"cn": PARTITIONS["aws-cn"], "eusc": PARTITIONS["aws-eusc"]}.get(prefix, AWS)


def spoken(region: str) -> str:
    """Name a Region for a person: its place where known, else its code."""
    return say(NAMES.get(region, region))
