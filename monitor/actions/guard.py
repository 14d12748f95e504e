"""Guard: where a request may go. A name is resolved once; its addresses are judged, and one of those is connected to.

So a name that leads elsewhere at a second look, or to an address inside, leads nowhere (server-side request forgery).
"""

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from monitor.actions.deadline import Deadline

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolver = Callable[[str], Sequence[str]]


class Forbidden(Exception):
    """A place where no request may go; the message says which, why, and what setting would allow it."""


NEVER = tuple(
    (ip_network(network), what)
    for network, what in (
        ("169.254.0.0/16", "link-local, where clouds keep their credentials"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("100.100.100.200/32", "a cloud's metadata"),
        ("168.63.129.16/32", "a cloud's metadata"),
        ("192.0.0.192/32", "a cloud's metadata"),
        ("fd00:ec2::254/128", "a cloud's metadata"),
        ("fd20:ce::254/128", "a cloud's metadata"),
        ("0.0.0.0/8", "unspecified"),
        ("::/128", "unspecified"),
        ("224.0.0.0/4", "multicast"),
        ("ff00::/8", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
"""What no setting opens: no receiver of events is there."""
PRIVATE = tuple(
    (ip_network(network), what)
    for network, what in (
        ("127.0.0.0/8", "this machine"),
        ("::1/128", "this machine"),
        ("10.0.0.0/8", "private"),
        ("172.16.0.0/12", "private"),
        ("192.168.0.0/16", "private"),
        ("100.64.0.0/10", "private, of a provider"),
        ("fc00::/7", "private"),
    )
)
"""Of a network of one's own (RFC 1918, 4193, 6598, 1122)."""
SPECIAL = tuple(
    ip_network(network)
    for network in (
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        *("64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16"),
    )
)
"""IANA's registries of special-purpose addresses: what `is_global` says of them differs between Pythons."""
UNICAST = ip_network("2000::/3")
"""The IPv6 addresses that are given out at all (RFC 4291, 2.4, and IANA's registry)."""
NAT64 = ip_network("64:ff9b::/96")
COMPATIBLE = ip_network("::/96")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Which addresses a receiver may have: public ones, and others that are in `allow`.

    >>> Guard().mistake(ip_address("8.8.8.8")), Guard().mistake(ip_address("::ffff:10.0.0.1"))
    ('', 'private; `allow: [10.0.0.1/32]` would let it through')
    """

    allow: tuple[Network, ...] = ()
    resolver: Resolver | None = None

    def __post_init__(self) -> None:
        for network in self.allow:
            for never, what in NEVER:
                if never.version == network.version and network.subnet_of(never):  # type: ignore[arg-type]
                    raise ValueError(f"allow {network}: is {what}; no request goes there, whatever is allowed")

    def addresses(self, host: str, deadline: Deadline) -> tuple[str, ...]:
        """Where a host is, in the order to try. Raises Forbidden if any of it must not be reached, OSError if none is.

        One forbidden address among others forbids the name: who mixes them has something in mind.
        """
        literal = _literal(host)
        texts = [host] if literal else self._resolved(host, deadline)
        if not texts:
            raise OSError(f"{host}: has no address")
        for text in texts:
            wrong = self.mistake(ip_address(text))
            if wrong:
                place = host if literal else f"{host}, at {text},"
                raise Forbidden(f"{place} is {wrong}")
        return tuple(dict.fromkeys(texts))

    def mistake(self, address: Address) -> str:
        """Why an address must not be reached; empty where it may."""
        inner = unwrapped(address)
        if inner is None:
            return "an IPv6 address that hides another one; the address itself would be right"
        never = _among(inner, NEVER)
        if never:
            return f"{never}; no request goes there"
        if any(inner in network for network in self.allow):
            return ""
        cure = f"`allow: [{inner}/{inner.max_prefixlen}]` would let it through"
        private = _among(inner, PRIVATE)
        if private:
            return f"{private}; {cure}"
        is_given_out = inner.version == 4 or inner in UNICAST
        is_public = is_given_out and not any(inner in network for network in SPECIAL)
        return "" if is_public else f"for special use only; {cure}"

    def literal_mistake(self, host: str) -> str:
        """Why an address that stands in a URL must not be reached; empty where it may, and for a name."""
        found = _literal(host)
        return "" if found is None else self.mistake(found)

    def _resolved(self, host: str, deadline: Deadline) -> list[str]:
        """What the resolver says, if it does in time: the system's knows no limit, so it is asked in a thread."""
        found: list[str] = []
        failed: list[Exception] = []

        def ask() -> None:
            try:
                found.extend((self.resolver or resolved)(host))
            except Exception as error:  # noqa: BLE001  whatever it is, who waits is told
                failed.append(error)

        thread = threading.Thread(target=ask, name="driftd-resolver", daemon=True)
        thread.start()
        thread.join(deadline.left())
        if thread.is_alive():
            raise TimeoutError(f"{host}: no answer of the resolver")
        if failed:
            raise OSError(f"{host}: cannot be resolved ({_reason(failed[0])})")
        return found

    def connected(self, host: str, port: int, deadline: Deadline) -> socket.socket:
        """A connection to one of the addresses that were judged, the first that answers."""
        failure: OSError = OSError(f"{host}: has no address")
        for address in self.addresses(host, deadline):
            try:
                connection = socket.create_connection((address, port), deadline.left())
            except OSError as error:
                failure = error
                continue
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection
        raise failure


def resolved(host: str) -> list[str]:
    """The system's answer, IPv4 and IPv6; odd forms of addresses (0x7f.1, 2130706433) are what it makes of them."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


def unwrapped(address: Address) -> Address | None:
    """The IPv4 address that an IPv6 one stands for, if it is one to connect to; None where it is of a given-up kind.

    >>> unwrapped(ip_address("::ffff:127.0.0.1")), unwrapped(ip_address("64:ff9b::a00:1"))
    (IPv4Address('127.0.0.1'), IPv4Address('10.0.0.1'))
    >>> unwrapped(ip_address("2002:7f00:1::")), unwrapped(ip_address("2001:4860:4860::8888"))
    (None, IPv6Address('2001:4860:4860::8888'))
    """
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address.sixtofour is not None or address.teredo is not None:
        return None
    return None if address in COMPATIBLE and int(address) > 1 else address


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Networks from their texts; ValueError says which is none, and what would be right."""
    found = []
    for text in texts:
        try:
            found.append(ip_network(text))
        except ValueError:
            raise ValueError(f"allow {text!r}: is no network; 10.0.0.0/8 or fd00::/8 would be right") from None
    return tuple(found)


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _among(address: Address, known: Iterable[tuple[Network, str]]) -> str:
    return next((what for network, what in known if address in network), "")


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__
