"""The run folder that a training leaves."""

from __future__ import annotations

from pathlib import Path

from caloexport.converters.keras_files.read import read_keras_model
from caloexport.converters.keras_origin import origin_of
from caloexport.converters.readers import Choices, Reader, readers
from caloexport.converters.run_folder import MANIFEST, read_run
from caloexport.runtime.consistency import check_fit
from caloexport.runtime.fields import blame_file
from caloexport.runtime.generator import Generator


class RunFolderReader(Reader):
    """A decoder and what its inputs and outputs mean."""

    isolated = True
    libraries = ("h5py",)
    uses = ("steps",)
    summary = "a run folder"

    def recognises(self, path: Path, start: bytes) -> bool:
        return path.is_dir() and (path / MANIFEST).exists()

    def read(self, path: Path, choices: Choices) -> Generator:
        run = read_run(path)
        model = read_keras_model(run.decoder, choices.steps)
        if run.sampling is not None:
            with blame_file(str(path)):
                check_fit(run.sampling, model.network)
        return Generator.from_network(
            model.network,
            run.sampling,
            name=run.name,
            provenance={**run.provenance, **origin_of(run.decoder, model)},
        )


readers.register("run folder")(RunFolderReader())
