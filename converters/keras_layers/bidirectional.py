"""Bidirectional: a recurrent layer that reads forwards, one that reads backwards, both joined."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from caloexport.converters.keras_layers import Graph, LayerCall, Step, handles
from caloexport.converters.keras_layers.affine import affine
from caloexport.converters.keras_layers.inner_layers import inner_layer, steps_of
from caloexport.converters.keras_layers.steps import Value, after, chain
from caloexport.converters.keras_layers.windows import require_rank

MERGES = {"sum": "add", "ave": "add", "mul": "multiply", "concat": "concatenate"}


@handles("Bidirectional")
def bidirectional(call: LayerCall) -> Graph:
    """Return both directions, the second turned round again where it is a sequence."""
    if len(call.shapes) > 1:
        message = "it starts from a state that is given"
        raise call.unsupported(message, "only the start from zero is supported")
    require_rank(call, 2)
    mode = call.config.get("merge_mode", "concat")
    if mode is not None and mode not in MERGES:
        message = f"it joins its directions by {mode!r:.40}"
        raise call.unsupported(message, f"supported: {', '.join(MERGES)}")
    forwards, backwards = _directions(call)
    if mode is None:
        return Graph((forwards, backwards))
    joined: list[Step] = [Step(MERGES[mode], reads=(forwards, backwards))]
    if mode == "ave":
        joined += affine(call, 0.5, 0.0, (_units(call),))
    return Graph((after(joined),))


def _units(call: LayerCall) -> int:
    return int(call.config["layer"]["config"]["units"])


def _directions(call: LayerCall) -> tuple[Value, Value]:
    item: Any = call.config["layer"]
    back_item: Any = call.config.get("backward_layer")
    given = isinstance(back_item, dict)
    forward_name, backward_name = _names(call, item, back_item if given else None)
    key, forward = inner_layer(call, item, "forward_layer", forward_name, call.shapes[0])
    back_key, backward = inner_layer(
        call, back_item if given else item, "backward_layer", backward_name, call.shapes[0]
    )
    if not given:
        turned = not item["config"].get("go_backwards", False)
        backward = replace(backward, config={**backward.config, "go_backwards": turned})
    back = chain(steps_of(back_key, backward))
    if backward.config.get("return_sequences", False):
        steps = call.shapes[0][0]
        back.append(Step("slice", {"axis": 0, "start": steps - 1, "step": -1, "length": steps}))
    return after(steps_of(key, forward)), after(back)


def _names(call: LayerCall, item: Any, back_item: Any) -> tuple[str, str]:
    """Return the names by which ``.h5`` files group the weights of both directions."""
    name = str(item["config"].get("name"))
    if call.keras_major == 2:
        back = name if back_item is None else str(back_item["config"].get("name"))
        return f"forward_{name}", f"backward_{back}"
    name = name.removeprefix("forward_")
    back = f"backward_{name}" if back_item is None else str(back_item["config"].get("name"))
    return f"forward_{name}", back
