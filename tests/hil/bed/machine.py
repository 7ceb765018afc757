"""The guest's hardware as QEMU's command line."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.hil.bed.prepare import Images
from tests.hil.bed.rootfs import HOST_ADDRESS, SOURCE
from tests.hil.bed.shell import QEMU, ROOT

SCANNERS: Final = 4  # USB keyboards that can be plugged in at a time
CHANNELS: Final = ("ctl", "out", "err")
MONITORS: Final = ("qmp", "qmp-host", "qmp-guest")  # each serves one client at a time
KERNEL_WORDS: Final = (
    "console=ttyS2 quiet panic=-1 net.ifnames=0 mitigations=off nokaslr random.trust_cpu=on systemd.show_status=0"
    " trace_event=gpio:gpio_value"  # switched on while only one processor runs: later, emulation hangs in it
)


@dataclass(frozen=True)
class Machine:
    """One kind of guest. `host_ports`: (port in the guest at `hilhost`, port on the host's loopback)."""

    name: str
    systemd: bool
    host_ports: tuple[tuple[int, int], ...] = ()
    memory_mb: int = 768
    cpus: int = 2


def command_line(machine: Machine, images: Images, accel: str, folder: Path) -> list[str]:
    """Everything QEMU is told. Sockets and logs go to `folder`; `folder`/out can be written by the guest."""
    words = f"{KERNEL_WORDS} hil.init=/lib/systemd/systemd" if machine.systemd else KERNEL_WORDS
    return [
        QEMU, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-machine", "q35,i8042=off",
        "-accel", f"{accel},thread=multi,tb-size=256" if accel == "tcg" else accel,
        "-cpu", "max,la57=off" if accel == "tcg" else "max", "-smp", str(machine.cpus), "-m", str(machine.memory_mb),
        "-kernel", str(images.kernel), "-initrd", str(images.initrd), "-append", words,
        "-drive", f"file={images.disk},if=none,id=root,format=raw,snapshot=on", "-device", "virtio-blk-pci,drive=root",
        "-device", "qemu-xhci,id=hilusb,p2=8,p3=8", "-device", "virtio-rng-pci", "-device", "virtio-serial-pci,id=vser",
        *_consoles(folder), *_serial_lines(folder), *_network(machine),
        *_share("repo", ROOT, writable=False), *_share("out", folder / "out", writable=True),
    ]  # fmt: skip


def _consoles(folder: Path) -> list[str]:
    words = [
        # The kernel's console has an interrupt of its own, so that it cannot disturb ttyS0.
        "-chardev", f"file,id=console,path={folder}/console.log",
        "-device", "isa-serial,chardev=console,index=2,iobase=0x3e8,irq=5",
    ]  # fmt: skip
    for name in CHANNELS:
        words += ["-chardev", f"socket,id=hil{name},path={folder}/{name}.sock"]
        words += ["-device", f"virtserialport,chardev=hil{name},name=hil.{name}"]
    for name in MONITORS:
        words += ["-qmp", f"unix:{folder}/{name}.sock,server=on,wait=off"]
    # The monitor that the guest sees is simply a client of the last one.
    words += ["-chardev", f"socket,id=guestqmp,path={folder}/qmp-guest.sock,reconnect=1"]
    words += ["-device", "virtserialport,chardev=guestqmp,name=hil.qmp"]
    for number in range(SCANNERS):  # a display for each keyboard: keys sent to a display reach only its own
        words += ["-device", f"bochs-display,id=hildisplay{number},vgamem=4M"]
    return words


def _serial_lines(folder: Path) -> list[str]:
    """Two cables: ttyS0 to ttyS1, and an FTDI adapter (USB id usbserial0) to a second one (usbserial1)."""
    words = []
    for cable, (one, other) in {"uarts": ("ttyS0", "ttyS1"), "adapters": ("ttyUSB0", "ttyUSB1")}.items():
        words += ["-chardev", f"socket,id={one},path={folder}/{cable}.sock,server=on,wait=off"]
        words += ["-chardev", f"socket,id={other},path={folder}/{cable}.sock,reconnect=1"]
    for number in range(2):
        words += ["-device", f"isa-serial,chardev=ttyS{number},index={number}"]
        adapter = f"chardev=ttyUSB{number},id=usbserial{number},bus=hilusb.0,port={number + 1},serial=FT{number:04d}"
        words += ["-device", f"usb-serial,{adapter}"]
    return words


def _network(machine: Machine) -> list[str]:
    if not machine.host_ports:
        return []
    net = "user,id=net,restrict=on"
    for guest_port, host_port in machine.host_ports:
        relay = [sys.executable, "-S", "-E", str(ROOT / "tests/hil/bed/relay.py"), "127.0.0.1", str(host_port)]
        net += f",guestfwd=tcp:{HOST_ADDRESS}:{guest_port}-cmd:" + shlex.join(relay).replace(",", ",,")
    return ["-netdev", net, "-device", "virtio-net-pci,netdev=net,id=nic,romfile="]


def _share(tag: str, folder: Path, *, writable: bool) -> list[str]:
    path = str(folder).replace(",", ",,")
    share = f"local,path={path},mount_tag={tag},security_model=none,multidevs=remap"
    return ["-virtfs", share if writable else share + ",readonly=on"]


def guest_root() -> str:
    """Where the project stands in the guest."""
    return SOURCE
