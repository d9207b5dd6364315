"""Weights of a ``.keras`` file: ``layers/dense_3/vars/0``.

Groups are named by class and counter, not by layer. Keras 3 writes the layer's name into the
attribute ``name`` of the ``vars`` group; Keras 2 and the first Keras 3 do not, and there the
counter follows the order of the layers in the configuration. Keras 2.12 and 2.13 list each layer
with weights twice and count both (source: keras 2.13.1, engine/functional.py and
saving/saving_lib.py). Variables are numbered in their order of creation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from caloexport.converters.keras_files.hdf5 import Budget, member, read_weight, text_attribute
from caloexport.converters.keras_files.model_config import LayerSpec, ModelSpec
from caloexport.converters.keras_files.named_weights import walk
from caloexport.converters.keras_layers.class_names import snake_case
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError

#: that of Keras 2.12 and 2.13
TWICE = "_layer_checkpoint_dependencies"
CONTAINERS = ("layers", TWICE)


class NumberedWeights:
    """The weights of one layer where groups carry class and counter (``.keras``).

    Args:
        root: the opened HDF5 file.
        path: the models that the layer is inside of, each with its layer on the way.
        budget: bytes that may be read.
        attributes: of wrappers, down to the layer that they hold.
    """

    def __init__(
        self,
        root: Any,
        path: Sequence[tuple[ModelSpec, LayerSpec]],
        budget: Budget,
        attributes: tuple[str, ...] = (),
    ) -> None:
        self._root, self._path, self._budget = root, path, budget
        self._attributes = attributes
        self._layer = "/".join((path[-1][1].name, *attributes))

    def inside(self, attribute: str, name: str | None) -> NumberedWeights:
        """Return the weights of a layer that a wrapper holds in ``attribute``."""
        attributes = (*self._attributes, attribute)
        return NumberedWeights(self._root, self._path, self._budget, attributes)

    def read(self, names: Sequence[str]) -> dict[str, Array]:
        """Return the weights of these names."""
        arrays = self.read_all()
        if len(arrays) != len(names):
            message = (
                f"layer '{self._layer}' has {len(arrays)} weights, expected {len(names)} "
                f"({', '.join(names)})"
            )
            raise InputFileError(message, where=self._budget.where, hint="the file is damaged")
        return dict(zip(names, arrays, strict=True))

    def read_all(self) -> list[Array]:
        """Return all weights in their order."""
        group = self._root
        for model, layer in self._path:
            group = self._child(group, model, layer)
        for attribute in self._attributes:
            group = member(group, attribute, self._budget.where)
        variables = member(group, "vars", self._budget.where)
        if variables is None:
            return []
        arrays = []
        for key in sorted(variables, key=lambda key: (len(key), key)):
            dataset = member(variables, key, self._budget.where)
            arrays.append(read_weight(dataset, self._budget, f"{self._layer}/{key}"))
        return arrays

    def _child(self, group: Any, model: ModelSpec, layer: LayerSpec) -> Any:
        where = self._budget.where
        for container_name in CONTAINERS:
            container = member(group, container_name, where)
            if container is None:
                continue
            named = self._by_attribute(container)
            step = 2 if container_name == TWICE else 1
            key = named.get(layer.name) if named else self._counted(container, model, layer, step)
            found = member(container, key, where) if key else None
            if found is not None:
                return found
        message = f"the file holds no weights for layer '{layer.name}'"
        raise InputFileError(message, where=where, hint="the file is damaged")

    def _by_attribute(self, container: Any) -> dict[str, str]:
        """Return the group of each layer by the name that it carries."""
        named: dict[str, str] = {}
        for key in container:
            variables = member(member(container, key, self._budget.where), "vars", "")
            name = None if variables is None else text_attribute(variables, "name")
            if name in named:
                message = f"two groups of weights are for layer '{name}'"
                raise InputFileError(message, where=self._budget.where)
            if name is not None:
                named[name] = key
        return named

    def _counted(self, container: Any, model: ModelSpec, layer: LayerSpec, step: int) -> str:
        """Return ``dense_3`` for the fourth layer of class Dense.

        Args:
            step: how much a layer with weights counts.
        """
        name = snake_case(layer.class_name)
        count = 0
        for other in model.layers:
            key = name + (f"_{count}" if count else "")
            if other.name == layer.name:
                break
            if not other.is_operation and snake_case(other.class_name) == name:
                count += step if step == 1 or self._holds_weights(container, key) else 1
        return key

    def _holds_weights(self, container: Any, key: str) -> bool:
        group = member(container, key, self._budget.where)
        return group is not None and next(walk(group, (), self._budget.where), None) is not None
