"""What the bench's devices find when the table asks them: the scale a weight, the camera a photo."""

from __future__ import annotations

from edge.packstation import events as ev
from edge.packstation.devices import BenchDevices
from edge.packstation.photo import take_photo
from edge.packstation.weighing import weigh_box


async def look(devices: BenchDevices, asked: ev.AskWeight | ev.AskPhoto) -> ev.Event:
    """What was found, or why nothing was. Bounded in time."""
    if isinstance(asked, ev.AskWeight):
        return await weigh_box(devices.scale, asked.verification)
    return await take_photo(devices.camera, asked.scan_id)
