"""The bench as a page."""

from __future__ import annotations

from itertools import groupby

from caloexport.bench.results import Results
from caloexport.bench.tables import HEADINGS, LEGEND, cells, title_of
from caloexport.report.page import Page


def make_page(results: Results) -> str:
    """Return the page with one table per workload, batch and cache state."""
    machine = results.machine
    libraries = ", ".join(f"{name} {v}" for name, v in machine.get("libraries", {}).items())
    lead = f"{machine.get('cpu')}, {machine.get('system')}, Python {machine.get('python')}"
    page = Page("caloexport bench", f"{lead}, {libraries}")
    for (workload, batch, cache), rows in groupby(results.rows, title_of):
        page.heading(f"{workload}, batch {batch}, {cache}")
        page.table(HEADINGS, [cells(row) for row in rows])
    page.paragraph(LEGEND)
    return page.render()
