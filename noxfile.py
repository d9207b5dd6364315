"""Jobs for maintainers: nox -s lint tests build."""

from __future__ import annotations

import nox

nox.options.sessions = ["lint", "tests"]
SPELLED = ("caloexport", "converters", "cpp_snippets", "runtime", "docs", "README.md")
PROJECT = nox.project.load_toml("pyproject.toml")


@nox.session
def lint(session: nox.Session) -> None:
    session.install("-e", ".[all]", *nox.project.dependency_groups(PROJECT, "lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("python", "scripts/format_cpp.py", "--check")
    session.run("codespell", *SPELLED)
    session.run("mypy")


@nox.session(python=["3.11", "3.12", "3.13"])
def tests(session: nox.Session) -> None:
    session.install("-e", ".[all]", *nox.project.dependency_groups(PROJECT, "test"))
    session.run("pytest", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    session.install("-e", ".[all]", *nox.project.dependency_groups(PROJECT, "test"))
    session.run("pytest", "--cov", "--cov-report=term-missing:skip-covered", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Remake the generated parts of the documentation."""
    session.install("-e", ".[all]")
    session.run("python", "scripts/make_docs.py")


@nox.session
def build(session: nox.Session) -> None:
    session.install("build")
    session.run("python", "-m", "build")
