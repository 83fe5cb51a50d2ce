"""Changes of the network: made in a network namespace of our own, and told by the real kernel."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.bus_fakes import wait_until
from trayapp.desktop.linux.netlink import AnswerEnds, Kind, Told, read
from trayapp.desktop.linux.network import NetworkChanges
from trayapp.desktop.linux.thread import EventThread

IN_A_NAMESPACE = ["unshare", "--map-root-user", "--net"]


class Namespace:
    """A network of its own, and a listener in it."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [*IN_A_NAMESPACE, sys.executable, Path(__file__).with_name("network_probe.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def do(self, command: str) -> int:
        """Run a command in it; gives how many times a change was told since the last one."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def close(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        assert self.process.wait(10) == 0
        self.process.stdout.close()


@pytest.fixture
def namespace() -> Iterator[Namespace]:
    """A network with a link that is up, an address, and a way out, which are known already."""
    try:
        allowed = subprocess.run([*IN_A_NAMESPACE, "true"], capture_output=True, check=False, timeout=10)
    except FileNotFoundError:
        pytest.skip("there is no unshare(1) here")
    if allowed.returncode:
        pytest.skip(f"no namespaces of one's own are allowed here: {allowed.stderr.decode().strip()}")
    namespace = Namespace()
    for command in (
        "ip link add out type veth peer name far",
        # Addresses are usable at once, without first asking the neighbours for five seconds.
        "sysctl -qw net.ipv6.conf.out.accept_dad=0 net.ipv6.conf.far.accept_dad=0",
        "ip link set far up",
        "ip link set out up",
        "ip addr add 192.0.2.7/24 dev out",
        "ip route add default via 192.0.2.1",
    ):
        namespace.do(command)
    assert namespace.do("listen") == 0
    yield namespace
    namespace.close()


# ---- what is news


def test_an_address_that_comes_and_goes_is_told(namespace: Namespace) -> None:
    assert namespace.do("ip addr add 198.51.100.7/24 dev out") > 0
    assert namespace.do("ip addr del 198.51.100.7/24 dev out") > 0
    assert namespace.do("ip -6 addr add 2001:db8::7/64 dev out") > 0
    assert namespace.do("ip -6 addr del 2001:db8::7/64 dev out") > 0


def test_another_way_out_is_told(namespace: Namespace) -> None:
    assert namespace.do("ip route replace default via 192.0.2.2") > 0
    assert namespace.do("ip route replace default via 192.0.2.1") > 0
    assert namespace.do("ip route del default") > 0
    assert namespace.do("ip route add default via 192.0.2.1") > 0


def test_a_vpn_that_covers_the_whole_world_in_two_halves_is_told(namespace: Namespace) -> None:
    assert namespace.do("ip route add 0.0.0.0/1 via 192.0.2.9") > 0
    assert namespace.do("ip route add default via 192.0.2.9 table 51820") > 0


def test_a_way_out_that_comes_back_after_it_was_lost_without_a_word_is_told(namespace: Namespace) -> None:
    namespace.do("ip link set out down")
    namespace.do("ip link set out up")
    assert namespace.do("ip route add default via 192.0.2.1") > 0


def test_losing_a_link_with_a_v6_address_is_told(namespace: Namespace) -> None:
    namespace.do("ip -6 addr add 2001:db8::7/64 dev out")
    assert namespace.do("ip link set out down") > 0


def test_a_link_that_is_gone_is_told(namespace: Namespace) -> None:
    assert namespace.do("ip link del out") > 0


# ---- what is not


def test_an_address_that_is_only_prolonged_is_no_news(namespace: Namespace) -> None:
    # As after each router advertisement, and at each renewal of a lease.
    assert namespace.do("ip addr replace 192.0.2.7/24 dev out valid_lft 900 preferred_lft 900") == 0
    namespace.do("ip -6 addr add 2001:db8::7/64 dev out valid_lft 900 preferred_lft 900")
    for seconds in (800, 1800):
        lifetimes = f"valid_lft {seconds} preferred_lft {seconds}"
        assert namespace.do(f"ip -6 addr replace 2001:db8::7/64 dev out {lifetimes}") == 0


def test_a_way_out_that_is_only_prolonged_is_no_news(namespace: Namespace) -> None:
    namespace.do("ip -6 addr add 2001:db8::7/64 dev out")
    assert namespace.do("ip -6 route add default via 2001:db8::1 dev out expires 900") > 0
    assert namespace.do("ip -6 route replace default via 2001:db8::1 dev out expires 1800") == 0


def test_what_concerns_single_machines_and_links_is_no_news(namespace: Namespace) -> None:
    for command in (
        "ip link add container type veth peer name inside",
        "ip link set inside up",
        "ip link set container up",
        "ip addr add 169.254.7.7/16 dev container scope link",
        "ip route add 198.51.100.0/24 via 192.0.2.3",
        "ip route add blackhole 203.0.113.0/24",
        "ip route del 198.51.100.0/24",
        "ip link del container",
    ):
        assert namespace.do(command) == 0, command


def test_nothing_is_told_while_nothing_changes(namespace: Namespace) -> None:
    assert namespace.do("true") == 0


def test_more_than_can_be_taken_in_at_once_is_told_as_a_change_and_learnt_anew(namespace: Namespace) -> None:
    # Far more than the socket's buffer has room for, of what is none of our business, while we are kept from reading.
    flood = "for i in $(seq 1 3000); do echo route add 198.51.100.0/24 via 192.0.2.1 metric $i; done | ip -batch -"
    assert namespace.do(f"kill -STOP $PPID; ({flood}; ip route del default; kill -CONT $PPID) & true") > 0
    assert namespace.do("ip route add default via 192.0.2.1") > 0
    assert namespace.do("ip addr replace 192.0.2.7/24 dev out valid_lft 900 preferred_lft 900") == 0
    assert namespace.do("ip route replace default via 192.0.2.2") > 0


# ---- what cannot be read


@given(st.binary(max_size=200))
def test_no_bytes_whatever_are_an_accident(data: bytes) -> None:
    list(read(data, 1))


# RTM_NEWADDR as the kernel sends it: 192.0.2.7/24 on link 2, which the whole world may reach.
ADDRESS = bytes.fromhex("2000000014000000 0100000000000000 0218000002000000 08000200c0000207")


def test_the_sample_is_an_address() -> None:
    [told] = read(ADDRESS, 1)
    assert told == Told(Kind.ADDRESS, (2, 24, 2, ((2, bytes([192, 0, 2, 7])),)), (), True, False, False)


@given(st.integers(0, len(ADDRESS) - 1), st.integers(0, 255))
def test_a_spoilt_message_is_no_accident(place: int, value: int) -> None:
    spoilt = ADDRESS[:place] + bytes([value]) + ADDRESS[place + 1 :]
    for data in (spoilt, ADDRESS[:place]):
        assert all(isinstance(told, Told | AnswerEnds) for told in read(data, 1))


# ---- where there is nothing to hear


def test_where_it_may_not_listen_it_says_so_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("as a sandbox does")

    thread = EventThread()
    caplog.set_level("INFO")
    monkeypatch.setattr("trayapp.desktop.linux.network.socket.socket", refuse)
    NetworkChanges(thread, lambda: None)
    wait_until(lambda: "cannot be heard: as a sandbox does" in caplog.text)
    thread.close()
