"""How the web server runs, everywhere: `make up`, containers and servers read this one file.

BIND, WEB_CONCURRENCY (processes) and WEB_THREADS (threads in each) come from the environment.
"""

import os

from smarketing.env import read_environment

_env = read_environment(os.environ)
bind = _env.bind
workers = _env.web_processes
threads = _env.web_threads
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
