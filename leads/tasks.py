"""The background's work on leads, part by part; Celery looks for it here."""

from leads.capture_tasks import forget_captures
from leads.channel_tasks import ask_reps_for_field_notes
from leads.deal_tasks import try_lost_again
from leads.fact_tasks import derive_facts, recount_facts
from leads.handoff_tasks import wake_due_leads, wake_recycled
from leads.import_tasks import sweep_imports, work_on_imports
from leads.out_tasks import sweep_exports, write_exports
from leads.persona_tasks import refresh_personas, refresh_personas_nightly
from leads.retention_tasks import let_go, let_go_nightly
from leads.score_tasks import fade_all, recalculate_scores, sweep_score_runs

__all__ = [
    "ask_reps_for_field_notes",
    "derive_facts",
    "fade_all",
    "forget_captures",
    "let_go",
    "let_go_nightly",
    "recalculate_scores",
    "recount_facts",
    "refresh_personas",
    "refresh_personas_nightly",
    "sweep_exports",
    "sweep_imports",
    "sweep_score_runs",
    "try_lost_again",
    "wake_due_leads",
    "wake_recycled",
    "work_on_imports",
    "write_exports",
]
