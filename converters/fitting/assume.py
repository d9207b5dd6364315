"""Take a network that does not say what its inputs mean for what the consumer feeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from caloexport.converters.contracts import Cells, Constant, Contract, Feed, Latents, OneOf
from caloexport.converters.fitting.choices import GEOMETRY, noise_law, numbers, whole_number
from caloexport.converters.fitting.columns import Layout, all_slots, chosen, lay_out
from caloexport.converters.fitting.matching import Match, match_inputs
from caloexport.converters.fitting.parts import parts_of
from caloexport.converters.fitting.wiring import described, from_law, require_family
from caloexport.converters.rewrites.rearrange import flattened
from caloexport.converters.rewrites.rewire import Wire, rewire
from caloexport.runtime.encodings import Encoding, Term
from caloexport.runtime.errors import UnsupportedError, UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import CylinderMesh, Mesh, n_cells
from caloexport.runtime.network import Network
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap, output_maps


def assume(
    generator: Generator, name: str, contract: Contract, target: str, choices: Mapping[str, str]
) -> tuple[Generator, Layout]:
    """Give a bare network the consumer's own inputs, and the consumer's meaning of them.

    The network then takes the consumer's vector. It gets a sampling too, where the contract knows
    the cells; else it stays bare.

    Raises:
        UnsupportedError: sizes of inputs or outputs do not fit.
        UsageError: the inputs fit in several ways.
    """
    form = contract.forms[target]
    assert form.feeds is not None
    count = whole_number(choices, "latents")
    network = generator.network
    match = match_inputs(network.inputs, parts_of(form.feeds, count), choices.get("inputs"), name)
    layout = lay_out(form.feeds, _latents(form.feeds, match), _terms(form.feeds, choices, name))
    inputs = {feed.name: (width,) for feed, width in layout.feeds}
    law = noise_law(choices) or layout.noise
    require_family(law, layout.noise, name)
    code = _code(match, choices, name)
    network = rewire(network, inputs, _wires(match, layout, law, code))
    mesh = _mesh(form.cells, choices)
    text, sampling = f"inputs are {match}; latents {described(law)}", None
    text += f"; {GEOMETRY} is {choices[GEOMETRY]}" if code else ""
    if mesh is not None:
        network = flattened(network)
        sampling = _sampling(network, contract, layout, form.cells, mesh, name)
        text += f"; output {form.cells.kind} on {' x '.join(map(str, mesh.shape))} cells"
    provenance = {**generator.manifest.provenance, "assumed": text}
    made = Generator.from_network(
        network, sampling, name=generator.manifest.name, provenance=provenance
    )
    return made, layout


def _latents(feeds: tuple[Feed, ...], match: Match) -> list[int]:
    """Return the number of latents in each run; those that the network does not know are usual."""
    sizes = []
    for part in parts_of(feeds):
        slot = part.slots[0][1]
        if isinstance(slot, Latents):
            usual = slot.size if isinstance(slot.size, int) else 0
            sizes.append(match.sizes.get(part.role, usual))
    return sizes


def _terms(feeds: tuple[Feed, ...], choices: Mapping[str, str], name: str) -> dict[int, Term]:
    """Return a term for each choice; any will do for the columns when the user says nothing."""
    terms = {}
    for slot in all_slots(feeds):
        if isinstance(slot, OneOf):
            key = chosen(slot, (), choices, name) if slot.choice in choices else None
            terms[id(slot)] = slot.terms[key or next(iter(slot.terms))]
    return terms


def _code(match: Match, choices: Mapping[str, str], name: str) -> list[float]:
    """Return the geometry that the user folds in where the consumer always feeds the same one."""
    if GEOMETRY not in choices:
        return []
    size = match.sizes.get(GEOMETRY)
    if size is None:
        message = f"{GEOMETRY}={choices[GEOMETRY]} has no use: the network has no such input"
        raise UsageError(message, hint=f"it meets contract {name} without; leave it out")
    return numbers(choices, GEOMETRY, size)


def _wires(match: Match, layout: Layout, law: NoiseLaw, code: Sequence[float]) -> list[Wire]:
    wires: list[Wire] = []
    scale, offset = from_law(law, layout.noise)
    for group in match.groups:
        for part in group:
            if part.role == GEOMETRY and code:
                wires += [Wire(None, 1.0, value) for value in code]
                continue
            for position, slot in part.slots:
                column = layout.columns[position]
                places = range(column.start, column.start + column.width)
                if isinstance(slot, Latents):
                    wires += [Wire(place, scale, offset) for place in places]
                else:
                    wires += [Wire(place) for place in places]
                if isinstance(slot, Constant) and not slot.declared:
                    wires.append(Wire(None, 1.0, slot.value))
    return wires


def _mesh(cells: Cells, choices: Mapping[str, str]) -> Mesh | None:
    """Return the consumer's mesh, or the one that the user sets at the consumer."""
    text = choices.get("mesh")
    if text is None or not isinstance(cells.mesh, CylinderMesh) or not cells.settable:
        return cells.mesh
    sizes = text.split("x")
    if len(sizes) != 3 or not all(s.isascii() and s.isdigit() and len(s) < 8 for s in sizes):
        message = f"mesh={text} is not of the form 18x50x45"
        raise UsageError(message, hint="numbers of cells in r, phi and z")
    n_r, n_phi, n_z = map(int, sizes)
    given = cells.mesh
    return CylinderMesh(n_r, n_phi, n_z, None, None, given.order, given.phi_origin_rad)


def _sampling(
    network: Network, contract: Contract, layout: Layout, cells: Cells, mesh: Mesh, name: str
) -> Sampling:
    assert cells.kind is not None
    output = OutputMap(cells.kind, cells.parameters, cells.threshold_mev)
    expected = output_maps[cells.kind].n_outputs(mesh, cells.parameters)
    if network.n_outputs != expected:
        size = " x ".join(map(str, mesh.shape))
        message = (
            f"contract {name} reads {n_cells(mesh)} outputs ({size} cells), the network has "
            f"{network.n_outputs}"
        )
        hint = "--choose mesh=18x50x45 tells another number of cells" if cells.settable else None
        raise UnsupportedError(message, hint=hint)
    terms = terms_of(layout)
    used = {term.condition for term in terms} | {"energy_mev"}
    conditions = tuple(c for c in contract.assumed if c.name in used)
    return Sampling(layout.noise, conditions, Encoding(terms), output, mesh)


def terms_of(layout: Layout, ignored: frozenset[int] = frozenset()) -> tuple[Term, ...]:
    """Return the columns behind the latents as terms; those that feed nothing are zeros.

    Args:
        layout: of the consumer.
        ignored: starts of columns that feed nothing.
    """
    terms: list[Term] = []
    for column in layout.columns:
        if isinstance(column.slot, Latents):
            continue
        if isinstance(column.slot, Term) and column.start not in ignored:
            terms.append(column.slot)
            continue
        value = 0.0 if isinstance(column.slot, Term) else column.slot.value
        zero = Term("constant", "energy_mev", {"value": value})
        terms += [zero] * column.width
    return tuple(terms)
