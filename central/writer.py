"""`python -m central writer`: the site's owner, the one process that writes its record."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from pathlib import Path
from typing import Final

from central.command import run_with_site
from central.fleet.broker import BrokerWrong, address_for
from central.fleet.secrets import SecretWrong, grant_key
from central.fleet.state_dir import DiskUnsafe, check_disk
from central.handlers.engine import Engine
from central.handlers.intake import EngineSettings
from central.heartbeat import keep_beating
from central.link.intake import CLIENT, SiteIntake
from central.rules.tickets import OverrideRules
from central.rules.wall import Wall
from central.rules.weight import WeightRules
from central.settings import Settings
from central.store.errors import StoreError
from central.tasks import told_to_stop

BATCH_S_MAX: Final = 120.0  # a file of 100,000 order lines takes seconds; one batch that takes longer never ends


async def write(settings: Settings) -> None:
    """Own the site until SIGTERM. Raises what the engine raises when the record cannot be kept."""
    check_disk(settings)
    key = grant_key(settings.state_dir)
    asked = EngineSettings(
        site=settings.site.name,
        node_of_zone=settings.node_of_zone,
        node_of_station=settings.node_of_station,
        wave_orders=settings.waves.orders,
        waves_open_max=settings.waves.open_max,
        totes_per_zone_max=settings.waves.totes_per_zone_max,
        walls=walls_of(settings),
        pass_totes=settings.waves.totes == "pass",
        weigh=settings.packing.weigh,
        reprints_max=settings.packing.reprints_max,
        weight=weight_rules(settings),
        packing=override_rules(settings),
        offline_manifests=settings.packing.offline_manifests,
        offline_s=settings.packing.offline_minutes * 60,
        lot_tolerance_days=settings.packing.lot_tolerance_days,
    )
    intake = SiteIntake(
        settings.site.name, address_for(settings, CLIENT), lambda: Engine(settings.database, asked, key)
    )
    with told_to_stop() as stop:
        beating = asyncio.create_task(keep_beating(lambda: intake.busy_s < BATCH_S_MAX))
        work, end = asyncio.create_task(intake.run()), asyncio.create_task(stop.wait())
        await asyncio.wait((work, end), return_when=asyncio.FIRST_COMPLETED)
        for task in (work, end, beating):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work


def weight_rules(settings: Settings) -> WeightRules:
    """How far a parcel's weight may be off."""
    asked = settings.packing
    return WeightRules(asked.packing_g, asked.weight_limit_g, asked.weight_limit_percent, asked.weight_samples)


def walls_of(settings: Settings) -> tuple[Wall, ...]:
    """The put-to-light walls; one without feeds sorts for every zone that is no wall."""
    picked = frozenset(settings.node_of_zone) - {wall.zone for wall in settings.wall}
    return tuple(Wall(one.zone, one.cubbies, frozenset(one.feeds) or picked, one.lines_max) for one in settings.wall)


def override_rules(settings: Settings) -> OverrideRules:
    """What a second person may decide at a bench."""
    asked = settings.packing
    return OverrideRules(asked.overrides, asked.override_reasons, asked.photo_required)


def main(_file: Path, settings: Settings) -> int:
    """Run it."""
    asyncio.run(write(settings))
    return 0


if __name__ == "__main__":
    sys.exit(run_with_site("writer", main, BrokerWrong, SecretWrong, DiskUnsafe, StoreError))
