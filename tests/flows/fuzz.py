"""Requests nobody would send in earnest, drawn from a seed: any two runs with one seed send the same."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote, urlencode

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "X")
CONTENT_TYPES = (
    "application/x-www-form-urlencoded",
    "application/json",
    "application/json; charset=utf-16",
    "application/x-www-form-urlencoded; charset=nonsense",
    "multipart/form-data; boundary=b",
    "multipart/form-data",
    "text/xml",
    "nonsense",
    "",
)
FIELDS = (
    *("start", "name", "email", "phone", "note", "place", "host", "time_zone", "key", "opened", "website", "until"),
    *("seen", "reason", "day", "from", "end", "language", "answers", "csrfmiddlewaretoken", "q", "a[]", ""),
)
SCRAPS = (
    *("", " ", "0", "-1", "1e999", "9" * 400, "NaN", "null", "true", "None", "\0", "a\0b", "\r\nSet-Cookie: a=b"),
    *("2026-11-23", "2026-11-23T09:00:00Z", "2026-11-23T09:00:00+24:00", "0001-01-01T00:00:00Z", "9999-12-31"),
    *("2026-11-23T09:00:00+00:00:00.000001", "２０２６-11-23", "2026-W48-1", "20261123", "-2026-11-23", "24:00"),
    *("ada@example.org", "@", "a@b", f"{'a' * 300}@example.org", "İ@example.org", "ada@[127.0.0.1]"),
    *("Europe/Berlin", "../../etc/passwd", "Europe/../UTC", "/etc/localtime", "posix/UTC", "Factory", "a" * 5000),
    *("\ud800", "\udcff", "\uffff", "\u202e", "🙂" * 50, "ß", "%", "%%00", "%zz", "'", '"', "'; DROP TABLE x; --"),
    *("{{ 7|add:7 }}", "<script>", "=1+1", "${7}", "a" * 70_000, "\x1b[0m", "\x7f", "\ufeff", "a\u0301" * 40),
)
PATH_SCRAPS = (
    "..",
    ".",
    "%2e%2e",
    "%00",
    "%ff",
    "%c0%af",
    "%0a",
    "%0d%0a",
    "a" * 300,
    "%F0%9F%99%82",
    "*",
    ";",
    "%25",
    "manage",
)


@dataclass(frozen=True, slots=True)
class Request:
    """``path`` is quoted, with its query; ``headers`` as in a WSGI environment."""

    method: str
    path: str
    body: bytes = b""
    content_type: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def requests(random: Random, paths: list[str], count: int) -> Iterator[Request]:
    """``paths``: pages that are there, to begin with."""
    for _ in range(count):
        method = random.choice(METHODS) if random.random() < 0.1 else random.choice(("GET", "POST"))
        yield Request(
            method=method,
            path=_path(random, paths),
            body=b"" if method in {"GET", "HEAD"} else _body(random),
            content_type=random.choice(CONTENT_TYPES),
            headers=_headers(random),
        )


def _path(random: Random, paths: list[str]) -> str:
    path = random.choice(paths)
    if random.random() < 0.2:
        parts = path.split("/")
        parts[random.randrange(1, len(parts))] = random.choice((*PATH_SCRAPS, _quoted(random.choice(SCRAPS))[:2000]))
        path = "/".join(parts)
    return path if random.random() < 0.3 else f"{path}?{_query(random)}"


def _query(random: Random) -> str:
    if random.random() < 0.1:
        return random.choice(
            ("&&&", "=", "%", "a" * 8000, "%00=%00", "start=%ff", "&".join(f"a{n}=" for n in range(2000)))
        )
    return _form(random)


def _form(random: Random) -> str:
    pairs = [(random.choice(FIELDS), random.choice(SCRAPS)) for _ in range(random.randrange(8))]
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


def _body(random: Random) -> bytes:
    kinds = (_earnest, _form_body, _form_body, _json_body, _json_body, _multipart, _noise, _many, _deep)
    return random.choice(kinds)(random)


def _earnest(random: Random) -> bytes:
    """Nearly right, so that what comes after the form is reached as well."""
    answers = {
        "start": "2026-11-23T09:00:00Z",
        "name": "Ada",
        "email": f"ada{random.randrange(50)}@example.org",
        "key": str(random.randrange(50)),
    }
    if random.random() < 0.7:
        answers[random.choice(FIELDS)] = random.choice(SCRAPS)
    if random.random() < 0.5:
        return json.dumps(answers).encode()
    return urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in answers.items()}).encode()


def _form_body(random: Random) -> bytes:
    return _form(random).encode()


def _json_body(random: Random) -> bytes:
    return json.dumps({random.choice(FIELDS): _value(random, 3) for _ in range(random.randrange(8))}).encode()


def _value(random: Random, depth: int) -> object:
    kind = random.randrange(7 if depth else 5)
    if kind == 5:
        return [_value(random, depth - 1) for _ in range(random.randrange(4))]
    if kind == 6:
        return {random.choice(SCRAPS)[:99]: _value(random, depth - 1) for _ in range(random.randrange(4))}
    return random.choice((random.choice(SCRAPS), 10**400, -1, 1.5, None, True, float("nan")))


def _multipart(random: Random) -> bytes:
    name, value = random.choice(FIELDS), random.choice(SCRAPS)[:999]
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"'
    if random.random() < 0.4:
        head += '; filename="x.txt"\r\nContent-Transfer-Encoding: base64'
    end = random.choice(("\r\n--b--\r\n", "\r\n--b", "", "\r\n--c--"))
    return f"{head}\r\n\r\n{value}{end}".encode("utf-8", "surrogatepass")


def _noise(random: Random) -> bytes:
    return random.randbytes(random.choice((0, 1, 2, 100, 5000)))


def _many(random: Random) -> bytes:
    """Rare, as each takes its time: a hundred thousand fields, or more bytes than anybody needs."""
    if random.random() < 0.8:
        return _noise(random)
    return random.choice((b"a=&" * 100_000, b'{"a":1,' * 100_000, b"a=" + b"a" * 3_000_000, b"[" * 300_000))


def _deep(random: Random) -> bytes:
    depth = random.choice((10, 900, 20_000))
    return random.choice((b'{"answers":' * depth + b"1" + b"}" * depth, b"[" * depth + b"]" * depth, b'{"a":[' * depth))


def _headers(random: Random) -> dict[str, str]:
    chosen = random.choices(tuple(_HEADERS), k=random.choice((0, 0, 1, 3)))
    values = {name: random.choice((*_HEADERS[name], random.choice(SCRAPS)[:9000])) for name in chosen}
    return {name: value.encode("utf-8", "surrogatepass").decode("latin-1") for name, value in values.items()}


_HEADERS: dict[str, tuple[str, ...]] = {
    "HTTP_COOKIE": (
        *(
            'session="aaaaaaaa\\000"',
            "session=" + "a" * 32,
            "csrftoken=\\777",
            "time_zone=../x; language=xx",
            "a" * 9000,
        ),
        *("time_zone=Europe/Berlin", "browser=x", "=;=;;", "language=de"),
    ),
    "HTTP_ACCEPT_LANGUAGE": ("de", "xx;q=nan", "de;q=1e9," * 500, "*"),
    "HTTP_ACCEPT_ENCODING": ("gzip", "identity;q=0", "br"),
    "HTTP_HOST": ("evil.example", "localhost:99999", "[::1]", "a" * 300, "localhost"),
    "HTTP_HX_REQUEST": ("true",),
    "HTTP_HX_TARGET": ("when", "main"),
    "HTTP_HX_CURRENT_URL": ("http://[", "javascript:x"),
    "HTTP_IDEMPOTENCY_KEY": ("k", "k" * 201, "\ud83d", "é"),
    "HTTP_X_FORWARDED_FOR": ("1.2.3.4, ::1", ","),
    "HTTP_SEC_FETCH_SITE": ("cross-site", "same-origin"),
    "HTTP_RANGE": ("bytes=0-1", "bytes=-"),
    "HTTP_IF_MODIFIED_SINCE": ("yesterday", "Sun, 99 Nov 2026 00:00:00 GMT"),
    "HTTP_IF_NONE_MATCH": ("*", '"'),
    "HTTP_ORIGIN": ("null", "http://[", "https://evil.example"),
    "HTTP_REFERER": ("http://[", "https://evil.example/"),
}
