"""Adapting a trained generator to a detector, a particle or an angle that it has not seen.

An adaptation is a training that starts from the weights of another run, on few showers and for few
updates; its folder is that of any run.

Source: MetaHEP, D. Salamani, A. Zaborowska, W. Pokorski, Phys. Lett. B 844 (2023) 138079.
"""

from __future__ import annotations
