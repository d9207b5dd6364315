"""FastV: the variational autoencoder of Geant4's example Par04 and of MetaHEP."""

from __future__ import annotations
