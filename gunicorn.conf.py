"""How the web server runs, everywhere: `make up`, containers and servers read this one file.

BIND, WEB_CONCURRENCY (processes) and WEB_THREADS (threads in each) come from the environment.
"""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
worker_class = "gthread"
keepalive = 30  # longer than the idle time of common proxies makes 502s; ours are asked often
timeout = 60
graceful_timeout = 20
# Loaded once, shared by all processes: less memory, and a wrong setting stops the start at once.
preload_app = True
# A worker's heartbeat must not wait for a slow disk.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
control_socket_disable = True
accesslog = None  # django-structlog logs every request with its person and duration
errorlog = "-"
