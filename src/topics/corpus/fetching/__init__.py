"""Public corpora of Arabic news, from their publishers to a folder corpus: on their terms, whole, verified.

The folder holds articles.jsonl, README.md with licence and citation, fetched.json for the next run, and the
publisher's files as they came. Nothing is fetched before the licence is accepted, and nothing twice.
"""

from __future__ import annotations

from topics.corpus.fetching.catalogue import Entry, File, find_entry, read_catalogue
from topics.corpus.fetching.corpus import Fetched, fetch
from topics.corpus.fetching.transport import Patience

__all__ = ["Entry", "Fetched", "File", "Patience", "fetch", "find_entry", "read_catalogue"]
