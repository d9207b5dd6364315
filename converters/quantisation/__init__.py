"""Rounding for our own artifact, in which showers lose least: with calibration, free at run time."""
