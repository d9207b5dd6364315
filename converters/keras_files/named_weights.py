"""Weights of an ``.h5`` model: ``model_weights/LAYER/…/kernel`` (``kernel:0`` in Keras 2).

The weights of a nested model all stand in the group of the outermost layer, under a path that
ends in the inner layer's name and the weight's name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from caloexport.converters.keras_files.hdf5 import Budget, member, read_weight
from caloexport.converters.keras_files.model_config import LayerSpec, ModelSpec
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError

LARGEST_DEPTH = 32
LARGEST_COUNT = 10_000

Place = tuple[str, ...]


class NamedWeights:
    """The weights of one layer where groups carry the layers' names (``.h5``).

    Args:
        root: the opened HDF5 file.
        path: the models that the layer is inside of, each with its layer on the way.
        budget: bytes that may be read.
    """

    def __init__(
        self, root: Any, path: Sequence[tuple[ModelSpec, LayerSpec]], budget: Budget
    ) -> None:
        self._path = tuple(layer.name for _, layer in path)
        self._budget = budget
        top = member(member(root, "model_weights", budget.where), self._path[0], budget.where)
        self._places = dict(_walk(top, (), budget.where))

    def read(self, names: Sequence[str]) -> dict[str, Array]:
        """Return the weights of these names."""
        own = self._own_places()
        found = {}
        for name in names:
            places = [place for place in own if place[-1].partition(":")[0] == name]
            if len(places) != 1:
                problem = "is missing" if not places else f"is there {len(places)} times"
                message = f"weight '{name}' of layer '{'/'.join(self._path)}' {problem}"
                raise InputFileError(
                    message, where=self._budget.where, hint="save the model as .keras"
                )
            found[name] = self._read(places[0])
        return found

    def read_all(self) -> list[Array]:
        """Return all weights of the layer."""
        return [self._read(place) for place in self._own_places()]

    def _read(self, place: Place) -> Array:
        return read_weight(self._places[place], self._budget, "/".join(place))

    def _own_places(self) -> list[Place]:
        """Return the places below the longest part of the path that tells the layer apart."""
        if len(self._path) == 1:
            return list(self._places)
        own = [place for place in self._places if place[-2:-1] == self._path[-1:]]
        exact = [place for place in own if place[:-1][-len(self._path) :] == self._path]
        nearer = [place for place in own if place[-3:-1] == self._path[-2:]]
        return exact or nearer or own


def _walk(group: Any, prefix: Place, where: str) -> Iterator[tuple[Place, Any]]:
    """Yield every data set below a group with its path."""
    import h5py

    pending, count = [(prefix, group)], 0
    while pending:
        path, found = pending.pop()
        count += 1
        if count > LARGEST_COUNT or len(path) > LARGEST_DEPTH:
            message = "its groups of weights are nested without end"
            raise InputFileError(message, where=where, hint="the file is damaged or hostile")
        if isinstance(found, h5py.Dataset):
            yield path, found
        elif found is not None:
            names = list(found)[:LARGEST_COUNT]
            pending += [((*path, name), member(found, name, where)) for name in reversed(names)]
