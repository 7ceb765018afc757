"""A label printer behind a CUPS queue, or one that speaks IPP itself: a job is followed to its end, or taken back."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from edge.drivers.bench_ports import DeviceState, PrintLanguage, PrintOutcome, WhyNotPrinted
from edge.drivers.device_watch import PRESENT
from edge.drivers.http_post import post
from edge.drivers.ipp import IppReply, IppUnreadable, JobState, Operation, read_reply, request

USER: Final = "picklight"
MIME: Final = {"zpl": "application/vnd.cups-raw", "pdf": "application/pdf"}
ASK_S: Final = 3.0
LOOK_AGAIN_S: Final = 0.25
PRINTER_STOPPED: Final = 5
# Status codes of RFC 8011 (appendix B); another refusal is "refused".
_REFUSALS: Final[dict[int, WhyNotPrinted]] = {
    0x0406: "absent", 0x0408: "too_large", 0x040A: "wrong_language", 0x0506: "paused", 0x0507: "busy"
}  # fmt: skip
# How printer-state-reasons begin (RFC 8011, 5.4.12).
_REASONS: Final[tuple[tuple[str, WhyNotPrinted], ...]] = (
    ("cover-open", "head_open"),
    ("door-open", "head_open"),
    ("media-empty", "paper_out"),
    ("media-needed", "paper_out"),
    ("marker-supply-empty", "ribbon_out"),
    ("offline", "absent"),
    ("connecting-to-device", "absent"),
    ("paused", "paused"),
)


@dataclass(frozen=True)
class IppPrinter:
    """`queue`: ipp://HOST:PORT/printers/NAME. `print_s`: how long a label may take before it is taken back."""

    queue: str
    print_s: float = 15.0
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def look(self) -> DeviceState:
        """Is it there, and ready?"""
        try:
            reply = await self._ask(Operation.GET_PRINTER)
        except (OSError, TimeoutError, IppUnreadable) as error:
            return DeviceState("absent", str(error) or "no answer")
        if not reply.ok:
            return DeviceState("refused", f"no such queue, or not for us ({reply.status:#06x})")
        reasons = reply.words("printer-state-reasons")
        if not reply.number("printer-is-accepting-jobs"):
            return DeviceState("refused", "the queue takes no jobs")
        why = why_of(reasons)
        if why == "absent":
            return DeviceState("absent", " ".join(reasons))
        if why or reply.number("printer-state") == PRINTER_STOPPED:
            return DeviceState("refused", why or " ".join(reasons))
        return PRESENT

    async def print(self, label: bytes, language: PrintLanguage, name: str) -> PrintOutcome:
        """See bench_ports.LabelPrinter."""
        if (before := await self.look()).state != "present":
            return PrintOutcome("failed", "absent" if before.state == "absent" else "refused", before.why)
        try:
            reply = await self._ask(Operation.PRINT_JOB, label, job_name=name, mime=MIME[language], wait_s=self.print_s)
        except (OSError, TimeoutError, IppUnreadable) as error:
            return PrintOutcome("unknown", "lost", str(error) or "it took too long")
        if not reply.ok:
            return PrintOutcome("failed", _REFUSALS.get(reply.status, "refused"), f"{reply.status:#06x}")
        return await self._follow(reply.number("job-id"))

    async def _follow(self, job_id: int) -> PrintOutcome:
        """Watch the job to its end; one that does not end is taken back, so that no label comes out later, unasked."""
        until_s = asyncio.get_running_loop().time() + self.print_s
        begun = False
        try:
            while asyncio.get_running_loop().time() < until_s:
                reply = await self._ask(Operation.GET_JOB, job_id=job_id)
                state = reply.number("job-state")
                begun = begun or state in (JobState.PROCESSING, JobState.STOPPED)
                if state == JobState.COMPLETED:
                    return PrintOutcome("accepted")
                if state in (JobState.CANCELED, JobState.ABORTED):
                    return PrintOutcome("unknown" if begun else "failed", "refused", _told(reply))
                await asyncio.sleep(LOOK_AGAIN_S)
            return await self._take_back(job_id, begun=begun)
        except (OSError, TimeoutError, IppUnreadable) as error:
            return PrintOutcome("unknown", "lost", str(error) or "no answer")

    async def _take_back(self, job_id: int, *, begun: bool) -> PrintOutcome:
        state = await self._ask(Operation.GET_PRINTER)
        taken = await self._ask(Operation.CANCEL_JOB, job_id=job_id)
        why = why_of(state.words("printer-state-reasons")) or "busy"
        sure = taken.ok and not begun
        return PrintOutcome("failed" if sure else "unknown", why, " ".join(state.words("printer-state-reasons"))[:80])

    async def _ask(
        self,
        operation: Operation,
        document: bytes = b"",
        *,
        job_id: int = 0,
        job_name: str = "",
        mime: str = "",
        wait_s: float = ASK_S,
    ) -> IppReply:
        at = urlsplit(self.queue)
        head = request(operation, next(self._numbers), self.queue, USER, job_id=job_id, job_name=job_name, mime=mime)
        body = await post(
            at.hostname or "", at.port or 631, at.path, kind="application/ipp", body=head + document, wait_s=wait_s
        )
        return read_reply(body)


def why_of(reasons: tuple[str, ...]) -> WhyNotPrinted | None:
    """What keeps a printer from printing; a reason that ends in -report or -warning does not."""
    bad = [reason for reason in reasons if not reason.endswith(("-report", "-warning"))]
    return next((why for begins, why in _REASONS if any(reason.startswith(begins) for reason in bad)), None)


def _told(reply: IppReply) -> str:
    return " ".join((*reply.words("job-state-reasons"), *reply.words("job-printer-state-message")))[:80]
