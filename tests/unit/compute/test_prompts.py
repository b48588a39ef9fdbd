# SPDX-License-Identifier: Apache-2.0
"""Trained prompts: a longer sequence, or longer keys and values, over a frozen base.

That the counts equal PyTorch's for the classes of PEFT is in test_flops_measured.py (tests/fixtures/flops/prompts.jsonl).
"""

from typing import Any

import pytest

from core.compute import weigh
from core.compute.flops import FlopCount, count_flops
from core.compute.inputs import Inputs
from core.domain.answers import Answers
from core.domain.fact import Fact, Origin, OriginKind
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.errors import BadConfig
from core.reference import load_reference
from tests.unit.compute.configs import TINY_LLAMA

LLAMA = TINY_LLAMA | {"tie_word_embeddings": False}
BASE = 4 * (2 * 64 * 64 + 2 * 64 * 16 + 3 * 64 * 160 + 2 * 64) + 2 * 6400 + 64


def prompted(kind: str, length: int = 16, batch: int = 2, **more: Any) -> FlopCount:
    adapter = {"peft_type": kind, "num_virtual_tokens": 5, **more}
    return count_flops(LLAMA, Inputs(batch=batch, seq_len=length), adapter=adapter)


def weighed(adapter: dict[str, Any] | None, found: dict[str, Any] | None = None, **answers: Any) -> Footprint:
    values = {"base_config": LLAMA, **({"adapter_config": adapter} if adapter else {}), **(found or {})}
    origin = Origin(kind=OriginKind.FILE, file="adapter_config.json")
    facts = tuple(Fact(name=name, value=value, origin=origin) for name, value in values.items())
    scan = ScanResult(folder_name="x", facts=facts)
    return weigh(Known(Project(scan=scan, answers=Answers.model_validate(answers))), load_reference())


def test_a_prompt_is_a_longer_sequence_with_a_frozen_base() -> None:
    got = prompted("PROMPT_TUNING")
    longer = count_flops(LLAMA, Inputs(batch=2, seq_len=21))
    assert got.forward_flop == longer.forward_flop
    assert (got.parameters_total, got.parameters_trainable) == (BASE + 5 * 64, 5 * 64)
    # Each linear layer hands one gradient on; scores and sums have two, of two activations.
    mixing = longer.attention_flop // 3
    assert got.backward_flop == longer.forward_flop + mixing


def test_a_prefix_lengthens_keys_and_values_only() -> None:
    got, plain = prompted("PREFIX_TUNING"), count_flops(LLAMA, Inputs(batch=2, seq_len=16))
    assert got.forward_flop - plain.forward_flop == 4 * 2 * (2 * 2 * 16 * 5 * 64)
    assert got.parameters_trainable == 5 * 4 * 2 * 16
    # Below the first layer's scores nothing needs a gradient: not q, k, v there, and the queries have none.
    rows, first = 2 * 16, 64 * 64 + 2 * 64 * 16
    scores = 2 * rows * 21 * 64
    assert got.backward_flop == got.forward_flop + 4 * 2 * scores - 2 * rows * first - scores


@pytest.mark.parametrize("length", [1, 16, 32])
def test_virtual_tokens_cost_what_words_cost(length: int) -> None:
    linear = 4 * (2 * 64 * 64 + 2 * 64 * 16 + 3 * 64 * 160) + 6400
    expected = 2 * 2 * (length + 5) * (linear + 4 * 2 * (length + 5) * 64)
    assert prompted("PROMPT_TUNING", length).forward_flop == expected


def test_the_network_of_p_tuning_runs_once_for_a_batch() -> None:
    more = {"encoder_hidden_size": 48}
    one, two = (prompted("P_TUNING", batch=n, **more).forward_flop for n in (1, 2))
    plain = prompted("PROMPT_TUNING", batch=1).forward_flop
    network = 2 * 5 * (64 * 48 + 48 * 48 + 48 * 64)
    assert (one - plain, two - 2 * plain) == (network, network)
    layers = (64 * 48 + 48) + (48 * 48 + 48) + (48 * 64 + 64)
    assert prompted("P_TUNING", **more).parameters_trainable == 5 * 64 + layers


def test_the_lstm_that_the_counter_does_not_see_is_counted() -> None:
    """Measured with PEFT: forward 15,356,928 and step 31,770,624 without what runs inside the LSTM, 115,680 trained."""
    got = prompted("P_TUNING", encoder_reparameterization_type="LSTM", encoder_hidden_size=48)
    inside = 2 * 5 * 2 * 4 * 48 * ((64 + 48) + (96 + 48))
    assert got.parameters_trainable == 115_680
    assert got.forward_flop == 15_356_928 + inside
    assert got.step_flop == 31_770_624 + 3 * inside
    deeper = prompted(
        "P_TUNING", encoder_reparameterization_type="LSTM", encoder_hidden_size=48, encoder_num_layers=3
    )
    assert deeper.forward_flop - got.forward_flop == 2 * 5 * 2 * 4 * 48 * (96 + 48)


def test_rows_are_as_wide_as_the_model_where_the_file_does_not_say() -> None:
    assert prompted("P_TUNING") == prompted("P_TUNING", token_dim=64, encoder_hidden_size=64)
    assert prompted("PREFIX_TUNING", prefix_projection=True) == prompted(
        "PREFIX_TUNING", prefix_projection=True, token_dim=16, encoder_hidden_size=16, num_layers=4
    )


def test_a_classifier_is_trained_beside_the_prompt() -> None:
    bert = {
        "model_type": "bert",
        "architectures": ["BertForSequenceClassification"],
        "hidden_size": 64,
        "intermediate_size": 160,
        "num_hidden_layers": 3,
        "num_attention_heads": 4,
        "vocab_size": 100,
    }
    adapter = {"peft_type": "PROMPT_TUNING", "num_virtual_tokens": 5}
    without = count_flops(bert, Inputs(seq_len=8), adapter=adapter)
    got = count_flops(bert, Inputs(seq_len=8), adapter={**adapter, "task_type": "SEQ_CLS"})
    assert got.parameters_trainable - without.parameters_trainable == 2 * 64 + 2


@pytest.mark.parametrize(
    "more",
    [
        {"num_virtual_tokens": None},
        {"num_virtual_tokens": 0},
        {"num_virtual_tokens": "5"},
        {"num_virtual_tokens": True},
        {"num_virtual_tokens": 10**9},
        {"token_dim": -1},
        {"encoder_reparameterization_type": "LSTM", "encoder_num_layers": 100_000},
    ],
)
def test_absurd_settings_are_refused(more: dict[str, Any]) -> None:
    with pytest.raises(BadConfig):
        prompted("P_TUNING", **more)


def test_a_prompt_for_pictures_runs_the_frozen_network_forward_and_back() -> None:
    vit = {"model_type": "vit", "architectures": ["ViTForImageClassification"], "num_hidden_layers": 2}
    full = count_flops(vit, Inputs())
    got = count_flops(vit, Inputs(), adapter={"peft_type": "PROMPT_TUNING", "num_virtual_tokens": 5})
    assert got.forward_flop == full.forward_flop
    assert got.parameters_trainable == 5 * 3
    assert got.backward_flop == got.forward_flop + full.attention_flop // 3


def test_a_network_without_attention_has_no_place_for_a_prefix() -> None:
    with pytest.raises(BadConfig):
        count_flops(
            {"model_type": "resnet", "architectures": ["ResNetForImageClassification"]},
            Inputs(),
            adapter={"peft_type": "PREFIX_TUNING", "num_virtual_tokens": 5},
        )


@pytest.mark.parametrize(
    ("adapter", "own"),
    [
        # Trainer with PEFT, 32 sequences of 32 tokens, by PyTorch's counter.
        ({"peft_type": "PROMPT_TUNING", "num_virtual_tokens": 5}, 940_834_816),
        ({"peft_type": "PREFIX_TUNING", "num_virtual_tokens": 5}, 796_262_400),
    ],
)
def test_a_real_run_is_counted_to_the_digit(adapter: dict[str, Any], own: int) -> None:
    got = weighed(adapter, {"samples": 32, "tokens": 1024})
    assert got.accounts.own is not None
    assert got.accounts.own.central == own
    assert any("trained prompt of 5" in line.expression for line in got.accounts.own.steps)
    assert got.accounts.own.assumptions == ()


def test_what_made_the_prompt_is_trained_but_not_part_of_the_model() -> None:
    adapter = {"peft_type": "P_TUNING", "num_virtual_tokens": 5, "encoder_hidden_size": 48}
    got = weighed(adapter, {"parameters_stored": 320})
    assert got.parameters is not None
    assert (got.parameters.trainable, got.parameters.total) == (8928, BASE + 320)
    assert not any("adapter" in one for one in got.warnings)


@pytest.mark.parametrize("method", ["prompt_tuning", "prefix_tuning", "p_tuning"])
def test_a_prompt_that_is_only_named_is_taken_as_twenty_tokens(method: str) -> None:
    got = weighed(None, {"samples": 32, "tokens": 1024}, training_method=method)
    adapter = {"peft_type": method.upper(), "num_virtual_tokens": 20}
    expected = 32 * count_flops(LLAMA, Inputs(seq_len=32), adapter=adapter).step_flop
    assert got.accounts.own is not None
    assert got.accounts.own.central == expected
    assert any("20 virtual tokens" in note for note in got.accounts.own.assumptions)
