"""The site's state folder: is it on a disk that keeps its word?"""

from __future__ import annotations

from central.fleet.secrets import private_dir
from central.settings import Settings
from wire.disk import why_unsafe


class DiskUnsafe(RuntimeError):
    """What is written there may be gone after a power cut; the text says what to do."""


def check_disk(settings: Settings) -> None:
    """Make the state folder; a production site needs it on a local disk. Raises DiskUnsafe, OSError."""
    private_dir(settings.state_dir)
    why = why_unsafe(settings.state_dir) if settings.site.production else ""
    if why:
        raise DiskUnsafe(f"site.state_dir: {why}; for a trial, set site.production to false")
