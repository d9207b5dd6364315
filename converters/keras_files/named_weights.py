"""Weights of an ``.h5`` file: ``LAYER/…/kernel`` (``kernel:0`` in Keras 2).

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
        layers: the group that holds one group for each layer; None if there is none.
        path: the models that the layer is inside of, each with its layer on the way.
        budget: bytes that may be read.
        inside: names of layers that wrappers hold, down to the one that is meant.
    """

    def __init__(
        self,
        layers: Any | None,
        path: Sequence[tuple[ModelSpec, LayerSpec]],
        budget: Budget,
        inside: tuple[str, ...] = (),
    ) -> None:
        self._layers, self._models, self._budget, self._inside = layers, path, budget, inside
        self._path = tuple(layer.name for _, layer in path)
        self.layer, self.where = self._path[-1], budget.where
        top = member(layers, self._path[0], budget.where)
        self._places = dict(walk(top, (), budget.where))

    def names(self) -> list[str]:
        """Return the names of the layer's weights, without the ``:0`` of TensorFlow."""
        return [_name(place) for place in self._own_places()]

    def read(self, names: Sequence[str]) -> dict[str, Array]:
        """Return the weights of these names."""
        own = self._own_places()
        found = {}
        for name in names:
            places = [place for place in own if _name(place) == name]
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

    def inside(self, attribute: str, name: str | None) -> NamedWeights:
        """Return the weights of a layer called ``name`` that a wrapper holds."""
        inside = self._inside if name is None else (*self._inside, name)
        return NamedWeights(self._layers, self._models, self._budget, inside)

    def _read(self, place: Place) -> Array:
        return read_weight(self._places[place], self._budget, "/".join(place))

    def _own_places(self) -> list[Place]:
        """Return the places of the layer, and of the one inside it that is meant."""
        return [
            place for place in self._layer_places() if all(name in place for name in self._inside)
        ]

    def _layer_places(self) -> list[Place]:
        """Return the places below the longest part of the path that tells the layer apart."""
        if len(self._path) == 1:
            return list(self._places)
        own = {
            place: place[: _last(self._path[-1], place) + 1]
            for place in self._places
            if self._path[-1] in place[:-1]
        }
        exact = [place for place, to in own.items() if to[-len(self._path) :] == self._path]
        nearer = [place for place, to in own.items() if to[-2:] == self._path[-2:]]
        return exact or nearer or list(own)


def _last(name: str, place: Place) -> int:
    """Return the position of a name in a path, the last if there are several."""
    return max(k for k, part in enumerate(place[:-1]) if part == name)


def _name(place: Place) -> str:
    return place[-1].partition(":")[0]


def walk(group: Any, prefix: Place, where: str) -> Iterator[tuple[Place, Any]]:
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
