"""Fuzz targets for a time each, and print for each how many inputs it took and what was found.

    python -m fuzzing [TARGET ...] [--seconds 600] [--seed 0] [--engine auto] [--found DIR]

Each target runs in a process of its own, so that a crash of a library is a finding like any other: an exception that
is no answer, more than 30 seconds, or more than 256 MiB for one input. What was found lies in --found as the input and the
traceback; mend its cause, then move the input to tests/fuzz/kept/TARGET, where the tests replay it. atheris, where it is
installed, follows the branches of the code; else inputs are drawn from the seed alone.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from fuzzing import work


def main() -> int:
    asked = _arguments()
    if asked.child:
        return work.child(
            asked.target[0], asked.seconds, asked.seed, asked.engine, Path(asked.found), Path(asked.child)
        )
    from fuzzing.targets import targets

    known = targets()
    if unknown := set(asked.target) - set(known):
        print(f"no target {', '.join(sorted(unknown))}; known: {', '.join(known)}")
        return 2
    engine = asked.engine
    if engine == "auto":
        engine = "atheris" if importlib.util.find_spec("atheris") else "own"
    found = 0
    for name in asked.target or known:
        found += run(name, asked.seconds, asked.seed, engine, Path(asked.found) / name)
    return int(found > 0)


def run(name: str, seconds: float, seed: int, engine: str, found: Path) -> int:
    """One target for so many seconds, begun again where a process died; how many findings there are."""
    found.mkdir(parents=True, exist_ok=True)
    end, total, peak, died = time.monotonic() + seconds, 0, 0, 0
    before = set(found.glob("*.txt"))
    began = time.monotonic()
    while (left := end - time.monotonic()) > 1 and died < 20:
        with tempfile.TemporaryDirectory() as held:
            command = [sys.executable, "-m", "fuzzing", name, "--seconds", f"{left:.0f}", "--engine", engine]
            command += ["--seed", str(seed + died), "--found", str(found), "--child", held]
            try:
                done = subprocess.run(
                    command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=left + 120, check=False
                )
                code, said = done.returncode, done.stderr
            except subprocess.TimeoutExpired as late:
                code, said = "no answer", late.stderr or b""
            state = work.read_state(Path(held))
            total, peak = total + state["inputs"], max(peak, state["peak"])
            if code != 0:
                died += 1
                work.keep_crash(
                    found, Path(held), f"the process ended with {code}\n{said[-4000:].decode('utf-8', 'replace')}"
                )
    n_found = len(set(found.glob("*.txt")) - before)
    took = time.monotonic() - began
    print(
        f"{name:10} {total:9,} inputs in {took:5.0f} s ({engine}), findings: {n_found}, peak memory {peak >> 20:,} MiB",
        flush=True,
    )
    for path in sorted(set(found.glob("*.txt")) - before):
        print(f"    {path.with_suffix('.bin')}: {path.read_text(encoding='utf-8').strip().splitlines()[-1][:160]}")
    return n_found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fuzzing", description=__doc__.partition("\n")[0])
    parser.add_argument("target", nargs="*", help="all of them when none is named")
    parser.add_argument("--seconds", type=float, default=600, help="for each target")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--engine", choices=("auto", "atheris", "own"), default="auto")
    parser.add_argument("--found", default="tests/fuzz/found", help="the folder for what is found")
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
