"""Any shipped module profile on a real line: its simulated device at one end, the real driver at the other."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from edge.drivers.module_model import MODELS_DIR, ModuleModel, load_file, load_model, shipped
from edge.drivers.ports import Face
from edge.profile import BusProfile, ModulePlace, ZoneProfile
from sim.modules.bank import Showing
from sim.modules.rack import Rack, RackConfig
from tests.contracts.light_rig import FIRST, SECOND, LightRig, where_it_listens

DRIVABLE = [name for name in shipped() if load_file(name).is_drivable]
READABLE = [name for name in DRIVABLE if load_model(name).readable]
PRESSABLE = [name for name in DRIVABLE if load_model(name).buttons is not None]


def shown_as(model: ModuleModel, face: Face) -> Face:
    """What this model makes of `face`: a lamp of one colour is white, without a display there is no number."""
    file = model.file
    blinks = file.face is not None or (file.blink is not None and file.blink.how != "none")
    pieces = face.pieces if file.face is not None or file.display is not None else 0
    colours = file.face.colours if file.face is not None else file.lamp.values if file.lamp is not None else {}
    colour = face.colour if face.colour in colours else "white"
    return Face(colour, pieces, face.blink and blinks) if face.colour != "off" else Face()


def places_on(model: ModuleModel, bus: str = "a") -> tuple[ModulePlace, ...]:
    """FIRST and SECOND: on one unit where it carries several modules, else on two."""
    several = model.file.modules.per_unit > 1
    return (
        ModulePlace(location=FIRST, bus=bus, unit=1, index=0),
        ModulePlace(location=SECOND, bus=bus, unit=1 if several else 2, index=1 if several else 0),
    )


@asynccontextmanager
async def profile_rig(
    name: str, places: tuple[ModulePlace, ...] = (), models: Path = MODELS_DIR, kind: str = ""
) -> AsyncIterator[LightRig]:
    """A started rig of the model called `name`, on the first kind of line it has."""
    model = load_model(name, models)
    with tempfile.TemporaryDirectory(prefix="ptl") as folder:
        bus = BusProfile(
            name="a",
            kind=kind or model.file.link.transports[0],  # type: ignore[arg-type]
            profile=name,
            port=f"{folder}/line",
            baud=115200,
            host="127.0.0.1",
            tcp_port=0,
            reply_wait_ms_max=150,
        )
        zone = ZoneProfile(id="A", buses=(bus,), modules=places or places_on(model))
        showings: list[Showing] = []
        config = RackConfig(control_socket=str(Path(folder) / "c"), zone=zone, models_dir=str(models))
        rack = Rack(config, showings.append)
        await rack.start()
        rig = LightRig(rack, where_it_listens(zone, rack), models)
        rig.showings = showings
        rig.bus.start()
        try:
            yield rig
        finally:
            await rig.bus.aclose()
            await rack.stop()
