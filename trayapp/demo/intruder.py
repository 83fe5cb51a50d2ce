"""An intruder's evening: a new user becomes administrator, the old ones go, and big machines start far away.

It is all done with one leaked key of the user ``deploy``. CloudTrail tells of each call; some seconds later AWS Config
tells what became of it, which must ring nothing a second time. At the end the intruder switches AWS Config off.

It must give alerts for the new user, for the power that it gains, for the users deleted, for the new instances, for
what all this is together, and for the recorder. The machines that were there already stay silent although AWS Config
reports them as "discovered" too, because its recorder in São Paulo has just been switched on; among them is one that
was stopped and started again, and so has a launch time of today. Silent are as well: the second report of the same
user from the other recorder, the policy of somebody else, and the history deliveries in between.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trayapp.demo import iam
from trayapp.demo.calls import Caller, Event
from trayapp.demo.identifiers import ACCOUNT, Identifiers
from trayapp.demo.launch import LAG
from trayapp.demo.machines import Machine, Plan, machine
from trayapp.demo.messages import (
    Notification,
    Resource,
    american,
    deleted,
    discovered,
    history_delivered,
    related,
    updated,
)
from trayapp.demo.network import ANYWHERE, Group, place, security_group, subnet, vpc

HOME = "us-east-1"
ABROAD = "sa-east-1"

_IDS = Identifiers("an intruder's evening")
_INTRUDER = "helpdesk2"
_OWNERS = ("alice", "bob")
_RECORDER = "default"
_KEY = "AKIAEXAMPLE7LEAKED01"
_ADDRESS = "198.51.100.23"
_AGENT = "Boto3/1.40.61 md/Botocore#1.40.61 ua/2.1 os/linux#6.8.0 md/arch#x86_64 lang/python#3.12.3 Botocore/1.40.61"
_DEPLOY = Caller(_IDS, "deploy", _KEY, _ADDRESS, _AGENT)
_BIG_LABELS = tuple(f"miner {number}" for number in range(1, 9))
_OLD_LABELS = ("backup", "build server")
_ABROAD = place(_IDS, ABROAD, "a", 0)
_GROUP = Group(_IDS.ec2("sg", "launch-wizard-1"), "launch-wizard-1")
_FREE_ADDRESSES = 249
_BIG = "p5.48xlarge"
_IMAGE = _IDS.ec2("ami", "deep learning")
_KEY_NAME = "k"
_LAUNCH = 41.0
"""Seconds from the evening's beginning to the launch of the big machines."""
_BUCKET = "config-history-demo"

EXPECTED = frozenset(
    {
        _IDS.iam("AIDA", _INTRUDER),
        *(_IDS.iam("AIDA", owner) for owner in _OWNERS),
        *(_IDS.ec2("i", label) for label in _BIG_LABELS),
        ACCOUNT,
        _RECORDER,
    }
)
"""The ids of the new user, the users deleted, the new instances, the account taken over, and the recorder."""

_Told = Iterator[tuple[float, Notification | Event]]


@dataclass(frozen=True, slots=True)
class _Account:
    """What there was before, and what becomes of it; all times hang on the evening's beginning."""

    began: datetime

    def after(self, seconds: float) -> datetime:
        """Give the time so many seconds after the beginning."""
        return (self.began + timedelta(seconds=seconds)).replace(microsecond=0)

    @property
    def owners(self) -> list[Resource]:
        """The users that there have been for years."""
        return [
            iam.user(_IDS, owner, self.began - timedelta(days=days), groups=["Administrators"])
            for owner, days in zip(_OWNERS, (1130, 402), strict=True)
        ]

    def intruder(self, policies: Sequence[iam.AttachedPolicy] = ()) -> Resource:
        """The new user."""
        return iam.user(_IDS, _INTRUDER, self.began.replace(microsecond=0), policies=policies)

    @property
    def old_machines(self) -> list[Machine]:
        """Machines of last year, the second of which was stopped and started again a few minutes ago."""
        long_ago = (self.began - timedelta(days=210)).replace(microsecond=0)
        today = (self.began - timedelta(minutes=4)).replace(microsecond=0)
        image = _IDS.ec2("ami", "old")
        plans = (
            Plan("t3.small", 1, image, launched=long_ago, tags={"Name": "backup"}),
            Plan("m5.large", 1, image, launched=today, first_launched=long_ago, tags={"Name": "build"}),
        )
        return [machine(_IDS, label, plan, _ABROAD, _GROUP) for label, plan in zip(_OLD_LABELS, plans, strict=True)]

    @property
    def big_machines(self) -> list[Machine]:
        """Eight times 192 vCPUs with eight accelerators each."""
        plan = Plan(_BIG, 96, _IMAGE, launched=self.after(_LAUNCH), key_name=_KEY_NAME, disk_gib=500)
        return [machine(_IDS, label, plan, _ABROAD, _GROUP) for label in _BIG_LABELS]


def script(now: Callable[[], datetime]) -> _Told:
    """Yield each message and the seconds before it."""
    account = _Account(now() - LAG)
    yield 5.0, history_delivered("AWS::S3::Bucket", HOME, _BUCKET, now())
    yield from _calls_for_power(account)
    yield from _user_appears(account, now)
    yield from _calls_against_owners(account)
    yield from _owners_go(account, now)
    yield from _recorder_begins(account, now)
    yield 5.0, _call_for_machines(account)
    yield from _machines_start(account, now)
    yield 1.0, history_delivered("AWS::EC2::Instance", ABROAD, _BUCKET, now())
    yield 5.0, _call_against_the_watch(now())


def _calls_for_power(account: _Account) -> _Told:
    """Yield how the leaked key makes a user, gives it all power, and a key."""
    user = account.intruder()
    named = {"userName": _INTRUDER}
    made = {
        "user": {
            "path": "/",
            "userName": _INTRUDER,
            "userId": user.id,
            "arn": user.arn,
            "createDate": american(account.began),
        }
    }
    yield 3.0, _DEPLOY.calls("iam", "CreateUser", account.after(0), asked=named, answered=made)
    power = iam.aws_policy(iam.ADMINISTRATOR)
    attached = {**named, "policyArn": power.arn}
    yield 4.0, _DEPLOY.calls("iam", "AttachUserPolicy", account.after(4), asked=attached)
    key = {
        "accessKey": {
            "userName": _INTRUDER,
            "accessKeyId": "AKIAEXAMPLE7HELPDSK2",
            "status": "Active",
            "createDate": american(account.after(9)),
        }
    }
    yield 3.0, _DEPLOY.calls("iam", "CreateAccessKey", account.after(9), asked=named, answered=key)


def _calls_against_owners(account: _Account) -> _Told:
    """Yield how the same key deletes the owners' users."""
    for number, owner in enumerate(_OWNERS):
        yield 4.0, _DEPLOY.calls("iam", "DeleteUser", account.after(21 + 4 * number), asked={"userName": owner})


def _call_for_machines(account: _Account) -> Event:
    """Give the one call that starts all big machines."""
    machines = account.big_machines
    asked = {
        "instancesSet": {
            "items": [{"imageId": _IMAGE, "minCount": len(machines), "maxCount": len(machines), "keyName": _KEY_NAME}]
        },
        "groupSet": {"items": [{"groupId": _GROUP.id}]},
        "instanceType": _BIG,
        "blockDeviceMapping": {},
        "subnetId": _ABROAD.subnet_id,
        "monitoring": {"enabled": False},
        "disableApiTermination": False,
        "ebsOptimized": False,
    }
    started = [
        {
            "instanceId": one.instance.id,
            "imageId": _IMAGE,
            "instanceState": {"code": 0, "name": "pending"},
            "privateDnsName": one.instance.configuration["privateDnsName"],
            "keyName": _KEY_NAME,
            "amiLaunchIndex": index,
            "instanceType": _BIG,
            "launchTime": int(account.after(_LAUNCH).timestamp() * 1000),
            "placement": {"availabilityZone": _ABROAD.zone, "tenancy": "default"},
            "monitoring": {"state": "disabled"},
            "subnetId": _ABROAD.subnet_id,
            "vpcId": _ABROAD.vpc_id,
            "privateIpAddress": one.instance.configuration["privateIpAddress"],
            "groupSet": {"items": [{"groupId": _GROUP.id, "groupName": _GROUP.name}]},
        }
        for index, one in enumerate(machines)
    ]
    answered = {
        "requestId": _IDS.uuid("launch"),
        "reservationId": _IDS.ec2("r", "launch"),
        "ownerId": ACCOUNT,
        "groupSet": {},
        "instancesSet": {"items": started},
    }
    return _DEPLOY.calls("ec2", "RunInstances", account.after(_LAUNCH), asked=asked, answered=answered, region=ABROAD)


def _call_against_the_watch(now: datetime) -> Event:
    """Give the last call, half a minute ago: AWS Config is switched off, where it told of all this."""
    asked = {"configurationRecorderName": _RECORDER}
    return _DEPLOY.calls("config", "StopConfigurationRecorder", now - timedelta(seconds=30), asked=asked, region=HOME)


def _user_appears(account: _Account, now: Callable[[], datetime]) -> _Told:
    """Yield the new user, once from each recorder, and how it comes to power."""
    yield 4.0, discovered(account.intruder(), now())
    yield 0.3, discovered(iam.as_seen_from(account.intruder(), ABROAD), now())
    power = iam.aws_policy(iam.ADMINISTRATOR)
    gained = {"Configuration.AttachedManagedPolicies.0": (None, power.as_attached())}
    yield 1.5, updated(account.intruder([power]), now(), gained)
    yield 0.2, updated(iam.as_seen_from(account.intruder([power]), ABROAD), now(), gained)
    # Somebody else's policy loses an attachment in the same minute: an update of a policy that nobody touched.
    readers = iam.managed_policy(
        _IDS, "log-readers", account.began - timedelta(days=300), actions=["logs:Get*"], attachments=1
    )
    yield 0.5, updated(readers, now(), {"Configuration.AttachmentCount": (2, 1)})


def _owners_go(account: _Account, now: Callable[[], datetime]) -> _Told:
    """Yield how the owners lose their group and then are deleted; one is reported without what it was."""
    for owner in account.owners:
        bare = iam.user(_IDS, owner.name or "", owner.created or account.began)
        lost = {
            "Relationships.0": (owner.relationships[0], None),
            "Configuration.GroupList.0": ("Administrators", None),
        }
        yield 1.5, updated(bare, now(), lost)
    for owner, remembered in zip(account.owners, (True, False), strict=True):
        yield 1.0, deleted(owner, now(), remembered=remembered)


def _recorder_begins(account: _Account, now: Callable[[], datetime]) -> _Told:
    """Yield what AWS Config finds where it has just been switched on: everything, as if it were new."""
    yield 1.5, discovered(vpc(_ABROAD, [one.interface.id for one in account.old_machines]), now())
    yield 0.1, discovered(subnet(_ABROAD, free_addresses=_FREE_ADDRESSES), now())
    yield 0.1, discovered(_group([]), now())
    for old in account.old_machines:
        for resource in (old.instance, old.interface, old.volume):
            yield 0.1, discovered(resource, now())
    keeper = iam.user(_IDS, "invoices", account.began - timedelta(days=760))
    yield 0.2, discovered(iam.as_seen_from(keeper, ABROAD), now())


def _machines_start(account: _Account, now: Callable[[], datetime]) -> _Told:
    """Yield the launch of eight at once: three messages for each, and three for what they share."""
    machines = account.big_machines
    for one in machines:
        yield 0.7 if one is not machines[0] else 5.0, discovered(one.instance, now())
        yield 0.1, discovered(one.interface, now())
        yield 0.1, discovered(one.volume, now())
    members = [related("Is associated with Instance", one.instance.type, one.instance.id) for one in machines]
    joined = {f"Relationships.{index}": (None, member) for index, member in enumerate(members)}
    yield 0.2, updated(_group(machines), now(), joined)
    left = _FREE_ADDRESSES - len(machines)
    fewer = {"Configuration.AvailableIpAddressCount": (_FREE_ADDRESSES, left)}
    yield 0.1, updated(subnet(_ABROAD, free_addresses=left), now(), fewer)
    interfaces = [one.interface.id for one in machines]
    contained = [related("Contains NetworkInterface", one.interface.type, one.interface.id) for one in machines]
    gained = {f"Relationships.{index}": (None, relation) for index, relation in enumerate(contained)}
    yield 0.1, updated(vpc(_ABROAD, interfaces), now(), gained)


def _group(machines: Sequence[Machine]) -> Resource:
    return security_group(
        _GROUP,
        _ABROAD,
        port=22,
        source=ANYWHERE,
        description="launch-wizard-1 created by the console",
        tags={},
        members=[related("Is associated with Instance", one.instance.type, one.instance.id) for one in machines],
    )
