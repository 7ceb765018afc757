"""Properties are judged by what holds, not by how fast a busy machine shows it."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")
