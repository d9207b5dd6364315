"""lwtnn's fast interface in float32, the quickest that the library has."""

from __future__ import annotations

from caloexport.bench.lwtnn_peer import LwtnnPeer
from caloexport.bench.peers import peers

peers.register("lwtnn-fastgraph")(LwtnnPeer("lwtnn_fastgraph.cc"))
