"""The background's work on leads, part by part; Celery looks for it here."""

from leads.persona_tasks import refresh_personas, refresh_personas_nightly

__all__ = ["refresh_personas", "refresh_personas_nightly"]
