"""Masks, where the user says that there is nothing to hide.

A mask hides steps from recurrent layers; a network of ours has a fixed number of steps, all of
them real. LWTNN has no masks either: its converters leave them out, and its callers give the real
steps alone. So a model that comes with LWTNN's variables file is read the same way.
"""

from __future__ import annotations

from typing import Any


def without_masks(model: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """Return the configuration without masks, and whether there were any.

    >>> masking = {"class_name": "Masking", "config": {"name": "m", "mask_value": 0.0}}
    >>> without_masks({"class_name": "Sequential", "config": [masking]})[0]["config"]
    [{'class_name': 'Activation', 'config': {'name': 'm', 'activation': 'linear'}}]
    """
    found: list[bool] = []
    return _unmasked(model, found), bool(found)


def _unmasked(value: Any, found: list[bool]) -> Any:
    if isinstance(value, list):
        return [_unmasked(entry, found) for entry in value]
    if not isinstance(value, dict):
        return value
    config = value.get("config")
    if value.get("class_name") == "Masking" and isinstance(config, dict):
        found.append(True)
        config = {key: entry for key, entry in config.items() if key != "mask_value"}
        return {**value, "class_name": "Activation", "config": {**config, "activation": "linear"}}
    if value.get("mask_zero") is True:  # of an Embedding
        found.append(True)
        value = {**value, "mask_zero": False}
    return {key: _unmasked(entry, found) for key, entry in value.items()}
