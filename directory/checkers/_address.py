"""Is this an address on the public internet, in whatever form it hides?

The standard library's `is_private` lets NAT64, 6to4, IPv4-mapped and other forms of internal addresses through, and its
tables change between Python versions; so the ranges stand here. Source: IANA's special-purpose address registries.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_REFUSED_V4 = tuple(
    IPv4Network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
        *("192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        *("224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # looks public, and is the host agent inside every Azure machine
    )
)
# Public IPv6 is 2000::/3 without protocol assignments (Teredo, ORCHID), documentation and 6to4. What is outside it
# needs no list: loopback, v4-compatible, local NAT64, unique local, link and site local, multicast.
_UNICAST = IPv6Network("2000::/3")
_REFUSED_V6 = tuple(IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
_NAT64 = IPv6Network("64:ff9b::/96")  # how an IPv6-only network reaches IPv4: judged by the address inside


def is_public(address: str) -> bool:
    """Whether an IP address, as a resolver gives it (`%zone` allowed), can be opened safely."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or (IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        if inner is None:
            return ip in _UNICAST and not any(ip in network for network in _REFUSED_V6)
        ip = inner
    return not any(ip in network for network in _REFUSED_V4)
