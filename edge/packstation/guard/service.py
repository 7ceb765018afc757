"""The guard process's shell: one socket, the outputs, one challenge; every decision is `machine.advance`'s."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import socket
from pathlib import Path
from typing import Any, Final, assert_never

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from edge.packstation.guard import events, messages
from edge.packstation.guard.config import GuardConfig
from edge.packstation.guard.machine import advance, judge
from edge.packstation.guard.offline import UsedManifests
from edge.packstation.guard.outputs import Outputs
from edge.packstation.guard.rules import Guard
from edge.packstation.guard.table import GATE
from edge.packstation.guard.timers import Timers
from edge.packstation.guard.watchdog import Notifier
from wire.errors import WireError
from wire.grant import Grant
from wire.grants import is_genuine

BEAT_S: Final = 0.1
GOODBYE_S_MAX: Final = 1.0  # for conversations to end when the guard stops
UNREAD_BYTES_MAX: Final = 64 * 1024  # a node that does not read its answers is as good as gone
log = logging.getLogger("guard")


class GuardService:
    """Owner of the interlock. The newest connection is the client; the one before it is dropped, and that holds.

    (Newest wins because a node that hangs keeps its socket open; its restarted successor must not be locked out.)
    """

    def __init__(self, config: GuardConfig, key: Ed25519PublicKey, factory: Any, notifier: Notifier) -> None:
        self.listening = asyncio.Event()  # set once the socket answers
        self._config, self._key, self._notifier = config, key, notifier
        self._loop = asyncio.get_running_loop()
        self._timers = Timers(self._loop)
        self._outputs = Outputs(config, factory, self._live)
        self._guard = Guard()
        self._offline = UsedManifests(Path(f"{config.socket}.used"), config.offline_max)
        self._told = (GATE[self._guard.state], "", "")
        self._client: asyncio.StreamWriter | None = None
        self._serving: set[asyncio.Task[None]] = set()
        self._fed_s = 0.0
        self._ended = False

    async def run(self, stop: asyncio.Event) -> None:
        """Guard until `stop`. On the way out, however it comes, the output falls."""
        listening = _listen(self._config.socket)
        server = await asyncio.start_unix_server(self._serve, sock=listening, limit=messages.LINE_BYTES_MAX)
        try:
            self._begin()
            while not stop.is_set():
                self._beat()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), BEAT_S)
        finally:
            self._notifier.say("STOPPING=1")
            self._end()
            server.close()
            if self._serving:
                await asyncio.wait(self._serving, timeout=GOODBYE_S_MAX)

    def _begin(self) -> None:
        self._outputs.start()
        self.listening.set()
        self._notifier.say("READY=1")
        names = ",".join(one.name for one in self._config.interlock)
        log.info("guard_ready station=%s interlocks=%s socket=%s", self._config.station, names, self._config.socket)

    def _end(self) -> None:
        self._ended = True
        self._outputs.stop()
        self._timers.disarm_all()
        if self._client is not None:
            self._client.transport.abort()
            self._client = None
        Path(self._config.socket).unlink(missing_ok=True)

    def _beat(self) -> None:
        watched = self._outputs.beat()
        now_s, every_s = self._loop.time(), self._notifier.interval_s
        if every_s and now_s - self._fed_s >= every_s and watched:
            self._fed_s = now_s
            self._notifier.say("WATCHDOG=1")

    # ---- the client ----

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._client is not None:
            log.warning("client_replaced")
            self._client.transport.abort()
            self._live(events.ClientGone())
        self._client = writer
        task = asyncio.current_task()
        if task is not None:
            self._serving.add(task)
            task.add_done_callback(self._serving.discard)
        try:
            while self._client is writer and (line := await _next_line(reader)):
                self._heard(line)
        except WireError as error:
            self._say(messages.BadRequest(why=str(error)))
        finally:
            writer.close()
            if self._client is writer:
                self._client = None
                self._live(events.ClientGone())

    def _heard(self, line: bytes) -> None:
        try:
            ask = messages.read_ask(line)
        except WireError as error:
            log.warning("bad_request why=%s", error)
            self._say(messages.BadRequest(why=str(error)))
            return
        match ask:
            case messages.AskBegin():
                self._live(events.Begun(secrets.token_hex(16)))
            case messages.AskRelease(manifest=None):
                self._release(ask)
            case messages.AskRelease():
                self._release_offline(ask)
            case messages.AskHold():
                self._live(events.HoldAsked())
            case messages.AskStatus():
                self._say(self._status())
            case _:
                assert_never(ask)

    def _release(self, ask: messages.AskRelease) -> None:
        genuine = is_genuine(ask.grant, self._key)
        verdict = judge(self._guard, ask.grant.grant, genuine=genuine, station=self._config.station)
        if isinstance(verdict, events.GrantGood):
            self._offline.grant_came()
        self._live(verdict)

    def _release_offline(self, ask: messages.AskRelease) -> None:
        """A manifest is spent, on the disk, before the gate moves."""
        grant, station = ask.grant.grant, self._config.station
        why = "no_manifest"
        if ask.manifest is not None:
            why = self._offline.refusal(grant, ask.manifest, ask.signature, key=self._key, station=station)
        verdict = judge(self._guard, grant, genuine=True, station=station) if not why else events.GrantBad(why)
        if isinstance(verdict, events.GrantGood):
            try:
                self._offline.use(grant.grant_id)
            except OSError:
                log.exception("offline_not_written")
                verdict = events.GrantBad("disk")
        self._live(verdict)

    def _say(self, word: messages.AnyWord) -> None:
        if self._client is None:
            return
        self._client.write(messages.line_of(word))
        if self._client.transport.get_write_buffer_size() > UNREAD_BYTES_MAX:
            log.warning("client_deaf")
            self._client.transport.abort()

    def _status(self) -> messages.StatusTold:
        return messages.StatusTold(
            gate=GATE[self._guard.state],
            fault=self._guard.fault,
            interlock=self._guard.where,
            last_release=_last(self._guard.last_release),
            seen="holding" if self._outputs.holding else "released",
        )

    # ---- events and effects ----

    def _live(self, event: events.Event) -> None:
        if self._ended:
            return
        before = self._guard
        step = advance(before, event)
        self._guard = step.guard
        for effect in step.effects:
            self._perform(effect)
        if isinstance(event, events.GrantBad):
            log.warning("grant_refused why=%s state=%s", event.why, before.state)
        self._announce(type(event).__name__)

    def _perform(self, effect: events.Effect) -> None:
        match effect:
            case events.Drive(to="release"):
                self._outputs.release()
            case events.Drive():
                self._outputs.hold()
            case events.Offer(challenge):
                wait_ms = self._config.challenge_life_s * 1000
                self._timers.arm("challenge", wait_ms, lambda: self._live(events.ChallengeOver()))
                self._say(messages.ChallengeTold(challenge=challenge))
            case events.Allowed(grant):
                self._allowed(grant)
            case events.Denied("begin", why):
                self._say(messages.BeginRefused(why=why))
            case events.Denied(_, why):
                self._say(messages.ReleaseRefused(why=why))
            case events.Confirmed():
                self._say(messages.HoldDone())
            case _:
                assert_never(effect)

    def _allowed(self, grant: Grant) -> None:
        log.info("released grant=%s order=%s label=%s", grant.grant_id, grant.order_no, grant.label)
        self._outputs.pulse()
        self._say(messages.ReleaseDone(grant_id=grant.grant_id, lease_ms=self._config.release_ms))

    def _announce(self, because: str) -> None:
        now = (GATE[self._guard.state], self._guard.fault, self._guard.where)
        if now == self._told:
            return
        self._told = now
        gate, fault, where = now
        log.info("gate gate=%s fault=%s interlock=%s because=%s", gate, fault or "-", where or "-", because)
        self._outputs.show(released=gate == "released")
        self._say(messages.GateTold(gate=gate, fault=fault, interlock=where))


def _last(grant: Grant | None) -> messages.Released | None:
    if grant is None:
        return None
    return messages.Released(grant_id=grant.grant_id, order_no=grant.order_no, label=grant.label)


def _listen(path: str) -> socket.socket:
    """A socket that is 0660 from its first instant: for our user and the group we run as, which is the node's.

    A file left over from a guard that was killed is replaced.
    """
    Path(path).unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    was = os.umask(0o117)
    try:
        listening.bind(path)
    finally:
        os.umask(was)
    return listening


async def _next_line(reader: asyncio.StreamReader) -> bytes:
    """The next whole line, or b"" at the end of the connection. Raises WireError for one that is too long."""
    try:
        return await reader.readuntil(b"\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""
    except asyncio.LimitOverrunError as error:
        raise WireError("guard socket", f"a line longer than {messages.LINE_BYTES_MAX} bytes") from error
