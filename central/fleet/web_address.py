"""Where the page is: chosen once and remembered, so that a bookmark stays good."""

from __future__ import annotations

import msgspec

from central.fleet.ports import free_port
from central.fleet.secrets import write_whole
from central.settings import Settings


class WebAddress(msgspec.Struct, frozen=True):
    """web.json."""

    url: str
    port: int


def choose_web_address(settings: Settings) -> WebAddress:
    """Where the page is, now and after every restart; written to web.json. Raises OSError."""
    file = settings.state_dir / "web.json"
    port = settings.web.port
    if not port:
        try:
            port = msgspec.json.decode(file.read_bytes(), type=WebAddress).port
        except (OSError, msgspec.MsgspecError):
            port = free_port(settings.web.host)
    host = f"[{settings.web.host}]" if ":" in settings.web.host else settings.web.host
    address = WebAddress(url=f"http://{host}:{port}", port=port)
    write_whole(file, msgspec.json.encode(address))
    return address
