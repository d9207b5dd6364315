"""What a user chooses where a contract leaves something open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from caloexport.converters.contracts import Constant, Form, OneOf
from caloexport.converters.fitting.columns import all_slots
from caloexport.runtime.errors import UnknownName, UsageError
from caloexport.runtime.noise import NoiseLaw

#: for a network that does not say what its inputs mean
OF_BARE_NETWORKS = ("inputs", "latents", "mesh", "noise")
#: of a bare network whose consumer always feeds one and the same
GEOMETRY = "geometry"
#: for files of tensors
OF_TENSORS = {"onnx": ("batch", "dtype")}
NUMBER = r"([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)"
LAW = re.compile(rf"([NU])\({NUMBER},{NUMBER}\)")


def parse_choices(given: Iterable[str]) -> dict[str, str]:
    """Read choices of the form ``name=value``.

    Raises:
        UsageError: not of that form.

    >>> parse_choices(["window=22_High12"])
    {'window': '22_High12'}
    """
    choices = {}
    for text in given:
        name, _, value = text.partition("=")
        if not name or not value:
            message = f"'{text}' is not of the form NAME=VALUE"
            raise UsageError(message, hint="for example --choose window=22_High12")
        choices[name] = value
    return choices


def require_known(choices: Mapping[str, str], form: Form, target: str, contract: str) -> None:
    """Check that a contract leaves every choice open that was made.

    Raises:
        UsageError: it does not.
    """
    slots = [slot.choice for slot in all_slots(form.feeds or ()) if isinstance(slot, OneOf)]
    constants = {slot.role for slot in all_slots(form.feeds or ()) if isinstance(slot, Constant)}
    slots += sorted(constants & {GEOMETRY})
    of_inputs = () if form.feeds is None else OF_BARE_NETWORKS
    known = sorted({*slots, *of_inputs, *OF_TENSORS.get(target, ())})
    for choice in choices:
        if choice not in known:
            message = f"contract {contract} leaves no choice '{choice}'"
            raise UsageError(message, hint=f"choices: {', '.join(known) or 'none'}")


def require_unsaid(choices: Mapping[str, str], name: str) -> None:
    """Refuse what tells about a bare network, for a model that says it itself.

    Raises:
        UsageError: it would have no effect.
    """
    said = [choice for choice in choices if choice in (*OF_BARE_NETWORKS, GEOMETRY)]
    if said:
        message = f"'{name}' says itself what its inputs and outputs mean"
        hint = f"leave out --choose {said[0]}={choices[said[0]]}"
        if said[0] == GEOMETRY:
            hint = "--fix geometry=NAME folds a geometry in"
        raise UsageError(message, hint=hint)


def whole_number(choices: Mapping[str, str], name: str) -> int | None:
    """Return a choice that is a number above zero; None when it was not made.

    Raises:
        UsageError: it is something else.
    """
    text = choices.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text)):
        message = f"{name}={text} is not a whole number above zero"
        raise UsageError(message)
    return int(text)


def numbers(choices: Mapping[str, str], name: str, count: int) -> list[float]:
    """Return a choice that is a list of numbers.

    Raises:
        UsageError: it is something else, or has another length.

    >>> numbers({"geometry": "1,0"}, "geometry", 2)
    [1.0, 0.0]
    """
    text = choices[name]
    parts = text.split(",")
    if len(parts) != count or not all(re.fullmatch(NUMBER, part.strip()) for part in parts):
        message = f"{name}={text} is not a list of {count} numbers"
        hint = f"the values of the input in training, for example {name}=1" + ",0" * (count - 1)
        raise UsageError(message, hint=hint)
    return [float(part) for part in parts]


def noise_law(choices: Mapping[str, str]) -> NoiseLaw | None:
    """Return the law that a network was trained with; None when nobody says.

    Raises:
        UsageError: not of the form ``N(0,1)`` or ``U(-1,1)``.

    >>> noise_law({"noise": "U(-1,1)"})
    NoiseLaw(size=1, law='uniform', a=-1.0, b=1.0)
    """
    text = choices.get("noise")
    if text is None:
        return None
    found = LAW.fullmatch(text.replace(" ", ""))
    if found is None:
        message = f"noise={text} is not of the form N(0,1) or U(-1,1)"
        raise UsageError(message, hint="mean and sigma, or the ends of the interval")
    family, first, second = found.groups()
    return NoiseLaw(1, "normal" if family == "N" else "uniform", float(first), float(second))


def dtype_of(choices: Mapping[str, str], form: Form) -> str:
    """Return the numbers that the tensors outside hold.

    Raises:
        UnknownName: the consumer passes no such numbers.
    """
    dtype = choices.get("dtype", form.dtypes[0])
    if dtype not in form.dtypes:
        raise UnknownName("dtype of this contract", dtype, form.dtypes)
    return dtype
