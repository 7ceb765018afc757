"""Which device is which: by its socket or its serial number, and in plain words why it cannot be had."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from edge.drivers.device_files import open_alone, refused
from edge.drivers.errors import DeviceGone
from edge.drivers.hid_devices import find, keyboards, report_descriptor

DIGITS_AND_ENTER = "40000 0 0 0 10000ffc"  # as the kernel prints a key bitmap: words, the highest first


def plug(sys: Path, number: int, phys: str, uniq: str = "", keys: str = DIGITS_AND_ENTER) -> None:
    device = sys / "input" / f"event{number}" / "device"
    (device / "capabilities").mkdir(parents=True)
    for file, text in (("phys", phys), ("uniq", uniq), ("name", "Scanner"), ("capabilities/key", keys)):
        (device / file).write_text(text + "\n")


def plug_raw(sys: Path, number: int, phys: str, uniq: str = "") -> None:
    device = sys / "hidraw" / f"hidraw{number}" / "device"
    device.mkdir(parents=True)
    (device / "uevent").write_text(f"HID_NAME=Maker Model\nHID_PHYS={phys}\nHID_UNIQ={uniq}\n")


def test_two_equal_scanners_are_told_apart_by_their_sockets(tmp_path: Path) -> None:
    plug(tmp_path, 4, "usb-0000:01:00.0-1.2/input0")
    plug(tmp_path, 5, "usb-0000:01:00.0-1.3/input0")

    assert find("input", "usb-0000:01:00.0-1.3", "", tmp_path).path == "/dev/input/event5"
    assert find("input", "usb-0000:01:00.0-1.2", "", tmp_path).path == "/dev/input/event4"


def test_a_scanner_is_found_by_its_serial_number_wherever_it_is_plugged_in(tmp_path: Path) -> None:
    plug(tmp_path, 4, "usb-1-1/input0", "S1")
    plug(tmp_path, 5, "usb-1-2/input0", "S2")

    assert find("input", "", "S2", tmp_path).path == "/dev/input/event5"


def test_one_serial_number_twice_is_refused_with_both_sockets(tmp_path: Path) -> None:
    plug_raw(tmp_path, 0, "usb-1-1/input0", "S1")
    plug_raw(tmp_path, 1, "usb-1-2/input0", "S1")

    with pytest.raises(DeviceGone, match=r"serial S1: two have this serial number, in usb-1-1 and usb-1-2\. Give the"):
        find("hidraw", "", "S1", tmp_path)


def test_of_a_scanner_with_several_interfaces_the_one_that_types_is_taken(tmp_path: Path) -> None:
    plug(tmp_path, 4, "usb-1-1/input0", keys="0")
    plug(tmp_path, 5, "usb-1-1/input2")
    plug(tmp_path, 6, "usb-1-1/input1")

    assert find("input", "usb-1-1", "", tmp_path).path == "/dev/input/event6"
    assert len(list(keyboards(tmp_path))) == 2


def test_a_scanner_that_is_not_there_is_missed_by_name_beside_those_that_are(tmp_path: Path) -> None:
    plug(tmp_path, 4, "usb-1-1/input0", "S1")

    with pytest.raises(DeviceGone, match=r"usb-1-9: not plugged in; there is usb-1-1 \(serial S1\)\. Plug it in"):
        find("input", "usb-1-9", "", tmp_path)


def test_a_descriptor_that_is_gone_is_a_device_that_is_gone(tmp_path: Path) -> None:
    plug_raw(tmp_path, 0, "usb-1-1/input0")

    with pytest.raises(DeviceGone, match=r"usb-1-1: No such file or directory at .*Plug it in again"):
        report_descriptor(find("hidraw", "usb-1-1", "", tmp_path), tmp_path)


def test_a_device_of_root_alone_asks_for_the_udev_rule(tmp_path: Path) -> None:
    node = tmp_path / "hidraw0"
    node.touch(0o600)

    happened, to_do = refused(str(node))
    assert "may not open" in happened
    assert "-rw-------" in happened
    assert "99-picklight-devices.rules" in to_do


def test_a_device_of_the_right_group_asks_for_membership(tmp_path: Path) -> None:
    node = tmp_path / "event4"
    node.touch()
    node.chmod(0o660)
    group = _group_name(node.stat().st_gid)

    assert refused(str(node), group)[1] == f"Add user {_me()} to group {group} and start the node again"


def test_a_device_is_opened_once(tmp_path: Path) -> None:
    node = tmp_path / "event4"
    node.touch()
    first = open_alone("usb-1", str(node), os.O_RDONLY)

    with pytest.raises(DeviceGone, match=r"usb-1: another program reads .*event4\. Stop that program"):
        open_alone("usb-1", str(node), os.O_RDONLY)
    os.close(first)
    os.close(open_alone("usb-1", str(node), os.O_RDONLY))
    assert stat.S_ISREG(node.stat().st_mode)


def _me() -> str:
    return Path("/proc/self").owner()


def _group_name(number: int) -> str:
    return next(line.split(":")[0] for line in Path("/etc/group").read_text().splitlines() if f":{number}:" in line)
