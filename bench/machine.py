"""The facts about the machine that stand above each table, and what a process takes."""

import os
import platform
import subprocess
import tempfile
import time
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


def measure(command, limit):
    """Wall and CPU seconds and the peak memory of a process; None after the limit."""
    with tempfile.TemporaryFile("w+") as out:
        start = time.monotonic()
        p = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        while True:
            pid, status, usage = os.wait4(p.pid, os.WNOHANG)
            wall = time.monotonic() - start
            if pid:
                break
            if wall > limit:
                p.kill()
                os.wait4(p.pid, 0)
                return None
            time.sleep(0.002)
        p.returncode = os.waitstatus_to_exitcode(status)
        if p.returncode != 0:
            out.seek(0)
            raise RuntimeError(f"{' '.join(map(str, command))}: exit code {p.returncode}: {out.read()[-2000:]}")
        return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
