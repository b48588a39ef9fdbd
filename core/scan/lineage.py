# SPDX-License-Identifier: Apache-2.0
"""The base of the model, and the base's own base, when their folders lie in the one that was dropped."""

from collections.abc import Callable, Mapping, Sequence

from pydantic import JsonValue

from core.domain.fact import AnyFact, Fact, Origin, OriginKind
from core.domain.names import FoundOnly
from core.scan.places import Folder, Places, base_folder
from core.texts import text

_MOST = 6
_TOLD = (
    "training_method", "training_stage", "steps", "epochs", "samples", "tokens", FoundOnly.TOKENS_RECORDED.value,
    FoundOnly.RECORDED_FLOS.value, FoundOnly.TRAIN_RUNTIME_SECONDS.value, "base_model", FoundOnly.BASE_PATH_NAME.value,
)  # fmt: skip

Reader = Callable[[str], Sequence[AnyFact]]
"""From the path of a folder to the facts of the model in it."""


def base_named(values: Mapping[str, JsonValue]) -> str | None:
    """The last part of the base's name or path."""
    for name in (FoundOnly.BASE_PATH_NAME.value, "base_model"):
        value = values.get(name)
        if isinstance(value, str):
            return value.rpartition("/")[2]
    return None


def earlier_trainings(
    folders: Mapping[str, Folder], places: Places, first: str, read: Reader
) -> tuple[list[AnyFact], list[str], set[str]]:
    """What the trainings before this one left, nearest first, a note, and the folders of these bases.

    `first` is the folder of the model's base. Nothing is added to the last training.
    """
    found: list[JsonValue] = []
    seen: set[str] = set(places.order)
    path: str | None = first
    while path is not None and path not in seen and len(found) < _MOST:
        seen.add(path)
        values = {fact.name: fact.value for fact in read(path)}
        if not values.get("steps") and not values.get("tokens"):
            break
        found.append(
            {"name": path.rpartition("/")[2], **{name: values[name] for name in _TOLD if name in values}}
        )
        name = base_named(values)
        path = base_folder(folders, name, places) if name else None
    bases = seen - set(places.order)
    if not found:
        return [], [], bases
    origin = Origin(kind=OriginKind.COMPUTED, note=text("scan_tools.lineage.origin"))
    told = ", ".join(str(one["name"]) for one in found if isinstance(one, dict))
    fact: AnyFact = Fact(name=FoundOnly.BASE_RUNS.value, value=found, origin=origin)
    return [fact], [text("scan_tools.lineage.note", folders=told)], bases
