"""From what is wanted and what is there to the steps between them, or to what stands in the way. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from cli.installing.steps import CopyCode, LinkCode, MakeFolder, PutFile, Remove, Run, Step

HOME: Final = "/opt/picklight"
VENV: Final = f"{HOME}/venv"
CODE: Final = f"{HOME}/code"  # which code lies there: version, a space, its fingerprint
DONE: Final = f"{HOME}/done"  # a file for each installation that was finished: what was put in place
UNITS: Final = "/etc/systemd/system"
ETC: Final = "/etc/picklight"
SYSTEMD_MIN: Final = 250  # the first that loads a folder of credentials; Debian 12 has 252
MARK: Final = b"# picklight"
TARGETS: Final[Mapping[str, str]] = {
    "picklight-edge@.service": f"{UNITS}/picklight-edge@.service",
    "picklight-guard@.service": f"{UNITS}/picklight-guard@.service",
    "picklight-central.service": f"{UNITS}/picklight-central.service",
    "picklight.sysusers.conf": "/etc/sysusers.d/picklight.conf",
    "picklight.tmpfiles.conf": "/etc/tmpfiles.d/picklight.conf",
    "picklight.modules.conf": "/etc/modules-load.d/picklight.conf",
    "99-picklight-serial.rules": "/etc/udev/rules.d/99-picklight-serial.rules",
    "99-picklight-devices.rules": "/etc/udev/rules.d/99-picklight-devices.rules",
}
BOTH: Final = ("picklight.sysusers.conf", "picklight.tmpfiles.conf")
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "central": (*BOTH, "picklight-central.service"),
    "edge": tuple(name for name in TARGETS if name != "picklight-central.service"),
}
KEPT: Final = (ETC, "/var/lib/picklight-central", "/var/lib/picklight-edge")
UDEV: Final = (
    Run(("udevadm", "control", "--reload"), may_fail=True),
    Run(
        (
            "udevadm",
            "trigger",
            *(f"--subsystem-match={name}" for name in ("tty", "usb-serial", "input", "hidraw", "gpio")),
        ),
        may_fail=True,
    ),
)


@dataclass(frozen=True)
class Wanted:
    """`sources`: the files of systemd/ by name. `code`: version and fingerprint. `here`: use the checkout in place.

    `root`: another file system than this machine's ("" for this one).
    """

    kind: Literal["edge", "central"]
    node: str
    guards: tuple[str, ...]
    sources: Mapping[str, bytes]
    code: str
    python: str
    here: str = ""
    root: str = ""
    replace: bool = False
    older: bool = False

    @property
    def units(self) -> tuple[str, ...]:
        """The units that start with the machine."""
        if self.kind == "central":
            return ("picklight-central.service",)
        return (f"picklight-edge@{self.node}.service", *(f"picklight-guard@{name}.service" for name in self.guards))

    @property
    def done_file(self) -> str:
        """Where it is written down that this was finished."""
        return f"{DONE}/{'central' if self.kind == 'central' else f'edge@{self.node}'}"

    @property
    def done(self) -> bytes:
        """What is written there."""
        return "\n".join((MARK.decode(), self.code, self.here or self.python, *self.units, "")).encode()


@dataclass(frozen=True)
class Found:
    """This machine as it is. `files`: what lies at our targets. `faults`: what else keeps us from installing."""

    is_root: bool = True
    systemd: int = SYSTEMD_MIN
    files: Mapping[str, bytes] = field(default_factory=dict)
    enabled: tuple[str, ...] = ()
    there: frozenset[str] = frozenset()  # folders that are there
    faults: tuple[str, ...] = ()


def obstacles(wanted: Wanted, found: Found) -> list[str]:
    """Everything that stands in the way, each with what to do about it."""
    told = list(_machine(wanted.root, found))
    told += found.faults
    before = found.files.get(CODE, b"").decode(errors="replace").split(" ")[0]
    if before and _numbers(before) > _numbers(wanted.code.split(" ")[0]) and not wanted.older:
        told.append(f"picklight {before} is installed, and this is older. To go back to it: --older")
    for name in PARTS[wanted.kind]:
        target = TARGETS[name]
        if not wanted.replace and not found.files.get(target, MARK).startswith(MARK):
            told.append(f"{target} is there and is not picklight's. Move it away, or repeat with --replace")
    return told


def install_plan(wanted: Wanted, found: Found) -> list[Step]:
    """The steps that are still to be done, in order; none if everything is in place."""
    put = [
        PutFile(TARGETS[name], wanted.sources[name], TARGETS[name] not in found.files)
        for name in PARTS[wanted.kind]
        if found.files.get(TARGETS[name]) != wanted.sources[name]
    ]
    is_done = found.files.get(wanted.done_file) == wanted.done and found.files.get(CODE) == _code_line(wanted)
    if is_done and not put and set(wanted.units) <= set(found.enabled):
        return []
    own = _own_folders(wanted)
    steps: list[Step] = [
        MakeFolder(path, mode) for path, mode in ((HOME, 0o755), (DONE, 0o755)) if path not in found.there
    ]
    if found.files.get(CODE) != _code_line(wanted):
        if wanted.here != VENV:  # else it runs from there already
            steps += [LinkCode(VENV, wanted.here) if wanted.here else CopyCode(VENV, wanted.python)]
        steps += [PutFile(CODE, _code_line(wanted), CODE not in found.files)]
    steps += put
    root = (f"--root={wanted.root}",) if wanted.root else ()
    steps += [Run(("systemd-sysusers", *root, "picklight.conf"))]
    steps += [Run(("systemd-tmpfiles", *root, "--create", "picklight.conf"))]
    steps += [MakeFolder(path, mode) for path, mode in own if path not in found.there]
    if not wanted.root:
        steps += _live(wanted.kind)
    steps += [Run(("systemctl", *root, "enable", *wanted.units))]
    if not wanted.root:
        steps += [Run(("systemctl", "try-restart", *wanted.units))]
    return [*steps, PutFile(wanted.done_file, wanted.done, wanted.done_file not in found.files)]


def uninstall_plan(found: Found, *, root: str, purge: bool) -> list[Step]:
    """Take everything away that an installation put there; data and settings only with `purge`."""
    at = (f"--root={root}",) if root else ()
    stop = () if root else ("--now",)
    steps: list[Step] = [Run(("systemctl", *at, "disable", *stop, *found.enabled))] if found.enabled else []
    ours = [target for target in TARGETS.values() if found.files.get(target, b"").startswith(MARK)]
    steps += [Remove(target) for target in ours]
    if CODE in found.files:
        was_there = found.files[CODE].decode(errors="replace").split()[-1:] == [VENV]
        steps += [Remove(target) for target in (DONE, CODE, *(() if was_there else (VENV,)))]
    steps += [Remove(path) for path in KEPT if purge and path in found.there]
    if ours and not root:
        steps += [Run(("systemctl", "daemon-reload")), *UDEV]
    return steps


def kept_by_uninstall(found: Found, *, purge: bool) -> list[str]:
    """What stays, and why."""
    kept = [] if purge else [f"{path}  (settings and data; --purge removes it)" for path in KEPT if path in found.there]
    strange = [target for target in TARGETS.values() if not found.files.get(target, MARK).startswith(MARK)]
    kept += [f"{target}  (not picklight's)" for target in strange]
    return [*kept, "the users picklight, picklight-guard and picklight-central  (files may still belong to them)"]


def next_steps(wanted: Wanted, found: Found) -> list[str]:
    """What a person still has to do."""
    told = []
    for unit, file, example in _settings(wanted):
        if file not in found.files:
            told.append(f"write {file}  (an example: {example})")
        told.append(f"systemctl start {unit}")
    return told


def settings_files(wanted: Wanted) -> list[str]:
    """The files a person writes."""
    return [file for _, file, _ in _settings(wanted)]


def _settings(wanted: Wanted) -> Iterator[tuple[str, str, str]]:
    if wanted.kind == "central":
        yield wanted.units[0], f"{ETC}/central/site.toml", "firmware_configs/site.example.toml"
        return
    for guard in wanted.guards:
        yield f"picklight-guard@{guard}", f"{ETC}/guard/{guard}/guard.toml", "docs/settings.md, Guard"
    yield f"picklight-edge@{wanted.node}", f"{ETC}/edge/{wanted.node}/profile.toml", "firmware_configs/nodes"


def _machine(root: str, found: Found) -> Iterator[str]:
    if not root and not found.is_root:
        yield "only root may install services. Repeat with sudo"
    if not found.systemd:
        yield "there is no systemd here. Let your own supervisor run picklight edge, guard and central"
    elif found.systemd < SYSTEMD_MIN:
        yield f"systemd {found.systemd} is too old to hand over secrets: {SYSTEMD_MIN} is needed. Debian 12 has 252"


def _own_folders(wanted: Wanted) -> list[tuple[str, int]]:
    if wanted.kind == "central":
        return []
    own = f"{ETC}/edge/{wanted.node}"
    return [(own, 0o755), (f"{own}/secrets", 0o700), *((f"{ETC}/guard/{guard}", 0o755) for guard in wanted.guards)]


def _live(kind: str) -> Iterator[Step]:
    if kind == "edge":
        yield Run(("systemctl", "restart", "systemd-modules-load.service"), may_fail=True)
        yield from UDEV
    yield Run(("systemctl", "daemon-reload"))


def _code_line(wanted: Wanted) -> bytes:
    return f"{wanted.code} {wanted.here or wanted.python}\n".encode()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
