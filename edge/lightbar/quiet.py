"""One finger or trigger that is seen twice, told from two. Pure, but for its memory."""

from __future__ import annotations

KEYS_MAX = 4_000  # modules of the largest zone


class QuietTimes:
    """A repeat of the same key within `window_ns` of its last sighting is one and the same."""

    def __init__(self, window_ns: int) -> None:
        self._window_ns = window_ns
        self._seen: dict[str, int] = {}

    def repeats(self, key: str, now_ns: int) -> bool:
        """True if `key` was seen within the window."""
        before = self._seen.pop(key, None)
        self._seen[key] = now_ns
        if len(self._seen) > KEYS_MAX:
            del self._seen[next(iter(self._seen))]
        return before is not None and now_ns - before < self._window_ns
