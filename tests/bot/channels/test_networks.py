import re

import pytest

from bot.channels.networks import Networks
from textkit.errors import SettingError

TRUSTED = "10.0.0.0/8, 127.0.0.1,fd00::/8"


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "address"),
    [
        ("", "203.0.113.5", [], "203.0.113.5"),
        ("", "203.0.113.5", ["198.51.100.1"], "203.0.113.5"),
        ("", "127.0.0.1", ["198.51.100.1"], "127.0.0.1"),
        (TRUSTED, "203.0.113.5", ["198.51.100.1"], "203.0.113.5"),
        (TRUSTED, "127.0.0.1", [], "127.0.0.1"),
        (TRUSTED, "127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        (TRUSTED, "10.1.2.3", ["1.1.1.1, 198.51.100.1, 10.9.9.9"], "198.51.100.1"),
        (TRUSTED, "10.1.2.3", ["1.1.1.1", "198.51.100.1", "10.9.9.9"], "198.51.100.1"),
        (TRUSTED, "10.1.2.3", ["10.0.0.7, 10.0.0.8"], "10.0.0.7"),
        (TRUSTED, "10.1.2.3", ["198.51.100.1:4711"], "198.51.100.1"),
        (TRUSTED, "10.1.2.3", ["[2001:db8::1]:4711"], "2001:db8::1"),
        (TRUSTED, "10.1.2.3", ["1.1.1.1, nonsense"], "10.1.2.3"),
        (TRUSTED, "10.1.2.3", ["1.1.1.1, nonsense, 10.0.0.7"], "10.0.0.7"),
        (TRUSTED, "::ffff:10.1.2.3", ["198.51.100.1"], "198.51.100.1"),
        (TRUSTED, "fd00::1", ["2001:db8::1"], "2001:db8::1"),
        (TRUSTED, "10.1.2.3", [""], "10.1.2.3"),
        (TRUSTED, "", ["198.51.100.1"], "None"),
        (TRUSTED, None, ["198.51.100.1"], "None"),
    ],
)
def test_the_address_is_the_last_that_no_proxy_has(trusted, peer, forwarded, address):
    assert str(Networks(trusted, "secret").address(peer, forwarded)) == address


def test_a_name_is_a_keyed_hash():
    networks = Networks("", "secret")
    name = networks.name("203.0.113.5")
    assert re.fullmatch("[0-9a-f]{16}", name)
    assert name == networks.name("::ffff:203.0.113.5") != networks.name("203.0.113.6")
    assert name != Networks("", "another").name("203.0.113.5")


def test_an_ipv6_site_is_one_network():
    networks = Networks("", "secret")
    assert networks.name("2001:db8:1:2::1") == networks.name("2001:db8:1:2:ffff::9") != networks.name("2001:db8:1:3::1")


@pytest.mark.parametrize("trusted", ["proxy", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/8;127.0.0.1"])
def test_a_setting_of_another_form_is_refused(trusted):
    with pytest.raises(SettingError, match="FRONTDESK_TRUSTED_PROXIES"):
        Networks(trusted, "secret")
