"""gunicorn in a container. Yours to edit: docker-python wrote it once and leaves it alone.

Every setting: https://docs.gunicorn.org/en/stable/settings.html
"""

import math
import os
from pathlib import Path

# What a worker of an ordinary application needs; a guess that WEB_CONCURRENCY overrides.
WORKER_BYTES = 192 * 1024 * 1024
# Without a CPU limit a container sees all CPUs of a machine that it shares with others.
MOST_WORKERS_WITHOUT_LIMIT = 4


def read_limit(*paths):
    """The first number of the first of these files that exists; None where there is no limit."""
    for path in paths:
        try:
            word = Path(path).read_text().split()[0]
        except (OSError, IndexError):
            continue
        # "max" with cgroup v2, -1 or a number near 2**63 with v1.
        return int(word) if word.isdigit() and int(word) < 2**60 else None
    return None


def cpu_limit(root):
    """CPUs that this container may use, None without a limit. cgroup v2, then v1."""
    try:
        quota, period = (root / "cpu.max").read_text().split()
        return None if quota == "max" else int(quota) / int(period)
    except (OSError, ValueError):
        quota = read_limit(root / "cpu/cpu.cfs_quota_us", root / "cpu,cpuacct/cpu.cfs_quota_us")
        period = read_limit(root / "cpu/cpu.cfs_period_us", root / "cpu,cpuacct/cpu.cfs_period_us")
        return quota / period if quota and period else None


def worker_count(root):
    """Two for each CPU, as many as the memory holds."""
    cpus = cpu_limit(root)
    if cpus is None:
        wanted = min(2 * len(os.sched_getaffinity(0)), MOST_WORKERS_WITHOUT_LIMIT)
    else:
        wanted = 2 * math.ceil(cpus)
    memory = read_limit(root / "memory.max", root / "memory/memory.limit_in_bytes")
    return max(1, wanted if memory is None else min(wanted, memory // WORKER_BYTES))


bind = "0.0.0.0:" + os.environ.get("PORT", "8000")

# Threads keep a slow request from starving the others, health checks among them.
workers = int(os.environ.get("WEB_CONCURRENCY") or worker_count(Path("/sys/fs/cgroup")))
threads = int(os.environ.get("GUNICORN_THREADS", "4"))

# The heartbeat is a file. On a disk that stalls, healthy workers would be killed; memory never stalls.
worker_tmp_dir = "/dev/shm"

# Below the ten seconds that `docker stop` waits; "stopTimeout" in docker-python.json raises both.
graceful_timeout = int(os.environ.get("GRACEFUL_TIMEOUT", "8"))

# Longer than the idle time of usual load balancers, so that it is never the server that hangs up first.
keepalive = 75

# Only the proxy in front reaches a container. Name its address if that is not so.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "*")

accesslog = "-"
errorlog = "-"

# A management socket that nobody uses in a container.
control_socket_disable = True
