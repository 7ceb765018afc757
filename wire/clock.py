"""How far a node's wall clock can be believed."""

from __future__ import annotations

from typing import Literal

ClockTrust = Literal["synced", "holdover", "unsynced"]
