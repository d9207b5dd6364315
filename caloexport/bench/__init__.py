"""The bench: what a shower costs on this machine, in time, memory and start-up.

Every backend runs in a process of its own, all pinned to the same core and to one thread. In each
round they take turns, in alternating order, while the others wait; ratios are medians of the
ratios within a round, so a noisy neighbour disturbs both sides. The bandwidth probe takes its
turn like a backend.

Two spans are timed. *Shower*: conditions in, cell energies in MeV out, noise included, through
``Generator.sample_into``; the budget is about it. *Network*: network input to network output
alone, the backend's own call with buffers bound once where it offers that; it is what compares
with the bandwidth limit and with other engines.
"""

from __future__ import annotations
