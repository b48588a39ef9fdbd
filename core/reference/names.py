# SPDX-License-Identifier: Apache-2.0
"""Which row a model id means: hubs are full of copies, quantised copies and chat versions of the same weights."""

import dataclasses
import re
from collections.abc import Iterable

from core.reference.rows import BaseModelRow, Match

_FORMAT = re.compile(
    r"(unsloth|bnb|\d+-?bits?|gguf|ggml|gptq|awq|exl[23]|mlx|hf|int[48]|fp8|fp16|bf16|f16|w\d+a\d+|nvfp4|mxfp4|hqq"
    r"|quantized|quant|dynamic|imatrix|i1|i?q\d(_[a-z0-9]+)*|\dbpw|\d\.\d+bpw|g\d+|gs\d+)"
)
"""Parts of a name that tell how the same weights are packed."""

_VARIANT = frozenset({"instruct", "chat", "it", "base", "pt"})
"""Parts of a name that tell a base from its chat version."""

_COPIERS = frozenset(
    name.lower()
    for name in (
        "unsloth TheBloke bartowski mlx-community lmstudio-community QuantFactory NousResearch mradermacher "
        "MaziyarPanahi casperhansen neuralmagic RedHatAI hugging-quants ISTA-DASLab second-state solidrust "
        "TechxGenus mobiuslabsgmbh ggml-org cortecs turboderp legraphista LoneStriker huggingface-quants"
    ).split()
)
"""Accounts that re-upload other people's weights under the same name."""

_ALIASES = {
    # The v0.2 weights come from a base published together with v0.1's line; tokens of all are undisclosed.
    "mistral-7b-v0.2": "mistralai/Mistral-7B-v0.1",
    "mistral-7b": "mistralai/Mistral-7B-v0.1",
    "tinyllama-1.1b-v1.0": "TinyLlama/TinyLlama-1.1B-intermediate-step-1431k-3T",
    "tinyllama": "TinyLlama/TinyLlama-1.1B-intermediate-step-1431k-3T",
}


class BaseModelIndex:
    """Finds the row for a hub id."""

    def __init__(self, rows: Iterable[BaseModelRow]) -> None:
        self._by_id: dict[str, BaseModelRow] = {}
        self._by_name: dict[str, BaseModelRow] = {}
        self._by_family: dict[str, BaseModelRow] = {}
        for row in rows:
            self._by_id[row.hub_id.lower()] = row
            name, _ = _unpacked(row.hub_id.split("/")[-1])
            self._by_name.setdefault(name, row)
            self._by_family.setdefault(_family(name), row)

    def find(self, hub_id: str) -> BaseModelRow | None:
        """The row, with `asked` and `match` filled in, or None. Raises nothing."""
        asked = hub_id.strip().removeprefix("https://huggingface.co/").strip("/")
        exact = self._by_id.get(asked.lower())
        if exact is not None:
            return dataclasses.replace(exact, asked=asked, match=Match.EXACT)
        owner, _, tail = asked.rpartition("/")
        name, packed = _unpacked(tail)
        if not name:
            return None
        copier = packed or owner.lower() in _COPIERS
        same = self._by_name.get(name)
        if same is not None and self._trusted(same, owner, copier):
            kind = Match.MIRROR if owner and copier else Match.RENAMED
            return dataclasses.replace(same, asked=asked, match=kind)
        family = self._by_family.get(_family(name)) or self._by_id.get(
            _ALIASES.get(_family(name), "").lower()
        )
        if family is not None and self._trusted(family, owner, copier):
            return dataclasses.replace(family, asked=asked, match=Match.VARIANT)
        return None

    @staticmethod
    def _trusted(row: BaseModelRow, owner: str, copier: bool) -> bool:
        """A stranger's repository of the same name may be a fine-tune: only the licensor and copies count."""
        return not owner or copier or owner.lower() == row.hub_id.split("/")[0].lower()


def _unpacked(name: str) -> tuple[str, bool]:
    """The name in lower case without packing words, and whether there were any (besides "hf")."""
    parts = [part for part in re.split(r"[-\s]+", name.lower().replace("_bnb", "-bnb")) if part]
    last = len(parts)
    while last > 1 and _FORMAT.fullmatch(parts[last - 1]):
        last -= 1
    dropped = set(parts[last:]) - {"hf"}
    kept = parts[:last]
    if len(kept) > 1 and kept[0] == "meta":
        kept = kept[1:]
    return "-".join(kept), bool(dropped)


def _family(name: str) -> str:
    return "-".join(part for part in name.split("-") if part not in _VARIANT) or name
