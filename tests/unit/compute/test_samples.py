# SPDX-License-Identifier: Apache-2.0
"""Runs counted by samples, text the model wrote itself, and adapters without their base."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.compute import weigh
from core.compute.adapter_only import adapter_factors
from core.compute.families import config_of_family
from core.compute.flops import count_flops
from core.compute.inputs import Inputs
from core.compute.network import count_sequence
from core.domain.answers import Answers
from core.domain.fact import AnyFact, Fact, Origin, OriginKind
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.reference import load_reference
from core.scan import scan_path

FIXTURES = Path(__file__).parents[2] / "fixtures"
VIT = {
    "model_type": "vit",
    "architectures": ["ViTForImageClassification"],
    "hidden_size": 192,
    "num_hidden_layers": 12,
    "num_attention_heads": 3,
    "intermediate_size": 768,
    "image_size": 224,
    "patch_size": 16,
}
T5 = {"model_type": "t5", "architectures": ["T5ForConditionalGeneration"]}


def facts(**values: Any) -> tuple[AnyFact, ...]:
    origin = Origin(kind=OriginKind.FILE, file="config.json")
    return tuple(Fact(name=name, value=value, origin=origin) for name, value in values.items())


def known(found: dict[str, Any], **answers: Any) -> Known:
    scan = ScanResult(folder_name="x", facts=facts(**found))
    return Known(Project(scan=scan, answers=Answers.model_validate(answers)))


def weighed(found: dict[str, Any], **answers: Any) -> Footprint:
    return weigh(known(found, **answers), load_reference())


def place(name: str) -> Path:
    more = FIXTURES / "compute" / "runs" / name
    return more if more.is_dir() else FIXTURES / "trained" / name


def folder(name: str) -> Footprint:
    return weigh(Known(Project(scan=scan_path(place(name)))), load_reference())


@pytest.mark.parametrize(
    "name",
    ["hf_trainer_bert_classifier", "sentence_transformers_mnrl", "peft_lora_llama"],
)
def test_within_five_percent_of_what_was_measured(name: str) -> None:
    """The adapter without its base."""
    truth = json.loads((place(name) / "truth.json").read_text(encoding="utf-8"))
    own = folder(name).accounts.own
    assert own is not None
    assert own.central == pytest.approx(truth["flops_measured_FlopCounterMode_total"], rel=0.05)
    assert own.low <= truth["flops_measured_FlopCounterMode_total"] <= own.high


def test_whisper_runs_all_frames_and_says_what_it_took_for_the_labels() -> None:
    own = folder("hf_trainer_whisper").accounts.own
    assert own is not None
    assert any("between 3 and 16" in note for note in own.assumptions)
    assert own.low <= 220_348_416 <= own.high
    assert own.central == pytest.approx(220_348_416, rel=0.05)
    config = json.loads((place("hf_trainer_whisper") / "config.json").read_text(encoding="utf-8"))
    asked = weighed({"config": config, "samples": 32}, sequence_length=12).accounts.own
    assert asked is not None
    assert asked.central == 220_348_416  # as measured
    padded = weighed({"config": config, "samples": 32}, sequence_length=32).accounts.own
    assert padded is not None
    assert own.high == pytest.approx(1.05 * padded.central)  # labels padded to every place the model has


def test_pictures_are_counted_and_the_pixels_are_not_tokens() -> None:
    footprint = weighed({"config": VIT, "samples": 1000, "recorded_flos": 10**18})
    own = footprint.accounts.own
    assert own is not None
    assert own.central == count_flops(VIT, Inputs()).step_flop * 1000
    assert own.high == pytest.approx(1.05 * own.central)
    assert footprint.witnesses[2].estimate is None
    assert "pixel" in footprint.witnesses[2].remark
    larger = weighed({"config": VIT, "samples": 1000, "hyperparameters": {"resolution": 384}}).accounts.own
    assert larger is not None
    assert larger.central > 2.8 * own.central


def test_no_number_of_pictures_asks_for_it() -> None:
    footprint = weighed({"config": VIT})
    assert footprint.accounts.own is None
    assert "samples" in footprint.witnesses[0].missing


def test_source_length_behind_total_flos_of_two_halves() -> None:
    """The Trainer counts 6 x N x source tokens: 100 samples of 40 tokens are found again."""
    least, usual, most = (
        count_flops(T5, Inputs(encoder_len=40, decoder_len=length)) for length in (1, 11, 40)
    )
    outside = most.parameters_total - most.parameters_embedding
    own = weighed({"config": T5, "samples": 100, "recorded_flos": 6 * outside * 4000}).accounts.own
    assert own is not None
    # One token written at least, as many as read at most; the mean of lengths even by their logarithm: 39 / ln 40 = 10.6.
    assert own.central == 100 * usual.step_flop
    assert own.low <= 100 * least.step_flop < 100 * most.step_flop <= own.high


def test_rollouts_are_apart_from_updates() -> None:
    accounts = folder("trl_grpo_llama").accounts
    assert accounts.own is not None
    assert accounts.direct is not None
    # Counted by hand for the sample (its PROVENANCE.md): 48 texts of 8 + 12 tokens, 18,432 weights beside 128 x 32 of
    # the head. Training: every product of weights three times, the head for 19 of 20 tokens, attention over all.
    trained = 6 * 18_432 * 20 + 6 * 4_096 * 19 + 3 * 4 * 2 * 32 * 20**2
    # Writing: the prompt at once, then 11 tokens one by one; the head once for each token written.
    written = 2 * 18_432 * 19 + 2 * 4_096 * 12 + 4 * 2 * 32 * (8**2 + sum(range(9, 20)))
    assert accounts.direct.central == 48 * trained
    assert accounts.own.central == 48 * (trained + written)


@pytest.mark.parametrize(
    ("settings", "parts"),
    [({"beta": 0.0}, 8), ({"beta": 0.04}, 10), ({"beta": 0.0, "num_iterations": 2}, 16), ({}, 10)],
)
def test_grpo_by_its_settings(settings: dict[str, Any], parts: int) -> None:
    """6N a pass, 2N to write, 2N for a reference, 2N to score again when a text is used twice."""
    found = {"hyperparameters": settings, "training_stage": "grpo"}
    own = weighed(found, parameters_total=10**9, tokens=10**6).accounts.own
    assert own is not None
    assert own.central == pytest.approx(parts * 10**15, rel=1e-9)


@pytest.mark.parametrize(
    ("settings", "epochs", "central"),
    [
        ({"reference_free": True}, 4.0, 6.0),
        ({"reference_free": True, "precompute_ref_log_probs": True}, 4.0, 6.0),
        ({"precompute_ref_log_probs": False}, 4.0, 8.0),
        ({"precompute_ref_log_probs": True}, 1.0, 8.0),
        ({"precompute_ref_log_probs": True}, 4.0, 6.5),
        (
            {"precompute_ref_log_probs": True},
            0.5,
            10.0,
        ),  # half of the data was trained on, all of it was read
        ({"precompute_ref_log_probs": True}, 0.0, 8.0),
    ],
)
def test_a_reference_whose_answers_are_stored_reads_each_text_once(
    settings: dict[str, Any], epochs: float, central: float
) -> None:
    """N·D = 10^15: 6 for the model, 2 for the reference, which reads the data once in all epochs. Or it did so in an earlier run."""
    found = {"hyperparameters": settings, "training_stage": "dpo", "epochs": epochs}
    accounts = weighed(found, parameters_total=10**9, tokens=10**6).accounts
    assert accounts.own is not None
    assert accounts.direct is not None
    assert accounts.own.central == pytest.approx(central * 10**15, rel=1e-9)
    assert accounts.own.low == pytest.approx(
        (8 if settings.get("precompute_ref_log_probs") is False else 6) * 10**15, rel=1e-9
    )
    assert accounts.direct.central == pytest.approx(6 * 10**15, rel=1e-6)


def test_texts_of_a_sample_are_added_up_and_padding_bounds_the_range() -> None:
    bert = {"model_type": "bert", "architectures": ["BertModel"], "hidden_size": 64, "num_attention_heads": 2}
    lengths = [{"min": 0, "mean": 15.0, "max": 30}, {"min": 0, "mean": 15.0, "max": 30}]  # spread evenly
    found = {"config": bert, "samples": 1000, "sample_lengths": lengths, "batch_per_device": 5}
    own = weighed(found).accounts.own
    assert own is not None
    each = count_flops(bert, Inputs(seq_len=25)).step_flop  # the longest of 5: 5/6 of 30
    assert own.central == pytest.approx(2000 * each, rel=0.01)
    assert own.low / own.central == pytest.approx(0.95 * 15 / 25, rel=0.02)


def test_a_wider_feed_forward_that_was_adapted_narrows_the_range() -> None:
    shapes = {"q_proj": [4096, 4096, 32], "v_proj": [4096, 1024, 32]}
    base = {"adapter_layers": 32, "parameters_trainable": 6_815_744}
    run = 6 * 8 * 10**9 * 512 * 1000
    rough = adapter_factors(known({**base, "adapter_shapes": shapes}), run, 1000)
    fine = adapter_factors(
        known({**base, "adapter_shapes": {**shapes, "up_proj": [4096, 14336, 32]}}), run, 1000
    )
    assert rough is not None
    assert fine is not None
    assert 0.62 < rough.low < rough.central < rough.high < 0.95
    assert fine.high / fine.low < rough.high / rough.low < 1.5
    assert adapter_factors(known(base), run, 1000) is None


@pytest.mark.parametrize(
    ("word", "sides", "measured"),
    [
        # One image, forward and backward, LoRA on the attention of the UNet (rank 4 and 16): PyTorch's FlopCounterMode.
        ("sd_v1", [512, 512], 1_714_413_622_272),
        ("sdxl_base_v1-0", [1024, 1024], 14_187_923_292_160),
    ],
)
def test_an_image_adapter_is_counted_from_the_word_for_its_family(
    word: str, sides: list[int], measured: int
) -> None:
    found = {
        "model_family": word,
        "resolution": sides,
        "training_method": "lora",
        "lora_rank": 4 if word == "sd_v1" else 16,
        "samples": 1000,
    }
    footprint = weighed(found)
    own = footprint.accounts.own
    assert own is not None
    encoder = 1_116_658_466_816 * sides[0] * sides[1] / 512**2
    assert own.central / 1000 == pytest.approx(measured + encoder, rel=0.02)
    assert own.low < 1000 * measured < own.high  # latents may have been stored
    assert any("autoencoder" in note for note in own.assumptions)
    assert any("Stable Diffusion" in note for note in own.assumptions)
    named = {"sd_v1": "stable-diffusion-v1-5/stable-diffusion-v1-5"}.get(
        word, "stabilityai/stable-diffusion-xl-base-1.0"
    )
    of_base = weighed({**found, "model_family": None, "base_model": named}).accounts.own
    assert of_base is not None
    assert (of_base.low, of_base.central, of_base.high) == (own.low, own.central, own.high)
    half = weighed({**found, "resolution": [sides[0], sides[1] // 2]}).accounts.own
    assert half is not None
    assert half.central < 0.6 * own.central


@pytest.mark.parametrize(
    ("words", "name", "parameters"),
    [
        # Parameters of the published weights, of 3.5 medium without its table of places (384² x 1536, which is not trained).
        (
            ("flux", "flux1", "FLUX.1-dev", "FLUX_DEV_1", "flux-1-dev", "FLUX.1-schnell"),
            "FLUX.1",
            11_901_408_320,
        ),
        (
            ("FLUX.1-Kontext-dev", "flux_kontext", "kontext", "flux1-kontext-dev"),
            "FLUX.1 Kontext",
            11_901_408_320,
        ),
        (("stable-diffusion-3-medium-diffusers",), "Stable Diffusion 3 medium", 2_028_328_000),
        (
            ("stable-diffusion-3.5-medium", "stable-diffusion-3-5-medium/lora"),
            "Stable Diffusion 3.5 medium",
            2_469_663_936 - 384**2 * 1536,
        ),
        (
            ("stable-diffusion-3.5-large", "stable-diffusion-3-5-large/lora"),
            "Stable Diffusion 3.5 large",
            8_056_627_520,
        ),
        (("Qwen-Image", "qwen_image", "qwen-image-2512"), "Qwen-Image", 20_430_401_088),
        (
            (
                "flux2",
                "flux_2_klein",
                "FLUX.1-Fill-dev",
                "Qwen-Image-Edit",
                "sd3",
                "fluxion",
            ),
            "",
            0,
        ),
    ],
)
def test_transformers_of_pictures_by_their_names(words: tuple[str, ...], name: str, parameters: int) -> None:
    for word in words:
        found = config_of_family(word)
        assert (found[0] if found else "") == name, word
        if found:
            assert count_sequence(found[1], None, None, 8).parameters_total == parameters


def test_flux_reads_its_text_at_full_length() -> None:
    """Measured at 512 x 512 (1,024 places of the picture, 512 of the text): 64,494,505,033,728 FLOP forward and backward."""
    own = weighed(
        {"model_family": "flux1", "resolution": [512, 512], "samples": 10, "training_method": "full"}
    ).accounts.own
    assert own is not None
    frozen = 1_116_658_466_816 + 2 * 4_762_000_000 * 512
    assert own.central == 10 * (64_494_505_033_728 + frozen)


_WORD = 1_669_164_892_160
"""Measured: the frozen U-Net of SD 1.5 on 64 x 64 latents, forward, and back to 77 states of a text (diffusers, AttnProcessor)."""


def test_a_trained_word_runs_the_frozen_network_forward_and_back() -> None:
    found = {"model_family": "sd_v1", "resolution": [512, 512], "samples": 10}
    full = weighed({**found, "training_method": "full"}).accounts.own
    word = weighed({**found, "training_method": "prompt_tuning"}).accounts.own
    assert full is not None
    assert word is not None
    encoder, reader = 1_116_658_466_816, 85_054_464
    # Linear layers hand on one gradient, products of two activations two; before the first text nothing needs one.
    assert word.central - 10 * (encoder + 4 * reader * 77) == 10 * _WORD
    assert 2 * 803_273_441_280 < _WORD < 2.2 * 803_273_441_280
    assert word.central < full.central
    # The pictures may have been stored, the text not; and the configuration is that of the family (0.92).
    assert word.low == pytest.approx(0.95 * 0.92 * 10 * (_WORD + 4 * reader * 77), rel=1e-6)


@pytest.mark.parametrize("name", ["trl_sft_llama", "trl_dpo_llama", "trl_grpo_llama"])
def test_trl_is_exact_once_the_counter_sees_the_products_made_in_place(name: str) -> None:
    """TRL 1.15 and later: the head's two gradients go through addmm_, which PyTorch's counter does not know.

    The counter adds the logits that are made a second time instead: one pass of the head less than the model needs.
    benchmarks/trl_head.py measures it with the real trainer and a counter that knows addmm_.
    """
    truth = json.loads((place(name) / "truth.json").read_text(encoding="utf-8"))
    config = json.loads((place(name) / "config.json").read_text(encoding="utf-8"))
    # GRPO hands the trainer no tensors: 8 texts of 8 + 12 tokens.
    rows, length = truth["first_input_shapes"].get("input_ids", [(8, 20)])[0]
    one_pass = 2 * config["hidden_size"] * config["vocab_size"] * rows * (length - 1)
    own = folder(name).accounts.own
    assert own is not None
    assert own.central == truth["flops_measured_FlopCounterMode_total"] + one_pass * truth["micro_steps"]
    # Built for the processor alone, so no masked token was left out: nothing is open.
    assert not any("output head" in note for note in own.assumptions)


@pytest.mark.parametrize(
    ("settings", "more", "least"),
    [
        ({}, 1 / 3, 0.0),  # whether what it gave was stored, nothing says
        ({"precompute_ref_log_probs": False}, 1 / 3, 1 / 3),
        ({"precompute_ref_log_probs": True}, 1 / 12, 0.0),  # one pass over the data in four epochs
        ({"reference_free": True}, 0.0, 0.0),
    ],
)
def test_a_recorded_figure_lacks_the_reference_of_dpo(
    settings: dict[str, Any], more: float, least: float
) -> None:
    """6N for each token stands in the log, and the frozen reference took 2N."""
    found = {
        "recorded_flos": 6 * 10**15,
        "training_method": "lora",
        "epochs": 4.0,
        "hyperparameters": settings,
    }
    plain = weighed({**found, "training_stage": "sft"}).accounts.own
    tuned = weighed({**found, "training_stage": "dpo"}).accounts.own
    assert plain is not None
    assert tuned is not None
    assert (tuned.central - plain.central) / 6e15 == pytest.approx(more, rel=1e-6)
    assert (tuned.low - plain.low) / 6e15 == pytest.approx(least, rel=1e-6)
    assert (tuned.high - plain.high) / 6e15 == pytest.approx(more * 4 / 3, rel=1e-6)
