"""Which network addresses belong to the public internet; plain values, no requests."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv6Address

Address = IPv4Address | IPv6Address

# Source: IANA's special-purpose address registries for IPv4 and IPv6, as of 2025-10: what is not
# globally reachable there, multicast, and what is reserved. Blocks that the registry calls
# reachable (AS112, AMT) stay open.
_CLOSED_4 = tuple(
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by customers of a carrier (CGNAT)
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, and the metadata services of clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # former relays of 6to4, RFC 7526
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "168.63.129.16/32",  # Azure's own service; its documents, 2025: reachable from guests only
    )
)
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
"""All that is given out as global unicast, RFC 4291, section 2.4."""
_CLOSED_6 = tuple(
    ipaddress.IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments, with Teredo, ORCHID and benchmarking
        "2001:db8::/32",
        "3fff::/20",
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 in the last 32 bits, RFC 6052; the local block 64:ff9b:1::/48 stays closed."""
_6TO4 = ipaddress.IPv6Network("2002::/16")
"""IPv4 behind the first 16 bits, RFC 3056."""
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
"""Third quarter of an address that ends in IPv4, RFC 5214, section 6.1."""


def read_literal(host: str) -> Address | None:
    """Return the address that a host is, in its usual spelling; None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Tell whether an address, and every IPv4 address inside it, is one of the open internet."""
    if isinstance(address, IPv4Address):
        return not any(address in block for block in _CLOSED_4)
    inner = _embedded(address)
    if inner is not None and not is_public(inner):
        return False
    if address.ipv4_mapped is not None or address in _NAT64:
        return True
    is_global = address in _GLOBAL_6 and address.scope_id is None
    return is_global and not any(address in block for block in _CLOSED_6)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that packets to this one may end at."""
    number = int(address)
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64 or (number >> 32) & 0xFFFFFFFF in _ISATAP:
        return IPv4Address(number & 0xFFFFFFFF)
    if address in _6TO4:
        return IPv4Address((number >> 80) & 0xFFFFFFFF)
    return None
