"""Where a click leads: only ever to a console of AWS, whatever the names say."""

from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import ACCOUNT_ID, INSTANCE_ID, QUICK, USER_ID, finding, instance_finding
from trayapp.core.console import link, link_of
from trayapp.core.facts import EC2_INSTANCE, IAM_USER
from trayapp.core.finding import Lane, Subject
from trayapp.core.regions import NAMES, PARTITIONS, is_region, partition_of, spoken

CONSOLES = tuple(partition.console_domain for partition in PARTITIONS.values())
PATHS = ("/iam/home", "/ec2/home", "/vpc/home", "/config/home", "/cloudtrailv2/home")
TYPES = (
    IAM_USER,
    EC2_INSTANCE,
    "AWS::EC2::VPC",
    "AWS::IAM::Role",
    "AWS::IAM::AccessKey",
    "AWS::CloudTrail::Trail",
    "AWS::Account",
    "AWS::Unknown::Thing",
)
HOSTILE = st.text(st.characters(exclude_categories=()), max_size=128) | st.sampled_from(
    ["@evil.example", "//evil.example/", "\\evil", "#", "?x=", "&y", "..", "../../..", "%2f", "a b", "\r\nHost: x", "“"]
)


def instance_link(arn: str, region: str) -> str | None:
    return link(resource_type=EC2_INSTANCE, resource_id=INSTANCE_ID, resource_name="", arn=arn, region=region)


def user_link(arn: str, region: str = "global") -> str | None:
    return link(resource_type=IAM_USER, resource_id=USER_ID, resource_name="eve", arn=arn, region=region)


@pytest.mark.parametrize(
    ("partition", "region", "console"),
    [
        ("aws", "eu-central-1", "eu-central-1.console.aws.amazon.com"),
        ("aws-us-gov", "us-gov-east-1", "us-gov-east-1.console.amazonaws-us-gov.com"),
        ("aws-cn", "cn-northwest-1", "cn-northwest-1.console.amazonaws.cn"),
        ("aws-eusc", "eusc-de-east-1", "eusc-de-east-1.console.amazonaws-eusc.eu"),
    ],
)
def test_an_instance_is_shown_in_its_region_of_its_partition(partition: str, region: str, console: str) -> None:
    expected = f"https://{console}/ec2/home?region={region}#InstanceDetails:instanceId={INSTANCE_ID}"
    assert instance_link(f"arn:{partition}:ec2:{region}:{ACCOUNT_ID}:instance/{INSTANCE_ID}", region) == expected
    assert instance_link("", region) == expected, "without an ARN the Region tells the partition"


@pytest.mark.parametrize(
    ("partition", "home", "domain"),
    [
        ("aws", "us-east-1", "console.aws.amazon.com"),
        ("aws-us-gov", "us-gov-west-1", "console.amazonaws-us-gov.com"),
        ("aws-cn", "cn-north-1", "console.amazonaws.cn"),
        ("aws-eusc", "eusc-de-east-1", "console.amazonaws-eusc.eu"),
    ],
)
def test_a_user_is_shown_at_the_home_of_the_partition(partition: str, home: str, domain: str) -> None:
    arn = f"arn:{partition}:iam::{ACCOUNT_ID}:user/eve"
    expected = f"https://{home}.{domain}/iam/home?region={home}#/users/details/eve?section=permissions"
    assert user_link(arn) == expected
    assert user_link(arn, "eu-west-1") == expected, "the Region that reports a user is not where the user is shown"


@pytest.mark.parametrize("region", ["us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1"])
def test_a_secret_partition_has_no_link(region: str) -> None:
    assert instance_link("", region) is None
    assert instance_link(f"arn:aws-iso:ec2:{region}:{ACCOUNT_ID}:instance/x", region) is None
    assert user_link("arn:aws-iso-b:iam::1:user/eve") is None


@pytest.mark.parametrize("arn", ["arn:", "arn:aws-of-next-year:iam::1:user/eve", "arn:AWS:iam::1:user/eve"])
def test_an_unknown_partition_has_no_link(arn: str) -> None:
    assert user_link(arn) is None


def test_what_has_no_page_of_its_own_is_shown_in_the_timeline_of_aws_config() -> None:
    nameless = link(resource_type=IAM_USER, resource_id=USER_ID, resource_name="", arn="", region="global")
    assert nameless == (
        "https://us-east-1.console.aws.amazon.com/config/home?region=us-east-1#/resources/timeline"
        f"?resourceId={USER_ID}&resourceName=&resourceType=AWS%3A%3AIAM%3A%3AUser"
    )


def test_what_is_no_region_leads_to_the_home_of_the_partition() -> None:
    for region in ("", "global", "evil.example/", "eu-central-1.evil.example", "eu-central-1\n", "EU-CENTRAL-1"):
        assert urlsplit(instance_link("", region) or "").netloc == "us-east-1.console.aws.amazon.com"


def test_a_finding_leads_where_its_resource_is() -> None:
    assert "#/users/details/helpdesk2?" in (link_of(finding()) or "")
    assert "ap-northeast-1.console" in (link_of(instance_finding()) or "")


@pytest.mark.parametrize(
    ("resource_type", "page"),
    [
        ("AWS::EC2::SecurityGroup", "/ec2/home?region=eu-west-1#SecurityGroup:groupId=x-1"),
        ("AWS::EC2::VPC", "/vpc/home?region=eu-west-1#VpcDetails:VpcId=x-1"),
        ("AWS::EC2::Subnet", "/vpc/home?region=eu-west-1#SubnetDetails:subnetId=x-1"),
        ("AWS::IAM::Role", "/iam/home?region=us-east-1#/roles/details/its%20name?section=permissions"),
        ("AWS::IAM::Group", "/iam/home?region=us-east-1#/groups/details/its%20name"),
    ],
)
def test_what_has_a_page_of_its_own_is_shown_there(resource_type: str, page: str) -> None:
    url = link(resource_type=resource_type, resource_id="x-1", resource_name="its name", arn="", region="eu-west-1")
    assert url is not None
    assert url.endswith(f".console.aws.amazon.com{page}")


@pytest.mark.parametrize("resource_type", ["AWS::IAM::AccessKey", "AWS::IAM::LoginProfile", "AWS::IAM::MFADevice"])
def test_a_key_or_a_password_is_shown_on_the_page_of_its_user(resource_type: str) -> None:
    made = finding(
        subject=Subject(resource_type, "AKIAEXAMPLE"),
        lane=Lane.CLOUDTRAIL,
        links=frozenset({f"thing:{IAM_USER}:eve", "event:e-1"}),
    )
    assert link_of(made) == (
        "https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/users/details/eve?section=security_credentials"
    )


def test_what_only_cloudtrail_tells_of_is_shown_by_its_event() -> None:
    told = finding(
        subject=Subject("AWS::Account", ACCOUNT_ID),
        lane=Lane.CLOUDTRAIL,
        links=frozenset({"event:0a1b-2c"}),
        region="eu-west-1",
    )
    base = "https://eu-west-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/events"
    assert link_of(told) == f"{base}/0a1b-2c"
    assert link_of(replace(told, links=frozenset())) == base


@given(
    resource_type=st.sampled_from(TYPES) | HOSTILE,
    resource_id=HOSTILE,
    resource_name=HOSTILE,
    arn=st.sampled_from([f"arn:{name}:x" for name in PARTITIONS]) | HOSTILE | HOSTILE.map("arn:aws:".__add__),
    region=st.sampled_from(["global", "eu-central-1", "cn-north-1", "us-gov-west-1", "xx-evil-1"]) | HOSTILE,
)
@settings(QUICK, max_examples=400)
def test_no_name_leads_anywhere_but_to_a_console(
    resource_type: str, resource_id: str, resource_name: str, arn: str, region: str
) -> None:
    url = link(
        resource_type=resource_type, resource_id=resource_id, resource_name=resource_name, arn=arn, region=region
    )
    if url is None:
        assert partition_of(arn, region) is None
        return
    assert_leads_to_a_console(url)


@given(
    resource_type=st.sampled_from(TYPES) | HOSTILE,
    text=HOSTILE,
    lane=st.sampled_from(Lane),
    links=st.lists(st.sampled_from(["event:", f"thing:{IAM_USER}:", "stack:"]), max_size=3),
    region=st.sampled_from(["global", "eu-central-1"]) | HOSTILE,
)
@settings(QUICK, max_examples=300)
def test_no_finding_leads_anywhere_but_to_a_console(
    resource_type: str, text: str, lane: Lane, links: list[str], region: str
) -> None:
    evil = finding(
        subject=Subject(resource_type, text, text, text),
        lane=lane,
        links=frozenset(kind + text for kind in links),
        region=region,
    )
    url = link_of(evil)
    if url is None:
        assert partition_of(text, region) is None
        return
    assert_leads_to_a_console(url)


def assert_leads_to_a_console(url: str) -> None:
    parts = urlsplit(url)
    place, _, domain = parts.netloc.partition(".")
    assert parts.scheme == "https"
    assert domain in CONSOLES
    assert is_region(place)
    assert parts.path in PATHS
    assert parse_qs(parts.query) == {"region": [place]}
    assert url.isascii()
    assert url.isprintable()
    assert not set(url) & set(" \"'<>\\^`{|}@")
    assert url.count("#") == 1, "no name opens another fragment"


@given(name=st.text(min_size=1, max_size=128))
@settings(QUICK, max_examples=150)
def test_a_name_arrives_whole_and_as_one_part(name: str) -> None:
    url = link(resource_type=IAM_USER, resource_id="x", resource_name=name, arn="", region="global")
    assert url is not None
    beginning, ending = "/users/details/", "?section=permissions"
    fragment = urlsplit(url).fragment
    assert fragment.startswith(beginning)
    assert fragment.endswith(ending)
    part = fragment.removeprefix(beginning).removesuffix(ending)
    assert unquote(part) == name
    assert not set(part) & set("/?#&=:+")


@pytest.mark.parametrize("region", NAMES)
def test_every_known_region_looks_like_one_and_has_a_console(region: str) -> None:
    assert is_region(region)
    assert partition_of("", region) is not None
    assert spoken(region) == NAMES[region]


def test_an_unknown_region_is_spoken_as_its_code() -> None:
    assert spoken("xx-new-1") == "xx-new-1"
