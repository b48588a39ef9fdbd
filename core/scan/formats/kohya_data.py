# SPDX-License-Identifier: Apache-2.0
"""What sd-scripts wrote of the pictures it read: how large they came in, how many there were, what was kept of them.

Sources: sd-scripts train_network.py (ss_bucket_info, ss_datasets, ss_dataset_dirs, ss_cache_latents) and
library/train_util.py (`make_buckets`: a bucket counts a picture once for each of its repeats). musubi-tuner trains on stored
results of the autoencoder and the text encoder only: its own commands make them before (docs/dataset_config.md).
Names of folders and tags stay where they are.
"""

from collections.abc import Iterator
from typing import Any

from core.domain.names import FoundOnly
from core.scan.formats.image_tools import makes_videos, resolution
from core.scan.settings import Settings
from core.scan.types import Found, Item
from core.texts import text

_MOST_SETS = 200
_MOST_SIZES = 2000
_MOST_FRAMES = 10_000


def data_facts(texts: Settings, *, musubi: bool) -> Iterator[Item]:
    """Sizes of the pictures, their number without repeats, and whether the frozen parts ran once for all."""
    sets = [Settings(one) for one in _listed(texts.inner_value("ss_datasets")) if isinstance(one, dict)]
    where, sizes = "ss_bucket_info", _sizes(Settings({"bucket_info": texts.inner_value("ss_bucket_info")}))
    if sets:
        where, sizes = "ss_datasets.bucket_info", _of_all([_sizes(one) for one in sets])
    if sizes:
        yield Found(FoundOnly.PICTURE_SIZES, dict(sizes), where)
    if musubi:
        if any(one.flag("has_control") for one in sets):
            yield Found(FoundOnly.PICTURES_GIVEN, True, "ss_datasets.has_control")
        if not str(texts.get("ss_base_model_version")).startswith("framepack"):
            yield from _of_musubi(texts, sets)
        for name in (FoundOnly.LATENTS_CACHED, FoundOnly.TEXT_OUTPUTS_CACHED):
            yield Found(name, True, "ss_*", text("scan_tools.kohya.stored"))
        return
    if pictures := _pictures(texts, sets):
        yield Found(FoundOnly.PICTURES, pictures, "ss_datasets.subsets" if sets else "ss_dataset_dirs")
    if (cached := texts.flag("ss_cache_latents")) is not None:
        yield Found(FoundOnly.LATENTS_CACHED, cached, "ss_cache_latents")


def _of_musubi(texts: Settings, sets: list[Settings]) -> Iterator[Item]:
    """How many pictures or clips, and how long they are. Not for FramePack: it is shown sections of a clip, each an item,
    and how many frames one has is not written (fpack_cache_latents.py, append_section_idx_to_latent_cache_path)."""
    items, repeats = texts.count("ss_num_train_items"), _repeats(sets)
    if items and repeats and items % repeats == 0:
        note = text("scan_tools.kohya.repeats")
        yield Found(FoundOnly.PICTURES, items // repeats, "ss_num_train_items", note)
    frames = _frames(sets)
    if frames and (frames != [1] or makes_videos(texts.get("ss_base_model_version"))):
        note = text("scan_tools.kohya.frames")
        yield Found(FoundOnly.FRAMES, [*frames], "ss_datasets.target_frames", note)


def _listed(value: Any) -> list[Any]:
    return value[:_MOST_SETS] if isinstance(value, list) else []


def _sizes(one: Settings) -> dict[str, int]:
    """Pictures in one pass by "width x height"; empty when a bucket cannot be read, for the rest would mislead."""
    sizes: dict[str, int] = {}
    buckets = one.part("bucket_info").part("buckets").values
    for bucket in list(buckets.values())[: _MOST_SIZES + 1]:
        named = Settings(bucket if isinstance(bucket, dict) else {})
        sides, count = resolution(named.get("resolution")), named.count("count", low=0)
        if sides is None or count is None or len(sizes) >= _MOST_SIZES:
            return {}
        if count:
            name = f"{sides[0]}x{sides[1]}"
            sizes[name] = sizes.get(name, 0) + count
    if not buckets and one.flag("enable_bucket") is False:
        # Without buckets every picture is cut to the one size.
        sides, count = resolution(one.get("resolution")), one.count("num_train_images")
        return {f"{sides[0]}x{sides[1]}": count} if sides is not None and count else {}
    return sizes


def _of_all(parts: list[dict[str, int]]) -> dict[str, int]:
    """The sets together; empty when one of them does not tell."""
    together: dict[str, int] = {}
    for part in parts if all(parts) else ():
        for name, count in part.items():
            together[name] = together.get(name, 0) + count
    return together if len(together) <= _MOST_SIZES else {}


def _frames(sets: list[Settings]) -> list[int]:
    """Lengths of the clips of musubi-tuner's data sets, shortest first; empty when one does not tell. A set of pictures has
    no `frame_extraction`; one of videos is cut into clips of each of its `target_frames`, whole ("full") into one of up to
    `max_frames` (dataset/image_video_dataset.py, VideoDataset; rounded to a multiple of four and one)."""
    lengths: set[int] = set()
    for one in sets:
        way = one.get("frame_extraction")
        if way is None:
            own = [1]
        elif way == "full":
            own = [1, most] if (most := one.count("max_frames")) else []
        else:
            told = one.get("target_frames")
            own = [length for length in told if type(length) is int] if isinstance(told, list) else []
            own = own if isinstance(told, list) and len(own) == len(told) else []
        if not own or not all(0 < length <= _MOST_FRAMES for length in own):
            return []
        lengths |= {(length - 1) // 4 * 4 + 1 for length in own}
    return sorted(lengths)


def _repeats(sets: list[Settings]) -> int | None:
    """How often one pass reads every picture or clip (musubi-tuner, dataset/image_video_dataset.py: `prepare_for_training`
    lays each into its bucket `num_repeats` times, and counts it so); None where sets differ or one does not tell."""
    told = {one.count("num_repeats") for one in sets}
    return told.pop() if len(told) == 1 else None


def _pictures(texts: Settings, sets: list[Settings]) -> int:
    """Different pictures, each counted once for each size it is read in; 0 when that is not told."""
    if sets:
        parts = [part for one in sets for part in one.parts("subsets", _MOST_SETS)]
    else:
        named = [texts.inner(key).values for key in ("ss_dataset_dirs", "ss_reg_dataset_dirs")]
        parts = [Settings(one if isinstance(one, dict) else {}) for group in named for one in group.values()][
            :_MOST_SETS
        ]
    counts = [one.count("img_count") for one in parts]
    return sum(count for count in counts if count) if counts and all(counts) else 0
