"""Which ports of a security group the whole internet may reach."""

from collections.abc import Iterable, Iterator
from ipaddress import ip_network

from trayapp.core.facts import Json
from trayapp.core.language import listed, mark, say
from trayapp.core.signals.reading import items, number, pick, text

WAYS_IN = {
    21: "FTP",
    22: "SSH",
    23: "Telnet",
    445: mark("file sharing"),
    3389: mark("Remote Desktop"),
    5985: "WinRM",
    5986: "WinRM",
}
"""The ports by which one signs in to a machine. The list is that of Elastic's rule
``defense_evasion_vpc_security_group_ingress_rule_added_for_remote_connections``."""

_HIGHEST = 65535
_TCP = ("tcp", "6")
_ALL = "-1"
_HALF = 1
"""A range of this prefix length holds half of all addresses: two such rules are the whole internet."""


def open_ways_in(rules: Iterable[object]) -> tuple[int, ...]:
    """Give the ports of ``WAYS_IN`` that these rules open to the whole internet, ascending.

    Args:
        rules: Rules as AWS Config, the EC2 calls or their newer, capitalised form write them.
    """
    found = {port for rule in rules if _is_world(rule) for port in WAYS_IN if _covers(rule, port)}
    return tuple(sorted(found))


def written_ports(ports: Iterable[int]) -> str:
    """Write ports down, to be spoken later: ``22,3389``."""
    return ",".join(map(str, ports))


def spoken_ports(written: str) -> str:
    """Name ports as a person would, out of what ``written_ports`` wrote; empty where none of them is known."""
    ports = [port for port in WAYS_IN if str(port) in written.split(",")]
    if len(ports) == len(WAYS_IN):
        return say("every port")
    named = [say("{way} ({port})", way=say(WAYS_IN[port]), port=port) for port in ports]
    if len(named) > 1:
        return say("{ports} and {last}", ports=listed(named[:-1]), last=named[-1])
    return "".join(named)


def rules_asked_for(request: Json) -> tuple[object, ...]:
    """Give the rules in a call that opens a security group, in each of the three forms that CloudTrail records."""
    wrapped = pick(request, "ModifySecurityGroupRulesRequest.SecurityGroupRule")
    if wrapped is not None:
        return tuple(pick(rule, "SecurityGroupRule") or rule for rule in items(wrapped))
    listed = items(pick(request, "ipPermissions"))
    return listed or ((request,) if text(request, "cidrIp") else ())


def _is_world(rule: object) -> bool:
    return any(_holds_half_the_internet(cidr) for cidr in _ranges(rule))


def _ranges(rule: object) -> Iterator[str]:
    for spelling in ("cidrIp", "cidrIpv4", "cidrIpv6"):
        yield text(rule, spelling)
    for field, spelling in (("ipRanges", "cidrIp"), ("ipv4Ranges", "cidrIp"), ("ipv6Ranges", "cidrIpv6")):
        for entry in items(pick(rule, field)):
            yield entry if isinstance(entry, str) else text(entry, spelling)


def _holds_half_the_internet(cidr: str) -> bool:
    try:
        return ip_network(cidr, strict=False).prefixlen <= _HALF
    except ValueError:
        return False


def _covers(rule: object, port: int) -> bool:
    protocol = str(pick(rule, "ipProtocol") or "").casefold()
    if protocol == _ALL:
        return True
    if protocol not in _TCP:
        return False
    first, last = pick(rule, "fromPort"), pick(rule, "toPort")
    if first is None or int(number(rule, "fromPort")) == -1:
        return True
    return int(number(rule, "fromPort")) <= port <= (_HIGHEST if last is None else int(number(rule, "toPort")))
