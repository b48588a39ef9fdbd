# SPDX-License-Identifier: Apache-2.0
"""Cross encoders of sentence-transformers: what they give, and the pairs that a row of their data makes (6.2's own cards)."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.domain.scan_result import ScanResult
from core.scan import scan_path
from tests.hostile.tool_maker import build

QUERY, PASSAGE = {"min": 7, "mean": 17.9, "max": 34}, {"min": 23, "mean": 37.29, "max": 55}
MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.base.modules.transformer.Transformer"}
]


def details(column: dict[str, Any]) -> str:
    return "<ul>" + "".join(f"<li>{name}: {value} tokens</li>" for name, value in column.items()) + "</ul>"


def card(cells: list[str], loss: str, settings: str = "", kind: str = "cross_encoder") -> str:
    about = f"This is a [model](https://www.sbert.net/docs/{kind}/usage/usage.html) trained with [it](https://www.SBERT.net)."
    return "\n".join([
        "---", "library_name: sentence-transformers", "---", "# X", about, "### Training Dataset", "",
        "* Size: 70 training samples", f"  | details  | {' | '.join(cells)} |", f"* Loss: [<code>{loss}</code>](https://sbert.net) with:",
        "  ```json", "  {", '      "scale": 10.0,', f"      {settings}", "  }", "  ```", "### Training Hyperparameters", "",
    ])  # fmt: skip


def scanned(root: Path, text: str, model_type: str = "CrossEncoder") -> ScanResult:
    about = {"model_type": model_type, "__version__": {"sentence_transformers": "6.2.0"}}
    files = {"modules.json": MODULES, "config_sentence_transformers.json": about, "README.md": text}
    return scan_path(build(root, files))


def value(result: ScanResult, name: str) -> Any:
    fact = result.fact(name)
    return None if fact is None else fact.value


TWO = [details(QUERY), details(PASSAGE)]
LIST = "<ul><li>size: 3 elements</li></ul>"
THREE_NEGATIVES = '"num_negatives": 3,'


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        (card(TWO, "BinaryCrossEntropyLoss"), [QUERY, PASSAGE]),
        (card([*TWO, LIST], "BinaryCrossEntropyLoss"), [QUERY, PASSAGE]),
        (card([*TWO, details(PASSAGE)], "MarginMSELoss"), [QUERY, PASSAGE] * 2),
        (card(TWO, "MultipleNegativesRankingLoss", THREE_NEGATIVES), [QUERY, PASSAGE] * 4),
        (card([*TWO, details(PASSAGE)], "CachedMultipleNegativesRankingLoss", THREE_NEGATIVES), [QUERY, PASSAGE] * 5),
        (card(TWO, "MultipleNegativesRankingLoss", '"num_negatives": null'), None),  # as many as the batch gives
        (card(TWO, "MultipleNegativesRankingLoss", '"num_negatives": 5000'), None),
        (card(TWO, "MultipleNegativesRankingLoss"), None),
        (card([details(QUERY), LIST, LIST], "LambdaLoss"), None),  # documents in a list: their lengths are not told
        (card(TWO, "MultipleNegativesRankingLoss", THREE_NEGATIVES, "sentence_transformer"), [QUERY, PASSAGE]),
    ],
)  # fmt: skip
def test_how_many_texts_a_row_makes(tmp_path: Path, text: str, pairs: Any) -> None:
    assert value(scanned(tmp_path, text), "sample_lengths") == pairs


@pytest.mark.parametrize(
    ("model_type", "gives"),
    [("CrossEncoder", "label"), ("SentenceTransformer", "embedding"), ("SparseEncoder", "embedding")],
)
def test_what_it_gives(tmp_path: Path, model_type: str, gives: str) -> None:
    result = scanned(tmp_path, card(TWO, "MSELoss"), model_type)
    assert value(result, "output_modalities") == [gives]
    (tmp_path / "config_sentence_transformers.json").write_text("{")
    assert value(scan_path(tmp_path), "output_modalities") == ["embedding"]


def test_an_adapter_that_gives_vectors_has_no_total_by_a_head_that_was_not_there(tmp_path: Path) -> None:
    from tests.unit.compute.test_adapter_totals import weights

    for name in ("base", "adapter"):
        (tmp_path / name).mkdir()
    config = {"model_type": "bert", "architectures": ["BertForMaskedLM"]}
    (tmp_path / "base" / "config.json").write_text(json.dumps(config))
    weights(
        tmp_path / "base" / "model.safetensors", {"bert.encoder.layer.0.attention.self.query.weight": [8, 8]}
    )
    names = {
        f"base_model.model.encoder.layer.0.attention.self.query.lora_{end}.weight": [4, 8] for end in "AB"
    }
    weights(tmp_path / "adapter" / "adapter_model.safetensors", names)
    for task, total in (("FEATURE_EXTRACTION", None), ("MASKED_LM", 128)):
        settings = {"peft_type": "LORA", "r": 4, "task_type": task, "base_model_name_or_path": "/home/x/base"}
        (tmp_path / "adapter" / "adapter_config.json").write_text(json.dumps(settings))
        result = scan_path(tmp_path / "adapter", base_folder=tmp_path / "base")
        assert value(result, "parameters_total") == total
