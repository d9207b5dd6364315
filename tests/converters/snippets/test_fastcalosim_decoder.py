from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.converters.contract import apply_contract
from caloexport.converters.export import export
from caloexport.converters.snippets_for import write_snippets
from caloexport.converters.targets import Options
from caloexport.runtime.errors import UsageError
from tests.cpp import generators

NAME = "neural_net_22_eta_20_25_High12"


def test_weights_that_fastcalosim_does_not_find_are_refused(tmp_path: Path) -> None:
    choices = {"window": "22_High12"}
    generator = apply_contract(generators.layered(), "fastcalosim-v2", "cpp", choices=choices)
    path = tmp_path / f"{NAME}.h"
    for options, told in (
        (Options(embed=True), "inside the header"),
        (Options(weights=tmp_path / "w.safetensors"), r"in w\.safetensors"),
    ):
        export(generator, "cpp", path, verify=False, options=options)
        with pytest.raises(UsageError, match=told):
            write_snippets("fastcalosim-decoder", path, tmp_path / "slice")
    export(generator, "cpp", path, verify=False)
    written = write_snippets("fastcalosim-decoder", path, tmp_path / "slice")
    assert {f"{NAME}.h", f"{NAME}.safetensors", "gan_network.h", "binning.xml"} <= set(
        written.files
    )
