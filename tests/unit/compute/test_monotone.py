# SPDX-License-Identifier: Apache-2.0
"""More work never weighs less, freezing never weighs more, and the parts of the accounts add up, from a configuration."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.compute import weigh
from core.domain.answers import Answers
from core.domain.fact import AnyFact, Fact, Origin, OriginKind
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.reference import load_reference

LLAMA: dict[str, Any] = {
    "model_type": "llama",
    "hidden_size": 64,
    "intermediate_size": 160,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 512,
}
VIT: dict[str, Any] = {
    "model_type": "vit",
    "architectures": ["ViTForImageClassification"],
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_attention_heads": 4,
    "image_size": 64,
    "patch_size": 8,
}
MARIAN: dict[str, Any] = {
    "model_type": "bart",
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "vocab_size": 200,
}
METHODS = ["full", "lora", "frozen_partial", "prompt_tuning"]
STAGES = ["sft", "dpo", "kto", "orpo", "cpo", "grpo", "rloo", "ppo", "reward"]


def weighed(config: dict[str, Any], **answers: Any) -> Footprint:
    origin = Origin(kind=OriginKind.FILE, file="config.json")
    given_facts: dict[str, Any] = {"config": config, "base_config": config}
    facts: tuple[AnyFact, ...] = tuple(
        Fact(name=name, value=value, origin=origin) for name, value in given_facts.items()
    )
    scan = ScanResult(folder_name="x", facts=facts)
    return weigh(Known(Project(scan=scan, answers=Answers.model_validate(answers))), load_reference())


def central(footprint: Footprint) -> int:
    own = footprint.accounts.own
    assert own is not None
    assert own.low <= own.central <= own.high
    return own.central


RUNS = st.fixed_dictionaries(
    {
        "samples": st.integers(1, 10**6),
        "sequence_length": st.integers(1, 300),
        "training_method": st.sampled_from(METHODS),
        "training_stage": st.sampled_from(STAGES),
    }
)


@settings(max_examples=60, deadline=None)
@given(RUNS, st.sampled_from([LLAMA, VIT, MARIAN]), st.integers(2, 5))
def test_more_epochs_layers_and_tokens_never_weigh_less(
    run: dict[str, Any], config: dict[str, Any], more: int
) -> None:
    layers = {"num_hidden_layers": 2} if config is not MARIAN else {}
    deeper = {"num_hidden_layers": 2 + more} if config is not MARIAN else {"encoder_layers": 2 + more}
    once = central(weighed(config | layers, **run))
    assert central(weighed(config | deeper, **run)) >= once
    assert central(weighed(config | layers, **(run | {"samples": run["samples"] * more}))) >= once
    assert (
        central(weighed(config | layers, **(run | {"sequence_length": run["sequence_length"] * more})))
        >= once
    )


@settings(max_examples=60, deadline=None)
@given(RUNS, st.sampled_from([LLAMA, VIT, MARIAN]), st.integers(1, 8))
def test_freezing_never_weighs_more(run: dict[str, Any], config: dict[str, Any], rank: int) -> None:
    """An adapter of a small rank; one as wide as the layers it sits on adds its own work, as virtual tokens do."""
    config = config | ({} if config is MARIAN else {"num_hidden_layers": 4})
    virtual = 20 if run["training_method"] == "prompt_tuning" else 0
    longer = {"training_method": "full", "sequence_length": run["sequence_length"] + virtual}
    full = central(weighed(config, **(run | longer)))
    if run["training_method"] == "lora":
        run = run | {"lora_rank": rank}
    assert central(weighed(config, **run)) <= full


@settings(max_examples=40, deadline=None)
@given(RUNS, st.integers(1, 10**20))
def test_accounts_add_up(run: dict[str, Any], base: int) -> None:
    accounts = weighed(LLAMA | {"num_hidden_layers": 2}, **run, origin="fine_tune", base_flop=base).accounts
    assert accounts.own is not None
    assert accounts.base is not None
    assert accounts.direct is not None
    assert accounts.cumulative is not None
    assert accounts.direct.central <= accounts.own.central
    assert (
        accounts.base.central <= accounts.cumulative.central <= accounts.base.central + accounts.own.central
    )
