# SPDX-License-Identifier: Apache-2.0
"""Which part stood still, from the number of parameters that changed; and what all sequences of a batch share."""

from typing import Any

import pytest

from core.compute import weigh
from core.compute.flops import count_flops
from core.compute.frozen_part import Part, frozen_part
from core.compute.inputs import Inputs
from core.domain.answers import Answers
from core.domain.fact import Fact, Origin, OriginKind
from core.domain.footprint import Accounts
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.reference import load_reference

W, MLP = 8, 16
TABLES = W * (50 + 32 + 2) + 2 * W
LAYER = 4 * (W * W + W) + W * MLP + MLP + MLP * W + W + 4 * W
HEAD = 3 * W + 3
POOLER = W * W + W
BERT: dict[str, Any] = {
    "model_type": "bert", "architectures": ["BertForSequenceClassification"], "vocab_size": 50, "hidden_size": W,
    "num_hidden_layers": 3, "num_attention_heads": 2, "intermediate_size": MLP, "max_position_embeddings": 32,
    "type_vocab_size": 2, "num_labels": 3,
}  # fmt: skip
WHOLE = TABLES + 3 * LAYER + POOLER + HEAD


@pytest.mark.parametrize(
    ("trainable", "names", "kept"),
    [
        (HEAD, "classifier", True),
        (WHOLE - TABLES, "bert.embeddings", False),
        (3 * LAYER, "bert.encoder", True),
        (HEAD + POOLER, None, False),
        (2 * LAYER + HEAD + POOLER, None, False),
    ],
)
def test_the_part_that_fits(trainable: int, names: str | None, kept: bool) -> None:
    part = frozen_part(BERT, None, trainable)
    assert part is not None
    if names is not None:
        assert part == Part((names,), kept)
    counted = count_flops(BERT, Inputs(batch=1, seq_len=8), trained=part.trained())
    assert counted.parameters_trainable == trainable


@pytest.mark.parametrize("trainable", [0, WHOLE, WHOLE + 1, WHOLE - 1, LAYER, WHOLE - LAYER])
def test_no_part_where_none_or_several_fit(trainable: int) -> None:
    assert frozen_part(BERT, None, trainable) is None  # any of the three layers has LAYER parameters


def test_a_configuration_nobody_knows_has_no_parts() -> None:
    assert frozen_part({"model_type": "no_such"}, None, 5) is None


def accounts(method: str | None = "frozen_partial", **found: Any) -> Accounts:
    named = {**found, **({"training_method": method} if method else {})}
    facts = tuple(
        Fact(name=name, value=value, origin=Origin(kind=OriginKind.FILE, file="f", key=name))
        for name, value in named.items()
    )
    scan = ScanResult(folder_name="f", facts=facts)
    known = Known(Project(scan=scan, answers=Answers()))
    return weigh(known, load_reference()).accounts


def own(method: str | None = "frozen_partial", **found: Any) -> tuple[float, float, float]:
    estimate = accounts(method, tokens=800, samples=100, steps=100, **found).own
    assert estimate is not None
    return estimate.low, estimate.central, estimate.high


def test_a_run_with_a_frozen_part_is_counted_like_that() -> None:
    part = Part(("bert.embeddings",))
    exact = 100 * count_flops(BERT, Inputs(batch=1, seq_len=8), trained=part.trained()).step_flop
    low, central, high = own(config=BERT, parameters_trainable=WHOLE - TABLES)
    assert central == exact
    assert high / low < 1.3
    head = Part(("classifier",), kept=True)
    exact = 100 * count_flops(BERT, Inputs(batch=1, seq_len=8), trained=head.trained()).step_flop
    assert own(config=BERT, parameters_trainable=HEAD)[1] == exact
    low, _, high = own(config=BERT, parameters_trainable=LAYER)
    assert high / low > 2  # which layer is not known: the wide range stays


def test_a_batch_of_deberta_projects_its_table_once() -> None:
    config: dict[str, Any] = {
        "model_type": "deberta-v2", "architectures": ["DebertaV2ForSequenceClassification"], "vocab_size": 50,
        "hidden_size": W, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": MLP,
        "max_position_embeddings": 32, "relative_attention": True, "position_buckets": 16, "share_att_key": True,
        "pos_att_type": ["p2c", "c2p"], "type_vocab_size": 0,
    }  # fmt: skip
    four = count_flops(config, Inputs(batch=4, seq_len=8)).step_flop
    assert own("full", config=config, batch_per_device=4)[1] == 25 * four
    one = count_flops(config, Inputs(batch=1, seq_len=8)).step_flop
    assert own("full", config=config)[1] == 100 * one > 25 * four


def test_a_sound_encoder_that_stands_still_asks_for_no_gradient() -> None:
    """Convolutions of a frozen encoder run forward only; beside an adapter their input still wants a gradient."""
    config: dict[str, Any] = {
        "model_type": "wav2vec2", "architectures": ["Wav2Vec2ForSequenceClassification"], "hidden_size": 16,
        "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32, "conv_dim": [8, 8],
        "conv_stride": [5, 2], "conv_kernel": [10, 3], "num_conv_pos_embeddings": 4, "num_conv_pos_embedding_groups": 2,
        "classifier_proj_size": 8, "num_labels": 2,
    }  # fmt: skip
    inputs = Inputs(batch=1, samples=400)
    whole = count_flops(config, inputs)
    still = 8 * 10 + 8 * 8 * 3 + 2 * 8  # two windows without bias, one norm
    part = frozen_part(config, None, whole.parameters_trainable - still)
    assert part == Part(("wav2vec2.feature_extractor",))
    first, second = (400 - 10) // 5 + 1, ((400 - 10) // 5 + 1 - 3) // 2 + 1
    windows = 2 * (first * 10 * 8 + second * 3 * 8 * 8)
    frozen = count_flops(config, inputs, trained=part.trained())
    assert frozen.forward_flop == whole.forward_flop
    # Neither weight nor input gradients of the windows, nor the input gradient of the projection behind them.
    assert whole.step_flop - frozen.step_flop == 2 * windows
    beside = count_flops(config, inputs, adapter={"peft_type": "LORA", "r": 2, "target_modules": ["q_proj"]})
    assert beside.backward_flop > windows
