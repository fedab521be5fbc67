"""The Celery application and the only table of periodic jobs.

What Celery on Redis really does was measured, and the values here follow from it: a worker killed
in a task with early acknowledgement loses it for ever, so acknowledgement is late; a task longer
than the visibility time-out starts twice, so tasks end within 60 s (hard limit 120 s) and the
time-out is an hour; a connection that swallows data hangs a publish for ever, so sockets time out.
Redis is a doorbell: every periodic job finds its work in the database, so a lost message costs one
period and a doubled one finds the slot taken (`jobs.ticks`).
"""

from __future__ import annotations

import os

from celery import Celery
from celery.schedules import crontab
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarketing.settings")

SOCKET_SECONDS = 2.0

app = Celery("smarketing")
app.conf.update(
    broker_url=settings.REDIS_URL,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": 3600,
        "socket_timeout": SOCKET_SECONDS,
        "socket_connect_timeout": SOCKET_SECONDS,
        "retry_on_timeout": False,
        "max_retries": 0,
    },
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_soft_time_limit=60,
    task_time_limit=120,
    task_default_queue="default",
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    timezone="UTC",
    beat_schedule={
        "heartbeat": {"task": "jobs.heartbeat", "schedule": 15.0},
        "deliver-notices": {"task": "accounts.deliver_notices", "schedule": 30.0},
        "deliver-chat": {"task": "accounts.deliver_chat", "schedule": 30.0},
        "forget-chat-posts": {
            "task": "accounts.forget_chat_posts",
            "schedule": crontab(minute=47, hour=3),
        },
        "prune-job-runs": {"task": "jobs.prune_job_runs", "schedule": crontab(minute=17, hour=3)},
        "clear-sessions": {
            "task": "accounts.clear_sessions",
            "schedule": crontab(minute=37, hour=3),
        },
        "refresh-personas": {
            "task": "leads.refresh_personas_nightly",
            "schedule": crontab(minute=7, hour=2),
        },
        "fade-scores": {"task": "leads.fade_scores", "schedule": crontab(minute=7, hour=2)},
        "try-lost-again": {"task": "leads.try_lost_again", "schedule": 3600.0},
        "wake-recycled": {"task": "leads.wake_recycled", "schedule": 300.0},
        "sweep-score-runs": {"task": "leads.sweep_score_runs", "schedule": 60.0},
        "sweep-imports": {"task": "leads.sweep_imports", "schedule": 30.0},
        "prune-imports": {"task": "leads.prune_imports", "schedule": crontab(minute=27, hour=2)},
        "sweep-exports": {"task": "leads.sweep_exports", "schedule": 60.0},
        "prune-kept-answers": {
            "task": "accounts.prune_kept_answers",
            "schedule": 3600.0,
        },
        "forget-captures": {
            "task": "leads.forget_captures",
            "schedule": crontab(minute=47, hour=2),
        },
        "let-go": {"task": "leads.let_go_nightly", "schedule": crontab(minute=27, hour=2)},
        "derive-facts": {"task": "leads.derive_facts", "schedule": 10.0},
        "recount-facts": {"task": "leads.recount_facts", "schedule": crontab(minute=17, hour=4)},
        "note-breaches": {"task": "sla.note_breaches", "schedule": 30.0},
        "close-periods": {"task": "sla.close_periods", "schedule": 900.0},
        "escalate": {"task": "sla.escalate", "schedule": 30.0},
        "reconcile-clocks": {"task": "sla.reconcile", "schedule": 300.0},
        "reconcile-all-clocks": {
            "task": "sla.reconcile_nightly",
            "schedule": crontab(minute=57, hour=2),
        },
        "end-commitments": {"task": "sla.end_commitments", "schedule": 30.0},
        "bring-into-force": {"task": "sla.bring_into_force", "schedule": 30.0},
        "remind-of-renewal": {
            "task": "sla.remind_of_renewal",
            "schedule": crontab(minute=7, hour=6),
        },
        "recalculate-clocks": {"task": "sla.recalculate", "schedule": 30.0},
        "ask-for-field-notes": {
            "task": "leads.ask_for_field_notes",
            "schedule": 900.0,
        },
    },
    # The table is static, and losing the file only re-times the next tick.
    beat_schedule_filename=settings.ENV.beat_schedule_file,
)
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)
