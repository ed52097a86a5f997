"""The facts about the machine that stand above each table."""

import os
import platform
import subprocess
from pathlib import Path


def describe():
    cpu = "unknown CPU"
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            cpu = line.split(":", 1)[1].strip()
            break
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    facts = [
        f"{os.cpu_count()} cores of {cpu}",
        f"{gib:.0f} GiB",
        f"Linux {platform.release()}",
        said("go", "env", "GOVERSION"),
        said("cc", "--version").split("\n")[0],
        "commit " + said("git", "log", "-1", "--format=%h of %cs"),
    ]
    return ", ".join(facts)


def said(*command):
    p = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True)
    return p.stdout.strip() or f"{command[0]}: unknown"
