# SPDX-License-Identifier: Apache-2.0
"""optimizer.pt of the Trainer, optimizer.bin of accelerate: how many parameters the run updated, and how often.

The optimizer keeps a running mean of the gradient's size for each parameter it changes, so their shapes tell what was
trained: also when layers were frozen and no other file says so. Only the pickle's opcodes are read (core.scan.symbolic).
Keys: torch/optim/adam.py, sgd.py, adafactor of transformers/optimization.py, bitsandbytes/optim/optimizer.py.
"""

import math
import struct
from collections.abc import Iterator, Mapping
from typing import Any

from core.scan.formats.torch_file import read_torch
from core.scan.formats.torch_tensors import Collector, entries
from core.scan.formats.zip_directory import directory, read_member
from core.scan.guarded import Source
from core.scan.numbers import whole
from core.scan.symbolic import Made, Name
from core.scan.types import Entry, Found, Item, NotMine
from core.texts import text

NAME = "optimizer_file"
EVERY_PLACE = False
_LIKE_THE_WEIGHT = ("exp_avg", "momentum_buffer", "state1", "exp_avg_sq", "sum", "square_avg")
_OF_FASTAI = ("grad_avg", "sqr_avg")
_KNOWN = frozenset(
    (
        *_LIKE_THE_WEIGHT, "step", "max_exp_avg_sq", "state2", "qmap1", "qmap2", "max1", "max2", "new_max1", "new_max2",
        "absmax1", "absmax2", "gnorm_vec", "unorm_vec", "exp_avg_sq_row", "exp_avg_sq_col", "RMS", "grad_avg", "acc_delta",
    )
)  # fmt: skip
"""An optimizer with other keys (GaLore, APOLLO) may keep less than the weight's shape: it says nothing here."""
_MOST = 100_000
_PLAIN = {"F32": "<f", "F64": "<d", "I64": "<q", "I32": "<i"}
"""How the count of updates may be kept."""


def matches(entry: Entry) -> bool:
    """optimizer.pt or optimizer.bin."""
    return entry.name in ("optimizer.pt", "optimizer.bin")


def read(source: Source) -> Iterator[Item]:
    """The number of parameters updated, when every one of them has its entry. Raises CannotRead."""
    told = list(state_facts(read_torch(source).symbols.value, source, ""))
    if not told:
        yield NotMine(text("scan_files.optimizer.other"))
        return
    # Beside a trainer's own count this one says nothing new: it leaves out the updates that fp16 had to skip.
    alone = "trainer_state.json" not in source.siblings
    yield from (fact for fact in told if alone or fact.name != "steps")


def state_facts(value: Any, source: Source, where: str) -> Iterator[Found]:
    """Parameters and updates of an optimizer's state that stands at `where` in a pickled file; none when it is incomplete.

    Raises CannotRead.
    """
    top = entries(value)
    if isinstance(top.get("state"), list) and "hypers" in top:
        yield from _of_fastai(top["state"], source, where)
        return
    state, groups = entries(top.get("state")), top.get("param_groups")
    count = _updated(state, source.size) if _complete(state, groups) else None
    if count is None:
        return
    path = f"{where}.state" if where else "state"
    yield Found("parameters_trainable", count, path, text("scan_files.optimizer.note"))
    if steps := updates(state, source):
        yield Found("steps", steps, f"{path}.step", text("scan_files.optimizer.steps"))


def _of_fastai(listed: list[Any], source: Source, where: str) -> Iterator[Found]:
    """fastai keeps a list with a state for each parameter, which is empty for what was never trained (fastai, optimizer.py)."""
    states = [entries(one) for one in listed[:_MOST]]
    shapes = [
        next((shape for key in _OF_FASTAI if (shape := _shape(one.get(key), source.size))), None)
        for one in states
    ]
    counted = sum(math.prod(shape) for shape in shapes if shape)
    if counted and len(listed) <= _MOST:
        yield Found("parameters_trainable", counted, f"{where}.state", text("scan_files.optimizer.note"))
    # The last layers are often trained for some epochs before the others.
    if steps := max((whole(one.get("step"), 1) or 0 for one in states), default=0):
        yield Found("steps", steps, f"{where}.state.step", text("scan_files.optimizer.steps"))


def updates(state: Mapping[Any, Any], source: Source) -> int | None:
    """Updates of the first parameter: a plain number, or the one number of a tensor, read from the zip's own member."""
    kept = next((entries(one).get("step") for one in state.values()), None)
    if not isinstance(kept, Made):
        return whole(kept, 1)
    into = Collector(source.size)
    if (
        not isinstance(kept.of, Name)
        or not kept.of.name.startswith("_rebuild_tensor")
        or not into.add("", kept)
    ):
        return None
    if into.tensors[0].shape or into.tensors[0].dtype not in _PLAIN:
        return None
    key, offset = str(kept.arguments[0].arguments[2]), kept.arguments[1]
    if offset or not key.isdecimal():
        return None
    members = directory(source)
    member = next((one for name, one in members.items() if name.endswith(f"/data/{key}")), None)
    if member is None:
        return None
    data = read_member(source, member, 64, stored=True)
    form = _PLAIN[into.tensors[0].dtype]
    return whole(struct.unpack_from(form, data)[0], 1) if len(data) >= struct.calcsize(form) else None


def _complete(state: Mapping[Any, Any], groups: Any) -> bool:
    """Whether each parameter that the optimizer was given was changed at least once."""
    if not isinstance(groups, list) or not state or len(state) > _MOST:
        return False
    given = [name for group in groups for name in _names(group)]
    return len(given) == len(state) and all(name in state for name in given if isinstance(name, int | str))


def _names(group: Any) -> list[Any]:
    listed = entries(group).get("params")
    return listed if isinstance(listed, list) else []


def _updated(state: Mapping[Any, Any], size: int) -> int | None:
    total = 0
    for kept in state.values():
        values = entries(kept)
        if not values or not values.keys() <= _KNOWN:
            return None
        shape = next((found for key in _LIKE_THE_WEIGHT if (found := _shape(values.get(key), size))), None)
        rows, columns = (_shape(values.get(f"exp_avg_sq_{side}"), size) for side in ("row", "col"))
        if shape is None and rows and columns:
            shape = (*rows, columns[-1])  # Adafactor keeps the mean of each row and of each column
        if shape is None:
            return None
        total += math.prod(shape)
    return total if 0 < total < 2**63 else None


def _shape(value: Any, size: int) -> tuple[int, ...] | None:
    """The shape of a tensor of at least one number; None for anything else."""
    into = Collector(size)
    if value is None or not into.add("", value):
        return None
    return into.tensors[0].shape or (1,)
