"""The JSON schema of a module profile, for editors that complete and check TOML."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import msgspec

from edge.drivers.model_file import ModuleFile
from edge.drivers.module_model import MODELS_DIR

SCHEMA_FILE: Final[Path] = MODELS_DIR.parent / "module.schema.json"


def profile_schema() -> dict[str, Any]:
    """Keys, types and limits of a profile; what only a look at the whole finds is said by `picklight modules check`."""
    (whole,), parts = msgspec.json.schema_components([ModuleFile], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "picklight module profile",
        **whole,
        "$defs": dict(sorted(parts.items())),
    }
