"""Variational autoencoder of ATLAS' calorimeter cells, with an inverse autoregressive flow."""

from __future__ import annotations
