"""With https on, nothing is answered over plain http but what watches the site."""

import pytest

PAGES = ["/", "/accounts/login/", "/admin/", "/sync", "/shell/"]


@pytest.fixture
def https(settings):
    """Let the site be served over https."""
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 3600


@pytest.mark.usefixtures("https", "db")
@pytest.mark.parametrize("address", PAGES)
def test_plain_http_is_sent_to_https(client, address):
    response = client.get(address)
    assert response.status_code == 301
    assert response["Location"] == f"https://testserver{address}"


@pytest.mark.usefixtures("https", "db")
@pytest.mark.parametrize("address", PAGES)
def test_https_is_answered_and_asked_for_from_then_on(client, address):
    response = client.get(address, secure=True)
    assert response.status_code != 301
    assert response["Strict-Transport-Security"] == "max-age=3600"


@pytest.mark.usefixtures("https", "db")
@pytest.mark.parametrize(("address", "status"), [("/healthz", 200), ("/metrics", 404)])
def test_what_watches_the_site_may_ask_over_plain_http(client, address, status):
    assert client.get(address).status_code == status


@pytest.mark.usefixtures("https", "db")
@pytest.mark.parametrize(("header", "status"), [(None, 301), ("HTTP_X_FORWARDED_PROTO", 200)])
def test_a_proxy_is_believed_only_if_it_is_there(client, settings, header, status):
    settings.SECURE_PROXY_SSL_HEADER = header and (header, "https")
    response = client.get("/accounts/login/", headers={"X-Forwarded-Proto": "https"})
    assert response.status_code == status


@pytest.mark.usefixtures("db")
def test_without_https_nothing_is_said_of_it(client):
    response = client.get("/accounts/login/")
    assert response.status_code == 200
    assert "Strict-Transport-Security" not in response
