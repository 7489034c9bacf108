"""Fetching ahead: while one batch is stored, the server already works on the next."""

from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from integrations.ports import CalendarProvider, Fetched, ListedObject

Batch = Sequence[ListedObject]


def fetched_ahead(
    provider: CalendarProvider, calendar_url: str, batches: Sequence[Batch]
) -> Generator[tuple[Batch, Fetched], None, None]:
    """Each batch with what the server handed out of it, one ahead of whoever asks. Raises what the provider raises.

    The first is fetched in the caller's thread, and most reads have no other. Whoever gives up closes it, and so waits
    for a batch that is under way: the provider serves one thread at a time.
    """
    if not batches:
        return
    fetched = provider.fetch(calendar_url, batches[0])
    if len(batches) == 1:
        yield batches[0], fetched
        return
    with ThreadPoolExecutor(1, thread_name_prefix="fetch ahead") as ahead:
        try:
            for batch, following in zip(batches, [*batches[1:], None], strict=True):
                under_way = None if following is None else ahead.submit(provider.fetch, calendar_url, following)
                yield batch, fetched
                if under_way is not None:
                    fetched = under_way.result()
        finally:
            # while a long answer arrives the claim is kept: in that thread, over a session of its own
            ahead.submit(connection.close)
