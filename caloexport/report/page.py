"""One page of a report: headings, paragraphs, tables and pictures, printable, no network needed."""

from __future__ import annotations

import html
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from string import Template
from urllib.parse import quote

RIGHT = ' class="number"'


class Page:
    """A page that is put together from top to bottom.

    >>> page = Page("Title", "what it is about")
    >>> page.table(["a", "b"], [["x", 1.5]])
    >>> '<td class="number">1.5</td>' in page.render()
    True
    """

    def __init__(self, title: str, lead: str) -> None:
        self._title = title
        self._lead = lead
        self._parts: list[str] = []

    def heading(self, text: str) -> None:
        """Begin a section."""
        self._parts.append(f"<h2>{html.escape(text)}</h2>")

    def paragraph(self, text: str) -> None:
        """Add a paragraph."""
        self._parts.append(f"<p>{html.escape(text)}</p>")

    def verdict(self, passed: bool, text: str, link: tuple[str, str] | None = None) -> None:
        """Add a paragraph that begins with a coloured pass or fail.

        Args:
            passed: which of them.
            text: behind it.
            link: name of a file beside the page, and the words that lead there, before the text.
        """
        word = "pass" if passed else "fail"
        place = ""
        if link is not None:
            name, words = link
            place = f"<a {_reference(name)}>{html.escape(words)}</a> "
        self._parts.append(f'<p><span class="{word}">{word}</span> {place}{html.escape(text)}</p>')

    def table(
        self,
        headings: Sequence[str],
        rows: Sequence[Sequence[object]],
        right: Sequence[bool] = (),
    ) -> None:
        """Add a table; numbers are aligned to the right.

        Args:
            headings: of the columns.
            rows: numbers, or anything that is written.
            right: for each column, whether texts in it are aligned to the right, too.
        """
        sides = right or [False] * len(headings)
        head = "".join(
            f"<th{RIGHT if side else ''}>{html.escape(text)}</th>"
            for text, side in zip(headings, sides, strict=True)
        )
        body = "".join(f"<tr>{''.join(map(_cell, row, sides))}</tr>" for row in rows)
        self._parts.append(f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>')

    def picture(self, name: str, caption: str) -> None:
        """Add a picture that lies beside the page."""
        text = html.escape(caption)
        self._parts.append(
            f'<figure class="paper"><img src="{html.escape(name)}" alt="{text}">'
            f"<figcaption>{text}</figcaption></figure>"
        )

    def drawing(self, svg: str, caption: str) -> None:
        """Add a drawing as part of the page.

        Args:
            svg: markup that we made; it is not escaped.
            caption: text.
        """
        text = html.escape(caption)
        self._parts.append(f'<figure class="paper">{svg}<figcaption>{text}</figcaption></figure>')

    def render(self) -> str:
        """Return the page as HTML."""
        folder = files("caloexport.report")
        template = Template((folder / "page.html").read_text("utf-8"))
        return template.substitute(
            style=(folder / "style.css").read_text("utf-8"),
            title=html.escape(self._title),
            lead=html.escape(self._lead),
            body="\n".join(self._parts),
        )

    def write(self, path: Path) -> None:
        """Write the page."""
        path.write_text(self.render(), encoding="utf-8")


def _cell(value: object, right: bool) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
        return f'<td class="number">{text}</td>'
    return f"<td{RIGHT if right else ''}>{html.escape(str(value))}</td>"


def links_to(text: str, name: str) -> bool:
    """Say whether the text of a page links to a file beside it.

    >>> links_to('see <a href="report-gan.html">gan</a>', "report-gan.html")
    True
    """
    return _reference(name) in text


def _reference(name: str) -> str:
    return f'href="{html.escape(quote(name))}"'
