"""A CUPS server of the test's own: real cupsd, one raw queue, whose backend sends each job to a port."""

from __future__ import annotations

import contextlib
import getpass
import os
import socket
import subprocess
from pathlib import Path

from tests.wire.real_broker import free_port, until

CUPSD = """
Listen 127.0.0.1:{port}
LogLevel warn
MaxJobs 50
JobRetryInterval 1
Browsing Off
DefaultAuthType None
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
"""
FILES = """
ServerRoot {root}
ServerBin {root}/bin
RequestRoot {root}/spool
CacheDir {root}/cache
StateDir {root}/state
TempDir {root}/spool
ErrorLog {root}/error.log
AccessLog {root}/access.log
PageLog {root}/page.log
SystemGroup root
User {user}
FileDevice Yes
"""
QUEUE = """
<Printer label>
DeviceURI plug://{address}
State Idle
Accepting Yes
Shared No
JobSheets none none
ErrorPolicy {policy}
</Printer>
"""
# What CUPS's own socket backend does, as far as a test needs it: wait while nobody listens, then send.
BACKEND = """#!/bin/bash
[ $# -eq 0 ] && exit 0
where=${DEVICE_URI#plug://}
echo "STATE: +connecting-to-device" >&2
until exec 3<>/dev/tcp/${where%:*}/${where#*:}; do sleep 0.2; done 2>/dev/null
echo "STATE: -connecting-to-device" >&2
cat ${6:--} >&3
"""


class Cups:
    """cupsd in `folder`, with the queue `label` towards `printer_port`."""

    def __init__(self, folder: Path, printer_port: int) -> None:
        self.root, self.port = folder / "cups", free_port()
        self._process: subprocess.Popen[bytes] | None = None
        for name in ("bin/backend", "bin/notifier", "spool", "cache", "state", "ppd"):
            (self.root / name).mkdir(parents=True)
        backend = self.root / "bin/backend/plug"
        backend.write_text(BACKEND)
        backend.chmod(0o700)  # CUPS then runs it as root, who may look into the folder of a test
        (self.root / "bin/daemon").symlink_to("/usr/lib/cups/daemon")
        (self.root / "cupsd.conf").write_text(CUPSD.format(port=self.port))
        user = "root" if os.geteuid() else getpass.getuser()
        (self.root / "cups-files.conf").write_text(FILES.format(root=self.root, user="lp" if user == "root" else user))
        queue = QUEUE.format(address=f"127.0.0.1:{printer_port}", policy="retry-job")
        (self.root / "printers.conf").write_text(queue)

    @property
    def queue(self) -> str:
        return f"ipp://127.0.0.1:{self.port}/printers/label"

    async def start(self) -> None:
        command = ["cupsd", "-f", "-c", str(self.root / "cupsd.conf"), "-s", str(self.root / "cups-files.conf")]
        with (self.root / "out.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: ASYNC220
        await until(self._listens)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=10)
            self._process = None

    def run(self, *argv: str) -> None:
        """A command of CUPS's own, such as cupsdisable."""
        server = f"127.0.0.1:{self.port}"
        subprocess.run([argv[0], "-h", server, *argv[1:]], check=True, capture_output=True, timeout=20)

    def log(self) -> str:
        with contextlib.suppress(OSError):
            return (self.root / "error.log").read_text()[-3000:]
        return ""

    def _listens(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False
