# SPDX-License-Identifier: Apache-2.0
"""Loading the tables, each only when first asked for."""

import csv
import dataclasses
import functools
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from core.reference.names import BaseModelIndex
from core.reference.rows import Accelerator, BaseModelRow, GridRow, Match, ThroughputRow
from core.resources import read_text, read_yaml

_SHORTEST_NAME = 4
"""Letters and digits of a device's name that must be there before its beginning counts as its name."""
_DRIVER_NAMES = {
    "nvidiah10080gbhbm3": "nvidia-h100-sxm5-80gb",
    "nvidiah100pcie": "nvidia-h100-pcie-80gb",
    "nvidiah100nvl": "nvidia-h100-nvl-94gb",
    "nvidiah200": "nvidia-h200-sxm-141gb",
    "nvidiab200": "nvidia-b200-sxm-180gb",
    "nvidiaa40": "nvidia-a40-pcie",
    "nvidiaa10": "nvidia-a10-pcie",
    "nvidiartx3060": "nvidia-rtx-3060-12-gb",
    "teslav100sxm216gb": "nvidia-tesla-v100-sxm2-16-gb",
    "teslav100sxm232gb": "nvidia-tesla-v100-sxm2-32-gb",
}
"""Names that drivers report and that differ from the table's by more than punctuation."""

_PEAKS = ("fp32", "tf32", "fp16", "bf16", "fp8")


class Reference:
    """The reference tables. Lookups of unknown ids return None; nothing is guessed here."""

    @functools.cached_property
    def accelerators(self) -> tuple[Accelerator, ...]:
        """Every device, in the table's order (by vendor and generation)."""
        return tuple(_accelerator(row) for row in _rows("accelerators"))

    @functools.cached_property
    def _accelerators_by_key(self) -> dict[str, Accelerator]:
        by_key: dict[str, Accelerator] = {}
        for row in self.accelerators:
            by_key[row.id] = row
            by_key.setdefault(_squeeze(row.name), row)
        return by_key

    def accelerator(self, id_or_name: str) -> Accelerator | None:
        """The device with this id ("nvidia-rtx-4090"), or with this name as a driver reports it."""
        by_key, name = self._accelerators_by_key, _squeeze(id_or_name)
        return (
            by_key.get(id_or_name)
            or by_key.get(_DRIVER_NAMES.get(name, name))
            or by_key.get(f"nvidia{name}")
            or self._only_one_that_begins_with(name)
        )

    def _only_one_that_begins_with(self, name: str) -> Accelerator | None:
        """ "H100 SXM" for the one device whose name goes on from there; None when several do."""
        if len(name) < _SHORTEST_NAME:
            return None
        rows = [row for row in self.accelerators if _squeeze(row.name).startswith((name, f"nvidia{name}"))]
        return rows[0] if len(rows) == 1 else None

    @functools.cached_property
    def base_models(self) -> tuple[BaseModelRow, ...]:
        """Every base model of the table."""
        return tuple(_base_model(row) for row in _rows("base_models"))

    @functools.cached_property
    def well_known_models(self) -> tuple[BaseModelRow, ...]:
        """Open models with published compute, to show whom a line catches."""
        names = read_yaml("reference/well_known_models.yaml")
        by_id = {row.hub_id: row for row in self.base_models}
        return tuple(by_id[name] for name in names)

    @functools.cached_property
    def _base_index(self) -> BaseModelIndex:
        return BaseModelIndex(self.base_models)

    def base_model(self, hub_id: str) -> BaseModelRow | None:
        """The row for a hub id (letter case does not matter), or for the model it is a copy or chat version of.

        The row's `match` and `doubt` tell how it was found. Mirrors and quantised copies lead to the licensor's row.
        """
        return self._base_index.find(hub_id)

    def local_model(self, name: str, config: Mapping[str, Any] | None) -> BaseModelRow | None:
        """The row for a folder of this machine: by its name when its layers have the row's sizes, else by the sizes.

        Sizes that several rows share tell nothing. `doubt` says how it was found.
        """
        shape = _shape(config) if config is not None else None
        named = self.base_model(name)
        fits = named is not None and (shape is None or None in _sizes(named) or _sizes(named) == shape)
        if named is None or not fits:
            same = [row for row in self.base_models if shape is not None and _sizes(row) == shape]
            named = same[0] if len(same) == 1 else None
        return named and dataclasses.replace(named, asked=name, match=Match.FOLDER)

    @functools.cached_property
    def grids(self) -> tuple[GridRow, ...]:
        """Every grid."""
        return tuple(_grid(row) for row in _rows("grid"))

    @functools.cached_property
    def throughput(self) -> tuple[ThroughputRow, ...]:
        """Every published training speed."""
        return tuple(_throughput(row) for row in _rows("throughput"))

    @functools.cached_property
    def _grids_by_code(self) -> dict[str, GridRow]:
        return {row.code.upper(): row for row in self.grids}

    def grid(self, code: str) -> GridRow | None:
        """The grid with this code: ISO 3166 alpha-3, "US-WA", a cloud region, a Nordic zone."""
        return self._grids_by_code.get(code.upper())


def _sizes(row: BaseModelRow) -> tuple[int | None, ...]:
    return (row.layers, row.hidden, row.heads, row.kv_heads, row.ffn, row.vocab)


def _shape(config: Mapping[str, Any]) -> tuple[int, ...] | None:
    """Layers, width, heads, key/value heads, feed-forward width and vocabulary of a config.json; None without all."""
    names = ("num_hidden_layers", "hidden_size", "num_attention_heads", "num_key_value_heads")
    values = [config.get(name) for name in (*names, "intermediate_size", "vocab_size")]
    values[3] = values[2] if values[3] is None else values[3]
    found = tuple(value for value in values if type(value) is int)
    return found if len(found) == len(values) else None


@functools.cache
def load_reference() -> Reference:
    """The reference tables that ship with the app."""
    return Reference()


def _rows(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(read_text(f"reference/{name}.csv")))


def _squeeze(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower().replace("geforce", ""))


def _whole(value: str) -> int | None:
    return int(value) if value else None


def _number(value: str) -> float | None:
    return float(value) if value else None


def _accelerator(row: dict[str, str]) -> Accelerator:
    return Accelerator(
        id=row["id"],
        name=row["name"],
        vendor=row["vendor"],
        kind=row["kind"],
        year=_whole(row["year"]),
        memory_gb=_number(row["memory_gb"]),
        watts=_number(row["watts"]),
        training_peak_flops=int(row["training_peak_flops"]),
        training_precision=row["training_precision"],
        peaks={key: int(row[f"{key}_flops"]) for key in _PEAKS if row[f"{key}_flops"]},
        confidence=row["confidence"],
        source=row["source"],
        note=row["note"],
    )


def _base_model(row: dict[str, str]) -> BaseModelRow:
    return BaseModelRow(
        hub_id=row["hub_id"],
        modality=row["modality"],
        release=row["release"],
        parameters_total=_whole(row["parameters_total"]),
        parameters_active=_whole(row["parameters_active"]),
        layers=_whole(row["layers"]),
        hidden=_whole(row["hidden"]),
        heads=_whole(row["heads"]),
        kv_heads=_whole(row["kv_heads"]),
        ffn=_whole(row["ffn"]),
        vocab=_whole(row["vocab"]),
        context=_whole(row["context"]),
        training_data=_whole(row["training_data"]),
        data_unit=row["data_unit"],
        flop_best=_whole(row["flop_best"]),
        flop_low=_whole(row["flop_low"]),
        flop_high=_whole(row["flop_high"]),
        basis=row["basis"],
        confidence=row["confidence"],
        licence_id=row["licence_id"],
        verification=row["verification"],
        note=row["note"],
    )


def _grid(row: dict[str, str]) -> GridRow:
    return GridRow(
        code=row["code"],
        kind=row["kind"],
        name=row["name"],
        g_per_kwh=float(row["g_per_kwh"]),
        year=int(row["year"]),
        source=row["source"],
    )


def _throughput(row: dict[str, str]) -> ThroughputRow:
    return ThroughputRow(
        device=row["device"],
        kind=row["kind"],
        model_class=row["model_class"],
        parameters=int(row["parameters"]),
        unit=row["unit"],
        units_per_second=float(row["units_per_second"]),
        flop_per_unit=int(row["flop_per_unit"]),
        utilisation=float(row["utilisation"]),
        utilisation_low=float(row["utilisation_low"]),
        utilisation_high=float(row["utilisation_high"]),
        measurements=int(row["measurements"]),
        source=row["source"],
    )
