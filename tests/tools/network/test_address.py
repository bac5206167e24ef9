"""Which addresses are public, in every spelling, and how a URL's host is checked."""

import ipaddress

import pytest

from tools.errors import UserError
from tools.network.address import check_url, checked_addresses, is_private, public_addresses


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
        ),
        *("100.100.100.200", "168.63.129.16", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8"),
        *(
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2001:db8::1",
        ),
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert is_private(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["140.82.121.3", "8.8.8.8", "2606:4700::6810:84e5", "64:ff9b::808:808"])
def test_addresses_that_are_public(address: str) -> None:
    assert not is_private(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f000001", "127.1"])
def test_names_are_judged_by_where_they_lead(host: str) -> None:
    with pytest.raises(UserError, match="private"):
        public_addresses(host, 443)
    assert "127.0.0.1" in public_addresses(host, 443, private=True)


def test_an_unknown_host_is_named() -> None:
    with pytest.raises(UserError, match=r"no host nowhere\.invalid"):
        public_addresses("nowhere.invalid", 443)


def test_a_name_that_a_proxy_would_resolve_is_still_checked_where_it_is_known() -> None:
    assert checked_addresses("nowhere.invalid", 443, proxied=True) == ()
    with pytest.raises(UserError, match="private"):
        checked_addresses("localhost", 443, proxied=True)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://hooks.example/x", "https://"),
        ("ftp://hooks.example/x", "https://"),
        ("hooks.example/x", "https://"),
        ("https://user:secret@hooks.example/x", "passwords"),
        ("https://hooks.example:8080/x", "Port 8080"),
        ("https://hooks.example:x/", "port"),
        ("https://[::1/x", "malformed"),
        ("https://hooks.example/x\r\nHost: y", "characters"),
        ("https://good.example\\@evil.example/", "characters"),
        ("https://10.0.0.1/x", "private"),
        ("https://[fd00:ec2::254]/x", "private"),
        ("https:///x", "host"),
    ],
)
def test_a_url_that_leads_elsewhere_is_refused(url: str, says: str) -> None:
    with pytest.raises(UserError, match=says) as caught:
        check_url(url, "The webhook's URL")
    assert "secret" not in str(caught.value)


def test_a_url_names_its_host_in_one_spelling() -> None:
    assert check_url("https://Hooks.Example.:443/x?y=1", "The URL").netloc == "hooks.example"
    assert check_url("https://[2606:4700:0:0::1]/x", "The URL").netloc == "[2606:4700::1]"
    assert check_url("http://127.0.0.1:8080/x", "The URL", private=True).port == 8080
