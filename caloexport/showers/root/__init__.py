"""ROOT files through uproot: opened, read basket by basket and written, without ROOT."""
