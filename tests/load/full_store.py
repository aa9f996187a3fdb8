"""A house whose store is as full as it ever gets, beside one whose store is empty."""

import os
import sqlite3
import statistics
import time

HANDLE = 16             # bytes
LIVES = 24 * 3600       # seconds: no flow ends while something is measured


def handle(n):
    """As keeper makes them: when the flow was opened, within the last hour; then a hash."""
    return int(time.time() - n % 3600).to_bytes(4, "big") + os.urandom(HANDLE - 4)


def fill(state, flows):
    """So many flows more, copies of those that keeper wrote there itself before it ended."""
    db = sqlite3.connect(os.path.join(state, "latchkey.db"))
    written = [blob for blob, in db.execute("SELECT state FROM flow")]
    until = int(time.time()) + LIVES
    # In no order, as people come: in order all pages were full, and each write split one.
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -1000000")
    db.executemany("INSERT INTO flow (handle, until, state) VALUES (?, ?, ?)",
                   ((handle(n), until + n % LIVES, written[n % len(written)]) for n in range(flows)))
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def keeper_ms(house):
    """Processor time of keeper, as the scheduler counts it."""
    with open(f"/proc/{house.keeper.pid}/schedstat", encoding="ascii") as schedstat:
        return int(schedstat.read().split()[0]) / 1e6


class Beside:
    """Two houses, measured by turns.  walk(house, mode, count): (done, median of an answer)."""

    def __init__(self, empty, full, walk):
        self.houses, self._walk = (empty, full), walk

    def _turn(self, house, mode, count):
        before = keeper_ms(house)
        done, median = self._walk(house, mode, count)
        return median, (keeper_ms(house) - before) / done

    def compare(self, mode, count, turns):
        """(of an answer's median, of keeper's time for a flow): how much more the full one has."""
        ratios = []
        for n in range(turns + 1):
            order = self.houses if n % 2 else self.houses[::-1]
            took = {house: self._turn(house, mode, count) for house in order}
            empty, full = (took[house] for house in self.houses)
            ratios.append([f / e for f, e in zip(full, empty)])
        # The first turn warms caches.
        return [statistics.median(each) for each in zip(*ratios[1:])]
