"""The index of a comparison of several models: verdicts, tables, and a link to the page of each."""

from __future__ import annotations

from collections.abc import Mapping

from caloexport.report.html.comparison_page import Context
from caloexport.report.html.page_tables import of_rich
from caloexport.report.models_table import tables_of_models
from caloexport.report.page import Page
from caloexport.validation.models_compared import ModelsCompared


def models_page(
    found: ModelsCompared, contexts: Mapping[str, Context], links: Mapping[str, str]
) -> Page:
    """Return the index.

    Args:
        found: the models, compared.
        contexts: of the report of each model, by its name.
        links: to the page of each model, by its name.
    """
    reference = next(iter(found.verdicts.values())).reference
    first = next(iter(contexts.values()))
    date = f", {first.date}" if first.date else ""
    lead = f"against {reference}; thresholds of the profile {first.profile}{date}"
    page = Page(f"{len(found.verdicts)} models", lead)
    for name, verdict in found.verdicts.items():
        told = "; ".join(text for text in (verdict.because, verdict.open_text) if text)
        page.verdict(verdict.passed, told, link=(links[name], name))
    for table in tables_of_models(found):
        shown = of_rich(table)
        page.heading(shown.title)
        page.table(
            [one.heading for one in shown.columns],
            shown.rows,
            [one.number for one in shown.columns],
        )
        if shown.caption:
            page.paragraph(shown.caption)
    page.heading("made with")
    page.table(["", ""], first.machine)
    return page
