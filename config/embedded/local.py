"""The folder `.local/` of a demo or a development checkout: secrets made once and kept, and where its
PostgreSQL is to be reached."""

import base64
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path


def secret_key(folder: Path) -> str:
    """Django's SECRET_KEY of this checkout, made at the first call and kept."""
    return _kept(folder, "secret_key", lambda: secrets.token_urlsafe(64))


def fernet_keys(folder: Path) -> str:
    """The Fernet key of this checkout (URL-safe base64 of 32 bytes), made at the first call and kept."""
    return _kept(folder, "fernet_key", new_fernet_key)


def new_fernet_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def database_url(folder: Path) -> str | None:
    """The URL of the PostgreSQL that runs from this folder, if one was started."""
    try:
        return url_file(folder).read_text().strip() or None
    except FileNotFoundError:
        return None


def postgres_folder(folder: Path) -> Path:
    return folder / "postgres"


def url_file(folder: Path) -> Path:
    return postgres_folder(folder) / "url"


def open_folder(folder: Path) -> None:
    """Make a folder others can pass through but not list: what is private in it is private by itself."""
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)


def write_private(path: Path, text: str) -> None:
    """Write the whole file or nothing, readable by its owner alone."""
    written = _private_file_beside(path, text)
    written.replace(path)


def _kept(folder: Path, name: str, make: Callable[[], str]) -> str:
    path = folder / name
    if not path.exists():
        open_folder(folder)
        written = _private_file_beside(path, make())
        try:
            # a link is refused when the name is there: of two processes that start at once, one wins whole
            os.link(written, path)
        except FileExistsError:
            pass
        finally:
            written.unlink()
    return path.read_text().strip()


def _private_file_beside(path: Path, text: str) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    return Path(name)
