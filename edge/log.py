"""The node's log: one line an edge, an event name and key=value facts, on standard error."""

from __future__ import annotations

import logging
import re
import sys
from typing import Final

VALUE_CHARS_MAX: Final = 200  # a value from outside must not flood the disk
_PLAIN: Final = re.compile(r"[\w.,:/+@#%-]+")


class Log:
    """Writes events of one part of the node: `log.warning("module_lost", unit=7)`."""

    def __init__(self, part: str) -> None:
        self._logger = logging.getLogger(part)

    def info(self, event: str, /, **facts: object) -> None:
        """Something a technician may want to know."""
        self._write(logging.INFO, event, facts)

    def warning(self, event: str, /, **facts: object) -> None:
        """Something that needs a look."""
        self._write(logging.WARNING, event, facts)

    def error(self, event: str, /, **facts: object) -> None:
        """Something broke."""
        self._write(logging.ERROR, event, facts)

    def crash(self, event: str, error: BaseException, /, **facts: object) -> None:
        """A bug: the event with its traceback."""
        self._logger.error(line_of(event, facts), exc_info=error)

    def _write(self, level: int, event: str, facts: dict[str, object]) -> None:
        if self._logger.isEnabledFor(level):
            self._logger.log(level, "%s", line_of(event, facts))


def get_log(part: str) -> Log:
    """The log of `part`, such as "edge.zone"."""
    return Log(part)


def line_of(event: str, facts: dict[str, object]) -> str:
    """`event` and its facts as one line, whatever characters are in them."""
    return " ".join([event, *(f"{key}={_shown(value)}" for key, value in facts.items())])


def set_up(level: int = logging.INFO) -> None:
    """Send every part's lines to standard error, once per process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)


def _shown(value: object) -> str:
    text = f"{value:.3f}" if isinstance(value, float) else str(value)
    if len(text) > VALUE_CHARS_MAX:
        text = text[: VALUE_CHARS_MAX - 1] + "…"
    return text if _PLAIN.fullmatch(text) else repr(text)
