"""Every fault of a site's record in sentences: the journal's chain, the stock, what left unverified."""

from __future__ import annotations

from pathlib import Path

from central.store.audit import audit
from central.store.chain import verify_chain


def verify(database: Path) -> list[str]:
    """Read the whole record; works beside a running writer. Empty: all agrees. Raises StoreUnsafe without a file."""
    found = audit(database)
    faults = verify_chain(database)
    faults += found.stock_faults
    faults += found.wall_faults
    faults += [f"{intent}: counted more than once" for intent in found.doubled]
    faults += [f"order {order_no}: released without a verification of its own" for order_no in found.unverified]
    if found.released_deeds != found.released_parcels:
        faults.append(f"{found.released_deeds} releases in the journal, {found.released_parcels} released grants")
    return faults
