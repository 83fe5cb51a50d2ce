"""An intruder's evening: a new user becomes administrator, the old ones go, and big machines start far away.

It must give an alert for the new user and one for each of the new instances. The machines that were there already stay
silent although AWS Config reports them as "discovered" too, because its recorder in São Paulo has just been switched
on; among them is one that was stopped and started again, and so has a launch time of today. Silent today are as well:
the second report of the same user from the other recorder, the power that it gains, the users deleted, the policy, and
the history deliveries in between.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trayapp.demo import iam
from trayapp.demo.identifiers import Identifiers
from trayapp.demo.launch import LAG
from trayapp.demo.machines import Machine, Plan, machine
from trayapp.demo.messages import Notification, Resource, deleted, discovered, history_delivered, related, updated
from trayapp.demo.network import ANYWHERE, Group, place, security_group, subnet, vpc

HOME = "us-east-1"
ABROAD = "sa-east-1"

_IDS = Identifiers("an intruder's evening")
_INTRUDER = "helpdesk2"
_BIG_LABELS = tuple(f"miner {number}" for number in range(1, 9))
_OLD_LABELS = ("backup", "build server")
_ABROAD = place(_IDS, ABROAD, "a", 0)
_GROUP = Group(_IDS.ec2("sg", "launch-wizard-1"), "launch-wizard-1")
_FREE_ADDRESSES = 249
_BUCKET = "config-history-demo"

EXPECTED = frozenset({_IDS.iam("AIDA", _INTRUDER), *(_IDS.ec2("i", label) for label in _BIG_LABELS)})
"""The ids of the new user and of the eight new instances."""


@dataclass(frozen=True, slots=True)
class _Account:
    """What there was before, and what becomes of it; all times hang on the evening's beginning."""

    began: datetime

    @property
    def owners(self) -> list[Resource]:
        """The users that there have been for years."""
        return [
            iam.user(_IDS, "alice", self.began - timedelta(days=1130), groups=["Administrators"]),
            iam.user(_IDS, "bob", self.began - timedelta(days=402), groups=["Administrators"]),
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
        launched = (self.began + timedelta(seconds=20)).replace(microsecond=0)
        plan = Plan("p5.48xlarge", 96, _IDS.ec2("ami", "deep learning"), launched=launched, key_name="k", disk_gib=500)
        return [machine(_IDS, label, plan, _ABROAD, _GROUP) for label in _BIG_LABELS]


def script(now: Callable[[], datetime]) -> Iterator[tuple[float, Notification]]:
    """Yield each message and the seconds before it."""
    account = _Account(now() - LAG)
    yield 4.0, history_delivered("AWS::S3::Bucket", HOME, _BUCKET, now())
    yield from _user_appears(account, now)
    yield from _owners_go(account, now)
    yield from _recorder_begins(account, now)
    yield from _machines_start(account, now)
    yield 1.0, history_delivered("AWS::EC2::Instance", ABROAD, _BUCKET, now())


def _user_appears(account: _Account, now: Callable[[], datetime]) -> Iterator[tuple[float, Notification]]:
    """Yield the new user, once from each recorder, and how it comes to power."""
    yield 2.0, discovered(account.intruder(), now())
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


def _owners_go(account: _Account, now: Callable[[], datetime]) -> Iterator[tuple[float, Notification]]:
    """Yield how the owners lose their group and then are deleted; one is reported without what it was."""
    for owner in account.owners:
        bare = iam.user(_IDS, owner.name or "", owner.created or account.began)
        lost = {
            "Relationships.0": (owner.relationships[0], None),
            "Configuration.GroupList.0": ("Administrators", None),
        }
        yield 1.0, updated(bare, now(), lost)
    for owner, remembered in zip(account.owners, (True, False), strict=True):
        yield 0.6, deleted(owner, now(), remembered=remembered)


def _recorder_begins(account: _Account, now: Callable[[], datetime]) -> Iterator[tuple[float, Notification]]:
    """Yield what AWS Config finds where it has just been switched on: everything, as if it were new."""
    yield 1.5, discovered(vpc(_ABROAD, [one.interface.id for one in account.old_machines]), now())
    yield 0.1, discovered(subnet(_ABROAD, free_addresses=_FREE_ADDRESSES), now())
    yield 0.1, discovered(_group([]), now())
    for old in account.old_machines:
        for resource in (old.instance, old.interface, old.volume):
            yield 0.1, discovered(resource, now())
    keeper = iam.user(_IDS, "invoices", account.began - timedelta(days=760))
    yield 0.2, discovered(iam.as_seen_from(keeper, ABROAD), now())


def _machines_start(account: _Account, now: Callable[[], datetime]) -> Iterator[tuple[float, Notification]]:
    """Yield the launch of eight at once: three messages for each, and three for what they share."""
    machines = account.big_machines
    for one in machines:
        yield 0.7, discovered(one.instance, now())
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
