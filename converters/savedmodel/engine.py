"""What the two backends of TensorFlow share: they open a folder that our target wrote."""

from __future__ import annotations

import tempfile
from pathlib import Path

from caloexport.converters.targets import targets
from caloexport.runtime.backends import Backend, Executor
from caloexport.runtime.errors import OutputFileError
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Manifest, weightless_network
from caloexport.runtime.network import Network


class FolderBackend(Backend):
    """TensorFlow on the CPU, on a folder of its target."""

    module = "tensorflow"
    extra = "train"

    def write(self, folder: Path, network: Network, manifest: Manifest) -> None:
        """Write a prepared network, without a proof, into an empty folder."""
        raise NotImplementedError

    def executor(self, folder: Path, manifest: Manifest, threads: int) -> Executor:
        """Open a folder, which may vanish once it is open.

        Raises:
            InputFileError: damaged, or not what the manifest says.
        """
        raise NotImplementedError

    def supports(self, manifest: Manifest) -> bool:
        network = weightless_network(manifest.network, manifest.name)
        return not targets[self.target].refusals(network)

    def prepare(self, generator: Generator, *, threads: int = 1) -> Executor:
        network = targets[self.target].prepare(generator.network)
        with tempfile.TemporaryDirectory() as place:
            try:
                self.write(Path(place), network, generator.manifest)
            except OSError as error:
                message = f"cannot be written: {error.strerror or error}"
                raise OutputFileError(message, where=place, hint="set TMPDIR") from error
            return self.executor(Path(place), generator.manifest, threads)
