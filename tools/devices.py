"""Write docs/devices.md and the profile schema from the profiles: `python -m tools.devices`; `--check` compares."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from edge.drivers.model_file import ModuleFile, words_in
from edge.drivers.model_schema import SCHEMA_FILE, profile_schema
from edge.drivers.module_model import MODELS_DIR, load_file, shipped

COMMAND: Final = "python -m tools.devices"
PAGE: Final = MODELS_DIR.parents[1] / "docs" / "devices.md"
HEAD: Final = f"""# Light modules and I/O boards

Written by `{COMMAND}` from the profiles in `firmware_configs/modules/`; do not edit it by hand.
`picklight modules list` shows the same.

How far each is proven: *sketched*: its map is not complete, it cannot be driven; *simulated*: the driver has passed
the contract against a device built from its register map; *bench*: against the device itself; *floor*: through a
shift. How good its source is: *reference* (our own map), *documented* (the maker's words), *third-party* (public code
or notes), *assumed*, *template* (to be copied). No model is called supported without evidence: whoever runs the
contract on a device says so in its profile, with the date.

To add a model copy the nearest `generic-….toml`, correct it from the manual, and run `picklight modules check FILE`;
then `picklight modules simulate FILE` is such a device to try it on.
"""
COLUMNS: Final = ("model", "what", "lines", "lamp", "display", "button", "proven", "confidence")


def page() -> str:
    """The page."""
    files = [load_file(name) for name in shipped()]
    rows = [
        "| model | what | lines | lamp | display | button | proven | confidence |",
        "|---|---|---|---|---|---|---|---|",
    ]
    rows += [f"| {' | '.join(_row(file))} |" for file in files]
    parts = [HEAD, "## All\n", "\n".join(rows) + "\n", *(_section(file) for file in files)]
    return "\n".join(parts)


def _row(file: ModuleFile) -> tuple[str, ...]:
    return (
        f"[`{file.name}`](#{file.name})",
        file.title,
        ", ".join(file.link.transports),
        _lamp(file),
        _display(file),
        _button(file),
        file.proven,
        file.confidence,
    )


def _lamp(file: ModuleFile) -> str:
    if file.face is not None:
        return f"{file.modules.per_unit} of {len(file.face.colours) - 1} colours"
    if file.lamp is None:
        return "none"
    colours = "one colour" if set(file.lamp.values) == {"off", "any"} else f"{len(file.lamp.values) - 1} colours"
    back = "" if file.lamp.read != "none" else ", not read back"
    return f"{file.modules.per_unit} of {colours}{back}"


def _display(file: ModuleFile) -> str:
    if file.face is not None:
        return f"up to {file.modules.pieces_max}"
    return "none" if file.display is None else f"{file.display.digits} digits"


def _button(file: ModuleFile) -> str:
    if file.buttons is None:
        return "none"
    long = file.buttons.hold_ms or file.buttons.holds is not None
    return f"{file.buttons.kind}{', long press told apart' if long else ''}"


def _section(file: ModuleFile) -> str:
    return "\n".join([f"## {file.name}", "", *(f"- {line}" for line in _lines(file)), ""])


def _lines(file: ModuleFile) -> Iterator[str]:
    yield f"{file.title}. {file.proven.capitalize()}; {file.confidence}: {file.source} ({file.date})."
    link = file.link
    if "rtu" in link.transports:
        yield f"RTU from the factory: {link.baud} baud, parity {link.parity}, unit {link.unit}."
    if "tcp" in link.transports:
        yield f"TCP from the factory: port {link.tcp_port}, unit {link.unit}."
    if file.is_drivable:
        blink = file.blink.how if file.blink is not None else "value" if file.face is not None else "none"
        yield f"Blinks: {BLINKS[blink]}. Replies within {link.reply_ms_max} ms."
        yield f"Broadcasts are {BROADCASTS[link.broadcast]}."
    if file.keep_alive is not None:
        alive = file.keep_alive
        yield f"Has a watchdog: asked every {alive.every_ms} ms, outputs drop after {alive.expires_ms} ms of silence."
    for one in file.setup:
        words = ", ".join(f"{word:#06x}" for word in words_in(one.words))
        yield f"Written when met anew: {words} to {one.address:#06x}: {one.why}."
    for number, step in enumerate(file.commission, 1):
        listed = ", ".join(f"{name}: {value}" for name, value in step.values.items())
        values = f" ({listed})" if listed else ""
        note = f"; {step.note}" if step.note else ""
        told = "unit 0, alone on the line" if step.to == "broadcast" else "the unit"
        yield f"Commissioning, step {number}: {step.what} at {step.address:#06x} of {told}{values}{note}."
    for unknown in file.unknown:
        yield f"Unknown: {unknown}."


BLINKS: Final = {
    "none": "no, it stays steady",
    "value": "by itself",
    "flag": "by itself",
    "pulse": "by pulses of the board that we renew",
    "us": "switched by us",
}
BROADCASTS: Final = {"none": "not heard", "silent": "obeyed", "answers": "obeyed and answered, so never used"}


def exported() -> dict[Path, str]:
    """Every generated file and what it must hold."""
    return {PAGE: page(), SCHEMA_FILE: json.dumps(profile_schema(), indent=1, ensure_ascii=False) + "\n"}


def main(arguments: list[str]) -> int:
    """Renew or compare. Returns the exit code."""
    stale = [path for path, text in exported().items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path} is older than the profiles. Renew it: {COMMAND}")
        return 1 if stale else 0
    for path, text in exported().items():
        path.write_text(text, "utf-8")
    print(f"renewed: {', '.join(path.name for path in stale) or 'nothing, all were up to date'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
