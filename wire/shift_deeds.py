"""What happened at a bench besides parcels: who packs there, its self-test, touches of its page. See wire.deeds."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from wire.deed import Deed
from wire.ids import MaybeText, Text

TESTED_PARTS_MAX: Final = 7  # of a bench


class ScreenPressed(Deed, frozen=True, kw_only=True, tag="screen_pressed"):
    """Somebody touched a button on the bench's page: `text` is the command barcode it stands for.

    What follows from it bears the same `scan_id`.
    """

    station: Text
    scan_id: Text
    text: Text
    packer: MaybeText = ""


class PackerSignedIn(Deed, frozen=True, kw_only=True, tag="packer_signed_in"):
    """A badge was scanned at a bench with no parcel: this person packs from now on, if central knows the badge."""

    station: Text
    scan_id: Text
    badge: Text


class PackerSignedOut(Deed, frozen=True, kw_only=True, tag="packer_signed_out"):
    """Nobody packs at this bench now. Intent key: the sign-in it ends."""

    station: Text
    packer: Text
    why: Literal["command", "idle"]


BenchPart = Literal["lamp", "scanner", "scale", "printer", "gate", "clock", "central"]


class PartResult(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the self-test found of one part of a bench. `why`: a word of wire.selftest, "" where all is well."""

    part: BenchPart
    ok: bool
    why: MaybeText = ""


class SelfTestBegun(Deed, frozen=True, kw_only=True, tag="self_test_begun"):
    """The shift-start self-test of a bench begins. Central answers at once with its time."""

    station: Text
    scan_id: Text
    packer: MaybeText = ""


class ShiftTested(Deed, frozen=True, kw_only=True, tag="shift_tested"):
    """The self-test is over: the bench's pass ticket, if every part is well.

    Parts that the bench does not have are left out.
    """

    station: Text
    scan_id: Text
    results: Annotated[tuple[PartResult, ...], Meta(min_length=1, max_length=TESTED_PARTS_MAX)]
    packer: MaybeText = ""
