"""The site's settings, with the plain views beside its own."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.plain"
