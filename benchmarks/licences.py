"""The licences of what is installed, held against those that a permissive package may rest on.

    python benchmarks/licences.py [--all]

Prints a table of licence and packages; `--all` has a line for each package. A package of uv.lock whose licence is not
allowed, or unknown, is named and the exit code is 1; what somebody installed beside them is only named. What a package says
of itself is believed: the field License-Expression, else its classifiers, else the field License. Nothing is asked of the
network.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

ALLOWED = frozenset(
    (
        *("MIT", "MIT-0", "MIT-CMU", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "ISC", "Zlib", "Unlicense", "CC0-1.0"),
        *(
            "Apache-2.0",
            "Apache-2.0 WITH LLVM-exception",
            "PSF-2.0",
            "Python-2.0",
            "HPND",
            "BSL-1.0",
            "Unicode-3.0",
            "NCSA",
        ),
        *("MPL-2.0", "LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-or-later", "CNRI-Python", "OFL-1.1", "W3C"),
    )
)
"""SPDX names. Copyleft of files or of libraries binds those who change them, which nobody here does; GPL is not allowed."""
NAMES = (
    (r"\bAGPL|Affero", "AGPL"),
    (r"LGPL.*2|Lesser General Public License v2|LGPLv2", "LGPL-2.1-or-later"),
    (r"LGPL|Lesser General Public", "LGPL-3.0-or-later"),
    (r"\bGPL|GNU General Public", "GPL"),
    (r"Apache", "Apache-2.0"),
    (r"MPL|Mozilla", "MPL-2.0"),
    (r"2-Clause|Simplified BSD", "BSD-2-Clause"),
    (r"BSD", "BSD-3-Clause"),
    (r"MIT-CMU|HPND|Historical Permission", "HPND"),
    (r"\bMIT\b|Expat", "MIT"),
    (r"PSF|Python Software Foundation|Python License", "PSF-2.0"),
    (r"ISC\b", "ISC"),
    (r"Unlicense|Public Domain", "Unlicense"),
    (r"zlib", "Zlib"),
)
"""What people write, to SPDX names; the first that is found, so that LGPL is not read as GPL."""
KNOWN = {
    # Its COPYING: public domain and BSD; the one file under the GPL, an Emacs mode, is not in the wheel.
    "docutils": "Unlicense AND BSD-2-Clause AND BSD-3-Clause AND PSF-2.0",
}
"""Packages whose classifiers say more than is installed."""
LOCK = Path(__file__).resolve().parent.parent / "uv.lock"


def licence_of(package: metadata.Distribution) -> str:
    """The licence as an SPDX expression, or what the package says where that cannot be told."""
    about = package.metadata
    if expression := about.get("License-Expression"):
        return expression
    if known := KNOWN.get(about["Name"].lower()):
        return known
    classified = [
        line.rpartition(" :: ")[2] for line in about.get_all("Classifier", []) if line.startswith("License ::")
    ]
    said = [name for name in classified if name != "OSI Approved"] or [(about.get("License") or "").strip()[:300]]
    return " AND ".join(dict.fromkeys(spdx(text) for text in said)) or "unknown"


def spdx(text: str) -> str:
    """The SPDX name of what people write."""
    if text in ALLOWED:
        return text
    return next(
        (name for pattern, name in NAMES if re.search(pattern, text, re.IGNORECASE)), text.partition("\n")[0][:60]
    )


def is_allowed(expression: str) -> bool:
    """Whether an expression can be met with allowed licences alone: any part of OR, all parts of AND."""
    while "(" in expression and (inner := re.search(r"\(([^()]*)\)", expression)):
        whole = "MIT" if is_allowed(inner[1]) else "refused"
        expression = expression[: inner.start()] + whole + expression[inner.end() :]
    eithers = re.split(r"\s+OR\s+", expression.strip())
    return any(all(part.strip() in ALLOWED for part in re.split(r"\s+AND\s+", either)) for either in eithers)


def locked() -> set[str]:
    """The packages that uv.lock names."""
    return {package["name"] for package in tomllib.loads(LOCK.read_text(encoding="utf-8"))["package"]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="a line for each package")
    asked = parser.parse_args()
    found = {package.metadata["Name"]: (licence_of(package), package.version) for package in metadata.distributions()}
    packages = sorted(found.items(), key=lambda item: item[0].lower())
    if asked.all:
        for name, (licence, version) in packages:
            print(f"{name:32} {version:14} {licence}")
    else:
        by_licence: dict[str, list[str]] = {}
        for name, (licence, _) in packages:
            by_licence.setdefault(licence, []).append(name)
        for licence, names in sorted(by_licence.items(), key=lambda item: (-len(item[1]), item[0])):
            print(f"{len(names):4}  {licence}: {', '.join(names[:8])}{' ...' if len(names) > 8 else ''}")
    named = locked()
    own = {name for name in found if re.sub(r"[-_.]+", "-", name).lower() in named}
    refused = [f"{name} {version}: {licence}" for name, (licence, version) in packages if not is_allowed(licence)]
    wrong = [line for line in refused if line.partition(" ")[0] in own]
    print(f"{len(own)} packages of uv.lock, {len(wrong)} of a licence that is not allowed")
    for line in wrong:
        print(f"not allowed: {line}")
    if beside := sorted(set(found) - own - {"pip", "setuptools"}):
        print(f"installed beside them, no part of the project: {', '.join(beside)}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
