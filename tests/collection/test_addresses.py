from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collection.addresses import (
    AddressGuard,
    host_of,
    is_public,
    literal_address,
    origin_of,
)
from auditor.errors import UsageError

PRIVATE = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0177.0.0.1/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://017700000001/",
    "http://127.0.0.1./",
    "http://１２７.0.0.1/",
    "http://127。0。0。1/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[::]/",
    "http://[ff02::1]/",
    "http://0.0.0.0/",
    "http://0/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest",
    "http://100.100.100.200/",
    "http://192.0.0.192/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://198.18.0.1/",
    "http://240.0.0.1/",
    "http://localhost/",
    "http://LOCALHOST:80/",
    "http://a.localhost/",
    "http://printer.local/",
    "http://metadata.google.internal/",
    "http://localhost./",
]

PUBLIC = [
    "http://1.1.1.1/",
    "http://93.184.216.34/",
    "http://16843009/",
    "http://[2606:4700::1111]/",
    "https://example.com/",
    "http://localhost.example.com/",
    "http://127.0.0.1.example.com/",
    "http://localhosts/",
]


@pytest.mark.parametrize("url", PRIVATE)
def test_a_private_address_is_refused_however_it_is_spelled(url: str) -> None:
    assert AddressGuard(allow_private=False, named=frozenset()).refusal(url)
    assert AddressGuard(allow_private=True, named=frozenset()).refusal(url)


@pytest.mark.parametrize("url", PUBLIC)
def test_a_public_address_is_let_through(url: str) -> None:
    assert AddressGuard(allow_private=False, named=frozenset()).refusal(url) is None


@pytest.mark.parametrize(
    "url", ["ftp://example.com/", "http://", "file:///etc/passwd", "http://[::"]
)
def test_what_is_no_web_address_is_refused_and_not_raised(url: str) -> None:
    assert AddressGuard(allow_private=True, named=frozenset()).refusal(url)
    with pytest.raises(UsageError):
        origin_of(url)


GUARD = AddressGuard.of(["http://127.0.0.1:8000/a", "http://127.0.0.2:8000/"], allow_private=True)


@pytest.mark.parametrize(
    ("url", "via", "refused"),
    [
        ("http://127.0.0.1:8000/b", None, False),
        ("http://127.0.0.1:8000/c", "http://127.0.0.1:8000/b", False),
        ("http://127.0.0.1:9000/", None, True),
        ("http://127.0.0.1/", None, True),
        ("http://127.0.0.3:8000/", None, True),
        ("http://127.0.0.2:8000/", "http://127.0.0.1:8000/", True),
        ("http://127.0.0.1:8000/", "https://example.com/", True),
        ("https://example.com/", "http://127.0.0.1:8000/", False),
    ],
)
def test_allowing_private_hosts_allows_named_origins_and_no_way_between_them(
    url: str, via: str | None, *, refused: bool
) -> None:
    assert bool(GUARD.refusal(url, via)) is refused


@pytest.mark.parametrize(
    ("host", "address", "refused"),
    [
        ("example.com", "93.184.216.34", False),
        ("example.com", "127.0.0.1", True),
        ("example.com", "169.254.169.254", True),
        ("127.0.0.1", "127.0.0.1", False),
        ("example.com", "nonsense", True),
    ],
)
def test_the_address_of_a_name_is_judged_again_once_it_is_known(
    host: str, address: str, *, refused: bool
) -> None:
    assert bool(GUARD.address_refusal(host, address)) is refused


def test_a_redirect_to_a_name_with_a_private_address_is_refused_even_where_it_is_named() -> None:
    guard = AddressGuard.of(["http://wiki.corp.example/", "http://a.example/"], allow_private=True)
    assert guard.crossing_refusal("http://wiki.corp.example/", "http://a.example/", "10.0.0.8")
    assert not guard.crossing_refusal("http://wiki.corp.example/", "http://a.example/", "1.1.1.1")
    assert not guard.crossing_refusal(
        "http://wiki.corp.example/b", "http://wiki.corp.example/", "10.0.0.8"
    )


@given(st.integers(min_value=0, max_value=2**32 - 1))
def test_every_spelling_of_an_ipv4_address_is_the_same_address(number: int) -> None:
    octets = number.to_bytes(4, "big")
    spelled = [
        ".".join(map(str, octets)),
        str(number),
        hex(number),
        ".".join(hex(octet) for octet in octets),
        ".".join(f"0{octet:o}" for octet in octets),
        f"{octets[0]}.{number & 0xFFFFFF}",
    ]
    assert {literal_address(text) for text in spelled} == {literal_address(spelled[0])}
    address = literal_address(spelled[0])
    assert address is not None
    mapped = literal_address(f"::ffff:{spelled[0]}")
    assert mapped is not None
    assert is_public(mapped) is is_public(address)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_one_clear_refusal(text: str) -> None:
    AddressGuard(allow_private=False, named=frozenset()).refusal(text)
    AddressGuard(allow_private=False, named=frozenset()).refusal(f"http://{text}/")
    literal_address(text)


def test_a_host_is_lower_case_without_its_final_dot() -> None:
    assert host_of("HTTPS://WWW.Example.COM./x") == "www.example.com"
    assert origin_of("https://user:secret@Example.com/") == "example.com:443"
