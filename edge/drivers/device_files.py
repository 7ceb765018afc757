"""Opens a device node for us alone, and says in plain words why not."""

from __future__ import annotations

import fcntl
import grp
import os
import pwd
import stat
from pathlib import Path
from typing import Final

from edge.drivers.errors import DeviceGone

RULES: Final = "99-picklight-devices.rules"  # in systemd/
GROUP: Final = "input"


def open_alone(place: str, path: str, flags: int) -> int:
    """A descriptor of `path`, never blocking, that no second program of ours can have. Raises DeviceGone."""
    try:
        fd = os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except PermissionError as error:
        raise DeviceGone(place, *refused(path)) from error
    except OSError as error:
        raise DeviceGone(place, f"{error.strerror}: {path}", "Plug it in, or correct the profile") from error
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(fd)
        raise taken(place, path) from error
    return fd


def taken(place: str, path: str) -> DeviceGone:
    """Another program reads it."""
    return DeviceGone(place, f"another program reads {path}", "Stop that program; a scanner has one reader")


def refused(path: str, group: str = GROUP, rules: str = RULES) -> tuple[str, str]:
    """What happened and what to do when this process may not open `path`: which rule or which group is missing."""
    try:
        node = Path(path).stat()
    except OSError as error:
        return f"{error.strerror}: {path}", "Plug it in"
    me, owner = _user(os.geteuid()), f"{_user(node.st_uid)}:{_group(node.st_gid)}"
    happened = f"user {me} may not open {path} ({owner}, {stat.filemode(node.st_mode)})"
    if _group(node.st_gid) != group or not node.st_mode & stat.S_IRGRP:
        return happened, f"Install the udev rule {rules}, which gives it to group {group}, and plug it in again"
    return happened, f"Add user {me} to group {group} and start the node again"


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _group(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
