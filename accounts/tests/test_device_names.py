"""What a device is called by its User-Agent."""

import pytest

from accounts.device_names import name_of

MOZILLA = "Mozilla/5.0 "
WEBKIT = " AppleWebKit/537.36 (KHTML, like Gecko) "
AGENTS = {
    "(X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox on Linux",
    f"(Windows NT 10.0; Win64; x64){WEBKIT}Chrome/142.0.0.0 Safari/537.36": "Chrome on Windows",
    f"(Windows NT 10.0){WEBKIT}Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0": "Edge on Windows",
    "(Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/26.0 Safari/605.1.15": "Safari on Mac",
    "(iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/26.0 Mobile/15E148 Safari/604.1": "Safari on iPhone",
    "(iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "FxiOS/145.0 Mobile/15E148 Safari/605.1.15": "Firefox on iPhone",
    f"(Linux; Android 10; K){WEBKIT}Chrome/142.0.0.0 Mobile Safari/537.36": "Chrome on Android",
    f"(Linux; Android 10; K){WEBKIT}SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36": (
        "Samsung Internet on Android"
    ),
    f"(X11; CrOS x86_64 14541.0.0){WEBKIT}Chrome/142.0.0.0 Safari/537.36": "Chrome on ChromeOS",
}


@pytest.mark.parametrize("agent", AGENTS)
def test_a_browser_is_told_with_its_system(agent):
    assert name_of(MOZILLA + agent) == AGENTS[agent]


@pytest.mark.parametrize("agent", ["", "Phone 1.0", "curl/8.0", "Something (Linux)"])
def test_what_is_no_known_browser_stays_as_it_is(agent):
    assert name_of(agent) == agent


def test_a_browser_on_a_system_that_is_not_known_is_told_alone():
    assert name_of("Mozilla/5.0 (Plan 9) Firefox/1") == "Firefox"
