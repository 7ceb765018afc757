"""The node's end of the guard's socket: keeps it connected, sends what is asked, hands on what is said, in order."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from edge.log import get_log
from edge.packstation import events as ev
from edge.packstation import shift_events as shift
from edge.packstation.guard import messages as guard
from wire.errors import WireError
from wire.grant import SignedGrant
from wire.manifest import SignedManifest
from wire.shift_deeds import PartResult
from wire.uplink import GateState

PAUSE_S_FIRST, PAUSE_S_MAX = 0.05, 1.0  # between attempts to connect
PATIENCE_S: Final = 2.0  # at start, guard and node come up in any order
log = get_log("edge.gate")


class Gate:
    """One connection at a time, for ever. All callbacks run on the loop. `manifest_of`: what a grant stands for."""

    def __init__(
        self,
        path: Path,
        on_word: Callable[[guard.AnyWord], None],
        on_away: Callable[[], None],
        manifest_of: Callable[[SignedGrant], SignedManifest | None],
    ) -> None:
        self._path, self._on_word, self._on_away, self._manifest_of = path, on_word, on_away, manifest_of
        self._writer: asyncio.StreamWriter | None = None

    def ask(self, question: guard.AnyAsk) -> bool:
        """Send `question`. False: the guard is away, nothing was sent."""
        if self._writer is None or self._writer.is_closing():
            return False
        self._writer.write(guard.line_of(question))
        return True

    def perform(self, effect: ev.AskChallenge | ev.AskRelease | ev.AskHold | ev.AskStatus) -> ev.Event | None:
        """Ask what `effect` wants; what happens instead while the guard is away. It holds then, and is asked again."""
        match effect:
            case ev.AskChallenge():
                return None if self.ask(guard.AskBegin()) else ev.BeginFailed("away")
            case ev.AskRelease(grant):
                return None if self.ask(self._release_of(grant)) else ev.ReleaseFailed("away")
            case ev.AskHold():
                self.ask(guard.AskHold())
            case ev.AskStatus():
                self.ask(guard.AskStatus())
        return None

    def _release_of(self, grant: SignedGrant) -> guard.AskRelease:
        """A grant that stands for a manifest goes with it."""
        shown = self._manifest_of(grant)
        if shown is None:
            return guard.AskRelease(grant=grant)
        return guard.AskRelease(grant=grant, manifest=shown.manifest, signature=shown.signature)

    async def run(self) -> None:
        """Connect, listen, connect again; `on_away` once per outage."""
        pause_s, away, began_s = PAUSE_S_FIRST, False, time.monotonic()
        while True:
            connected = await self._one_connection()
            if connected:
                pause_s, away = PAUSE_S_FIRST, False
            if not away and (connected or time.monotonic() - began_s > PATIENCE_S):
                away = True
                log.warning("guard_away", socket=self._path)
                self._on_away()
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, PAUSE_S_MAX)

    async def _one_connection(self) -> bool:
        """Serve one connection to its end. False if there was none."""
        try:
            reader, self._writer = await asyncio.open_unix_connection(self._path, limit=guard.LINE_BYTES_MAX)
        except OSError:
            return False
        try:
            log.info("guard_there", socket=self._path)
            self.ask(guard.AskStatus())
            await self._listen(reader)
        except WireError as error:
            log.warning("guard_unintelligible", why=error)
        finally:
            writer, self._writer = self._writer, None
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        return True

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await reader.readuntil(b"\n")
            except (asyncio.IncompleteReadError, ConnectionError):
                return
            except asyncio.LimitOverrunError as error:
                raise WireError("guard socket", "a line too long") from error
            self._on_word(guard.read_word(line))


def gate_of(word: guard.AnyWord) -> GateState | None:
    """What `word` says about the gate, if anything."""
    return word.gate if isinstance(word, guard.GateTold | guard.StatusTold) else None


def events_of(word: guard.AnyWord, mark: str) -> tuple[ev.Event, ...]:
    """What `word` means for the station. `mark` goes into a fault's record."""
    match word:
        case guard.ChallengeTold(challenge=challenge):
            return (ev.Challenged(challenge),)
        case guard.BeginRefused(why=why):
            return (ev.BeginFailed(why),)
        case guard.ReleaseDone(grant_id=grant_id):
            return (ev.ReleaseDone(grant_id),)
        case guard.ReleaseRefused(why=why):
            return (ev.ReleaseFailed(why),)
        case guard.GateTold(gate="holding"):
            return (ev.GateHolds(),)
        case guard.GateTold(gate="fault", fault=fault, interlock=interlock):
            return (_tested(fault or "fault"), ev.GateFailed(fault or "fault", mark, interlock))
        case guard.StatusTold():
            told = guard.GateTold(gate=word.gate, fault=word.fault, interlock=word.interlock)
            agrees = word.gate == word.seen == "holding"
            found = (_tested("" if agrees else "contact"),) if word.gate != "fault" else ()
            return (*_remembered(word), *events_of(told, mark), *found)
    return ()


def _tested(why: str) -> shift.PartTested:
    """The gate's part of a self-test, should one go on."""
    return shift.PartTested(PartResult(part="gate", ok=not why, why=why))


def _remembered(status: guard.StatusTold) -> tuple[ev.Event, ...]:
    last = status.last_release
    return () if last is None else (ev.ReleaseRemembered(last.grant_id, last.order_no, last.label),)
