"""One trial of the sync: steps by chance with trouble at any moment, then honest rounds until nothing moves."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from random import Random

from django.db.models import Q
from django.db.models.functions import Now

from integrations.models import Connection, ConnectionState, PendingPush, RemoteCalendar, RemoteCopy, WhenDeleted
from integrations.sync.claims import claim_connection
from integrations.sync.pull import pull, pull_in_passing
from integrations.sync.push import push
from tests.factories import NOW
from tests.flows.sync_desk import Desk
from tests.flows.sync_ledger import Ledger
from tests.flows.sync_mischief import Mischief, quirks_by_chance
from tests.flows.sync_phone import Phones
from tests.flows.sync_truth import Watch, demand_truth
from tests.flows.sync_world import Account, SyncWorld
from tests.servers.fault_caldav import Fault, FaultCalDAV

MINUTE = timedelta(minutes=1)
MOST_ROUNDS = 30


@dataclass(frozen=True, slots=True)
class Terms:
    """What is not left to chance. ``often``: steps twenty times as frequent; ``last``: those before all is well.

    ``reading``: the faults of reads.
    """

    heeds_conditions: bool = True
    knows_sync: bool | None = None
    rate: float | None = None
    overtaken: float | None = None
    often: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    reading: tuple[Fault, ...] = ()
    when_deleted: WhenDeleted | None = None


BY_CHANCE = Terms()


class SyncRun:
    """All that happens follows from ``seed``; ``ledger.steps`` tells it."""

    def __init__(self, world: SyncWorld, seed: int, terms: Terms = BY_CHANCE) -> None:
        self.random = Random(seed)
        self.world, self.ledger, self.now = world, Ledger(), NOW
        self.server = FaultCalDAV(quirks=quirks_by_chance(self.random))
        self.server.quirks.heeds_conditions = terms.heeds_conditions
        if terms.knows_sync is not None:
            self.server.quirks.knows_sync = terms.knows_sync
        world.begin(self.random, self.server, when_deleted=terms.when_deleted)
        rate = self.random.choice((0.0, 0.05, 0.1, 0.2, 0.35)) if terms.rate is None else terms.rate
        self.is_calm = rate == 0.0
        death_rate = 0.0 if self.is_calm else self.random.choice((0.0, 0.0, 0.002, 0.01))
        self.mischief = Mischief(self.server, self.ledger, self.random, rate=rate, death_rate=death_rate)
        self.phones = self.mischief.phones = Phones(world, self.ledger, self.random)
        overtaken = self.random.choice((0.0, 0.05, 0.3)) if terms.overtaken is None else terms.overtaken
        self.mischief.overtaken = overtaken
        self.desk = Desk(world, self.ledger, self.random, mortal=self.mischief.mortal, clock=lambda: self.now)
        self.watch = Watch(world, self.ledger)
        self.mischief.others = self._others()
        self.mischief.reading = terms.reading or self.mischief.reading
        self._weighted = [
            (step, 20 * weight if name in terms.often else weight) for name, step, weight in self._steps()
        ]
        steps = {name: step for name, step, _weight in self._steps()}
        self._last = [steps[name] for name in terms.last]
        self.ledger.note("server:", self.server.quirks, "faults:", rate, "deaths:", death_rate)

    def play(self) -> None:
        """Raises AssertionError where a promise is broken."""
        self._look_everywhere()
        for _number in range(self.random.randint(15, 40)):
            step, weight = zip(*self._weighted, strict=True)
            [chosen] = self.random.choices(step, weight)
            chosen()
            self.watch.look(self.now)
        for last in self._last:
            last()
        self.mischief.stop()
        self._settle()
        demand_truth(self.world, self.ledger, now=self.now, is_calm=self.is_calm)

    def _steps(self) -> list[tuple[str, Callable[[], None], int]]:
        phone, desk = self.phones, self.desk
        return [
            ("book", desk.book, 8),
            ("reschedule", desk.reschedule, 4),
            ("cancel", desk.cancel, 3),
            ("look", self._look, 10),
            ("push", self._push, 10),
            ("let_pass", self._let_pass, 8),
            ("leases_end", self._leases_end, 2),
            ("forget_tokens", self._forget_tokens, 1),
            ("choose_primary", desk.choose_primary, 1),
            ("add", phone.add, 4),
            ("change", phone.change, 2),
            ("remove", phone.remove, 2),
            ("move", phone.move, 4),
            ("move into the night", partial(phone.move, into_the_night=True), 1),
            ("lengthen", partial(phone.move, longer=True), 1),
            ("annotate", phone.annotate, 2),
            ("discard", phone.discard, 2),
            ("discard_all", phone.discard_all, 1),
            ("duplicate", phone.duplicate, 1),
            ("carry", phone.carry, 2),
        ]

    def _others(self) -> list[Callable[[], None]]:
        phone = self.phones
        theirs = [phone.move, phone.annotate, phone.discard, phone.add, phone.change, phone.remove]
        return [*theirs, self._another_worker, self._another_worker, self.desk.reschedule, self.desk.cancel]

    # ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _look(self) -> None:
        account = self.random.choice(list(self.world.accounts))
        in_passing = self.random.random() < 0.1
        self._look_at(account, in_passing=in_passing)

    def _look_at(self, account: Account, *, in_passing: bool = False) -> bool:
        """False where somebody is at it, or nothing may be asked."""
        found = False
        with self.mischief.mortal():
            claim = claim_connection(account.connection.pk, now=self.now)
            if claim is not None:
                found = True
                self.ledger.note(f"{self.now:%H:%M} looks", "in passing" if in_passing else "", "at", claim.username)
                with closing(self.mischief.provider_of(claim)) as provider:
                    (pull_in_passing if in_passing else pull)(claim, provider=provider, now=self.now)
        return found

    def _push(self) -> None:
        due = list(PendingPush.objects.due(self.now).select_related("remote_calendar__connection__user"))
        self.random.shuffle(due)
        for pending in due:
            self._push_one(pending)

    def _push_one(self, pending: PendingPush) -> None:
        with self.mischief.mortal():
            self.ledger.note("pushes", pending.uid, pending.remote_calendar.name)
            with closing(self.mischief.provider_of(pending.remote_calendar.connection)) as provider:
                push(pending, provider=provider, now=self.now)

    def _another_worker(self) -> None:
        """The lease of whoever is at work has run out, and somebody else takes over."""
        self._leases_end()
        if self.random.random() < 0.5:
            self._look()
        else:
            self._push()

    def _leases_end(self) -> None:
        over = Now() - timedelta(seconds=1)
        for rows in (Connection.objects.all(), PendingPush.objects.all()):
            rows.filter(claimed_until__isnull=False).update(claimed_until=over)

    def _let_pass(self) -> None:
        self.now += self.random.choice((1, 1, 2, 5, 15)) * MINUTE

    def _forget_tokens(self) -> None:
        account = self.random.choice(list(self.world.accounts))
        calendar, _remote = self.random.choice(account.folders)
        self.server.forget_tokens(calendar)
        self.ledger.note("tokens of", calendar.slug, "die")

    # ── honest rounds ────────────────────────────────────────────────────────────────────────────────────────────

    def _look_everywhere(self) -> None:
        for account in self.world.accounts:
            self._look_at(account)

    def _settle(self) -> None:
        """Everybody looks and writes, a minute apart, until there is nothing left to do; each calendar in full."""
        self.ledger.note("from now on all is well")
        RemoteCalendar.objects.update(listed_in_full_at=self.now - timedelta(days=2))
        for number in range(MOST_ROUNDS):
            self._round()
            if number > 2 and self._is_quiet():
                break
        else:
            raise AssertionError("it never comes to rest")
        before = len(self.server.puts), self.server.counts["DELETE"]
        self._round()
        self._round()
        assert (len(self.server.puts), self.server.counts["DELETE"]) == before, "it goes on writing without need"

    def _round(self) -> None:
        """What would come due by itself, does; whoever was asked to enter a password or to try again, has."""
        self._leases_end()
        rested = {"paused_until": None, "refused_at": None, "next_look_at": self.now, "unfinished": 0}
        Connection.objects.update(**rested, state=ConnectionState.CONNECTED)
        PendingPush.objects.update(due_at=self.now, parked_at=None, unfinished=0)
        self._push()
        self._look_everywhere()
        self.watch.look(self.now)
        self.now += MINUTE

    def _is_quiet(self) -> bool:
        unread = Q(held_back_at__isnull=False) | Q(missing_rounds__gt=0) | Q(unlisted_at__isnull=False) | ~Q(problem="")
        return not (
            PendingPush.objects.exists()
            or RemoteCopy.objects.filter(check_at__isnull=False).exists()
            or RemoteCalendar.objects.filter(unread, source__isnull=False).exists()
            or Connection.objects.exclude(failures=0).exists()
        )
