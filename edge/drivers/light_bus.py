"""The owner of one light bus: a thread that alone touches the wire, and the mailbox through which it is asked."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from edge.drivers.bus_facts import forget_all, make_facts, wish
from edge.drivers.bus_link import BusLink
from edge.drivers.bus_outcome import FailureKind, answered, failed, name_lost
from edge.drivers.bus_patience import probe_wait_ns
from edge.drivers.bus_schedule import Wait, choose
from edge.drivers.bus_tally import BusTally
from edge.drivers.bus_transaction import Transaction
from edge.drivers.errors import DeviceGone, DeviceSilent, DriverError, ReplyDamaged
from edge.drivers.modbus_pdu import GATEWAY_REFUSALS, Refusal
from edge.drivers.module_model import MODELS_DIR, ModuleModel, load_model
from edge.drivers.ports import DARK, BusCounters, BusDown, BusUp, Face, LightReport, Pressed
from edge.drivers.punctual import be_punctual
from edge.drivers.rtu_link import RtuLink
from edge.drivers.tcp_link import TcpLink
from edge.log import get_log
from edge.profile import BusProfile, ModulePlace

REOPEN_S_FIRST: Final = 0.2
REOPEN_S_MAX: Final = 5.0
DARKEN_S_MAX: Final = 0.7  # on the way out, twice at most
TCP_POLL_SPACING_NS: Final = 2_000_000  # a TCP unit answers in microseconds; asking all the time would only burn power
TCP_POLL_PERIOD_NS: Final = 8_000_000

OnReport = Callable[[LightReport], None]
_log = get_log("edge.lightbus")


class ModbusLightBus:
    """Light modules over Modbus, RTU or TCP. A `ports.LightBus`."""

    def __init__(
        self,
        name: str,
        link: BusLink,
        model: ModuleModel,
        places: Sequence[ModulePlace],
        on_report: OnReport,
        *,
        reply_wait_ms: int = 0,
        undecided: Collection[str] = (),
        models: Mapping[int, ModuleModel] = {},
    ) -> None:
        wait_ms = reply_wait_ms or max(one.file.link.reply_ms_max for one in (model, *models.values()))
        self.name = name
        self.progress_ns = time.monotonic_ns()  # last sign of life of the owner thread
        self._link, self._on_report, self._reply_wait_s = link, on_report, wait_ms / 1000
        self._facts = make_facts(
            model,
            [(place.location, place.unit, place.index) for place in places if place.bus == name],
            reply_wait_ns=wait_ms * 1_000_000,
            tells_replies_apart=link.tells_replies_apart,
            poll_spacing_ns=TCP_POLL_SPACING_NS if link.tells_replies_apart else 0,
            poll_period_ns=TCP_POLL_PERIOD_NS if link.tells_replies_apart else 0,
            undecided=undecided,
            buttons=_buttons_on(name, places),
            models=models,
        )
        self._tally = BusTally(self._facts.units)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._mail = threading.Condition()  # guards the two below; nothing is done while it is held
        self._wishes: dict[str, Face] = {}
        self._stopping = False
        self._thread = threading.Thread(target=self._own, name=f"light-bus-{name}", daemon=True)
        self._transactions, self._errors = 0, {"silent": 0, "garbled": 0, "refused": 0, "gone": 0}
        self._open, self._down, self._pause_s = False, False, REOPEN_S_FIRST

    def want(self, location_id: str, face: Face) -> None:
        """Make the module show `face` as soon as the wire allows; the newest wish per module wins."""
        if location_id not in self._facts.places:
            raise KeyError(location_id)
        with self._mail:
            self._wishes[location_id] = face
            self._mail.notify()

    def counters(self) -> BusCounters:
        """Health of the wire so far."""
        whole = BusCounters(self._transactions, sum(self._errors.values()), len(self._facts.sick), self._open)
        return self._tally.added_to(whole)

    def errors(self) -> dict[str, int]:
        """Errors by kind: silent, garbled, refused, gone."""
        return dict(self._errors)

    @property
    def works(self) -> bool:
        """False once the owner thread has ended, which before `aclose` only a bug makes it."""
        return self._thread.ident is None or self._thread.is_alive()

    def start(self) -> None:
        """Begin; reports arrive on the running loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def aclose(self) -> None:
        """Darken what is lit if the wire still answers, then let go of it."""
        with self._mail:
            self._stopping = True
            self._mail.notify()
        if self._thread.ident is not None:
            await asyncio.to_thread(self._thread.join)

    # ---- from here on: the owner thread ----

    def _own(self) -> None:
        be_punctual()
        self._pause_s = REOPEN_S_FIRST
        while not self._stopping:
            try:
                self._link.open()
                forget_all(self._facts)
                if not self._down:
                    self._came_up()
                self._serve()
            except DeviceGone as error:
                self._went_down(str(error))
            self._link.close()
            self._pause()
        self._open = False

    def _came_up(self) -> None:
        """The line is there; after a loss only once something on it has answered, so that a mute one does not flap."""
        _log.info("bus_open", bus=self.name, after_loss=self._down)
        self._down, self._open, self._pause_s = False, True, REOPEN_S_FIRST
        self._report([BusUp(self.name)])

    def _went_down(self, why: str) -> None:
        self._errors["gone"] += 1
        if not self._down:
            _log.warning("bus_lost", bus=self.name, why=why)
            self._report([BusDown(self.name, why)])
        self._down, self._open = True, False

    def _pause(self) -> None:
        """Before the line is opened again; wishes wait meanwhile."""
        until_s = time.monotonic() + self._pause_s * random.uniform(0.8, 1.2)
        self._pause_s = min(self._pause_s * 2, REOPEN_S_MAX)
        with self._mail:
            while not self._stopping and (left_s := until_s - time.monotonic()) > 0:
                self._mail.wait(left_s)
        self.progress_ns = time.monotonic_ns()

    def _serve(self) -> None:
        reports: list[LightReport] = []
        while not self._stopping:
            reports = self._step()
        self._leave(_pressed_in(reports))

    def _leave(self, pressed: set[str]) -> None:
        """Put the lights out. One that was pressed at the last moment stays lit: nobody recorded that press."""
        lit = {at: module.wanted for at, (_, module) in self._facts.places.items() if module.wanted != DARK}
        pressed |= self._write_now(dict.fromkeys(lit.keys() - pressed, DARK))
        self._write_now({location: lit[location] for location in pressed if location in lit})

    def _write_now(self, faces: dict[str, Face]) -> set[str]:
        """Write `faces` before anything else; where a press was seen meanwhile."""
        for location, face in faces.items():
            wish(self._facts, location, face)
        pressed: set[str] = set()
        until_s = time.monotonic() + DARKEN_S_MAX
        while self._facts.dirty and time.monotonic() < until_s:
            pressed |= _pressed_in(self._step())
        return pressed

    def _step(self) -> list[LightReport]:
        """Wait for the gap, and only then decide what goes out."""
        self._link.wait_for_gap()
        if self._wishes:
            self._take_wishes()
        self.progress_ns = now_ns = time.monotonic_ns()
        if self._facts.sick:
            self._report(name_lost(self._facts, now_ns))
        chosen = choose(self._facts, now_ns)
        if isinstance(chosen, Wait):
            self._wait_until(chosen.until_ns)
            return []
        reports = self._perform(chosen, now_ns)
        if reports:
            self._report(reports)
        return reports

    def _perform(self, transaction: Transaction, began_ns: int) -> list[LightReport]:
        self._transactions += 1
        wait_s = self._reply_wait_s
        if transaction.unit in self._facts.sick:
            wait_s = probe_wait_ns(self._facts, self._facts.units[transaction.unit]) / 1e9
        try:
            reply = self._link.exchange(transaction.request, wait_s)
        except DeviceGone:
            raise
        except DriverError as error:
            return self._failed(transaction, _kind_of(error), str(error), began_ns)
        if self._down:
            self._came_up()
        if isinstance(reply, Refusal):
            kind: FailureKind = "silent" if reply.code in GATEWAY_REFUSALS else "refused"
            return self._failed(transaction, kind, f"unit {transaction.unit}: {reply.text}", began_ns)
        now_ns = time.monotonic_ns()
        self._tally.answered(transaction.unit, now_ns - began_ns)
        delay_ns = int(self._link.reply_delay_s * 1e9)
        return answered(self._facts, transaction, reply, began_ns=began_ns, now_ns=now_ns, delay_ns=delay_ns)

    def _failed(self, transaction: Transaction, kind: FailureKind, why: str, began_ns: int) -> list[LightReport]:
        self._errors["garbled" if kind == "damaged" else kind] += 1
        self._tally.failed(transaction.unit, kind)
        return failed(self._facts, transaction, kind, why, began_ns=began_ns, now_ns=time.monotonic_ns())

    def _take_wishes(self) -> None:
        if self._stopping:
            return
        with self._mail:
            wishes, self._wishes = self._wishes, {}
        for location, face in wishes.items():
            wish(self._facts, location, face)

    def _wait_until(self, until_ns: int) -> None:
        with self._mail:
            left_s = (until_ns - time.monotonic_ns()) / 1e9
            if not self._wishes and not self._stopping and left_s > 0:
                self._mail.wait(left_s)
        self.progress_ns = time.monotonic_ns()

    def _report(self, reports: Sequence[LightReport]) -> None:
        if self._loop is None or self._loop.is_closed():
            return
        for report in reports:
            self._loop.call_soon_threadsafe(self._on_report, report)


def _pressed_in(reports: Sequence[LightReport]) -> set[str]:
    return {report.location_id for report in reports if isinstance(report, Pressed)}


def _kind_of(error: DriverError) -> FailureKind:
    if isinstance(error, DeviceSilent):
        return "silent"
    return "damaged" if isinstance(error, ReplyDamaged) else "garbled"


def make_bus(
    profile: BusProfile,
    places: Sequence[ModulePlace],
    on_report: OnReport,
    models: Path = MODELS_DIR,
    *,
    undecided: Collection[str] = (),
) -> ModbusLightBus:
    """The bus of a node profile with the modules that hang on it. Raises TomlWrong for a bad module model.

    Modules at `undecided` locations are left as they are until a face is wanted of them; all others are made dark.
    """
    model = load_model(profile.profile, models)
    others = {unit: load_model(name, models) for unit, name in models_of_units(profile.name, places).items()}
    link = _link_for(profile, [model, *others.values()])
    return ModbusLightBus(
        profile.name,
        link,
        model,
        places,
        on_report,
        reply_wait_ms=profile.reply_wait_ms_max,
        undecided=undecided,
        models=others,
    )


def _link_for(profile: BusProfile, models: Sequence[ModuleModel]) -> BusLink:
    """The line or connection of `profile`, with the manners of the most sensitive model on it."""
    if profile.kind == "tcp":
        return TcpLink(profile.host, profile.tcp_port or models[0].file.link.tcp_port)
    wanted = models[0].file.link
    gap_us = profile.gap_us or max(model.file.link.gap_us for model in models)
    baud, characters = profile.baud or wanted.baud, profile.gap == "characters"
    return RtuLink(profile.port, baud, gap_us / 1e6, wanted.parity, wanted.stop_bits, real_characters=characters)


def models_of_units(bus: str, places: Sequence[ModulePlace]) -> dict[int, str]:
    """Units of `bus` whose model is not the bus's own, and the name of that model."""
    named = {place.unit: place.profile for place in places if place.bus == bus and place.profile}
    for place in places:
        if (button := place.button) is not None and (button.bus or place.bus) == bus and button.profile:
            named[button.unit] = button.profile
    return named


def _buttons_on(bus: str, places: Sequence[ModulePlace]) -> list[tuple[str, int, int]]:
    """Buttons on `bus` that hang apart from their lamps: location, unit, index."""
    apart = [(place.location, place.bus, place.button) for place in places if place.button is not None]
    return [(location, button.unit, button.index) for location, home, button in apart if (button.bus or home) == bus]
