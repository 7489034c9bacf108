"""One resource, one key and one URL, however a server spells it (RFC 4918 8.3)."""

import posixpath
import re
from hashlib import sha256
from urllib.parse import quote, unquote, urljoin, urlsplit

# longer ones are named by their beginning and a digest, so that each is still one key
LONGEST_KEY = 700
_AS_THEY_ARE = "/%:@!$&'()*+,;=~-._"
# not taken apart further: what is no server's name must not stop the reading
_ORIGIN = re.compile(r"\s*https?://[^/?#]*", re.IGNORECASE)
# as nearly all servers write nearly all paths: nothing to decode, to encode or to straighten
_PLAIN = re.compile(r"(?:/[A-Za-z0-9_@+=~-][A-Za-z0-9_@+=~.-]*)+")


def key_of(href: str) -> str:
    """The percent-decoded path without server, doubled slashes, dot segments and closing slash."""
    if len(href) <= LONGEST_KEY and _PLAIN.fullmatch(href):
        return href
    path = unquote(_path_of(href))
    normal = posixpath.normpath("/" + path.lstrip("/"))
    key = "/" + normal.lstrip("/")
    if len(key) <= LONGEST_KEY:
        return key
    digest = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{key[: LONGEST_KEY - len(digest) - 1]}#{digest}"


def url_on(base: str, href: str) -> str:
    """The href as the server spells it, on the server of ``base``: every server of one login has the same paths."""
    parts = urlsplit(base)
    if _PLAIN.fullmatch(href):
        return f"{parts.scheme}://{parts.netloc}{href}"
    path = _path_of(href)
    if not path.startswith("/"):
        path = urlsplit(urljoin(f"{parts.scheme}://{parts.netloc}{_folder(parts.path)}", quote_path(path))).path
    return f"{parts.scheme}://{parts.netloc}{quote_path('/' + path.lstrip('/'))}"


def is_absolute(href: str) -> bool:
    return _ORIGIN.match(href) is not None


def host_of(href: str) -> str:
    """The server's name in an absolute URL, lower-case and without a port; empty where there is none."""
    origin = _ORIGIN.match(href)
    return re.sub(r":\d*$", "", origin[0].partition("//")[2]).lower() if origin else ""


def quote_path(path: str) -> str:
    """Encode what may not stand in a request line; what is encoded already stays as it is."""
    return quote(path, safe=_AS_THEY_ARE)


def as_folder(url: str) -> str:
    """With the closing slash that collections have."""
    return url if url.endswith("/") else url + "/"


def _folder(path: str) -> str:
    return path if path.endswith("/") else path + "/"


def _path_of(href: str) -> str:
    href = href.strip()
    # "//user/x" is a path with a slash too many here, not a server called "user".
    origin = _ORIGIN.match(href)
    path = (href[origin.end() :] if origin else href).partition("#")[0].partition("?")[0]
    return path or ("/" if origin else "")
