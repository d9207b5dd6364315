from __future__ import annotations

from caloexport.training.publishing.tables import physics_tables


def test_every_kind_of_mesh_that_is_published_has_its_tables() -> None:
    assert physics_tables.names() == ["cylinder", "window"]
