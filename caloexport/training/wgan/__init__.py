"""Wasserstein GAN with gradient penalty and several critics, after ATLAS' DNNCaloSim."""

from __future__ import annotations
