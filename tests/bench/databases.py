"""Copies of the database, and moving from one to another."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def copy(name: str) -> None:
    """A new database with everything that is in the present one."""
    present = connection.settings_dict["NAME"]
    # nobody may be in a database that is copied
    with _moved_to("postgres"), connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{present}"')


def move_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


@contextmanager
def _moved_to(name: str) -> Iterator[None]:
    present = connection.settings_dict["NAME"]
    move_to(name)
    try:
        yield
    finally:
        move_to(present)
