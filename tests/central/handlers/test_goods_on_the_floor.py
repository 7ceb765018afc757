"""What the catalogue says of an item reaches the node: codes, scans before the press, look-alikes."""

from __future__ import annotations

from pathlib import Path

import pytest

from central.hosts.catalogue import read_catalogue
from tests.central.paper_floor import PaperFloor
from wire.commands import ImportCatalogue, ImportLocations, NewLocation, NewSku
from wire.downlink import BARCODES_MAX, Pick

GOODS = """sku,title,barcode,pieces,scan_first,style
MUG-RED,Mug red 300 ml,4006381333931,1,item,
MUG-RED,Mug red 300 ml,14006381333938,12,item,
MUG-BLUE,Mug blue 300 ml,4006381333948,,,
BOWL,Bowl,4006381333955,,no,MUG-9
"""


@pytest.fixture
def floor(tmp_path: Path) -> PaperFloor:
    """Mugs beside each other, a bowl above."""
    made = PaperFloor(tmp_path)
    bring(made, GOODS)
    for name, sku in (("A-01-1", "MUG-RED"), ("A-02-1", "MUG-BLUE"), ("A-01-2", "BOWL")):
        row = NewLocation(location_id=name, zone="A", bay=name[:-2], level=int(name[-1]), sku=sku, on_hand_pieces=9)
        assert made.command(ImportLocations, locations=(row,)).ok
    return made


def bring(floor: PaperFloor, csv: str) -> None:
    skus, troubles = read_catalogue(csv.encode(), "csv")
    assert troubles == ()
    assert floor.command(ImportCatalogue, skus=skus).ok


def picks(floor: PaperFloor) -> dict[str, Pick]:
    return {pick.sku: pick for _, pick in floor.lit("A")}


def test_a_pick_says_what_is_printed_on_its_item_and_what_must_be_scanned(floor: PaperFloor) -> None:
    floor.order("1", **{"MUG-RED": 1, "BOWL": 1})
    floor.wave()

    mug, bowl = picks(floor)["MUG-RED"], picks(floor)["BOWL"]
    assert (mug.scan_first, mug.barcodes, mug.look_alikes) == ("item", ("4006381333931", "14006381333938"), ("A-02-1",))
    assert (bowl.scan_first, bowl.barcodes, bowl.look_alikes) == ("", ("4006381333955",), ())
    floor.close()


def test_what_a_file_does_not_say_stays_and_what_it_says_reaches_picks_that_are_lit(floor: PaperFloor) -> None:
    floor.order("1", **{"MUG-RED": 1})
    floor.wave()

    bring(floor, "sku,title,barcode\nMUG-RED,Mug red 300 ml,\n")
    assert picks(floor)["MUG-RED"].scan_first == "item"
    bring(floor, "sku,title,barcode,scan_first,style\nMUG-RED,Mug red 300 ml,,no,-\n")
    assert (picks(floor)["MUG-RED"].scan_first, picks(floor)["MUG-RED"].look_alikes) == ("", ())
    floor.close()


def test_a_document_names_the_smallest_packs_first_and_no_more_than_it_may(floor: PaperFloor) -> None:
    many = tuple((f"9{n:03}", n) for n in range(20, 0, -1))
    floor.command(ImportCatalogue, skus=(NewSku(sku="BOWL", title="Bowl", barcodes=many),))
    floor.order("1", BOWL=1)
    floor.wave()

    assert picks(floor)["BOWL"].barcodes == ("4006381333955", *(f"9{n:03}" for n in range(1, BARCODES_MAX)))
    floor.close()


def test_a_document_says_which_lines_of_the_node_central_has_read(floor: PaperFloor) -> None:
    floor.order("1", **{"MUG-RED": 1})
    floor.order("2", **{"MUG-RED": 1})
    floor.wave()
    assert floor.desired["zone-a"].knows == 0

    floor.apply([floor.short("A", *floor.lit("A")[0])])
    assert floor.desired["zone-a"].knows == 1
    assert floor.lit("A") == []
    floor.close()
