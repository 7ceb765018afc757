"""An authority for tests, and certificates it made."""

from __future__ import annotations

import subprocess
from pathlib import Path

NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


class Authority:
    """`ca.pem` in `folder`; `make(name)` adds `name.pem` and `name.key`, valid for two days."""

    def __init__(self, folder: Path, name: str = "site") -> None:
        self.folder, self.file = folder, folder / f"ca-{name}.pem"
        self._key = folder / f"ca-{name}.key"
        subject = ("-subj", f"/CN={name} authority", "-days", "2")
        _openssl("req", "-x509", *NEW_KEY, *subject, "-keyout", str(self._key), "-out", str(self.file))

    def make(self, name: str) -> tuple[Path, Path]:
        """A certificate and its key; `name` is its common name, and it stands for 127.0.0.1."""
        asked, cert, key = (self.folder / f"{name}.{end}" for end in ("csr", "pem", "key"))
        _openssl("req", "-new", *NEW_KEY, "-subj", f"/CN={name}", "-keyout", str(key), "-out", str(asked))
        more = self.folder / f"{name}.ext"
        more.write_text("subjectAltName=IP:127.0.0.1\n")
        signed_by = ("-CA", str(self.file), "-CAkey", str(self._key), "-CAcreateserial", "-days", "2")
        _openssl("x509", "-req", "-in", str(asked), *signed_by, "-extfile", str(more), "-out", str(cert))
        return cert, key


def _openssl(*words: str) -> None:
    subprocess.run(("openssl", *words), check=True, capture_output=True)
