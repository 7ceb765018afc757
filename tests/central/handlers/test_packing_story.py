"""A parcel at a bench, from the label to the gate, as central lives through it."""

from __future__ import annotations

from tests.central.paper_floor import KEY, PaperFloor, messages
from wire.answers import AsideNoted, Blocked, ItemAccepted, OrderLoaded, Overridden, Refused, Verified
from wire.commands import CancelOrder, HandOver, ResolveTicket
from wire.deeds import OverrideAsked, SetAside
from wire.downlink import Ack
from wire.grants import is_genuine
from wire.phrases import Refusal


def test_label_and_items_that_agree_release_the_parcel_once(picked: PaperFloor) -> None:
    verification, loaded = picked.label("L1")
    assert isinstance(loaded, OrderLoaded)
    assert [(item.sku, item.asked_pieces, item.packed_pieces) for item in loaded.items] == [
        ("mug", 2, 0),
        ("lamp", 1, 0),
    ]
    assert isinstance(picked.item(verification, "=mug"), ItemAccepted)
    assert isinstance(picked.item(verification, "=lamp"), ItemAccepted)
    verified = picked.item(verification, "=mug")

    assert isinstance(verified, Verified)
    assert is_genuine(verified.grant, KEY.public_key())
    grant = verified.grant.grant
    assert (grant.station, grant.order_no, grant.label, grant.challenge) == ("bench-1", "1", "L1", f"c{verification}")
    assert picked.status("1") == "verified"
    picked.gate(verified.grant)
    assert picked.status("1") == "released"
    assert picked.command(HandOver, labels=("L1",)).done == 1
    assert picked.status("1") == "handed_over"


def test_a_pack_barcode_counts_its_pieces(picked: PaperFloor) -> None:
    verification, _ = picked.label("L1")
    picked.item(verification, "BOX")

    assert isinstance(picked.item(verification, "=lamp"), Verified)


def test_a_pack_that_holds_more_than_is_left_is_one_too_many(picked: PaperFloor) -> None:
    verification, _ = picked.label("L1")
    picked.item(verification, "=mug")
    answer = picked.item(verification, "BOX")

    assert isinstance(answer, Blocked)
    assert answer.reason == Refusal.TOO_MANY
    assert picked.tickets() == [("too_many", "picking", "open")]


def test_an_item_of_another_order_blocks_with_a_ticket_and_is_set_aside(picked: PaperFloor) -> None:
    verification, _ = picked.label("L1", packer="bob")
    answer = picked.item(verification, "=pen")
    assert isinstance(answer, Blocked)
    assert (answer.reason, answer.detail) == (Refusal.WRONG_ITEM, "pen")
    assert picked.item(verification, "=mug") == Refused(scan_id="scan-3", reason=Refusal.IN_EXCEPTION)
    noted = picked.bench(SetAside, verification, why="aside")

    assert isinstance(noted, AsideNoted)
    assert noted.ticket == answer.ticket
    assert picked.status("1") == "exception"
    assert picked.label("L1")[1].reason == Refusal.IN_EXCEPTION
    evidence = picked.rows("SELECT who, sku, order_no, evidence FROM ticket")
    assert evidence[0][:3] == ("bob", "pen", "1")
    assert '"=pen","wrong_item"' in evidence[0][3]


def test_a_resolved_ticket_sends_the_order_back_to_the_bench(picked: PaperFloor) -> None:
    verification, _ = picked.label("L2")
    blocked = picked.item(verification, "=pen")
    picked.bench(SetAside, verification, why="aside")
    assert picked.command(ResolveTicket, ticket=blocked.ticket, action="repack").ok

    again, loaded = picked.label("L2")
    assert isinstance(loaded, OrderLoaded)
    assert isinstance(picked.item(again, "=lamp"), Verified)
    assert picked.tickets() == [("wrong_item", "picking", "resolved")]


def test_a_supervisor_lets_packing_go_on_and_the_match_still_decides(picked: PaperFloor) -> None:
    picked.badge("S1", "sue", "supervisor")
    picked.badge("P1", "bob", "packer")
    verification, _ = picked.label("L1", packer="bob")
    picked.item(verification, "=mug")
    picked.item(verification, "=pen")

    def ask(badge: str, reason: str = "taken-out") -> object:
        answer = picked.bench(OverrideAsked, verification, badge=badge, reason=reason)
        return answer.reason if isinstance(answer, Refused) else type(answer)

    assert ask("P1") == Refusal.BAD_BADGE
    assert ask("nobody") == Refusal.BAD_BADGE
    assert ask("S1", "?") == Refusal.BAD_REASON
    assert ask("S1") == Overridden
    assert ask("S1") == Refusal.NOT_THIS_PARCEL
    assert isinstance(picked.item(verification, "=mug"), ItemAccepted)
    assert isinstance(picked.item(verification, "=lamp"), Verified)
    assert picked.tickets() == [("wrong_item", "picking", "overridden")]


def test_the_packer_may_not_override_himself(picked: PaperFloor) -> None:
    picked.badge("S1", "sue", "supervisor")
    verification, _ = picked.label("L1", packer="sue")
    picked.item(verification, "=pen")

    answer = picked.bench(OverrideAsked, verification, badge="S1", reason="taken-out")
    assert answer.reason == Refusal.SAME_PERSON


def test_an_unknown_barcode_blocks_and_is_host_data(picked: PaperFloor) -> None:
    verification, _ = picked.label("L1")

    assert picked.item(verification, "4006381333931").reason == Refusal.UNKNOWN_BARCODE
    assert picked.tickets() == [("unknown_barcode", "host_data", "open")]


def test_a_label_scanned_as_an_item_changes_nothing(picked: PaperFloor) -> None:
    verification, _ = picked.label("L2")

    assert picked.item(verification, "L2") == Refused(scan_id="scan-2", reason=Refusal.LABEL_NOT_ITEM)
    assert picked.tickets() == []
    assert isinstance(picked.item(verification, "=lamp"), Verified)


def test_labels_that_do_not_begin_a_parcel(picked: PaperFloor) -> None:
    picked.order("3", mug=1)
    verification, _ = picked.label("L1", "bench-2")

    assert picked.label("=mug")[1] == Refused(scan_id="scan-2", reason=Refusal.UNKNOWN_LABEL)
    assert picked.label("L3")[1].reason == Refusal.NOT_PICKED
    assert picked.label("L1")[1] == Refused(scan_id="scan-4", reason=Refusal.AT_OTHER_STATION, detail="bench-2")
    picked.bench(SetAside, verification, "bench-2", why="end of shift")
    assert isinstance(picked.label("L1")[1], OrderLoaded)
    assert picked.tickets() == []


def test_a_shipped_label_blocks_and_the_shipped_order_stays_shipped(picked: PaperFloor) -> None:
    verification, _ = picked.label("L2")
    picked.gate(picked.item(verification, "=lamp").grant)
    second, answer = picked.label("L2")

    assert isinstance(answer, Blocked)
    assert answer.reason == Refusal.ALREADY_SHIPPED
    picked.bench(SetAside, second, why="aside")
    assert picked.status("2") == "released"
    assert picked.tickets() == [("already_shipped", "packing", "open")]
    refused = picked.command(ResolveTicket, ticket=answer.ticket, action="repack")
    assert refused.said.startswith(f"ticket {answer.ticket}: order 2 is gone through the gate")
    assert picked.command(ResolveTicket, ticket=answer.ticket, action="close").ok
    assert picked.status("2") == "released"


def test_no_second_grant_while_nobody_knows_what_became_of_the_first(picked: PaperFloor) -> None:
    verification, _ = picked.label("L2")
    first = picked.item(verification, "=lamp")
    second, answer = picked.label("L2")
    assert isinstance(answer, Blocked)
    assert answer.reason == Refusal.RELEASE_UNKNOWN
    assert isinstance(picked.item(second, "=lamp"), Refused)
    picked.bench(SetAside, second, why="aside")
    assert picked.status("2") == "exception"
    assert len(picked.rows("SELECT * FROM parcel")) == 1

    picked.command(ResolveTicket, ticket=answer.ticket, action="repack")
    third, _ = picked.label("L2")
    again = picked.item(third, "=lamp")
    assert isinstance(again, Verified)
    assert again.grant.grant.grant_id != first.grant.grant.grant_id


def test_a_release_heard_of_late_settles_the_ticket(picked: PaperFloor) -> None:
    verification, _ = picked.label("L2")
    first = picked.item(verification, "=lamp")
    picked.label("L2")
    picked.gate(first.grant)

    assert picked.status("2") == "released"
    assert picked.tickets() == [("release_unknown", "device", "resolved")]


def test_a_release_heard_of_while_the_order_is_packed_again_ends_that(picked: PaperFloor) -> None:
    verification, _ = picked.label("L2")
    first = picked.item(verification, "=lamp")
    _, doubt = picked.label("L2")
    picked.command(ResolveTicket, ticket=doubt.ticket, action="repack")
    again, loaded = picked.label("L2")
    assert isinstance(loaded, OrderLoaded)
    picked.gate(first.grant)

    assert picked.status("2") == "released"
    assert picked.item(again, "=lamp").reason == Refusal.NOT_THIS_PARCEL
    assert picked.rows("SELECT state FROM verification WHERE verification = :v", v=again) == [("abandoned",)]


def test_two_parcels_of_one_order_are_a_ticket(picked: PaperFloor) -> None:
    verification, _ = picked.label("L2")
    first = picked.item(verification, "=lamp")
    _, doubt = picked.label("L2")
    picked.command(ResolveTicket, ticket=doubt.ticket, action="repack")
    again, _ = picked.label("L2")
    picked.gate(picked.item(again, "=lamp").grant)
    picked.gate(first.grant)

    assert picked.tickets()[-1] == ("already_shipped", "packing", "open")
    assert picked.status("2") == "released"


def test_an_order_cancelled_at_the_bench_holds_its_parcel(picked: PaperFloor) -> None:
    verification, _ = picked.label("L1")
    picked.item(verification, "=mug")
    assert picked.command(CancelOrder, order_no="1", reason="customer").ok
    answer = picked.item(verification, "=mug")

    assert isinstance(answer, Blocked)
    assert answer.reason == Refusal.ORDER_CANCELLED
    picked.bench(SetAside, verification, why="aside")
    assert picked.status("1") == "cancelled"
    assert picked.label("L1")[1].reason == Refusal.ORDER_CANCELLED


def test_a_verified_or_shipped_order_cannot_be_cancelled(picked: PaperFloor) -> None:
    verification, _ = picked.label("L2")
    verified = picked.item(verification, "=lamp")
    assert not picked.command(CancelOrder, order_no="2", reason="customer").ok
    picked.gate(verified.grant)
    assert not picked.command(CancelOrder, order_no="2", reason="customer").ok


def test_the_label_scanned_again_at_the_same_bench_starts_from_zero(picked: PaperFloor) -> None:
    first, _ = picked.label("L1")
    picked.item(first, "BOX")
    second, loaded = picked.label("L1")

    assert [item.packed_pieces for item in loaded.items] == [0, 0]
    assert picked.item(first, "=lamp").reason == Refusal.NOT_THIS_PARCEL
    assert isinstance(picked.item(second, "=lamp"), ItemAccepted)


def test_a_new_label_puts_the_bench_s_open_parcel_back(picked: PaperFloor) -> None:
    picked.label("L1")
    picked.label("L2")

    assert (picked.status("1"), picked.status("2")) == ("picked", "at_bench")


def test_an_old_scan_is_recorded_and_not_answered(picked: PaperFloor) -> None:
    assert picked.label("L1", age_ms=2_001)[1] is None
    assert picked.status("1") == "picked"
    verification, _ = picked.label("L1")
    assert picked.item(verification, "=mug", age_ms=2_001) is None
    assert picked.rows("SELECT kind FROM journal WHERE kind LIKE '%scanned' AND counted") == [
        ("label_scanned",),
        ("label_scanned",),
        ("item_scanned",),
    ]


def test_a_verification_lives_through_a_restart_of_central(picked: PaperFloor) -> None:
    verification, _ = picked.label("L1")
    picked.item(verification, "=mug")
    picked.reopen()
    picked.item(verification, "=lamp")

    assert isinstance(picked.item(verification, "=mug"), Verified)


def test_an_answer_lost_on_the_way_is_given_again(picked: PaperFloor) -> None:
    verification, _ = picked.label("L2")
    verified = picked.item(verification, "=lamp")
    picked.reopen()
    out = picked.apply([picked.node_of("bench-1").sent[-1]])

    assert [ack.answers for ack in messages(out, Ack)] == [(verified,)]
