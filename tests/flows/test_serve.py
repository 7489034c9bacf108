"""`manage.py serve` as operators run it: static files with a digest in their names, and a gentle end."""

import os
import re
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection

import pytest
from django.db import connection

from tests.flows.conftest import ROOT, eventually

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**connection.settings_dict)
    own = {"DATABASE_URL": url, "STATIC_ROOT": str(tmp_path / "static"), "HOLDFAST_DEVELOPMENT": "false"}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--bind", f"127.0.0.1:{port}", "--processes", "1"],
        cwd=ROOT,
        env=os.environ | own,
    )
    yield process, port
    process.terminate()
    process.wait()


def get(port, path):
    asking = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        asking.request("GET", path)
        answer = asking.getresponse()
        return answer.status, answer.read().decode(), answer.headers
    except ConnectionRefusedError:
        return None
    finally:
        asking.close()


def test_the_site_serves_its_own_static_files_for_ever(site):
    _, port = site
    status, page, _ = eventually(lambda: get(port, "/sign-in/"))

    (stylesheet,) = re.findall(r'href="(/static/css/holdfast\.\w+\.css)"', page)
    found, _, headers = get(port, stylesheet)

    assert (status, found) == (200, 200)
    assert "immutable" in headers["Cache-Control"]


def test_a_request_under_way_is_answered_before_the_site_ends(site):
    process, port = site
    eventually(lambda: get(port, "/healthz"))
    with socket.create_connection(("127.0.0.1", port), timeout=30) as slow:
        slow.sendall(b"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\na")
        # one process takes requests in their order: when the second is answered, the first is under way
        get(port, "/healthz")
        process.send_signal(signal.SIGTERM)
        slow.sendall(b"b")
        answer = slow.makefile("rb").readline()

    assert answer.startswith(b"HTTP/1.1 403")
    assert process.wait(timeout=30) == 0
