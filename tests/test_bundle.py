import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from topics import bundle
from topics.bundle import plain_json
from topics.bundle.contents import MEMBERS, dump_terms, load_terms
from topics.errors import BundleError, BundleMismatch, WriteError

CONTENTS = bundle.Contents(
    kind="themes",
    settings={"themes": ["security", "sport"], "c": 0.5, "sublinear_tf": True, "stop_words": None},
    arrays={
        "coef": np.asfortranarray(np.linspace(-1, 1, 6).reshape(2, 3)),
        "counts": np.arange(8, dtype=np.int32)[::2],
        "mask": np.array([True, False]),
        "prior": np.array(0.25),
        "empty": np.zeros((0, 3), dtype=np.float32),
    },
    terms=["كرة", "هجرة", "قمة عربية"],
    text={"rules": {"level": "clitic"}, "frequencies": {"كرة": 12}, "spellings": {"هجره": ["هجرة"]}},
    probes=[{"text": "فاز الفريق بالكأس.", "scores": [0.125, 0.875], "labels": ["sport"]}],
    card="# themes\n\nنموذج\n",
    corpus="3f9a" * 16,
    versions={"python": "3.11", "arabic-topics": "0.1.0", "numpy": "2.4.6"},
)
DTYPES = [np.float64, np.float32, np.int64, np.int32, np.uint8, np.bool_]


def save(tmp_path, contents=CONTENTS, name="m.topics"):
    bundle.write(tmp_path / name, contents)
    return tmp_path / name


def test_what_is_saved_comes_back(tmp_path):
    back = bundle.read(save(tmp_path))
    for name in ("kind", "settings", "terms", "text", "probes", "card", "corpus", "rules", "versions"):
        assert getattr(back, name) == getattr(CONTENTS, name)
    assert list(back.arrays) == sorted(CONTENTS.arrays)
    for name, array in CONTENTS.arrays.items():
        assert back.arrays[name].dtype == array.dtype
        assert back.arrays[name].flags.writeable
        np.testing.assert_array_equal(back.arrays[name], array, strict=True)


def test_equal_contents_are_equal_bytes_whatever_their_memory_order(tmp_path):
    first = save(tmp_path, name="a.topics").read_bytes()
    arrays = {name: np.array(array, order="C") for name, array in reversed(CONTENTS.arrays.items())}
    assert save(tmp_path, replace(CONTENTS, arrays=arrays), "b.topics").read_bytes() == first
    assert save(tmp_path, bundle.read(tmp_path / "a.topics"), "c.topics").read_bytes() == first


def test_the_bytes_of_format_1_never_move(tmp_path):
    # A change here is a new format: raise FORMAT, and keep reading this one.
    import hashlib

    assert bundle.FORMAT == 1
    want = "f1ab4558406f61ce4a3a2cf3f1c0dd565e9a22668c0616814ec19dca40afbd4d"
    assert hashlib.sha256(save(tmp_path).read_bytes()).hexdigest() == want


def test_a_bundle_is_a_zip_of_stored_members_of_one_date(tmp_path):
    with zipfile.ZipFile(save(tmp_path)) as archive:
        assert archive.namelist() == list(MEMBERS)
        assert archive.testzip() is None
        for info in archive.infolist():
            assert info.compress_type == zipfile.ZIP_STORED
            assert info.date_time == (1980, 1, 1, 0, 0, 0)


def test_an_unpacked_bundle_reads_the_same(tmp_path):
    with zipfile.ZipFile(save(tmp_path)) as archive:
        archive.extractall(tmp_path / "folder")
    (tmp_path / "folder" / ".DS_Store").write_bytes(b"anything")
    bundle.write(tmp_path / "again.topics", bundle.read(tmp_path / "folder"))
    assert (tmp_path / "again.topics").read_bytes() == (tmp_path / "m.topics").read_bytes()


def test_a_bundle_packed_by_another_tool_reads_the_same(tmp_path):
    with zipfile.ZipFile(save(tmp_path)) as source, zipfile.ZipFile(tmp_path / "z.topics", "w") as other:
        for name in reversed(source.namelist()):
            info = zipfile.ZipInfo(name, date_time=(2026, 11, 24, 9, 0, 0))
            info.extra = b"UT\x05\x00\x03abcd"
            other.writestr(info, source.read(name))
    assert bundle.read(tmp_path / "z.topics").settings == CONTENTS.settings


def test_the_card_may_be_edited(tmp_path):
    with zipfile.ZipFile(save(tmp_path)) as source, zipfile.ZipFile(tmp_path / "z.topics", "w") as other:
        for name in source.namelist():
            other.writestr(name, "بطاقة أخرى" if name == "README.md" else source.read(name))
    assert bundle.read(tmp_path / "z.topics").card == "بطاقة أخرى"


@given(data=st.data())
def test_any_memory_order_strides_and_dtype_come_back_equal(data):
    dtype = np.dtype(data.draw(st.sampled_from(DTYPES))).newbyteorder(data.draw(st.sampled_from("<>")))
    shape = data.draw(hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=6))
    finite = {"allow_nan": False, "allow_infinity": False} if dtype.kind == "f" else None
    elements = hnp.from_dtype(dtype, **(finite or {}))
    array = data.draw(hnp.arrays(dtype, shape, elements=elements))
    array = np.array(array, order=data.draw(st.sampled_from("CF")))
    if array.ndim:
        step = data.draw(st.sampled_from([1, 2, -1, -3]))
        array = array[::step].transpose(data.draw(st.permutations(range(array.ndim))))
    if data.draw(st.booleans()):
        array = np.broadcast_to(array, (2, *array.shape))
    back = bundle.read_arrays(bundle.write_arrays({"a": array, "b": array}))
    for name in ("a", "b"):
        assert back[name].dtype == array.dtype.newbyteorder("=")
        assert back[name].tobytes() == array.astype(back[name].dtype).tobytes()
        assert back[name].shape == array.shape


def test_an_array_that_safetensors_would_scramble_comes_back_in_order():
    coef = np.arange(6.0).reshape(2, 3).T
    np.testing.assert_array_equal(bundle.read_arrays(bundle.write_arrays({"coef": coef}))["coef"], coef)


def test_a_big_endian_machine_writes_the_same_bytes():
    array = np.linspace(0, 1, 7)
    assert bundle.write_arrays({"a": array.astype(">f8")}) == bundle.write_arrays({"a": array})


@pytest.mark.parametrize(
    ("array", "why"),
    [
        pytest.param(np.array(["كرة"]), "dtype <U3", id="text"),
        pytest.param(np.array(["كرة"], dtype=object), "dtype object", id="objects"),
        pytest.param(np.zeros(2, dtype=np.float16), "dtype float16", id="half"),
        pytest.param(np.zeros(2, dtype=np.uint64), "dtype uint64", id="unsigned"),
        pytest.param(np.zeros(2, dtype=complex), "dtype complex128", id="complex"),
        pytest.param(np.zeros(2, dtype=np.longdouble), "dtype", id="long double"),
        pytest.param(np.zeros(2, dtype=[("a", "f8")]), "dtype", id="record"),
        pytest.param(np.array([1.0, np.nan]), "NaN", id="NaN"),
        pytest.param(np.array([-np.inf]), "infinity", id="infinity"),
        pytest.param(np.ma.masked_array([1.0], mask=[True]), "MaskedArray", id="masked"),
        pytest.param([1.0, 2.0], "a list", id="list"),
        pytest.param(np.zeros((1,) * 9), "9 dimensions", id="dimensions"),
    ],
)
def test_an_array_that_would_not_come_back_is_refused_by_name(array, why):
    with pytest.raises(BundleError, match=f"'theta'.*{why}"):
        bundle.write_arrays({"theta": array})


@pytest.mark.parametrize("name", ["", "__metadata__", "a b", "كرة", "a/b", "x" * 101])
def test_an_array_needs_a_plain_name(name):
    with pytest.raises(BundleError, match="no name for an array"):
        bundle.write_array(name, np.zeros(1))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=8))
def test_terms_come_back_whatever_is_in_them(terms):
    raw = dump_terms(terms)
    assert load_terms(raw) == terms
    assert raw.count(b"\n") == len(terms)


@given(st.lists(st.text(alphabet="\\nr\n\r\u2028\x85ا"), max_size=6))
def test_backslashes_and_line_ends_in_terms_are_not_confused(terms):
    assert load_terms(dump_terms(terms)) == terms


@pytest.mark.parametrize("raw", [b"a", b"\xff\n", b"\\\n", b"a\\x\n", b"\\\\\\\n"])
def test_terms_that_nobody_wrote_are_refused(raw):
    with pytest.raises(BundleError, match=r"terms\.txt"):
        load_terms(raw)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('اب[]{}"\\ab', max_size=4), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


@given(JSON_VALUES)
def test_settings_come_back_as_they_were(value):
    assert plain_json.loads(plain_json.dumps(value, "settings"), "settings") == value


@pytest.mark.parametrize(
    ("value", "why"),
    [
        pytest.param({"a": {1: 2}}, r"settings\.a: 1 is no name", id="key"),
        pytest.param({"a": [float("nan")]}, r"settings\.a\[0\]: nan", id="NaN"),
        pytest.param({"a": 10**5000}, "bits", id="huge"),
        pytest.param({"a": {1, 2}}, "a set cannot", id="set"),
        pytest.param({"a": np.int64(1)}, "a int64 cannot", id="numpy"),
        pytest.param({"a": eval}, "cannot be saved", id="callable"),
        pytest.param({"a": "\ud800"}, "surrogate", id="surrogate"),
    ],
)
def test_a_setting_that_json_would_lose_is_refused_by_name(tmp_path, value, why):
    with pytest.raises(BundleError, match=why):
        save(tmp_path, replace(CONTENTS, settings=value))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b'{"a":1,"a":2}', id="name twice"),
        pytest.param(b"[NaN]", id="NaN"),
        pytest.param(b"[-Infinity]", id="infinity"),
        pytest.param(b"[1e999]", id="too large"),
        pytest.param(b"9" * 5000, id="too many digits"),
        pytest.param(b"[" * 100_000, id="open brackets"),
        pytest.param(b'{"a":' * 50 + b"1" + b"}" * 50, id="deep"),
        pytest.param(b"[" + b"," * 5_000_000 + b"]", id="many values"),
        pytest.param(b'"\xff"', id="not UTF-8"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xef\xbb\xbf[]", id="byte order mark"),
    ],
)
def test_json_that_parsers_disagree_about_is_refused(raw):
    with pytest.raises(BundleError, match="probes"):
        plain_json.loads(raw, "probes")


def test_brackets_inside_strings_are_no_depth():
    assert plain_json.loads(json.dumps({"a": '["\\' * 100}).encode(), "x") == {"a": '["\\' * 100}


@pytest.mark.parametrize("probes", [[], [{"text": "جملة"}], [{"scores": [1.0]}], ["جملة"]])
def test_a_bundle_needs_probes_with_text_and_scores(tmp_path, probes):
    with pytest.raises(BundleError, match="probes"):
        save(tmp_path, replace(CONTENTS, probes=probes))


@pytest.mark.parametrize(
    ("field", "value"), [("kind", "lda"), ("rules", 0), ("corpus", "x" * 300), ("versions", {"a": 1})]
)
def test_a_field_that_could_not_be_read_is_not_written(tmp_path, field, value):
    with pytest.raises(BundleError, match=f"{field} is n"):
        save(tmp_path, replace(CONTENTS, **{field: value}))


def test_the_largest_bundle_to_read_can_be_set(tmp_path):
    path = save(tmp_path)
    size = path.stat().st_size
    assert bundle.read(path, max_bytes=size).kind == "themes"
    with pytest.raises(BundleError, match=f"set max_bytes={size}"):
        bundle.read(path, max_bytes=size - 1)


def test_probes_within_the_tolerance_pass():
    got = [{**CONTENTS.probes[0], "scores": [0.125 + 5e-10, np.float64(0.875)]}]
    bundle.check_probes(CONTENTS, got)
    topics = replace(CONTENTS, kind="topics")
    bundle.check_probes(topics, [{**CONTENTS.probes[0], "scores": [0.125 + 5e-6, 0.875]}])


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"scores": [0.125 + 2e-9, 0.875]}, id="score"),
        pytest.param({"scores": [float("nan"), 0.875]}, id="NaN"),
        pytest.param({"scores": [0.125]}, id="fewer scores"),
        pytest.param({"labels": ["security"]}, id="label"),
        pytest.param({"labels": []}, id="no label"),
        pytest.param({"more": 1}, id="other form"),
    ],
)
def test_probes_that_come_out_otherwise_are_an_error_with_both_versions(change):
    got = [{**CONTENTS.probes[0], **change}]
    made = replace(CONTENTS, versions={**bundle.versions(), "numpy": "1.0.0"}, rules=7)
    with pytest.raises(BundleMismatch, match=r"m.topics.*rules 7, numpy 1\.0\.0; here rules 1, numpy 2"):
        bundle.check_probes(made, got, path="m.topics")
    with pytest.warns(UserWarning, match=r"numpy 1\.0\.0"):
        bundle.check_probes(made, got, allow_mismatch=True)


def test_equal_versions_do_not_excuse_other_scores():
    made = replace(CONTENTS, versions=bundle.versions())
    assert bundle.same_versions(made)
    assert not bundle.same_versions(replace(made, rules=2))
    with pytest.raises(BundleMismatch, match="settings were edited"):
        bundle.check_probes(made, [])


def test_describe_gives_json_values(tmp_path):
    facts = bundle.describe(save(tmp_path))
    assert json.loads(json.dumps(facts)) == facts
    assert facts["kind"] == "themes"
    assert facts["n_terms"] == 3
    assert facts["arrays"]["coef"] == {"dtype": "float64", "shape": [2, 3], "bytes": 48}


@pytest.mark.parametrize("name", ["نموذج 1.topics", "a b.topics", "line\nbreak.topics", "rtl\u202e.topics"])
def test_any_file_name_that_the_system_allows_works(tmp_path, name):
    assert bundle.read(save(tmp_path, name=name)).kind == "themes"


def test_a_symbolic_link_is_written_and_read_through(tmp_path):
    (tmp_path / "link.topics").symlink_to(tmp_path / "real.topics")
    assert bundle.read(save(tmp_path, name="link.topics")).kind == "themes"
    assert (tmp_path / "link.topics").is_symlink()


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(WriteError, match="its folder does not exist"):
        save(tmp_path / "none")


def test_the_errors_of_contents_name_the_file_and_leave_the_old_one(tmp_path):
    old = save(tmp_path).read_bytes()
    with pytest.raises(BundleError, match=r"m\.topics: array 'x'"):
        save(tmp_path, replace(CONTENTS, arrays={"x": np.array([np.nan])}))
    assert (tmp_path / "m.topics").read_bytes() == old


def test_reading_imports_no_heavy_library(tmp_path):
    code = (
        "import sys, topics.bundle as b; heavy = {'sklearn', 'gensim', 'pandas', 'numba', 'scipy', 'safetensors'};"
        "assert not (heavy | {'numpy'}) & set(sys.modules);"
        f"b.read({str(save(tmp_path))!r}); print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "[]\n", done.stderr


def test_arrays_read_from_a_stream_that_gives_little_at_a_time():
    from topics.bundle.archive import Reader
    from topics.bundle.arrays import take_arrays

    class Slow(io.BytesIO):
        def readinto(self, view):
            return super().readinto(view[:3])

    data = bundle.write_arrays({"a": np.arange(9.0)})
    np.testing.assert_array_equal(take_arrays(Reader(Slow(data), len(data)))["a"], np.arange(9.0))
