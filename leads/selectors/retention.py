"""How long personal data stay."""

from __future__ import annotations

from leads.models import RetentionSettings


def retention_settings() -> RetentionSettings:
    """Return the settings in force, the usual ones where nobody has set any."""
    return RetentionSettings.objects.first() or RetentionSettings()
