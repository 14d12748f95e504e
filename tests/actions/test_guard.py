"""Where a request may go, and that it goes where it was judged to."""

import threading
import time
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from actions.receivers import HERE, saying
from hypothesis import given
from hypothesis import strategies as st

from monitor.actions.deadline import Deadline
from monitor.actions.guard import NEVER, PRIVATE, Forbidden, Guard, networks, unwrapped

OPEN = Guard(allow=networks(["0.0.0.0/0", "::/0"]))
PUBLIC = ["8.8.8.8", "1.1.1.1", "2001:4860:4860::8888", "64:ff9b::808:808", "::ffff:8.8.8.8", "100.63.255.255"]
INSIDE = [
    *("127.0.0.1", "127.255.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1"),
    *("::1", "fc00::1", "fd12:3456::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"),
]
SPECIAL = ["192.0.2.1", "198.18.0.1", "203.0.113.7", "2001:db8::1", "192.0.0.8", "4000::1", "100::1"]
NOWHERE = [
    *("169.254.169.254", "169.254.170.2", "0.0.0.0", "0.1.2.3", "224.0.0.1", "239.255.255.255", "255.255.255.255"),
    *("240.0.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "::", "fe80::1", "fe80::1%1", "ff02::1"),
    *("fec0::1", "fd00:ec2::254", "fd20:ce::254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"),
    *("2002:7f00:1::", "2001:0:53aa:64c:0:0:0:1", "::127.0.0.1", "::ffff:0.0.0.0"),
]


def soon() -> Deadline:
    return Deadline.after(10)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_open(address: str) -> None:
    assert Guard().addresses(address, soon()) == (address,)


@pytest.mark.parametrize("address", INSIDE)
def test_private_addresses_are_open_to_whom_they_are_allowed(address: str) -> None:
    with pytest.raises(Forbidden, match="; `allow:"):
        Guard().addresses(address, soon())
    inner = unwrapped(ip_address(address))
    assert Guard(allow=networks([str(inner)])).addresses(address, soon()) == (address,)
    with pytest.raises(Forbidden):
        Guard(allow=networks(["198.51.100.0/24"])).addresses(address, soon())


@pytest.mark.parametrize("address", SPECIAL)
def test_addresses_for_special_use_need_to_be_named(address: str) -> None:
    with pytest.raises(Forbidden, match="is for special use only; `allow:"):
        Guard(allow=networks([str(network) for network, _ in PRIVATE])).addresses(address, soon())
    assert Guard(allow=networks([address])).addresses(address, soon()) == (address,)


@pytest.mark.parametrize("address", NOWHERE)
def test_where_no_receiver_is_nothing_goes_whatever_is_allowed(address: str) -> None:
    with pytest.raises(Forbidden, match=r"no request goes there|hides another one"):
        OPEN.addresses(address, soon())


@pytest.mark.parametrize("name", ["2130706433", "0x7f000001", "0x7f.1", "017700000001", "127.1", "localhost"])
def test_this_machine_is_known_in_every_form_that_the_system_reads(name: str) -> None:
    with pytest.raises(Forbidden, match=r"at (127\.0\.0\.1|::1), is this machine"):
        Guard().addresses(name, soon())


@pytest.mark.parametrize("name", ["0xa9fea9fe", "2852039166", "169.254.43518"])
def test_so_is_the_address_of_a_clouds_credentials(name: str) -> None:
    with pytest.raises(Forbidden, match=rf"^{name}, at 169\.254\.169\.254, is link-local, where clouds"):
        OPEN.addresses(name, soon())


def test_a_name_is_refused_for_any_of_its_addresses() -> None:
    guard = Guard(resolver=lambda _: ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(Forbidden, match=r"^mixed\.example, at 10\.0\.0\.1, is private"):
        guard.addresses("mixed.example", soon())
    assert Guard(resolver=lambda _: ["8.8.8.8", "1.1.1.1", "8.8.8.8"]).addresses("a", soon()) == ("8.8.8.8", "1.1.1.1")


def test_a_name_is_asked_for_once_and_its_first_answer_is_where_it_goes() -> None:
    asked: list[str] = []

    def changing(name: str) -> Sequence[str]:
        asked.append(name)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    guard = Guard(allow=networks(["127.0.0.1"]), resolver=changing)
    with saying(lambda connection, _: connection.sendall(b"hello")) as port:
        with guard.connected("rebinding.example", port, soon()) as connection:
            assert connection.getpeername() == ("127.0.0.1", port)
            assert connection.recv(9) == b"hello"
        assert asked == ["rebinding.example"]
        with pytest.raises(Forbidden, match=r"at 127\.0\.0\.2, is this machine"):
            guard.connected("rebinding.example", port, soon())


def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    with saying(lambda connection, _: connection.sendall(b"hello")) as port:
        guard = Guard(allow=HERE.allow, resolver=lambda _: ["127.0.0.2", "127.0.0.1"])
        with guard.connected("two.example", port, soon()) as connection:
            assert connection.getpeername()[0] == "127.0.0.1"
    with pytest.raises(ConnectionRefusedError):
        guard.connected("two.example", port, soon())


def test_a_name_that_leads_nowhere_says_so() -> None:
    def unknown(_: str) -> Sequence[str]:
        raise OSError(-2, "Name or service not known")

    with pytest.raises(OSError, match=r"^nobody\.example: cannot be resolved \(Name or service not known\)$"):
        Guard(resolver=unknown).addresses("nobody.example", soon())
    with pytest.raises(OSError, match=r"^nobody\.example: has no address$"):
        Guard(resolver=lambda _: []).addresses("nobody.example", soon())
    with pytest.raises(OSError, match="cannot be resolved"):
        Guard().addresses("a" * 70 + ".example", soon())


def test_a_resolver_that_does_not_answer_is_not_waited_for() -> None:
    over = threading.Event()

    def hanging(_: str) -> Sequence[str]:
        over.wait(60)
        return []

    begun = time.monotonic()
    with pytest.raises(TimeoutError, match=r"^slow\.example: no answer of the resolver$"):
        Guard(resolver=hanging).addresses("slow.example", Deadline.after(0.2))
    over.set()
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize("text", ["169.254.0.0/16", "169.254.169.254", "fe80::/64", "224.0.0.0/8", "0.0.0.0/32"])
def test_what_is_never_reached_cannot_be_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="no request goes there, whatever is allowed"):
        Guard(allow=networks([text]))


def test_a_network_is_written_as_one() -> None:
    assert networks(["10.0.0.0/8", "::1"]) == (ip_network("10.0.0.0/8"), ip_network("::1/128"))
    for text in ("10.0.0.1/8", "localhost", "10.0.0.0/33"):
        with pytest.raises(ValueError, match=r"is no network; 10\.0\.0\.0/8 or fd00::/8 would be right") as caught:
            networks([text])
        assert repr(text) in str(caught.value)


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_what_is_open_is_global_and_what_is_listed_is_not_open(address: IPv4Address | IPv6Address) -> None:
    is_open = not Guard().mistake(address)
    listed = any(address in network for network, _ in (*NEVER, *PRIVATE))
    assert not (is_open and listed)
    assert not is_open or not (address.is_private and unwrapped(address) == address)


@given(st.ip_addresses(v=4))
def test_an_address_within_another_is_judged_as_itself(address: IPv4Address) -> None:
    for inside in (f"::ffff:{address}", str(IPv6Address((0x64FF9B << 96) + int(address)))):
        assert Guard().mistake(ip_address(inside)) == Guard().mistake(address)
