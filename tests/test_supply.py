"""What the toolkit rests on: every file of the lock has a hash, and every package a licence that is allowed."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tomllib

import pytest


@pytest.fixture(scope="module")
def licences(project):
    """benchmarks/licences.py."""
    spec = importlib.util.spec_from_file_location("licences", project / "benchmarks" / "licences.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_file_of_the_lock_comes_from_the_registry_with_its_hash(project):
    packages = tomllib.loads((project / "uv.lock").read_text(encoding="utf-8"))["package"]
    assert len(packages) > 100
    for package in packages:
        if package["name"] == "arabic-topics":
            continue
        assert set(package["source"]) == {"registry"}, package["name"]
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        assert files
        assert all(file["hash"].startswith("sha256:") and len(file["hash"]) == 71 for file in files), package["name"]


def test_every_installed_package_of_the_lock_has_a_licence_that_is_allowed(project):
    command = [sys.executable, project / "benchmarks" / "licences.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "0 of a licence that is not allowed" in done.stdout


@pytest.mark.parametrize(
    ("said", "name", "allowed"),
    [
        ("GNU Lesser General Public License v2 or later (LGPLv2+)", "LGPL-2.1-or-later", True),
        ("GNU General Public License v3 (GPLv3)", "GPL", False),
        ("GNU Affero General Public License v3", "AGPL", False),
        ("BSD License", "BSD-3-Clause", True),
        ("Other/Proprietary License", "Other/Proprietary License", False),
    ],
)
def test_what_people_write_is_read_as_the_licence_it_means(licences, said, name, allowed):
    assert licences.spdx(said) == name
    assert licences.is_allowed(name) == allowed


def test_one_allowed_half_of_an_or_is_enough_and_of_an_and_it_is_not(licences):
    assert licences.is_allowed("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later")
    assert licences.is_allowed("(MIT OR Apache-2.0) AND BSD-3-Clause")
    assert not licences.is_allowed("MIT AND GPL-3.0-only")
    assert not licences.is_allowed("(MIT OR GPL-3.0-only) AND GPL-3.0-only")
    assert not licences.is_allowed("unknown")
