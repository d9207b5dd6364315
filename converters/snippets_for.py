"""Write the snippets of a framework for an artifact: a folder that is complete."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from caloexport.converters.cpp.facts import Facts, facts_of
from caloexport.converters.cpp.physics import physics_headers
from caloexport.converters.cpp.references import reference_showers
from caloexport.converters.cpp.templates import render
from caloexport.converters.open import open_model
from caloexport.converters.snippets import Snippet, snippets
from caloexport.converters.targets import targets
from caloexport.converters.verify import target_of
from caloexport.cpp_snippets import folder
from caloexport.runtime.errors import UnsupportedError, UsageError
from caloexport.runtime.files import atomic_output

TEMPLATE = ".jinja"


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes:
        folder: with sources and artifact.
        files: names in it, sorted.
        snippet: entry of the registry.
        facts: of the artifact.
    """

    folder: Path
    files: tuple[str, ...]
    snippet: Snippet
    facts: Facts


def write_snippets(name: str, artifact: Path, place: Path) -> Written:
    """Write sources for a framework, filled in from an artifact's manifest.

    Args:
        name: entry of the registry of snippets.
        artifact: that the framework will load; a copy goes into the folder.
        place: the folder; one that holds other files is left alone.

    Raises:
        UnknownName: no such snippet.
        UnsupportedError: the framework does not load this format, or not this generator.
        InputFileError: the artifact is missing or damaged.
        UsageError: the folder would replace the artifact.
        OutputFileError: the folder holds other files, or cannot be written.
    """
    snippet = snippets[name]
    target_name, target = target_of(artifact)
    if artifact.name == "generator.h":
        message = "is the name of a file that every snippet has"
        raise UsageError(message, where=str(artifact), hint="convert to another file with -o")
    if target_name not in snippet.targets:
        message = f"snippet {name} takes {', '.join(snippet.targets)}, not {target_name}"
        hint = f"caloexport convert MODEL --to {snippet.targets[0]}"
        hint += f" --contract {snippet.contract}" if snippet.contract else ""
        raise UnsupportedError(message, where=str(artifact), hint=hint)
    manifest = target.proof(artifact).manifest
    _require_contract(name, snippet, manifest.provenance.get("contract"), artifact, target_name)
    bare = facts_of(manifest, ())  # refuses a bare network before it is evaluated
    reason = snippet.refuse(bare) if snippet.refuse else None
    if reason is not None:
        raise UnsupportedError(reason, where=str(artifact))
    references = reference_showers(manifest, open_model(artifact))
    facts = facts_of(manifest, references, target=target_name, artifact=artifact.name)
    if place.exists() and artifact.resolve().is_relative_to(place.resolve()):
        message = "the artifact lies in the folder that would be replaced"
        raise UsageError(message, where=str(artifact), hint="write to another folder with -o")
    with atomic_output(place, folder=True) as temporary:
        for file in targets[target_name].files(artifact):
            (shutil.copytree if file.is_dir() else shutil.copy2)(file, temporary / file.name)
        for file_name, text in _texts(name, snippet, facts, artifact).items():
            (temporary / file_name).write_text(text)
        files = tuple(sorted(one.name for one in temporary.iterdir()))
    return Written(place, files, snippet, facts)


def _require_contract(
    name: str, snippet: Snippet, found: object, artifact: Path, target: str
) -> None:
    if snippet.contract is None or found == snippet.contract:
        return
    made_for = f"was made for {found}" if found else "was made for no contract"
    message = f"{made_for}, snippet {name} needs {snippet.contract}"
    hint = f"caloexport convert MODEL --to {target} --contract {snippet.contract}"
    raise UnsupportedError(message, where=str(artifact), hint=hint)


def _texts(name: str, snippet: Snippet, facts: Facts, artifact: Path) -> dict[str, str]:
    """Return every text file of a folder by its name."""
    more = snippet.variables(facts, artifact) if snippet.variables else {}
    variables = {"g": facts, "snippet": snippet, **more}
    # a generated decoder has all of it inside
    found = {} if facts.target == "cpp" else physics_headers(facts)
    found["generator.h"] = render("snippets/generator.h.jinja", variables)
    for file in sources(name, facts.target):
        relative = file.relative_to(folder()).as_posix()
        filled = file.suffix == TEMPLATE
        text = render(relative, variables) if filled else file.read_text()
        found[file.name.removesuffix(TEMPLATE) if filled else file.name] = text
    return found


def sources(name: str, target: str) -> list[Path]:
    """Return the sources and templates of a snippet for a target."""
    root = folder() / "snippets" / name
    own = [one for place in (root, root / target) if place.is_dir() for one in place.iterdir()]
    snippet = snippets[name]
    shared = [folder() / path for path in (*snippet.shared, *snippet.shared_of.get(target, ()))]
    return sorted(one for one in (*own, *shared) if one.is_file())
