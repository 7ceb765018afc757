"""Shipping less than ordered: what is left out. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from central.rules.labels import spread
from wire.uplink import ItemCount


def lines_left_out(
    room: Sequence[tuple[int, str, int]], missing: Mapping[int, int], seen: Sequence[ItemCount] | None
) -> dict[int, int]:
    """Pieces by line that the order goes without.

    `room`: (line, SKU, pieces still to be packed); `missing`: pieces by line that were never picked; `seen`: the counts
    at the bench when the packer gave up, None if no bench had it. What was not in the box then is left out.
    """
    if seen is None:
        return {line: min(missing.get(line, 0), pieces) for line, _, pieces in room if missing.get(line, 0)}
    lacking = {item.sku: item.asked_pieces - item.packed_pieces for item in seen}
    open_lines = {line: pieces for line, _, pieces in room if pieces > 0}
    backwards = [part for part in reversed(room) if part[0] in open_lines]
    return {line: min(part, open_lines[line]) for line, part in spread(backwards, lacking).items()}
