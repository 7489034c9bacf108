"""The site's settings, with the plain views beside its own."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.plain"
# the calendar servers that are measured with
CALDAV_ALLOWED_PRIVATE_HOSTS = ["127.0.0.1"]
