"""Makes the scanner a profile describes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from edge.drivers.ports import OnPresence, OnScan, Scanner
from edge.drivers.scanner_evdev import EvdevSettings, EvdevSource
from edge.drivers.scanner_hidpos import HidposSettings, HidposSource
from edge.drivers.scanner_keys import FUNCTION_KEY_TABLES, KeyRules
from edge.drivers.scanner_layouts import FUNCTION_KEYS, LAYOUTS
from edge.drivers.scanner_owner import ScannerOwner, Source
from edge.drivers.scanner_serial import SerialSource
from edge.drivers.scanner_text import Framing
from edge.profile_scanner import ScannerProfile
from wire.ids import TEXT_MAX

_MS: Final = 1000


def make_scanner(
    profile: ScannerProfile, on_scan: OnScan, on_present: OnPresence, mono_ns: Callable[[], int]
) -> Scanner:
    """A scanner of the profile's kind, not yet started."""
    return ScannerOwner(source_of(profile), on_scan, on_present, mono_ns, idle_s=profile.idle_ms / _MS)


def named(profiles: tuple[ScannerProfile, ...], owner: str) -> list[tuple[str, ScannerProfile]]:
    """Each scanner with the name people know it by: the owner's where it is the only one, else `owner/2`."""
    if len(profiles) == 1 and not profiles[0].name:
        return [(owner, profiles[0])]
    return [(f"{owner}/{one.name or number}"[:TEXT_MAX], one) for number, one in enumerate(profiles, 1)]


def source_of(profile: ScannerProfile) -> Source:
    """Where the profile's scans come from."""
    framing = Framing(profile.suffix.encode(), profile.prefix.encode())
    match profile.kind:
        case "serial":
            return SerialSource(profile.port, framing, profile.baud)
        case "evdev":
            rules = key_rules(profile)
            return EvdevSource(EvdevSettings(profile.port, profile.serial, rules, framing))
        case "hidpos":
            return HidposSource(HidposSettings(profile.port, profile.serial))


def key_rules(profile: ScannerProfile) -> KeyRules:
    """What a scanner that types is set to."""
    own = {FUNCTION_KEYS[key]: char for key, char in profile.control_keys.items()}
    return KeyRules(LAYOUTS[profile.layout], {**FUNCTION_KEY_TABLES[profile.function_keys], **own})
