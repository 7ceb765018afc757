"""`picklight … import FILE`: a file to the site, and what is wrong with it to the person."""

from __future__ import annotations

import argparse
import base64
import csv
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from cli.target import Failed, Misused, find_target, printable, said_of

FILE_BYTES_MAX: Final = 8 * 1024 * 1024  # what one request may carry
DOCUMENTS: Final = (".zpl", ".pdf")
TYPES: Final = {".csv": "text/csv", ".json": "application/json"}


def import_file(args: argparse.Namespace) -> int:
    """Send it. 0: imported (with --skip-bad: the good part); 1: refused, every trouble printed."""
    file: Path = args.file
    content_type = TYPES.get(file.suffix.lower())
    data = _content(file)
    if content_type is None and args.what == "labels" and file.suffix.lower() in DOCUMENTS:
        content_type, data = TYPES[".json"], _one_label(file, data, args.order)
    if content_type is None:
        raise Misused(f"{file}: neither .csv nor .json. Rename it after what it is")
    target = find_target(args)
    reply = target.post(f"/api/{args.what}?skip_bad={int(args.skip_bad)}", data, content_type)
    troubles = [trouble for trouble in reply.get("troubles", ()) if isinstance(trouble, Mapping)]
    for trouble in troubles:
        sys.stderr.write(f"{_place(file, trouble)}: {_part(trouble, 'what')}. {_part(trouble, 'cure')}\n")
    if args.skip_bad and reply["ok"]:
        _report(args.report_file or file.with_name(f"{file.name}.troubles.csv"), troubles)
    said = said_of(reply)
    if not reply["ok"] and troubles:
        raise Failed(f"{file}: nothing was imported, {_counted(troubles)}. Correct the file, or use --skip-bad")
    if not reply["ok"]:
        raise Failed(f"{file}: {said}")
    print(f"{file}: {said or 'done'}")
    return 0


def _one_label(file: Path, data: bytes, order_no: str) -> bytes:
    """A carrier's file, named after its label, as the API takes it."""
    body = base64.b64encode(data).decode()
    row = {"label": file.stem, "document": file.suffix[1:].lower(), "body_base64": body, "order_no": order_no}
    return json.dumps([row]).encode()


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > FILE_BYTES_MAX:
            raise Misused(f"{file}: larger than {FILE_BYTES_MAX} bytes. Split it")
        return file.read_bytes()
    except OSError as error:
        raise Misused(f"{file}: cannot be read ({error.strerror}). Check the path") from error


def _place(file: Path, trouble: Mapping[str, Any]) -> str:
    line = trouble.get("line", 0)
    return f"{file}:{line}" if isinstance(line, int) and line else str(file)


def _counted(troubles: Sequence[Mapping[str, Any]]) -> str:
    lines = len({trouble.get("line") for trouble in troubles if trouble.get("line")})
    many = "1 trouble" if len(troubles) == 1 else f"{len(troubles)} troubles"
    return f"{many} on {lines} lines" if lines > 1 else many


def _part(trouble: Mapping[str, Any], name: str) -> str:
    return printable(str(trouble.get(name, ""))).rstrip(".")


def _report(path: Path, troubles: Sequence[Mapping[str, Any]]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("line", "what", "cure"))
            for trouble in troubles:
                writer.writerow((trouble.get("line", 0), _part(trouble, "what"), _part(trouble, "cure")))
    except OSError as error:
        raise Failed(f"{path}: the report cannot be written ({error.strerror}); the import itself was done") from error
    print(f"{path}: {_counted(troubles)} listed")
