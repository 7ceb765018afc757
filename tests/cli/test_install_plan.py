"""The plan of an installation: what is in place is left alone, and what stands in the way is said with its cure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cli.installing.plan import (
    CODE,
    DONE,
    ETC,
    HOME,
    KEPT,
    TARGETS,
    VENV,
    Found,
    Wanted,
    install_plan,
    kept_by_uninstall,
    next_steps,
    obstacles,
    uninstall_plan,
)
from cli.installing.steps import CopyCode, LinkCode, PutFile, Remove, Run

SOURCES = {name: f"# picklight: {name}\n".encode() for name in TARGETS}
EDGE = Wanted("edge", "zone-a", ("b1",), SOURCES, "0.1.0 abc", "/usr/bin/python3.11")
CENTRAL = Wanted("central", "", (), SOURCES, "0.1.0 abc", "/usr/bin/python3.11")
EMPTY = Found()


def after(wanted: Wanted, found: Found = EMPTY) -> Found:
    """The machine once the plan was carried out."""
    files = dict(found.files)
    files |= {step.target: step.content for step in install_plan(wanted, found) if isinstance(step, PutFile)}
    return replace(found, files=files, enabled=(*found.enabled, *wanted.units), there=frozenset({HOME, *KEPT}))


def runs(wanted: Wanted, found: Found = EMPTY) -> list[str]:
    """The programs a plan runs, by their first two words."""
    return [" ".join(step.argv[:2]) for step in install_plan(wanted, found) if isinstance(step, Run)]


@pytest.mark.parametrize("wanted", [EDGE, CENTRAL], ids=["edge", "central"])
def test_what_is_in_place_is_not_done_again(wanted: Wanted) -> None:
    assert install_plan(wanted, EMPTY)
    assert install_plan(wanted, after(wanted)) == []


def test_what_was_begun_and_not_finished_is_done_to_the_end() -> None:
    done = after(EDGE)
    begun = replace(done, files={name: text for name, text in done.files.items() if name != EDGE.done_file})

    assert "systemctl enable" in runs(EDGE, begun)
    assert not [step for step in install_plan(EDGE, begun) if isinstance(step, CopyCode)]


def test_new_code_and_a_changed_unit_are_brought_and_running_services_restarted() -> None:
    newer = replace(EDGE, code="0.2.0 def", sources=SOURCES | {"picklight-edge@.service": b"# picklight: changed\n"})
    steps = install_plan(newer, after(EDGE))

    assert CopyCode("/opt/picklight/venv", "/usr/bin/python3.11") in steps
    renewed = [str(step) for step in steps if isinstance(step, PutFile) and step.target.endswith("edge@.service")]
    assert renewed == ["renew file   /etc/systemd/system/picklight-edge@.service"]
    assert steps.index(Run(("systemctl", "daemon-reload"))) < steps.index(
        Run(("systemctl", "try-restart", *EDGE.units))
    )


def test_a_second_node_on_the_machine_leaves_the_first_alone() -> None:
    second = replace(EDGE, node="zone-b", guards=())
    steps = install_plan(second, after(EDGE))

    assert [step.target for step in steps if isinstance(step, PutFile)] == [second.done_file]
    assert Run(("systemctl", "enable", "picklight-edge@zone-b.service")) in steps


def test_central_brings_no_udev_rules_and_a_node_no_central() -> None:
    central = {step.target for step in install_plan(CENTRAL, EMPTY) if isinstance(step, PutFile)}
    edge = {step.target for step in install_plan(EDGE, EMPTY) if isinstance(step, PutFile)}

    assert not [target for target in central if "udev" in target or "edge" in target]
    assert "/etc/systemd/system/picklight-central.service" in central - edge


def test_into_another_file_system_nothing_of_this_machine_is_touched() -> None:
    for word in runs(replace(EDGE, root="/mnt/card")):
        assert word.split()[1] == "--root=/mnt/card"


def test_in_place_the_checkout_is_linked() -> None:
    assert LinkCode("/opt/picklight/venv", "/srv/p/.venv") in install_plan(replace(EDGE, here="/srv/p/.venv"), EMPTY)


def test_an_environment_that_already_stands_there_is_neither_linked_nor_taken_away() -> None:
    stands = replace(EDGE, here=VENV)

    assert not [step for step in install_plan(stands, EMPTY) if isinstance(step, LinkCode | CopyCode)]
    assert Remove(VENV) not in uninstall_plan(after(stands), root="", purge=True)


@pytest.mark.parametrize(
    ("wanted", "found", "told"),
    [
        (EDGE, Found(is_root=False), "only root may install services. Repeat with sudo"),
        (EDGE, Found(systemd=0), "there is no systemd here. Let your own supervisor"),
        (EDGE, Found(systemd=247), "systemd 247 is too old to hand over secrets: 250 is needed. Debian 12 has 252"),
        (
            EDGE,
            Found(files={CODE: b"0.3.0 abc x"}),
            "picklight 0.3.0 is installed, and this is older. To go",
        ),
        (
            EDGE,
            Found(files={TARGETS["picklight-edge@.service"]: b"[Unit]\n"}),
            "/etc/systemd/system/picklight-edge@.service is there and is not picklight's. Move it away, or repeat",
        ),
        (CENTRAL, Found(faults=("Mosquitto is missing",)), "Mosquitto is missing"),
    ],
    ids=["not root", "no systemd", "old systemd", "newer installed", "foreign file", "no broker"],
)
def test_what_stands_in_the_way_is_said_with_what_to_do(wanted: Wanted, found: Found, told: str) -> None:
    said = obstacles(wanted, found)
    assert len(said) == 1
    assert said[0].startswith(told)


def test_all_obstacles_are_told_at_once_and_switches_lift_those_that_are_a_choice() -> None:
    foreign = {TARGETS["picklight-edge@.service"]: b"[Unit]\n", CODE: b"0.10.0 abc x"}

    assert len(obstacles(EDGE, Found(is_root=False, files=foreign))) == 3
    assert obstacles(replace(EDGE, replace=True, older=True), Found(files=foreign)) == []


def test_uninstall_takes_what_was_put_and_keeps_settings_and_data() -> None:
    found = after(EDGE)
    steps = uninstall_plan(found, root="", purge=False)

    assert steps[0] == Run(("systemctl", "disable", "--now", *EDGE.units))
    gone = {step.target for step in steps if isinstance(step, Remove)}
    put = {step.target for step in install_plan(EDGE, EMPTY) if isinstance(step, PutFile)}
    assert gone == {target for target in put if not target.startswith(HOME)} | {DONE, CODE, VENV}
    assert [line.split("  ")[0] for line in kept_by_uninstall(found, purge=False)][:-1] == list(KEPT)


def test_purge_takes_settings_and_data_and_a_foreign_file_stays_even_then() -> None:
    foreign = TARGETS["99-picklight-serial.rules"]
    found = after(EDGE)
    found = replace(found, files={**found.files, foreign: b"SUBSYSTEM"})
    gone = {step.target for step in uninstall_plan(found, root="", purge=True) if isinstance(step, Remove)}

    assert set(KEPT) <= gone
    assert foreign not in gone
    assert f"{foreign}  (not picklight's)" in kept_by_uninstall(found, purge=True)


def test_nothing_installed_is_nothing_to_take_away() -> None:
    assert uninstall_plan(EMPTY, root="", purge=True) == []


def test_what_a_person_still_has_to_write_is_named() -> None:
    profile = f"{ETC}/edge/zone-a/profile.toml"
    told = next_steps(EDGE, EMPTY)

    assert f"write {profile}  (an example: firmware_configs/nodes)" in told
    assert not any(profile in line for line in next_steps(EDGE, Found(files={profile: b"x"})))
    assert "systemctl start picklight-guard@b1" in told
