"""Readable names of devices."""

import pytest

from accounts.authentication.services.user_agents import label_of

LIKE_GECKO = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0", "Firefox on Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0) {LIKE_GECKO} Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        (f"Mozilla/5.0 (Linux; Android 15) {LIKE_GECKO} Chrome/130.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("TherapyBridge for iPhone 2.1", "TherapyBridge for iPhone 2.1"),
        ("x" * 200, "x" * 60),
        ("", "Unknown program"),
    ],
)
def test_a_device_is_called_what_its_owner_calls_it(user_agent, name):
    assert label_of(user_agent) == name
