"""What a request claims about its encoding cannot break the site."""

from wsgiref.util import setup_testing_defaults

import pytest


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["rot13", "punycode", "utf-16", "no-such", "utf-8"])
def test_an_encoding_a_request_claims_is_not_believed(charset):
    from config.wsgi import application

    environ = {"PATH_INFO": "/sign-in/", "QUERY_STRING": "next=/%C3%A4", "HTTP_HOST": "localhost"}
    environ["CONTENT_TYPE"] = f"text/plain; Charset={charset}"
    setup_testing_defaults(environ)
    answers = []

    body = b"".join(application(environ, lambda status, headers: answers.append(status)))

    assert answers == ["200 OK"]
    assert b"/%C3%A4" in body or "/ä".encode() in body
