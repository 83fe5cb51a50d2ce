"""Links into the AWS console.

Everything that comes from a message is percent-encoded and stands behind a host that we chose, so that no name or tag
can lead anywhere else. The forms are those of the console itself, as public link builders write them.
"""

from urllib.parse import quote

from trayapp.core.facts import EC2_INSTANCE, IAM_USER
from trayapp.core.finding import Finding, Lane
from trayapp.core.regions import GLOBAL, Partition, is_region, partition_of

_USER_SECRETS = frozenset({"AWS::IAM::AccessKey", "AWS::IAM::LoginProfile", "AWS::IAM::MFADevice"})
_ACCOUNT = "AWS::Account"

# The page of a thing, by its type: the path with {region} for the Region, {id} for the id, {name} for the name, {arn}.
_PAGES = {
    EC2_INSTANCE: "/ec2/home?region={region}#InstanceDetails:instanceId={id}",
    "AWS::EC2::Host": "/ec2/home?region={region}#HostDetails:hostId={id}",
    "AWS::EC2::SecurityGroup": "/ec2/home?region={region}#SecurityGroup:groupId={id}",
    "AWS::EC2::Subnet": "/vpc/home?region={region}#SubnetDetails:subnetId={id}",
    "AWS::EC2::VPC": "/vpc/home?region={region}#VpcDetails:VpcId={id}",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "/ec2/home?region={region}#LoadBalancer:loadBalancerArn={id}",
    "AWS::CloudTrail::Trail": "/cloudtrailv2/home?region={region}#/trails",
    "AWS::Config::ConfigurationRecorder": "/config/home?region={region}#/settings",
    "AWS::Config::DeliveryChannel": "/config/home?region={region}#/settings",
}
_NAMED_PAGES = {
    IAM_USER: "/iam/home?region={region}#/users/details/{name}?section=permissions",
    "AWS::IAM::Role": "/iam/home?region={region}#/roles/details/{name}?section=permissions",
    "AWS::IAM::Group": "/iam/home?region={region}#/groups/details/{name}",
}
_TIMELINE = "/config/home?region={region}#/resources/timeline?resourceId={id}&resourceName={name}&resourceType={type}"


def link_of(finding: Finding) -> str | None:
    """Build the address of the page that shows what was found.

    A key or a password is shown on its user's page; what only CloudTrail told of, by CloudTrail's event.
    """
    subject, region = finding.subject, finding.region
    owner = _shared(finding, f"thing:{IAM_USER}:")
    if subject.resource_type in _USER_SECRETS and owner:
        page = "/iam/home?region={region}#/users/details/{name}?section=security_credentials"
        return _address(page, IAM_USER, "", owner, subject.arn, GLOBAL)
    event = _shared(finding, "event:")
    has_page = (subject.id and subject.resource_type in _PAGES) or (
        subject.name and subject.resource_type in _NAMED_PAGES
    )
    if event and finding.lane is Lane.CLOUDTRAIL and not has_page:
        return _address("/cloudtrailv2/home?region={region}#/events/{id}", "", event, "", subject.arn, region)
    if subject.resource_type == _ACCOUNT:
        return _address("/cloudtrailv2/home?region={region}#/events", "", "", "", subject.arn, region)
    return link(
        resource_type=subject.resource_type,
        resource_id=subject.id,
        resource_name=subject.name,
        arn=subject.arn,
        region=region,
    )


def link(*, resource_type: str, resource_id: str, resource_name: str, arn: str, region: str) -> str | None:
    """Build the address of the page that shows a resource.

    Returns:
        An ``https`` address on the partition's own console host, or ``None`` for a partition whose console is not
        public knowledge.
    """
    page = _PAGES.get(resource_type) or (resource_name and _NAMED_PAGES.get(resource_type)) or _TIMELINE
    return _address(page, resource_type, resource_id, resource_name, arn, region)


def page_link(page: str, partition: Partition | None, region: str = GLOBAL, **parts: str) -> str | None:
    """Build the address of one of the console's pages that is not about one resource alone.

    Args:
        page: The path, our own words, with ``{region}`` for the Region and a name in braces for each part.
        partition: Whose console.
        region: Where; what is no Region of the partition becomes its home.
        **parts: What stands in the braces, as it came.

    Returns:
        An ``https`` address on the partition's own console host, or ``None`` without a partition.
    """
    if partition is None:
        return None
    place = region if is_region(region) and partition_of("", region) == partition else partition.home
    path = page.format(region=place, **{name: _part(part) for name, part in parts.items()})
    return f"https://{place}.{partition.console_domain}{path}"


def _address(page: str, resource_type: str, resource_id: str, resource_name: str, arn: str, region: str) -> str | None:
    partition = partition_of(arn, region)
    if partition is None:
        return None
    is_global = region == GLOBAL or resource_type.startswith("AWS::IAM::") or not is_region(region)
    place = partition.home if is_global else region
    path = page.format(region=place, id=_part(resource_id), name=_part(resource_name), type=_part(resource_type))
    return f"https://{place}.{partition.console_domain}{path}"


def _shared(finding: Finding, prefix: str) -> str:
    return next((link.removeprefix(prefix) for link in sorted(finding.links) if link.startswith(prefix)), "")


def _part(text: str) -> str:
    # Lone surrogates cannot be encoded; they are no part of any real name.
    return quote(text.encode("utf-8", "replace"), safe="")
