"""Reading what the Linux kernel says of addresses and routes (rtnetlink).

https://man7.org/linux/man-pages/man7/netlink.7.html and https://man7.org/linux/man-pages/man7/rtnetlink.7.html; the
numbers are those of <linux/netlink.h>, <linux/rtnetlink.h> and <linux/if_addr.h>, which are part of the kernel's
interface and so never change.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

GROUPS = 0x10 | 0x40 | 0x100 | 0x400
"""RTMGRP_IPV4_IFADDR, RTMGRP_IPV4_ROUTE, RTMGRP_IPV6_IFADDR and RTMGRP_IPV6_ROUTE: what there is to be heard."""

_HEADER = struct.Struct("=IHHII")
_ADDRESS = struct.Struct("=BBBBI")
_ROUTE = struct.Struct("=BBBBBBBBI")
_ATTRIBUTE = struct.Struct("=HH")
_ERROR, _DONE = 2, 3
_NEW_ADDRESS, _DELETED_ADDRESS, _GET_ADDRESS = 20, 21, 22
_NEW_ROUTE, _DELETED_ROUTE, _GET_ROUTE = 24, 25, 26
_REQUEST_DUMP = 0x001 | 0x300  # NLM_F_REQUEST, NLM_F_DUMP
_REPLACE = 0x100
_UNIVERSE = 0  # RT_SCOPE_UNIVERSE: neither of this machine nor of one link alone
_TENTATIVE = 0x40
_UNICAST = 1
_CLONED = 0x200
_ADDRESS_KEYS = frozenset({1, 2})  # IFA_ADDRESS, IFA_LOCAL
_SLOT_KEYS = frozenset({1, 6, 15})  # RTA_DST, RTA_PRIORITY, RTA_TABLE: routes that agree in these replace each other
_WAY_KEYS = frozenset({4, 5, 7, 9, 18})  # RTA_OIF, RTA_GATEWAY, RTA_PREFSRC, RTA_MULTIPATH, RTA_VIA

Attributes = tuple[tuple[int, bytes], ...]
"""Numbers and values, in the numbers' order."""


class Kind(Enum):
    """What the kernel speaks of; the values are those of the requests for all of them."""

    ADDRESS = _GET_ADDRESS
    ROUTE = _GET_ROUTE


@dataclass(frozen=True, slots=True)
class Told:
    """The kernel says that something holds, or not any more.

    Attributes:
        kind: What it is.
        slot: Which one: another with the same slot may take its place.
        way: Where a route leads; empty for an address.
        holds: Whether it holds.
        replaces: It has taken the place of whatever was in its slot.
        asked: It answers a request, instead of being news.
    """

    kind: Kind
    slot: tuple[int | Attributes, ...]
    way: Attributes
    holds: bool
    replaces: bool
    asked: bool


@dataclass(frozen=True, slots=True)
class AnswerEnds:
    """The kernel has said all that was asked for, or will not."""


def request(kind: Kind) -> bytes:
    """Ask for all that there is of a kind."""
    body = bytes(_ADDRESS.size if kind is Kind.ADDRESS else _ROUTE.size)
    return _HEADER.pack(_HEADER.size + len(body), kind.value, _REQUEST_DUMP, 1, 0) + body


def read(data: bytes, port: int) -> Iterator[Told | AnswerEnds]:
    """Read what was received at once, and give what matters of it.

    That is addresses that reach beyond their link, and routes to the whole world, or to half of it, as VPNs set them
    to come before the others; not what belongs to single machines, such as containers.

    Args:
        data: Messages, as received.
        port: Our address, which answers to us bear.
    """
    for kind, flags, to, body in _messages(data):
        if kind in {_ERROR, _DONE}:
            yield AnswerEnds()
        elif kind in {_NEW_ADDRESS, _DELETED_ADDRESS} and (found := _address(body)):
            yield Told(Kind.ADDRESS, found, (), kind == _NEW_ADDRESS, bool(flags & _REPLACE), to == port)
        elif kind in {_NEW_ROUTE, _DELETED_ROUTE} and (route := _route(body)):
            yield Told(Kind.ROUTE, *route, kind == _NEW_ROUTE, bool(flags & _REPLACE), to == port)


def _messages(data: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """Part what was received into messages: type, flags, to whom, and the rest."""
    while len(data) >= _HEADER.size:
        length, kind, flags, _sequence, to = _HEADER.unpack_from(data)
        if not _HEADER.size <= length <= len(data):
            return
        yield kind, flags, to, data[_HEADER.size : length]
        data = data[_aligned(length) :]


def _address(body: bytes) -> tuple[int | Attributes, ...] | None:
    if len(body) < _ADDRESS.size:
        return None
    family, prefix, flags, scope, link = _ADDRESS.unpack_from(body)
    # A tentative one cannot be used yet, and is told again when it can (RFC 4862, section 5.4).
    if scope != _UNIVERSE or flags & _TENTATIVE:
        return None
    return family, prefix, link, _attributes(body[_ADDRESS.size :], _ADDRESS_KEYS)


def _route(body: bytes) -> tuple[tuple[int | Attributes, ...], Attributes] | None:
    if len(body) < _ROUTE.size:
        return None
    family, prefix, source, service, table, _protocol, _scope, kind, flags = _ROUTE.unpack_from(body)
    if prefix > 1 or source or kind != _UNICAST or flags & _CLONED:
        return None
    attributes = body[_ROUTE.size :]
    slot = (family, prefix, service, table, _attributes(attributes, _SLOT_KEYS))
    return slot, _attributes(attributes, _WAY_KEYS)


def _attributes(data: bytes, wanted: frozenset[int]) -> Attributes:
    found: list[tuple[int, bytes]] = []
    while len(data) >= _ATTRIBUTE.size:
        length, kind = _ATTRIBUTE.unpack_from(data)
        if not _ATTRIBUTE.size <= length <= len(data):
            break
        if kind in wanted:
            found.append((kind, data[_ATTRIBUTE.size : length]))
        data = data[_aligned(length) :]
    return tuple(sorted(found))


def _aligned(length: int) -> int:
    return (length + 3) & ~3
