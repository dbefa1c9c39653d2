"""One look for every plot, and the one guard for Arabic: shaped, in a font that has it, or refused.

Plots take the light or dark style that is set, put RLM where a label needs it, never parse ``$`` as
mathematics, and raise PlotError for a character that the font would draw as an empty box.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache, wraps
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar
from zlib import crc32

from topics.display import one_line, plot_label
from topics.errors import PlotError, SettingsError, suggest

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Mode = Literal["light", "dark"]
_P = ParamSpec("_P")
_R = TypeVar("_R")

FONT = "DejaVu Sans"
"""Ships with matplotlib and joins Arabic right."""

# Okabe & Ito's blue, purple, green and vermillion, and four more found by search: contrast at least 3
# on white and on the dark ground, CIE Lab distance at least 17 between any two as people with normal,
# protan, deutan and tritan sight see them (Machado et al. 2009).
PALETTE = ("#0072b2", "#cc79a7", "#009e73", "#d55e00", "#8811ff", "#ee1155", "#bb66ff", "#dd00bb")
NONE_COLOR = "#808080"
"""Of articles without a theme, and of what only serves for comparison."""
PLAIN = "#55869c"
"""Of what is of no theme, such as lengths, topics or a whole corpus: a theme's color says that it is the theme's."""

_SHARED: Any = {
    "font.family": [FONT],
    "font.size": 12.0,
    "text.parse_math": False,  # headlines contain $
    "axes.titlesize": 13.0,
    "axes.labelsize": 12.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.titlepad": 10.0,
    "figure.figsize": (6.4, 4.0),
    "figure.dpi": 100.0,
    "figure.constrained_layout.w_pad": 0.08,
    "figure.constrained_layout.h_pad": 0.08,
    "savefig.dpi": 150.0,
    "lines.linewidth": 2.0,
    "legend.frameon": False,
    "legend.fontsize": 11.0,
    "svg.fonttype": "none",  # Arabic stays text, for the browser to shape, select and search
    "svg.hashsalt": "topics",
}
_GROUNDS = {"light": ("#ffffff", "#1b1b1b", "#dcdcdc"), "dark": ("#16181d", "#ececec", "#3a3e47")}


def use_style(mode: Mode = "light") -> None:
    """Set the look of all plots from here on; refuse a matplotlib that cannot draw Arabic right.

    Parameters
    ----------
    mode : {"light", "dark"}
        Dark letters on white, or light ones on near black.
    """
    import matplotlib as mpl

    require_arabic()
    mpl.rcParams.update(_settings(mode))


@contextmanager
def styled(mode: Mode = "light") -> Iterator[None]:
    """As `use_style`, inside a ``with`` block only.

    Parameters
    ----------
    mode : {"light", "dark"}
        Dark letters on white, or light ones on near black.
    """
    import matplotlib as mpl

    require_arabic()
    with mpl.rc_context(_settings(mode)):
        yield


def theme_colors(keys: Iterable[str], colors: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """The color of each theme: its own from themes.toml, else one that its key decides.

    A theme keeps its color whatever the order of the keys, and in nearly every selection of them;
    up to eight themes never share one. Beyond eight, colors repeat.

    Parameters
    ----------
    keys : iterable of str
        Theme keys; ``none`` is gray.
    colors : mapping of str to str, optional
        Colors of some themes, such as ``#1b7f5c``.

    Returns
    -------
    dict of str to str
        Key to color, in the order of the keys.
    """
    wanted = list(dict.fromkeys(keys))
    given = {key: color for key, color in (colors or {}).items() if color}
    taken = dict.fromkeys(given.values(), 1)
    found: dict[str, str] = {}
    for key in sorted(set(wanted) - set(given) - {"none"}):
        start = crc32(b"topics " + key.encode()) % len(PALETTE)
        choice = [PALETTE[(start + step) % len(PALETTE)] for step in range(len(PALETTE))]
        found[key] = min(choice, key=lambda color: taken.get(color, 0))
        taken[found[key]] = taken.get(found[key], 0) + 1
    return {key: given.get(key) or found.get(key, NONE_COLOR) for key in wanted}


def missing_glyphs(text: str) -> str:
    """The characters of a text that the font would draw as empty boxes, each once, in order."""
    known = _glyphs()
    return "".join(
        char
        for char in dict.fromkeys(text)
        if ord(char) not in known and unicodedata.category(char) not in ("Cf", "Zs", "Cc")
    )


def label(text: object, width: int = 40) -> str:
    """One line for matplotlib: hidden controls shown, at most `width` code points, every character drawable."""
    line = "".join(map(_drawable, one_line(str(text), width)))
    if missing := missing_glyphs(line):
        codes = ", ".join(f"U+{ord(char):04X}" for char in missing[:5])
        raise PlotError(
            f"the font {FONT} has no sign for {codes} in {line!r}; name it without, e.g. through missing_glyphs"
        )
    return plot_label(line)


def _drawable(char: str) -> str:
    """The character, or what it is short for where only that can be drawn: one sign for a whole word."""
    if not missing_glyphs(char):
        return char
    spelled = unicodedata.normalize("NFKC", char)
    return char if missing_glyphs(spelled) else spelled


def to_svg(figure: Figure) -> str:
    """The figure as one ``<svg>`` element, the same bytes for equal figures; Arabic stays text.

    Parameters
    ----------
    figure : Figure
        As ``ax.figure`` gives it.

    Returns
    -------
    str
        Without XML declaration, ready to stand in a page.
    """
    import matplotlib as mpl

    require_arabic()
    buffer = BytesIO()
    with mpl.rc_context({key: value for key, value in _SHARED.items() if key.startswith("svg.")}):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    page = buffer.getvalue().decode("utf-8")
    element = page[page.index("<svg") :]
    # A browser takes each label's direction from its first strong letter, as matplotlib does; where the
    # label starts must not depend on the page around it.
    rule = '<style type="text/css">text{direction:ltr;unicode-bidi:plaintext}'
    return element.replace('<style type="text/css">', rule, 1)


def ground_color() -> str:
    """The color behind what is drawn, in the style that is set."""
    import matplotlib as mpl

    return str(mpl.rcParams["axes.facecolor"])


def grid_color() -> str:
    """The color of lines that only help the eye, in the style that is set."""
    import matplotlib as mpl

    return str(mpl.rcParams["grid.color"])


def ink_on(ground: Any) -> str:
    """White or black, whichever is read more easily on that color."""
    from matplotlib.colors import to_rgb

    # Relative luminance and contrast as WCAG 2 defines them.
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(ground)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else "#000000"


def require_arabic() -> None:
    """Refuse a matplotlib that would draw Arabic letters detached, or a font without them."""
    from matplotlib import ft2font

    if getattr(ft2font, "__libraqm_version__", None) is None:
        raise PlotError("matplotlib >= 3.11 is needed to shape Arabic; run: pip install -U matplotlib")
    if missing := missing_glyphs("اأبتثجحخدذرزسشصضطظعغفقكلمنهوىيةء،"):
        raise PlotError(f"the font {FONT} lacks {len(missing)} Arabic letters; run: pip install -U matplotlib")


def draws(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Draw in the style that is set, guard before it and settle every text after it."""

    @wraps(function)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        import matplotlib as mpl

        # Before rc_context, which would take back the notebook backend's settings when it leaves.
        import matplotlib.pyplot as plt  # noqa: F401
        from matplotlib.text import Text

        require_arabic()
        with mpl.rc_context(_settings(_mode())):
            drawn = function(*args, **kwargs)
        axes: list[Any] = drawn if isinstance(drawn, list) else [drawn]
        for ax in axes:
            for text in ax.findobj(Text):
                text.set_fontfamily(FONT)
                text.set_parse_math(False)
        return drawn

    return guarded


def new_axes(ax: Axes | None, height: float = 4.0, width: float = 6.4) -> Axes:
    """The axes to draw on; new ones of that many inches where none were given."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def choose(known: Sequence[str], name: str, what: str) -> str:
    """The name if it is known; else an error that suggests one."""
    if name not in known:
        raise SettingsError(f"{what} has no {name!r}{suggest(name, known)}")
    return name


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[int]:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    try:
        path = findfont(FontProperties(family=[FONT]), fallback_to_default=False)
    except ValueError:
        raise PlotError(f"matplotlib finds no font {FONT}; run: pip install -U matplotlib") from None
    return frozenset(get_font(path).get_charmap())


def _mode() -> Mode:
    """Dark when figures are dark now, by `use_style` or by anyone else."""
    import matplotlib as mpl
    from matplotlib.colors import to_rgb

    ground = mpl.rcParams["figure.facecolor"]
    return "dark" if sum(to_rgb(ground)) < 1.5 else "light"


def _settings(mode: str) -> Any:
    ground, ink, grid = _GROUNDS[choose(tuple(_GROUNDS), mode, "the style")]
    inks = ("text.color", "axes.edgecolor", "axes.labelcolor", "axes.titlecolor", "xtick.color", "ytick.color")
    grounds = ("figure.facecolor", "axes.facecolor", "savefig.facecolor")
    return _SHARED | dict.fromkeys(inks, ink) | dict.fromkeys(grounds, ground) | {"grid.color": grid}
