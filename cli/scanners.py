"""`picklight scanners`: the barcode scanners that are plugged in here, as a node profile names them."""

from __future__ import annotations

import argparse
import sys

from cli.target import printable
from edge.drivers.errors import DriverError
from edge.drivers.hid_devices import HidNode, keyboards, raw_devices, report_descriptor
from edge.drivers.scanner_reports import ReportScans


def main() -> int:
    """One line a device."""
    argparse.ArgumentParser(prog="picklight scanners", description=__doc__).parse_args()
    found = [("evdev", node) for node in keyboards()] + [("hidpos", node) for node in raw_devices() if _reports(node)]
    for kind, node in found:
        words = (
            f'kind = "{kind}"',
            f'port = "{node.port}"',
            f'serial = "{node.serial}"',
            f"# {node.name}, {node.path}",
        )
        print(printable("  ".join(words)))
    if not found:
        print("nothing that types or reports is plugged in")
    return 0


def _reports(node: HidNode) -> bool:
    try:
        ReportScans(node.port, report_descriptor(node))
    except DriverError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
