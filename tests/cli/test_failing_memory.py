"""FAULTS.md 33: more articles than there is memory, under a limit that the system keeps."""

from __future__ import annotations

import json
import random
import subprocess
import sys

import pytest

LIMITED = """
import resource, sys
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
from topics.cli import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.load
@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep no limit of a process's data")
def test_more_text_than_a_process_may_hold_is_sorted(tmp_path, seed):
    """768 MiB under a limit of 512 MiB (2 GiB under 1 GiB: benchmarks/load.py). Each article with a word that no other has, as names are in news; three words of ten from a common stock."""
    path, out = tmp_path / "news.jsonl", tmp_path / "sorted.csv"
    draw = random.Random(seed)
    stock = ["".join(draw.choices("بتثجحخدذرزسشصضطظعغفقكلمنهوي", k=5)) for _ in range(50_000)]
    n_articles = 0
    with path.open("w", encoding="utf-8") as file:
        while file.tell() < 768 << 20:
            for _ in range(1000):
                words = draw.choices(stock, k=40)
                text = " ".join([*words * 4, f"ك{n_articles:x}", "وقالت الشرطة إن المنتخب فاز في المباراة"])
                file.write(json.dumps({"id": str(n_articles), "text": text}, ensure_ascii=False) + "\n")
                n_articles += 1
    command = [sys.executable, "-c", LIMITED, str(512 << 20), "sort", str(path), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert f"{n_articles:,} sorted" in done.stdout
    with out.open(encoding="utf-8") as rows:
        assert sum(1 for _ in rows) == n_articles + 1
