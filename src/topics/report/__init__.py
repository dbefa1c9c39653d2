"""Small tables and articles to one HTML file that anybody can open, today and in ten years.

The file needs no network and no other file, and runs no script but its own (a content security policy
with that script's hash says so to the browser). Articles past the first 5,000 are in further files beside it, each
complete in itself. Text of articles, labels and terms reaches a file through `topics.display` and Jinja's escaping
only. Equal arguments give equal bytes. A report knows no run and no model: what it shows is what it is handed.
"""

from topics.report.articles import EXCERPT_WORDS, TEXTS, ReportArticle
from topics.report.page import MAX_ARTICLES, render, write_report
from topics.report.paging import further_files
from topics.report.tables import citation

__all__ = [
    "EXCERPT_WORDS",
    "MAX_ARTICLES",
    "TEXTS",
    "ReportArticle",
    "citation",
    "further_files",
    "render",
    "write_report",
]
