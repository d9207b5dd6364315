"""Heads: what a decoder's last layers emit and how that becomes energies; one file each.

A head is settings (section [output], ``kind`` names it) that build Keras layers, and that turn
their output into fractions of the incident energy inside a training step. ``OutputMap`` is the
same meaning for everyone who samples the exported decoder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from caloexport.runtime.arrays import Float32
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.mesh import Mesh
from caloexport.runtime.output_maps import OutputMap
from caloexport.runtime.registry import Registry
from caloexport.training.settings import read_section


class Head(Protocol):
    """The last layers of a decoder, as settings."""

    def output_map(self, threshold_mev: float) -> OutputMap:
        """Return the meaning of the saved decoder's output."""

    def build(self, x: Any, mesh: Mesh, seeds: Iterator[int]) -> Any:
        """Apply the last layers to a Keras tensor (batch, width); return the decoder's output."""

    def start(self, decoder: Any, mesh: Mesh, mean: Float32) -> None:
        """Set the weights of the last layers that training starts from, where not at random.

        Args:
            decoder: Keras model whose last layers :meth:`build` made.
            mesh: the cells.
            mean: (cells,) mean fraction of E_inc; 0 where no training shower has energy.

        Raises:
            UsageError: the head cannot emit such showers.
        """

    def fractions(self, outputs: Any, mesh: Mesh, scale: Float32) -> Any:
        """Return the cells as fractions of E_inc (batch, cells), differentiable.

        Args:
            outputs: TensorFlow tensor, what the layers of :meth:`build` gave.
            mesh: the cells.
            scale: (cells,) see :meth:`scale`.
        """

    def targets(self, cells: Any, mesh: Mesh, scale: Float32) -> tuple[Any, Any]:
        """Return what the layers of :meth:`build` should give for true showers, in a graph.

        Args:
            cells: (batch, cells) fractions of E_inc.
            mesh: the cells.
            scale: (cells,) see :meth:`scale`.

        Returns:
            (batch, outputs), and as many numbers that are 0 where there is no such output to
            compare with, else 1.
        """

    def scale(self, typical: Float32) -> Float32:
        """Return what the cells are multiplied with while training, to be near 1 before.

        Args:
            typical: (cells,) size of each cell's fraction in the training showers.
        """

    def fold(self, decoder: Any, scale: Float32) -> None:
        """Multiply the last layers of a copy of the decoder with the scale, for the file."""


heads: Registry[type[Head]] = Registry("head", "caloexport.training.heads", "caloexport.heads")


def read_head(section: Mapping[str, Any], where: str) -> Head:
    """Make a head of the section [output].

    Raises:
        InputFileError: no ``kind``.
        UnknownName: no such head, or no such setting of it.

    >>> read_head({"kind": "cells", "activation": "relu"}, "[output]").activation
    'relu'
    """
    if not isinstance(section.get("kind"), str):
        message = "has no 'kind'"
        raise InputFileError(message, where=where, hint=f"one of {', '.join(heads.names())}")
    settings = {k: v for k, v in section.items() if k != "kind"}
    return read_section(heads[section["kind"]], settings, where)
