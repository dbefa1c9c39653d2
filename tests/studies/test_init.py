from __future__ import annotations

from pathlib import Path

import pytest

from topics import studies


def test_what_is_offered_has_a_home_and_resolves():
    assert studies.__all__ == sorted(studies._MODULES)
    for name in studies.__all__:
        assert callable(getattr(studies, name))
    with pytest.raises(AttributeError, match="no attribute 'prevalance'"):
        studies.prevalance  # noqa: B018


def test_no_module_stands_in_the_place_of_a_function():
    modules = {path.stem for path in Path(studies.__file__).parent.glob("*.py")}
    assert not modules & set(studies.__all__)
