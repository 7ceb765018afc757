"""A writer in its own process: reads batches of journal lines from standard input, applies them, prints what is safe.

`python -m tests.central.handlers.writer_on_paper FILE`. A line of input is a JSON list of events; a line of output,
printed only after the commit, is `node through`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from central.handlers.engine import Engine
from central.handlers.intake import EventIn, ToNode
from tests.central.paper_floor import KEY, SETTINGS
from wire.codec import encode
from wire.downlink import Ack
from wire.uplink import Event


def main(path: Path) -> None:
    engine = Engine(path, SETTINGS, KEY)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for text in sys.stdin:
        events = msgspec.json.decode(text, type=list[Event])
        for out in engine.apply([EventIn(event, encode(event), 1) for event in events]):
            if isinstance(out, ToNode) and isinstance(out.message, Ack):
                sys.stdout.write(f"{out.node} {out.message.through}\n")
        sys.stdout.flush()
    engine.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
