"""Links into the AWS console.

Everything that comes from a message is percent-encoded and stands behind a host that we chose, so that no name or tag
can lead anywhere else. The forms are those of the console itself, as public link builders write them.
"""

from urllib.parse import quote

from trayapp.core.facts import EC2_INSTANCE, IAM_USER
from trayapp.core.finding import Finding
from trayapp.core.regions import GLOBAL, is_region, partition_of


def link_of(finding: Finding) -> str | None:
    """Build the address of the page that shows what was found; as ``link``."""
    subject = finding.subject
    return link(
        resource_type=subject.resource_type,
        resource_id=subject.id,
        resource_name=subject.name,
        arn=subject.arn,
        region=finding.region,
    )


def link(*, resource_type: str, resource_id: str, resource_name: str, arn: str, region: str) -> str | None:
    """Build the address of the page that shows a resource.

    Returns:
        An ``https`` address on the partition's own console host, or ``None`` for a partition whose console is not
        public knowledge.
    """
    partition = partition_of(arn, region)
    if partition is None:
        return None
    is_global = region == GLOBAL or resource_type.startswith("AWS::IAM::") or not is_region(region)
    place = partition.home if is_global else region
    base = f"https://{place}.{partition.console_domain}"
    if resource_type == IAM_USER and resource_name:
        return f"{base}/iam/home?region={place}#/users/details/{_part(resource_name)}?section=permissions"
    if resource_type == EC2_INSTANCE:
        return f"{base}/ec2/home?region={place}#InstanceDetails:instanceId={_part(resource_id)}"
    return (
        f"{base}/config/home?region={place}#/resources/timeline"
        f"?resourceId={_part(resource_id)}&resourceName={_part(resource_name)}&resourceType={_part(resource_type)}"
    )


def _part(text: str) -> str:
    # Lone surrogates cannot be encoded; they are no part of any real name.
    return quote(text.encode("utf-8", "replace"), safe="")
