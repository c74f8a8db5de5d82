"""How busy cores were, whoever used them."""

import os
from dataclasses import dataclass
from pathlib import Path

IDLE_FIELDS = (3, 4)  # idle, iowait
ALL_FIELDS = 8  # those behind them, of guests, are in the first two again


@dataclass(frozen=True)
class CoreTimes:
    """Seconds, of all cores that were looked at; between two looks by subtraction."""

    busy: float
    all: float

    def __sub__(self, earlier):
        return CoreTimes(self.busy - earlier.busy, self.all - earlier.all)

    def share_of_others(self, own_seconds):
        """Of the time of all these cores, what neither was idle nor used by us."""
        return max(0.0, self.busy - own_seconds) / self.all if self.all > 0 else 0.0


def read_core_times(cores):
    return parse_core_times(Path("/proc/stat").read_text(encoding="utf-8"), cores)


def parse_core_times(stat, cores):
    wanted = {f"cpu{core}" for core in cores}
    busy = total = 0
    for line in stat.splitlines():
        name, *fields = line.split()
        if name in wanted:
            ticks = [int(field) for field in fields[:ALL_FIELDS]]
            total += sum(ticks)
            busy += sum(ticks) - sum(ticks[field] for field in IDLE_FIELDS)
    return CoreTimes(busy / os.sysconf("SC_CLK_TCK"), total / os.sysconf("SC_CLK_TCK"))
