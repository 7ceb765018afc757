"""What the live pages show, part by part, each with the version at which it last changed."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from markupsafe import Markup

from central.web.render import TEMPLATES, Renderer
from central.web.views import FloorView, ZoneHead
from central.web.words import Lang

UPDATE_S_MIN: Final = 0.2  # at most five updates a second and client
BEAT_S: Final = 3.0  # a quiet page still hears that the server is there


@dataclass
class Part:
    """One element of a page: a view that is rendered on demand, or a plain value for the script."""

    value: Any
    version: int
    rendered: dict[Lang, str] = field(default_factory=dict)


class Board:
    """Parts by key. Only what changed after a client's version is sent to it."""

    def __init__(self, renderer: Renderer) -> None:
        self.nonce: Final = secrets.token_hex(4)  # versions of another start mean nothing
        self.version = 0
        self._renderer = renderer
        self._parts: dict[str, Part] = {}
        self._since: dict[tuple[int, Lang], bytes] = {}
        self._edge = asyncio.Event()
        self._dirty = False
        self.closed = False

    def close(self) -> None:
        """The server stops: wake every stream, so that it ends."""
        self.closed = True
        self._edge.set()

    def put(self, key: str, value: Any) -> None:
        """Show `value` under `key` from the next `commit` on, if it differs from what is shown."""
        part = self._parts.get(key)
        if part is None or part.value != value:
            self._parts[key] = Part(value, self.version + 1)
            self._dirty = True

    def get(self, key: str) -> Any:
        """The value of a part, None if there is none."""
        part = self._parts.get(key)
        return part.value if part else None

    def commit(self) -> None:
        """Everything put since the last commit becomes one version, and clients are woken."""
        if not self._dirty:
            return
        self._dirty = False
        self.version += 1
        self._since.clear()
        self._edge.set()
        self._edge = asyncio.Event()

    async def changed(self, after: int, wait_s_max: float) -> bool:
        """True once the version is greater than `after`; False if that takes longer than `wait_s_max`."""
        if self.version > after:
            return True
        try:
            async with asyncio.timeout(wait_s_max):
                await self._edge.wait()
        except TimeoutError:
            return False
        return True

    def since(self, version: int, lang: Lang) -> bytes:
        """JSON object of every part that changed after `version`, the drawing of the floor first."""
        known = self._since.get((version, lang))
        if known is None:
            changed = {key: part for key, part in self._parts.items() if part.version > version}
            keys = sorted(changed, key=lambda key: key != "floor")
            known = msgspec.json.encode({key: self._shown(changed[key], lang) for key in keys}, enc_hook=str)
            self._since[version, lang] = known
        return known

    def html(self, key: str, lang: Lang) -> str:
        """A part as HTML, "" if there is none."""
        part = self._parts.get(key)
        return self._shown(part, lang) if part else ""

    def pages(self, lang: Lang) -> dict[str, str]:
        """Every rendered part, for a whole page."""
        return {key: self._shown(part, lang) for key, part in self._parts.items() if type(part.value) in TEMPLATES}

    def plain(self) -> dict[str, Any]:
        """Every part that is a plain value, for a whole page's script."""
        return {key: part.value for key, part in self._parts.items() if type(part.value) not in TEMPLATES}

    def _shown(self, part: Part, lang: Lang) -> Any:
        if type(part.value) not in TEMPLATES:
            return part.value
        if lang not in part.rendered or isinstance(part.value, FloorView):
            part.rendered[lang] = self._rendered(part.value, lang)
        return part.rendered[lang]

    def _rendered(self, view: Any, lang: Lang) -> str:
        if not isinstance(view, FloorView):
            return self._renderer.part(view, lang)
        heads = {zone.zone: ZoneHead(zone.zone, zone.node) for zone in view.zones}
        shown = {
            zone: self.html(f"zone:{zone}", lang) or self._renderer.part(head, lang) for zone, head in heads.items()
        }
        under = {
            zone: Markup("").join((self.html(f"wall:{zone}", lang), self.html(f"lines:{zone}", lang))) for zone in heads
        }
        return self._renderer.part(view, lang, heads=shown, under=under)
