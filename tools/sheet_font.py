"""`python -m tools.sheet_font`: renew the font of printed sheets, cut down to the characters of our own texts.

Needs fonttools (`pip install fonttools`) and Debian's fonts-droid-fallback, and only where those texts have changed.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Final

from cli.sheet import characters
from cli.sheet_pdf import FONT_FILE

SOURCE: Final = "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf"


def main() -> int:
    """Write the font."""
    wanted = ["--text=" + "".join(sorted(characters())), f"--output-file={FONT_FILE}", "--no-hinting"]
    return subprocess.run([sys.executable, "-m", "fontTools.subset", SOURCE, *wanted], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
