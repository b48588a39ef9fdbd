# SPDX-License-Identifier: Apache-2.0
"""Whole runs against what PyTorch's FlopCounterMode counted while they trained (transformers 5.23, peft 0.21.2, torch 2.13).

An adapter's own matrices are made once for a batch of four, not for each sequence; a question of multiple choice is four
texts.
"""

from typing import Any

import pytest

from core.compute import weigh
from core.compute.choices import with_choices
from core.compute.network import Network
from core.compute.seen import Seen, resolve_seen
from core.domain.answers import Answers
from core.domain.fact import AnyFact, Fact, Origin, OriginKind
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.reference import load_reference

LLAMA = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 187, "hidden_size": 32,
         "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2}  # fmt: skip
BERT = {"model_type": "bert", "architectures": ["BertForMultipleChoice"], "vocab_size": 187, "hidden_size": 32,
        "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 64}  # fmt: skip
OFT = {
    "peft_type": "OFT",
    "oft_block_size": 8,
    "r": 0,
    "use_cayley_neumann": True,
    "num_cayley_neumann_terms": 5,
}


def own(facts: dict[str, Any]) -> Any:
    listed: tuple[AnyFact, ...] = tuple(
        Fact(name=name, value=value, origin=Origin(kind=OriginKind.FILE, file="x.json", key=name))
        for name, value in facts.items()
    )
    project = Project(scan=ScanResult(folder_name="x", facts=listed), answers=Answers())
    found = weigh(Known(project), load_reference()).accounts.own
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("adapter", "measured"),
    [
        ({**OFT, "target_modules": ["q_proj", "v_proj"]}, 192_675_840),
        ({"peft_type": "BOFT", "boft_block_size": 4, "target_modules": ["q_proj"]}, 203_513_856),
        ({"peft_type": "LOHA", "r": 4, "target_modules": ["q_proj", "up_proj"]}, 233_373_696),
        ({"peft_type": "LOKR", "r": 4, "target_modules": ["q_proj", "up_proj"]}, 228_655_104),
        (
            {"peft_type": "LORA", "r": 4, "use_dora": True, "target_modules": "all-linear"},
            221_773_824,
        ),
    ],
)
@pytest.mark.parametrize("batch", [4, None])
def test_what_an_adapter_makes_for_a_batch_is_made_once(
    adapter: dict[str, Any], measured: int, batch: int | None
) -> None:
    method = {"LORA": "dora"}.get(adapter["peft_type"], adapter["peft_type"].lower())
    facts = {
        "base_config": LLAMA,
        "adapter_config": adapter,
        "training_method": method,
        "tokens": 1536,
        "samples": 48,
    }
    found = own({**facts, "batch_per_device": batch} if batch else facts)
    if batch:
        assert found.central == measured
    else:
        assert found.central >= measured  # nothing says that sequences ran together: at most that much


def test_a_question_is_read_with_each_of_its_answers() -> None:
    flos = 186_174_720
    facts = {
        "config": BERT,
        "training_method": "full",
        "recorded_flos": flos,
        "samples": 40,
        "parameters_total": 24_257,
    }
    found = own(facts)
    assert found.central == 183_859_200
    two, five = 1.148 * found.central, 0.99 * found.central
    assert found.low < five
    assert found.high > two * 0.99  # two long answers instead of four
    assert any("4" in note and "answers" in note for note in found.assumptions)
    one_text = own({**facts, "config": {**BERT, "architectures": ["BertForSequenceClassification"]}})
    assert one_text.central > 1.2 * found.central


def test_two_to_five_answers_bound_the_range_of_a_multiple_choice_run() -> None:
    """Attention grows with the square of a text: the same tokens in five texts cost less than in four, in two more."""
    network = Network(method="full", method_fact=None, config=BERT, counted=True)
    found = with_choices(Seen(samples=10, tokens=10 * 40, from_recorded=True, low=0.5, high=2.0), network)
    four, two, five = (many * network.sequence(40 // many).step_flop for many in (4, 2, 5))
    assert five < four < two
    assert found.samples == 40
    assert (found.low, found.high) == (0.5 * five / four, 2.0 * two / four)


def test_long_texts_cost_more_for_each_token_and_the_range_says_so() -> None:
    """Only the longest length is known: the ends are what texts of 8 and of 1,024 tokens cost, attention included."""
    network = Network(method="full", method_fact=None, config=LLAMA, counted=True)
    few, usual, most = (network.sequence(length).step_flop for length in (8, 410, 1024))
    origin = Origin(kind=OriginKind.FILE, file="training_args.bin", key="max_length")
    facts = (
        Fact[Any](name="sequence_length", value=1024, origin=origin),
        Fact[Any](name="samples", value=100, origin=origin),
    )
    known = Known(Project(scan=ScanResult(folder_name="x", facts=facts)))
    found = resolve_seen(known, network, "sft")
    assert found.tokens == 41_000
    assert (found.low, found.high) == pytest.approx((few / usual, 1.05 * most / usual))
    assert few / usual < 0.5 * 8 / 410
    assert most / usual > 1.5 * 1024 / 410
