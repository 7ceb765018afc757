"""Every trouble of a file is listed with its line and its cure, and nothing is ever thrown."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.hosts.catalogue import read_catalogue
from central.hosts.files import (
    ORDER_LINES_MAX,
    TROUBLES_MAX,
    read_badges,
    read_locations,
    read_orders,
)
from central.hosts.rows import FILE_BYTES_MAX, Kind
from wire.codec import decode_command, encode
from wire.commands import ImportBadges, ImportCatalogue, ImportLocations, ImportOrders, OrderLine

HEAD = "order_no,label,sku,pieces,cut_off_utc,country\n"
GOOD = HEAD + "1001,L1,MUG,2,2026-11-24T18:00:00Z,GB\n1001,L1,CUP,1,2026-11-24T18:00:00Z,GB\n1002,L2,MUG,1,,\n"


def troubles_of(rows: str, head: str = HEAD) -> list[str]:
    """The troubles of an order file, as a person sees them."""
    _, troubles = read_orders((head + rows).encode(), "csv")
    return [f"{trouble.line}: {trouble.what}. {trouble.cure}" for trouble in troubles]


def test_orders_are_gathered_from_their_rows() -> None:
    orders, troubles = read_orders(GOOD.encode(), "csv")
    assert troubles == ()
    assert [(order.order_no, order.label, order.line, order.country) for order in orders] == [
        ("1001", "L1", 2, "GB"),
        ("1002", "L2", 4, ""),
    ]
    assert orders[0].lines == (OrderLine(sku="MUG", pieces=2), OrderLine(sku="CUP", pieces=1))
    assert orders[0].cut_off_utc_s == 1_795_543_200


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace(",", ";"),
        lambda text: text.replace(",", "\t"),
        lambda text: text.replace("order_no", " Order_No "),
        lambda text: text.replace("MUG", '"MUG"'),
        lambda text: text + "\n\n,,,,,\n",
        lambda text: text.rstrip("\n"),
    ],
)
def test_what_spreadsheets_do_to_a_file_is_understood(change: object) -> None:
    assert callable(change)
    orders, troubles = read_orders(change(GOOD).encode(), "csv")
    assert (len(orders), troubles) == (2, ())


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ("1,L1,MUG,-2,,\n", "2: pieces is -2. Write a whole number from 1 to 99999"),
        ("1,L1,MUG,0,,\n", "2: pieces is 0. Write a whole number from 1 to 99999"),
        ("1,L1,MUG,100000,,\n", "2: pieces is 100000. Write a whole number from 1 to 99999"),
        ("1,L1,MUG,1.5,,\n", "2: pieces '1.5' is no whole number. Write a whole number from 1 to 99999"),
        ("1,L1,MUG,²,,\n", "2: pieces '²' is no whole number. Write a whole number from 1 to 99999"),
        ("1,L1,MUG,,,\n", "2: pieces is empty. Write a whole number from 1 to 99999"),
        ("1,,MUG,1,,\n", "2: label is empty. Fill it in"),
        (",L1,MUG,1,,\n", "2: order_no is empty. Fill it in"),
        (f"1,{'L' * 65},MUG,1,,\n", f"2: label '{'L' * 38}… has 65 characters. At most 64"),
        ("1,L\x07,MUG,1,,\n", "2: label 'L\\x07' has invisible characters. Remove them"),
        ("1,L1,MUG,1\n", "2: 4 values, the first line names 6. Look for a missing comma"),
        ("1,L1,MUG,1,tomorrow,\n", "2: cut_off_utc 'tomorrow' is no time. Write it like 2026-11-24T18:00:00Z"),
        ("1,L1,MUG,1,1960-01-01,\n", "2: cut_off_utc '1960-01-01' is no time."),
        ("1,L1,MUG,1,,\n1,L1,MUG,1,,\n", "3: SKU 'MUG' is already on line 2. Add the pieces up in one row"),
        ("1,L1,MUG,1,,\n1,L2,CUP,1,,\n", "3: label 'L2' differs from line 2. One order has one label"),
        ("1,L1,MUG,1,,\n1,L1,CUP,1,,FR\n", "3: cut-off, country or labels of '1' differs from line 2."),
        ("1,L1,MUG,1,,\n2,L1,MUG,1,,\n", "3: label 'L1' is already on line 2. Keep one of the two"),
        (
            "1,L1,MUG,1,,\n2,L2,MUG,1,,\n1,L1,CUP,1,,\n",
            "4: order_no '1' is already on line 2. Put its rows together, or remove the repeat",
        ),
        ('1,L1,"MUG,1,,\n', "2: not CSV from here on: unexpected end of data. Look for a quote that is not closed"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_cure(rows: str, complaint: str) -> None:
    assert any(line.startswith(complaint) for line in troubles_of(rows)), troubles_of(rows)


def test_all_troubles_are_listed_and_only_whole_orders_are_left_out() -> None:
    rows = "1,L1,MUG,-1,,\n1,L1,CUP,1,,\n2,L2,MUG,1,,\n3,,MUG,x,,\n"
    orders, troubles = read_orders((HEAD + rows).encode(), "csv")
    assert [order.order_no for order in orders] == ["2"]
    assert [trouble.line for trouble in troubles] == [2, 5, 5]


@pytest.mark.parametrize(
    ("head", "complaint"),
    [
        ("order_no,label,sku,piece\n", "1: column 'pieces' is missing. Did you mean 'piece'? Rename it"),
        ("order_no,label,sku\n", "1: column 'pieces' is missing. Add it; the columns are order_no, label, sku,"),
        ("order_no,label,sku,pieces,cutoff_utc\n", "1: column 'cutoff_utc' is not known. Did you mean 'cut_off_utc'?"),
        ("order_no,label,sku,pieces,sku\n", "1: column 'sku' is there 2 times. Keep one"),
        ("nothing like it\n", "1: column 'order_no' is missing."),
    ],
)
def test_a_wrong_first_line_is_named(head: str, complaint: str) -> None:
    assert any(line.startswith(complaint) for line in troubles_of("", head)), troubles_of("", head)


@pytest.mark.parametrize(
    ("data", "kind", "complaint"),
    [
        (b"", "csv", "0: the file is empty. Export it again"),
        (b" \r\n", "json", "0: the file is empty. Export it again"),
        (HEAD.encode() + b"1,L\xe9,MUG,1,,\n", "csv", "2: not UTF-8 text: byte 0xe9. Save it again as UTF-8"),
        (GOOD.encode("utf-16"), "csv", "1: not UTF-8 text: byte 0xff."),
        (b"x" * (FILE_BYTES_MAX + 1), "csv", f"0: larger than {FILE_BYTES_MAX} bytes. Split the file"),
        (b"{", "json", "0: not JSON:"),
        (b"[" * 100_000, "json", "0: not JSON:"),
        (b"7", "json", "0: no list of records."),
        (b"[7]", "json", "1: 7 is no record."),
        (b'[{"order_no":"1","label":"L"}]', "json", "1: order '1' has no lines."),
        (b'[{"order_no":"1","label":"L","lines":[]}]', "json", "1: order '1' has no lines."),
        (b'[{"order_no":"1","label":"L","lines":{}}]', "json", "1: 'lines' is no list of records."),
        (b'[{"order_no":"1","lable":"L","lines":[{"sku":"M","pieces":1}]}]', "json", "1: 'lable' is not known. Did"),
        (b'[{"order_no":"1","label":"L","lines":[{"sku":"M","pieces":true}]}]', "json", "1: pieces True is no whole"),
        (b'[{"order_no":"1","label":[],"lines":[{"sku":"M","pieces":1}]}]', "json", "1: label [] is no text."),
        (b'"a,b"\n"' + b"x" * 200_000, "csv", "1: column 'order_no' is missing."),
    ],
)
def test_bytes_that_are_no_order_file_are_refused(data: bytes, kind: Kind, complaint: str) -> None:
    orders, troubles = read_orders(data, kind)
    assert orders == ()
    lines = [f"{trouble.line}: {trouble.what}. {trouble.cure}" for trouble in troubles]
    assert any(line.startswith(complaint) for line in lines), lines


def test_json_orders_are_read_like_csv_ones() -> None:
    tree = {
        "orders": [
            {
                "order_no": 1001,
                "label": "L1",
                "country": "GB",
                "cut_off_utc": "2026-11-24T18:00:00+00:00",
                "lines": [{"sku": "MUG", "pieces": 2}, {"sku": "CUP", "pieces": 1}],
            },
            {"order_no": "1002", "label": "L2", "lines": [{"sku": "MUG", "pieces": 1}]},
        ]
    }
    from_json, troubles = read_orders(msgspec.json.encode(tree), "json")
    from_csv, _ = read_orders(GOOD.encode(), "csv")
    assert troubles == ()
    assert [msgspec.structs.replace(order, line=0) for order in from_json] == [
        msgspec.structs.replace(order, line=0) for order in from_csv
    ]


def test_the_same_order_in_two_json_records_is_a_repeat() -> None:
    record = {"order_no": "1", "label": "L1", "lines": [{"sku": "MUG", "pieces": 1}]}
    orders, troubles = read_orders(msgspec.json.encode([record, record]), "json")
    assert len(orders) == 1
    assert "order_no '1' is already on line 1" in {trouble.what for trouble in troubles}


def test_an_order_has_a_longest_length() -> None:
    rows = "".join(f"1,L1,S{number},1,,\n" for number in range(ORDER_LINES_MAX + 1))
    assert troubles_of(rows) == [
        f"{ORDER_LINES_MAX + 2}: order '1' has more than {ORDER_LINES_MAX} lines. Split the order"
    ]


def test_an_order_that_is_repeated_whole_is_one_trouble() -> None:
    assert troubles_of("1,L1,MUG,2,,\n2,L2,MUG,1,,\n1,L1,MUG,2,,\n") == [
        "4: order_no '1' is already on line 2. Put its rows together, or remove the repeat"
    ]


def test_the_list_of_troubles_has_an_end() -> None:
    lines = troubles_of("1,L,MUG,-1,,\n" * 3 * TROUBLES_MAX)
    assert len(lines) == TROUBLES_MAX + 1
    assert lines[-1].startswith("0: and ")


def test_a_catalogue_gathers_the_barcodes_of_a_sku() -> None:
    data = "sku,title,barcode,pieces\nMUG,Mug\u200b with\u3000cup,4006381333931,\n"
    data += "MUG,Mug with cup,14006381333938,12\nCUP,杯子,,\n"
    skus, troubles = read_catalogue(data.encode(), "csv")
    assert troubles == ()
    assert [(sku.sku, sku.title, sku.barcodes) for sku in skus] == [
        ("MUG", "Mug with cup", (("4006381333931", 1), ("14006381333938", 12))),
        ("CUP", "杯子", ()),
    ]


def test_one_barcode_has_one_owner_and_one_sku_one_title() -> None:
    data = b"sku,title,barcode\nMUG,Mug,111\nCUP,Cup,111\nMUG,Cup,222\nPOT,Pot,333\n"
    skus, troubles = read_catalogue(data, "csv")
    assert [sku.sku for sku in skus] == ["POT"]
    assert [(trouble.line, trouble.what) for trouble in troubles] == [
        (3, "barcode '111' is already on line 2"),
        (4, "SKU 'MUG' has another title on line 2"),
    ]


def test_locations_are_read_and_a_place_stands_once() -> None:
    data = b"location_id,zone,bay,level,sku,on_hand_pieces\nA-1,A,01,1,MUG,0\nA-1,A,01,1,CUP,5\nA-2,A,01,x,CUP,-5\n"
    locations, troubles = read_locations(data, "csv")
    assert [(place.location_id, place.on_hand_pieces) for place in locations] == [("A-1", 0)]
    assert [trouble.line for trouble in troubles] == [3, 4, 4]


def test_badges_need_a_role_that_exists() -> None:
    badges, troubles = read_badges(b"badge,person,role\nB1,Ann,Picker\nB2,Bo,supervisr\n", "csv")
    assert [(badge.badge, badge.role) for badge in badges] == [("B1", "picker")]
    assert [trouble.cure for trouble in troubles] == ["Did you mean 'supervisor'?"]


CELL = st.one_of(
    st.text(max_size=80),
    st.sampled_from(["1", "-1", "99999999999999999999", "MUG", "", '"', "\x00", "2026-11-24", "\ud7ff", "１"]),
)


@settings(max_examples=80, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.lists(st.lists(CELL, max_size=7).map(",".join)).map(
            lambda lines: (HEAD + "\n".join(lines)).encode("utf-8", "surrogatepass")
        ),
    )
)
def test_any_bytes_give_values_the_wire_accepts_or_troubles(data: bytes) -> None:
    for kind in ("csv", "json"):
        for command in (
            ImportOrders(orders=read_orders(data, kind)[0], key="k", client="c"),
            ImportCatalogue(skus=read_catalogue(data, kind)[0], key="k", client="c"),
            ImportLocations(locations=read_locations(data, kind)[0], key="k", client="c"),
            ImportBadges(badges=read_badges(data, kind)[0], key="k", client="c"),
        ):
            assert decode_command(encode(command)) == command


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), CELL),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["order_no", "label", "lines", "sku", "pieces", "barcodes", "x"]), inner),
    ),
    max_leaves=20,
)


@settings(max_examples=80, deadline=None)
@given(JSON)
def test_any_json_gives_values_the_wire_accepts_or_troubles(tree: object) -> None:
    test_data = msgspec.json.encode(tree)
    orders, _ = read_orders(test_data, "json")
    command = ImportOrders(orders=orders, key="k", client="c")
    assert decode_command(encode(command)) == command
    read_catalogue(test_data, "json")
    read_locations(test_data, "json")
    read_badges(test_data, "json")
