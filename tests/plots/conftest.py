import matplotlib as mpl
import pytest


@pytest.fixture(autouse=True)
def fresh_figures():
    mpl.use("agg")
    import matplotlib.pyplot as plt

    with mpl.rc_context():
        yield
    plt.close("all")
