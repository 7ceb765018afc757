"""One photo of the bench, ready for the journal: or why there is none."""

from __future__ import annotations

import base64

from edge.drivers.bench_ports import Camera, NoPhoto
from edge.packstation.events import PhotoDone
from wire.ids import TEXT_MAX


async def take_photo(camera: Camera | None, scan_id: str) -> PhotoDone:
    """A bench without a camera has neither photo nor trouble."""
    if camera is None:
        return PhotoDone(scan_id)
    taken = await camera.photo()
    if isinstance(taken, NoPhoto):
        return PhotoDone(scan_id, no_photo=taken.why[:TEXT_MAX])
    return PhotoDone(scan_id, base64.b64encode(taken.jpeg).decode())
