"""One line that describes the machine a measurement was made on."""

from __future__ import annotations

import os
import platform
from datetime import date
from pathlib import Path


def describe() -> str:
    """Return processor, cores, memory, Python and the date."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        models = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        model = models[0] if models else model
    memory = Path("/proc/meminfo")
    gigabytes = f", {int(memory.read_text().split()[1]) / 2**20:.0f} GiB" if memory.exists() else ""
    return f"{model}, {os.cpu_count()} cores{gigabytes}, Python {platform.python_version()}, {date.today().isoformat()}"


if __name__ == "__main__":
    print(describe())
