"""gunicorn in a container. Yours to edit: docker-python wrote it once and leaves it alone.

Every setting: https://docs.gunicorn.org/en/stable/settings.html
"""

import os

bind = "0.0.0.0:" + os.environ.get("PORT", "8000")

# Threads keep a slow request from starving the others, health checks among them.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("GUNICORN_THREADS", "4"))

# The heartbeat is a file. On a disk that stalls, healthy workers would be killed; memory never stalls.
worker_tmp_dir = "/dev/shm"

# Below the ten seconds that `docker stop` waits, and the thirty of Kubernetes.
graceful_timeout = 8

accesslog = "-"
errorlog = "-"

# A management socket that nobody uses in a container.
control_socket_disable = True
