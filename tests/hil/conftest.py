"""The guest's tests run in the guest only: on the host they are not collected, and say so when asked for by name."""

from __future__ import annotations

import os

import pytest

IN_GUEST = bool(os.environ.get("PICKLIGHT_GUEST"))
GUESTS = ("plain", "booted")
collect_ignore = [] if IN_GUEST else list(GUESTS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stop before a test meets the devices of the host."""
    places = tuple(f"tests/hil/{guest}/" for guest in GUESTS)
    if not IN_GUEST and any(item.nodeid.startswith(places) for item in items):
        raise pytest.UsageError('tests of the guests run in the guests. Run: make hil ARGS="tests/hil/…"')
