"""For positive controls: the table of host times without what keeps the promise."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from availability.models import HostTime


@contextmanager
def without_constraint() -> Iterator[None]:
    """Afterwards the constraint is as it was, and the table empty."""
    (constraint,) = (one for one in HostTime._meta.constraints if one.name == "host_is_never_booked_twice")
    with connection.schema_editor() as editor:
        editor.remove_constraint(HostTime, constraint)
    try:
        yield
    finally:
        HostTime.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(HostTime, constraint)
