"""A production site refuses a disk that forgets; a trial may use one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from central.fleet.state_dir import DiskUnsafe, check_disk
from central.settings import load_settings
from tests.central.small_site import site_file


@pytest.fixture
def forgetful(tmp_path: Path) -> Iterator[Path]:
    """A folder on tmpfs."""
    del tmp_path
    if not Path("/dev/shm").is_dir():
        pytest.skip("no /dev/shm here")
    folder = Path(tempfile.mkdtemp(dir="/dev/shm"))
    yield folder
    shutil.rmtree(folder)


def test_a_production_site_does_not_start_on_a_disk_that_forgets(forgetful: Path) -> None:
    trial = load_settings(site_file(forgetful))
    check_disk(trial)
    production = msgspec.structs.replace(trial, site=msgspec.structs.replace(trial.site, production=True))
    with pytest.raises(DiskUnsafe, match=r"site\.state_dir: .* is on tmpfs, which forgets at reboot"):
        check_disk(production)
