"""The base of every journal body."""

from __future__ import annotations

import msgspec


class Deed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """Base of every journal body."""
