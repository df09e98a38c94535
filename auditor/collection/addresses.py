"""Which hosts a crawl may connect to: public ones, and private ones only where they were named."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from auditor.errors import UsageError

Address = IPv4Address | IPv6Address

# Names that mean this machine or its cloud's metadata service wherever they are resolved
# (RFC 6761, section 6.3; RFC 6762; RFC 9476 and the reserved top-level name `internal`).
_PRIVATE_SUFFIXES = ("localhost", "local", "internal", "home.arpa")
# Special-purpose networks (IANA registries) that older versions of `ipaddress` call global; the
# first holds the metadata service of one cloud.
_RESERVED = (IPv4Network("192.0.0.0/24"), IPv6Network("64:ff9b:1::/48"), IPv6Network("5f00::/16"))
_NAT64 = IPv6Network("64:ff9b::/96")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def host_of(url: str) -> str:
    """Return the host of a URL as it will be looked up: lower case, plain dots, no final dot.

    Raises:
        UsageError: the URL has no host or cannot be split.
    """
    return _split(url)[1]


def origin_of(url: str) -> str:
    """Return ``host:port`` of an http or https URL, the unit in which private hosts are named.

    Raises:
        UsageError: the URL is not http or https, or has no host.
    """
    scheme, host, port = _split(url)
    if scheme not in _DEFAULT_PORTS:
        raise UsageError(f"not an http or https address: {url[:200]}")
    return f"{host}:{port or _DEFAULT_PORTS[scheme]}"


def literal_address(host: str) -> Address | None:
    """Return the address that a host spells out, in any way a C library reads it, else ``None``.

    Decimal (``2130706433``), octal (``0177.0.0.1``), hexadecimal and short (``127.1``) forms are
    read as inet_aton(3) does: they reach the same machine, so they count as the same address.
    """
    bare = host.strip("[]").split("%")[0]  # without the zone of a link-local address
    try:
        return ip_address(bare)
    except ValueError:
        return _inet_aton(bare)


def is_private_host(host: str) -> bool:
    """Tell whether a host, by its spelling alone, is not on the open internet."""
    address = literal_address(host)
    return _is_private_name(host) if address is None else not is_public(address)


def is_public(address: Address) -> bool:
    """Tell whether an address is on the open internet, embedded IPv4 addresses included."""
    inner = _embedded(address)
    if inner is not None:
        return is_public(inner)
    return address.is_global and not (
        any(address in network for network in _RESERVED)
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or (isinstance(address, IPv6Address) and address.is_site_local)
    )


@dataclass(frozen=True, slots=True)
class AddressGuard:
    """Says no before a connection is made.

    ``named`` are the origins (``host:port``) that the targets name themselves; with
    ``allow_private`` those, and no others, may be private.
    """

    allow_private: bool
    named: frozenset[str]

    @classmethod
    def of(cls, urls: Iterable[str], *, allow_private: bool) -> AddressGuard:
        """Build the guard of a crawl from the addresses of its targets."""
        return cls(allow_private, frozenset(origin_of(url) for url in urls))

    def refusal(self, url: str, via: str | None = None) -> str | None:
        """Return why a URL may not be asked, or ``None``; ``via`` is the URL that redirected to it.

        Only what the URL itself shows is judged here; names are judged once more by
        ``address_refusal`` when they have been looked up.
        """
        try:
            origin, host = origin_of(url), host_of(url)
        except UsageError as fault:
            return fault.message
        return self._private_refusal(origin, via) if is_private_host(host) else None

    def address_refusal(self, host: str, address: str) -> str | None:
        """Return why a looked-up address may not be connected to, or ``None``.

        Judged on the very address that the connection will use, so a name that resolves to a
        public address first and to a private one later (DNS rebinding) gains nothing.
        """
        found = literal_address(address)
        if found is None:
            return f"{host} resolved to something that is no address"
        if is_public(found):
            return None
        if self.allow_private and host.lower() in {name.rpartition(":")[0] for name in self.named}:
            return None
        return f"{host} resolved to a private address, which the targets do not name"

    def crossing_refusal(self, url: str, via: str, address: str) -> str | None:
        """Return why a redirect to a name that resolved to ``address`` is refused, or ``None``."""
        found = literal_address(address)
        if found is None or is_public(found):
            return None
        return self._private_refusal(origin_of(url), via)

    def _private_refusal(self, origin: str, via: str | None) -> str | None:
        if not self.allow_private:
            return f"{origin} is a private address; --allow-private permits those that targets name"
        if origin not in self.named:
            return f"{origin} is a private address that no target names"
        if via is not None and origin_of(via) != origin:
            return f"redirect from {origin_of(via)} to the private address {origin}"
        return None


def _split(url: str) -> tuple[str, str, int | None]:
    # Full-width digits and the ideographic full stop are folded by IDNA on the way to the
    # resolver, so they are folded before they are judged.
    try:
        parts = urlsplit(unicodedata.normalize("NFKC", url.strip()))
        host, port = parts.hostname or "", parts.port
    except ValueError as fault:
        raise UsageError(f"not an address: {url[:200]} ({fault})") from None
    host = host.replace("。", ".").rstrip(".").lower()
    if not host:
        raise UsageError(f"an address without a host: {url[:200]}")
    return parts.scheme.lower(), host, port


def _is_private_name(host: str) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in _PRIVATE_SUFFIXES)


def _embedded(address: Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def _inet_aton(text: str) -> IPv4Address | None:
    parts = text.split(".")
    if not 1 <= len(parts) <= 4:
        return None
    numbers = [_number(part) for part in parts]
    if any(number is None for number in numbers):
        return None
    *heads, tail = (number for number in numbers if number is not None)
    if any(head > 0xFF for head in heads) or tail >= 256 ** (4 - len(heads)):
        return None
    value = tail
    for place, head in enumerate(heads):
        value |= head << (24 - 8 * place)
    return IPv4Address(value)


# A leading zero means octal here, as it does to the C library; ipaddress refuses such text.
def _number(text: str) -> int | None:
    base = 16 if text[:2] in ("0x", "0X") else 8 if len(text) > 1 and text[0] == "0" else 10
    digits = text[2:] if base == 16 else text
    if not (digits.isascii() and digits.isalnum()) or len(digits) > 12:
        return None
    try:
        return int(digits, base)
    except ValueError:
        return None
