"""The one error for bytes that are not a message of this version."""

from __future__ import annotations


class WireError(ValueError):
    """`where` names the field or part that is wrong, `what` says how."""

    def __init__(self, where: str, what: str) -> None:
        self.where, self.what = where, what
        super().__init__(f"{where}: {what}")
