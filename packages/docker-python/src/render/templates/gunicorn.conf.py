# gunicorn in a container. Yours to edit: docker-python wrote it once and leaves it alone.
# Every setting: https://docs.gunicorn.org/en/stable/settings.html

import math
import os
from pathlib import Path

# What a worker of an ordinary application needs; a guess that WEB_CONCURRENCY overrides.
WORKER_BYTES = 192 * 1024 * 1024
# Without a CPU limit a container sees all CPUs of a machine that it shares with others.
MOST_WORKERS_WITHOUT_LIMIT = 4


# The numbers in the first of these files that exists, None for "no limit": "max" with cgroup v2, -1 or a number
# near 2**63 with v1.
def limits(root, *names):
    for name in names:
        if (root / name).is_file():
            words = (root / name).read_text().split()
            return [int(word) if word.isdigit() and int(word) < 2**60 else None for word in words]
    return [None]


# Two for each CPU, as many as the memory holds.
def worker_count(root):
    quota, *period = limits(root, "cpu.max", "cpu/cpu.cfs_quota_us")
    period = period or limits(root, "cpu/cpu.cfs_period_us")
    memory = limits(root, "memory.max", "memory/memory.limit_in_bytes")[0]
    if quota and period[0]:
        wanted = 2 * math.ceil(quota / period[0])
    else:
        wanted = min(2 * len(os.sched_getaffinity(0)), MOST_WORKERS_WITHOUT_LIMIT)
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
