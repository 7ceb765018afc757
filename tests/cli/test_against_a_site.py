"""A person's day at the command line, against a site that runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.central.scripted_node import ScriptedNode
from tests.central.small_site import address_of
from tests.central.whole_site import WholeSite, picklight, whole_site
from tests.wire.real_broker import until
from wire.deeds import ShortPicked
from wire.downlink import Desired, Pick, ToteWork

pytestmark = [pytest.mark.floor, pytest.mark.timeout(180)]

CATALOGUE = "sku,title,barcode\nMUG,Mug,4006381333931\nCUP,杯子,4006381333948\n"
LOCATIONS = "location_id,zone,bay,level,sku,on_hand_pieces\nA-01-1,A,01,1,MUG,9\nA-01-2,A,01,2,CUP,9\n"
ORDERS = "order_no,label,sku,pieces\n1,L1,MUG,2\n0,L0,POT,1\n2,L2,CUP,-1\n3,L1,CUP,1\n4,L4,CUP,1\n"


def work_of(node: ScriptedNode) -> list[ToteWork]:
    """The totes the node was last told of."""
    newest = node.told(Desired)[-1:]
    return list(newest[0].zone.totes) if newest and newest[0].zone else []


async def files_in(folder: Path, site: WholeSite) -> None:
    """Catalogue and locations are good; two of the four orders are not."""
    for name, text in (("catalogue", CATALOGUE), ("locations", LOCATIONS), ("orders", ORDERS)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    for name in ("catalogue", "locations"):
        code, said, wrong = await picklight(name, "import", folder / f"{name}.csv", "--site", site.file)
        assert (code, wrong) == (0, ""), said
    orders, report = folder / "orders.csv", folder / "report.csv"
    code, said, wrong = await picklight("orders", "import", orders, "--site", site.file)
    assert (code, said) == (1, "")
    assert wrong.splitlines() == [
        f"{orders}:3: order 0: SKU POT is unknown. Import the catalogue first",
        f"{orders}:4: pieces is -1. Write a whole number from 1 to 99999",
        f"{orders}:5: label 'L1' is already on line 2. Keep one of the two",
        f"picklight: {orders}: nothing was imported, 3 troubles on 3 lines. Correct the file, or use --skip-bad",
    ]
    words = ("--skip-bad", "--report-file", report, "--site", site.file)
    code, said, _ = await picklight("orders", "import", orders, *words)
    assert code == 0, said
    assert said.splitlines() == [
        f"{report}: 3 troubles on 3 lines listed",
        f"{orders}: 2 orders imported, all have their stock; left out: 3 troubles on 3 lines",
    ]
    assert [line.split(",")[0] for line in report.read_text().splitlines()] == ["line", "3", "4", "5"]
    await the_same_again(folder, site)


async def the_same_again(folder: Path, site: WholeSite) -> None:
    """Sent twice, a file is no trouble; the reply is Chinese where the terminal is."""
    good = folder / "good.csv"
    good.write_text("order_no,label,sku,pieces\n1,L1,MUG,2\n4,L4,CUP,1\n", encoding="utf-8")
    code, said, wrong = await picklight("orders", "import", good, "--site", site.file)
    assert (code, wrong, said) == (0, "", f"{good}: 0 orders imported; 2 were there already\n")


async def a_place_is_counted(site: WholeSite) -> None:
    """What the short pick left in doubt is counted."""
    code, said, wrong = await picklight("locations", "count", "A-01-1", "7", "--site", site.file)
    assert (code, wrong, said) == (0, "", "A-01-1: 7 pieces counted, 0 before\n")
    code, _, wrong = await picklight("locations", "count", "A-99-9", "7", "--site", site.file)
    assert (code, wrong) == (1, "picklight: no location A-99-9. Import it first\n")


async def pick_nothing(node: ScriptedNode) -> None:
    """The shelf is empty: the node reports a short pick of its first pick."""
    tote = work_of(node)[0]
    pick: Pick = tote.picks[0]
    short = ShortPicked(
        zone="A",
        pick_id=pick.pick_id,
        tote_id=tote.tote_id,
        location_id=pick.location_id,
        sku=pick.sku,
        asked_pieces=pick.pieces,
        found_pieces=0,
    )
    await node.send(node.line(short, f"pick:{pick.pick_id}"))
    await node.acked(1)


async def test_files_in_wave_out_short_pick_ticket_cancel(tmp_path: Path) -> None:
    async with whole_site(tmp_path) as site, ScriptedNode(address_of(site.settings, "zone-a")) as node:
        await node.hello()
        await files_in(tmp_path, site)
        code, said, wrong = await picklight("orders", "cancel", "4", "--reason", "customer", "--site", site.file)
        assert (code, wrong) == (0, ""), said
        await until(lambda: work_of(node), 20)  # the site plans its waves by itself
        assert [tote.order_no for tote in work_of(node)] == ["1"]
        code, _, wrong = await picklight("wave", "plan", "--orders", "5", "--site", site.file)
        assert code in {0, 1}, wrong  # nothing is left to release

        await pick_nothing(node)
        code, said, _ = await picklight("tickets", "list", "--site", site.file)
        ticket, kind = said.split()[2:4]
        assert (code, kind) == (0, "short_pick")
        closing = ("--action", "cancel", "--note", "sold out", "--site", site.file)
        code, said, wrong = await picklight("tickets", "resolve", ticket, *closing)
        assert (code, wrong) == (0, ""), said
        assert (await picklight("tickets", "list", "--site", site.file))[1] == "no open tickets\n"
        await a_place_is_counted(site)
        await with_a_key_file(tmp_path / "key", site)


async def with_a_key_file(key_file: Path, site: WholeSite) -> None:
    """From another machine: the address and a file with the key."""
    url, _, key = site.page.partition("/?key=")
    code, said, _ = await picklight("tickets", "list", "--url", url, "--key-file", written(key_file, key))
    assert (code, said) == (0, "no open tickets\n")
    code, _, wrong = await picklight("tickets", "list", "--url", url, "--key-file", written(key_file, "wrong"))
    assert code == 1
    assert "The access key is wrong" in wrong


def written(file: Path, text: str) -> Path:
    """The file, with this text in it."""
    file.write_text(text, encoding="utf-8")
    return file
