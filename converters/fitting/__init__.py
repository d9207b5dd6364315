"""Fitting: make a generator meet a contract, exactly, or say which demand it cannot meet."""
