"""Node to central: hello, journal events, presence, and what the node shows right now."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from wire.clock import ClockTrust
from wire.deeds import AnyDeed
from wire.ids import Count, Digest, MaybeText, Name, Nanoseconds, PiecesOrNone, Sentence, Text
from wire.shift_deeds import TESTED_PARTS_MAX, BenchPart, PartResult
from wire.wall import CubbyState

Version = Annotated[int, Meta(ge=1, le=1)]


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a node's journal. `intent` names the deed (task + step + attempt): it counts once.

    Order comes from `seq` alone. `at_utc_ns` is wall time, `mono_ns` CLOCK_BOOTTIME of boot `boot_id`,
    `clock` says whether wall time can be believed.
    """

    intent: Text
    at_utc_ns: Nanoseconds
    mono_ns: Nanoseconds
    boot_id: Text
    clock: ClockTrust
    deed: AnyDeed


class Up(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """Base of every uplink message; `v` is the version of the contract, `node` must be the topic's."""

    v: Version = 1
    node: Name


class Hello(Up, frozen=True, kw_only=True, tag="hello"):
    """First word of every connection. `epoch` 0 means: this store has never been welcomed.

    `first_seq`..`last_seq` are the events still in the outbox (last_seq 0: none ever made).
    """

    store_id: Text
    epoch: Count
    first_seq: Count
    last_seq: Count
    head: Digest
    boot_id: Text
    connects: Count
    desired_version: Count
    software: Text
    clock: ClockTrust


class Event(Up, frozen=True, kw_only=True, tag="event"):
    """Journal line number `seq` of `epoch`. `prev` is the chain head before it; `age_ms` its age when sent.

    `record` keeps the exact bytes the node hashed: head = sha256(prev + "\\n" + epoch + ":" + seq + "\\n" + record).
    """

    epoch: Count
    seq: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    age_ms: Count
    prev: Digest
    record: msgspec.Raw


class Presence(Up, frozen=True, kw_only=True, tag="presence"):
    """Birth, farewell and will, retained. A will whose `connects` is older than the birth's is late and ignored."""

    state: Literal["ready", "disconnected", "lost"]
    connects: Count


ModuleState = Literal["dark", "lit", "unlit", "unreachable"]  # unlit: told to light, read back dark


class ModuleFace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one light module shows, as last known. `colour` and `pieces` are those of the wanted face."""

    location_id: Text
    state: ModuleState
    colour: MaybeText = ""
    pieces: PiecesOrNone = 0


class UnitHealth(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One unit of a light bus: its errors by kind since start, and how long its good replies take lately.

    `location_id`: the first place on it; `places`: how many there are.
    """

    unit: Count
    silent: Count = 0
    garbled: Count = 0
    refused: Count = 0
    latency_us: Count = 0
    location_id: MaybeText = ""
    places: Count = 0


class BusHealth(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One light bus: counters since start, errors also by kind. `worst`: up to four units with most errors.

    `latency_us` is a mean from the request's first byte to the reply's last; 0: not known.
    """

    bus: Text
    open: bool
    transactions: Count
    errors: Count
    quarantined: Count
    latency_us: Count = 0
    silent: Count = 0
    garbled: Count = 0
    refused: Count = 0
    worst: tuple[UnitHealth, ...] = ()


class ToteLive(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tote in work in a zone: its colour at the lamps, who scanned it in (a badge), picks open in it here."""

    tote_id: Text
    order_no: Text
    colour: Text
    picks_open: Count
    picker: MaybeText = ""


class ZoneAsk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a location asks for beyond a plain pick. `step` says what; `waiting` are totes queued behind, in order.

    `look_alikes`: places nearby that are not this one, though they look like it.
    """

    location_id: Text
    step: Text
    tote_id: Text
    colour: Text
    pieces: PiecesOrNone
    waiting: tuple[Text, ...] = ()
    look_alikes: tuple[Text, ...] = ()


class WrongScan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The item scanned wrongly a moment ago: `code` was read where `sku` is asked for. `count`: such scans since start.

    `who`: the badge that scanned the tote in, "" where nobody said.
    """

    code: MaybeText
    location_id: Text
    tote_id: Text
    sku: Text
    who: MaybeText = ""
    count: Count = 1


class CubbyLive(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An occupied cubby now. `lit_pieces`: to be put there now, as its module shows."""

    cubby: Text
    order_no: Text
    state: CubbyState
    asked_pieces: Count
    put_pieces: Count
    lit_pieces: PiecesOrNone = 0


class HandLive(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person at a wall holds: scanned with `scanner`, lit in `colour`.

    `waits_at`: cubbies that serve others first.
    """

    scanner: Text
    sku: Text
    colour: Text
    pieces: PiecesOrNone
    waits_at: tuple[Text, ...] = ()


class WallLive(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A put-to-light wall now: the SKU in hand ("": none) and every occupied cubby; `hands` where there are several."""

    sku: MaybeText = ""
    cubbies: tuple[CubbyLive, ...] = ()
    hands: tuple[HandLive, ...] = ()


class ZoneLive(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A zone now: the first tote being filled, picks open in it, totes waiting, and every module.

    `totes` are all in work; `asks` the locations that ask for more than a plain pick. `next_zone` is where the first
    tote goes from here; `passed_tote` was done here last and goes to `passed_to` (where totes pass from zone to zone).
    """

    zone: Text
    tote_id: MaybeText = ""
    order_no: MaybeText = ""
    picks_open: Count = 0
    totes_waiting: Count = 0
    notice: MaybeText = ""
    modules: tuple[ModuleFace, ...] = ()
    totes: tuple[ToteLive, ...] = ()
    asks: tuple[ZoneAsk, ...] = ()
    buses: tuple[BusHealth, ...] = ()
    wall: WallLive | None = None
    next_zone: MaybeText = ""
    passed_tote: MaybeText = ""
    passed_to: MaybeText = ""
    wrong_scan: WrongScan | None = None


class ItemCount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One SKU of a parcel: asked and already verified pieces."""

    sku: Text
    title: Sentence
    asked_pieces: PiecesOrNone
    packed_pieces: PiecesOrNone


Lamp = Literal["off", "green", "red", "amber", "blue"]
GateState = Literal["holding", "released", "fault", "away"]  # away: the guard does not answer


BenchDeviceName = Literal["scale", "printer", "voice", "buzzer", "camera"]


class BenchDevice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A device of a bench besides scanner and gate. `refused`: it is there and cannot be used; `why` says more."""

    name: BenchDeviceName
    state: Literal["present", "absent", "refused"]
    why: MaybeText = ""


class SelfTestLive(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The self-test of a bench, going on or over: the parts it looks at, and what it found so far.

    `at_utc_ns`: when it was over; 0 while it goes on.
    """

    parts: Annotated[tuple[BenchPart, ...], Meta(max_length=TESTED_PARTS_MAX)]
    results: Annotated[tuple[PartResult, ...], Meta(max_length=TESTED_PARTS_MAX)] = ()
    at_utc_ns: Nanoseconds = 0


class StationLive(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pack station now. `say` is a key of wire.phrases; `gate` is what the guard last reported.

    `packer`: the badge signed in, of `person`; "" for nobody.
    """

    station: Text
    state: Text
    say: Text
    lamp: Lamp
    gate: GateState
    order_no: MaybeText = ""
    label: MaybeText = ""
    detail: MaybeText = ""
    ticket: MaybeText = ""
    items: tuple[ItemCount, ...] = ()
    scanner_ok: bool = True
    last_scan_id: MaybeText = ""
    ignored_repeats: Count = 0
    count_allowed: bool = False  # the count of the item accepted last may be keyed
    devices: Annotated[tuple[BenchDevice, ...], Meta(max_length=8)] = ()
    packer: MaybeText = ""
    person: MaybeText = ""
    test: SelfTestLive | None = None


class Live(Up, frozen=True, kw_only=True, tag="live"):
    """What a node shows right now: whole, QoS 0, never stored. `number` counts up within a boot."""

    number: Count
    outbox_rows: Count
    outbox_fill_percent: Annotated[int, Meta(ge=0, le=100)]
    zone: ZoneLive | None = None
    station: StationLive | None = None


AnyUp = Hello | Event | Presence | Live
