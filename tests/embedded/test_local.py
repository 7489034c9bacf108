"""The secrets of a checkout: made once, kept, private."""

import base64
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.fernet import Fernet

from config.embedded import local


@pytest.mark.parametrize("made", [local.secret_key, local.fernet_keys])
def test_a_secret_is_made_once_and_kept(tmp_path, made):
    assert made(tmp_path / ".local") == made(tmp_path / ".local")
    assert made(tmp_path / ".local") != made(tmp_path / "other")


def test_secrets_are_readable_by_their_owner_alone(tmp_path):
    local.secret_key(tmp_path / ".local")
    local.fernet_keys(tmp_path / ".local")

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / ".local").iterdir()}
    assert modes == {"secret_key": 0o600, "fernet_key": 0o600}


def test_processes_that_start_at_once_agree_on_the_secret(tmp_path):
    with ThreadPoolExecutor(8) as threads:
        made = set(threads.map(local.secret_key, [tmp_path / ".local"] * 40))

    assert made == {local.secret_key(tmp_path / ".local")}


def test_the_fernet_key_is_one(tmp_path):
    key = local.fernet_keys(tmp_path)

    assert len(base64.urlsafe_b64decode(key)) == 32
    assert Fernet(key).decrypt(Fernet(key).encrypt(b"kept")) == b"kept"


def test_without_a_started_server_there_is_no_url(tmp_path):
    assert local.database_url(tmp_path / ".local") is None
