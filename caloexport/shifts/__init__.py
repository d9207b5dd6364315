"""Shifts: what a coarser file does to every observable of the showers, with paired latents."""
