"""lwtnn's map interface, as in Athena's FastCaloSim and Geant4's Par04: it computes in float64."""

from __future__ import annotations

from caloexport.bench.lwtnn_peer import LwtnnPeer
from caloexport.bench.peers import peers

peers.register("lwtnn-graph")(LwtnnPeer("lwtnn_graph.cc"))
