"""The floor of the test of everything: one zone, one bench, one order. Both sides of the bed know it."""

from __future__ import annotations

from typing import Final

from sim.floor.configs import BusKind, GateTimes
from sim.floor.rundir import FloorPlan
from sim.goods import goods_of
from sim.layout import lay_out
from sim.orders import ShopOrder, label_of
from sim.site import SitePlan, people_of

ORDER: Final = ShopOrder("O1", label_of(1), "Japan", (("MUG-RED", 2), ("BOWL", 1)))
SKUS: Final = tuple(sku for sku, _ in ORDER.lines)
PLAN: Final = FloorPlan(
    site=SitePlan(
        goods_of({sku: sku.lower() for sku in SKUS}, {}),
        lay_out(SKUS, ("A",), dict.fromkeys(SKUS, 500), levels=3),
        ("A",),
        (),
        people_of(1),
    ),
    buses={"A": BusKind("rtu", "picklight-display", 19_200)},
    benches=1,
    gate=GateTimes(10, 70),
    quiet_window_ms=0,
    waves={"orders": 50, "open_max": 1},
)
BROKER_PORT, PAGE_PORT = 1883, 8080  # of the host, as the guest reaches them at `hilhost`
HANDED_OVER: Final = "site"  # below $HIL_OUT: the secrets of the site's nodes
