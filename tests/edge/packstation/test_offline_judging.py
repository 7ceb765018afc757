"""The stand-in's judgement of one parcel, in a packer's words, and what it must never do."""

from __future__ import annotations

from collections import Counter

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge.packstation import offline
from edge.packstation.standin import StandIn
from tests.edge.packstation.manifests import ITEM, LABEL, manifest
from wire.answers import AnyAnswer, AsideNoted, Blocked, ItemAccepted, LabelWanted, OrderLoaded, Refused, Verified
from wire.deeds import AnyDeed, ItemScanned, LabelProved, LabelScanned, OverrideAsked, ProblemDeclared, SetAside
from wire.offline_deeds import OfflineParcel
from wire.phrases import Refusal

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
SIGNED = manifest(KEY, issued_utc_s=1_000, expires_utc_s=2_000)


def standin(now_utc_s: float | None = 1_500, *, contact: bool = False) -> StandIn:
    one = StandIn("bench-1", lambda: now_utc_s, contact=contact)
    one.manifests = (SIGNED,)
    return one


def label(text: str, scan_id: str = "s1") -> LabelScanned:
    return LabelScanned(station="bench-1", scan_id=scan_id, label=text, challenge="c1")


def item(barcode: str, scan_id: str = "s2") -> ItemScanned:
    return ItemScanned(station="bench-1", scan_id=scan_id, verification="s1", barcode=barcode)


def said(one: StandIn, *deeds: AnyDeed) -> tuple[AnyAnswer, OfflineParcel | None]:
    answer: tuple[AnyAnswer, OfflineParcel | None] | None = None
    for deed in deeds:
        assert one.takes(deed)
        answer = one.answer(deed)
    assert answer is not None
    return answer


def test_the_right_items_release_and_all_that_was_scanned_is_one_line() -> None:
    one = standin()
    assert isinstance(said(one, label(LABEL))[0], OrderLoaded)
    assert isinstance(said(one, item(ITEM))[0], ItemAccepted)
    answer, line = said(one, item(ITEM, "s3"))

    assert isinstance(answer, Verified)
    assert (answer.grant.grant.grant_id, answer.grant.grant.challenge) == ("M1", "c1")
    assert line is not None
    assert [scan.verdict for scan in line.scans] == ["loaded", "accepted", "accepted"]
    assert one.shown_for(answer.grant) is SIGNED


def test_a_box_begun_with_its_tote_must_show_its_label() -> None:
    one = standin()
    assert isinstance(said(one, label("TOTE-7"), item("PACK-OF-2"))[0], LabelWanted)
    proof = LabelProved(station="bench-1", scan_id="s3", verification="s1", label=LABEL)

    assert isinstance(said(one, proof)[0], Verified)


@pytest.mark.parametrize(
    ("words", "deeds", "reason"),
    [
        ("not in this order", (item("4006381333931"),), Refusal.WRONG_ITEM),
        ("one too many", (item(ITEM), item("PACK-OF-2")), Refusal.TOO_MANY),
        (
            "another order's label on the box",
            (
                item("PACK-OF-2"),
                LabelProved(station="bench-1", scan_id="s3", verification="s1", label="LP00000000000002"),
            ),
            Refusal.WRONG_LABEL,
        ),
    ],
)
def test_what_does_not_agree_blocks_and_goes_aside_with_its_reason(
    words: str, deeds: tuple[AnyDeed, ...], reason: Refusal
) -> None:
    one = standin()
    opening = "TOTE-7" if reason is Refusal.WRONG_LABEL else LABEL
    answer, line = said(one, label(opening), *deeds)
    assert isinstance(answer, Blocked)
    assert (answer.reason, line) == (reason, None)
    override = OverrideAsked(station="bench-1", scan_id="s4", verification="s1", badge="B1", reason="recount")
    assert said(one, override)[0] == Refused(scan_id="s4", reason=Refusal.CENTRAL_AWAY)
    assert isinstance(said(one, item(ITEM, "s5"))[0], Refused)
    noted, line = said(one, SetAside(station="bench-1", scan_id="s6", verification="s1", why="aside"))

    assert isinstance(noted, AsideNoted)
    assert line is not None
    assert (line.outcome, line.reason) == ("aside", reason)


def test_a_declared_problem_goes_aside() -> None:
    problem = ProblemDeclared(station="bench-1", scan_id="s2", verification="s1", problem="damaged_item")
    noted, line = said(standin(), label(LABEL), problem)

    assert isinstance(noted, AsideNoted)
    assert line is not None
    assert line.reason == "damaged_item"


def test_a_manifest_is_packed_once() -> None:
    one = standin()
    said(one, label(LABEL), item("PACK-OF-2"))

    assert not one.takes(label(LABEL, "s9"))


@pytest.mark.parametrize(
    "one", [standin(contact=True), standin(999), standin(2_000), standin(None)], ids=["central is there", "too early",
    "expired", "no clock"]
)  # fmt: skip
def test_nothing_is_packed_while(one: StandIn) -> None:
    assert not one.takes(label(LABEL))


def test_a_central_that_stays_silent_is_away() -> None:
    one = standin(contact=True)
    one.silent = True

    assert one.takes(label(LABEL))


def test_a_parcel_stays_where_it_was_begun() -> None:
    one = standin()
    said(one, label(LABEL))
    one.contact = True

    assert one.takes(item(ITEM))
    assert not one.takes(ItemScanned(station="bench-1", scan_id="s7", verification="other", barcode=ITEM))
    assert not one.takes(label("LP00000000000009", "s8"))
    assert not one.takes(item(ITEM))


def test_items_that_are_not_the_signed_ones_begin_nothing() -> None:
    one = standin()
    one.manifests = (replace(SIGNED, items=(replace(SIGNED.items[0], pieces=1),)),)

    assert not one.takes(label(LABEL))


@given(st.lists(st.sampled_from([ITEM, "PACK-OF-2", "4006381333931", LABEL]), max_size=6))
def test_it_releases_only_exact_counts(barcodes: list[str]) -> None:
    """Against a bag of pieces, counted another way."""
    work = offline.begun(SIGNED, label(LABEL)).work
    bag: Counter[str] = Counter()
    for number, barcode in enumerate(barcodes):
        turn = offline.asked(work, item(barcode, f"s{number + 2}"))
        bag[barcode] += 1
        whole = bag[ITEM] + 2 * bag["PACK-OF-2"] == 2 and not bag["4006381333931"] and not bag[LABEL]
        assert isinstance(turn.answer, Verified) == whole
        if not isinstance(turn.answer, ItemAccepted):
            return
        work = turn.work
