r"""The file format of trained models: settings, arrays, terms in and out; nothing in it is ever executed.

A bundle is one file ``name.topics``: a zip whose members are stored, in one order, with one date, so
equal models are equal bytes. It is read member by member into memory and never extracted; the same
members as a folder are read too. This package knows no model: `topics.models` checks the settings,
rebuilds the model and scores the probes.

===================  ===========================================================================
bundle.json          format, rules, kind, settings, versions, corpus, the SHA-256 and size of each
                     member, and its own SHA-256, taken with that field blank
arrays.safetensors   every number that affects a prediction
terms.txt            one term a line; ``\\``, ``\n`` and ``\r`` stand for backslash and line ends
text.json            text rules and frequencies, spellings
probes.json          sentences written for the project, with their scores
README.md            the model card; not hashed, people edit it
===================  ===========================================================================

Version policy. The *format* number rises when these members change their meaning; this package reads
every format up to its own and names the release that reads a newer one. In every format bundle.json
is a stored member that hashes itself as above and holds format and versions. The *rules* number rises
when the same settings give other terms for any text; together with the library versions it never
refuses a bundle by itself: the probes decide (`check_probes`). Hashes tell damage, not malice: what
makes an edited bundle harmless is that it holds nothing but checked numbers and text.
"""

from __future__ import annotations

from topics.bundle.arrays import read_arrays, write_array, write_arrays
from topics.bundle.contents import KINDS, Contents
from topics.bundle.manifest import same_versions
from topics.bundle.probes import TOLERANCES, check_probes
from topics.bundle.storage import MAX_BYTES, describe, read, write
from topics.bundle.versions import FORMAT, RULES, versions

__all__ = [
    "FORMAT",
    "KINDS",
    "MAX_BYTES",
    "RULES",
    "TOLERANCES",
    "Contents",
    "check_probes",
    "describe",
    "read",
    "read_arrays",
    "same_versions",
    "versions",
    "write",
    "write_array",
    "write_arrays",
]
