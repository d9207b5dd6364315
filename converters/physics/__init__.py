"""Physics: a generator as one network, from named conditions to cell energies in MeV."""
