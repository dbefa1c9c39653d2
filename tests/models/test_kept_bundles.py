"""A bundle of every format that was ever written is kept, and loads with equal probes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from topics import bundle, load
from topics.models.loading import scored

KEPT = sorted((Path(__file__).resolve().parent.parent / "bundles").glob("*.topics"))


def test_every_format_has_a_bundle_of_either_kind():
    names = {path.stem for path in KEPT}
    assert names == {f"{kind}-format-{n}" for kind in bundle.KINDS for n in range(1, bundle.FORMAT + 1)}


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_a_kept_bundle_loads_and_gives_the_scores_it_was_saved_with(path):
    contents = bundle.read(path)
    kind, number = re.fullmatch(r"(\w+)-format-(\d+)", path.stem).groups()
    assert contents.kind == kind
    assert int(number) <= bundle.FORMAT
    model = load(path)
    bundle.check_probes(contents, scored(model, [str(probe["text"]) for probe in contents.probes]))
