"""`python -m central verify`: does the record agree with itself?"""

from __future__ import annotations

import sys
from pathlib import Path

from central.command import run_with_site
from central.handlers.verify import verify
from central.settings import Settings
from central.store.errors import StoreError


def check(_file: Path, settings: Settings) -> int:
    """Print every fault of journal chain and stock; 0 if there is none."""
    faults = verify(settings.database)
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    count = "one fault" if len(faults) == 1 else f"{len(faults) or 'no'} faults"
    sys.stdout.write(f"{settings.database}: {count}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(run_with_site("verify", check, StoreError))
