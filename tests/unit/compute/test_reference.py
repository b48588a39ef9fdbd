# SPDX-License-Identifier: Apache-2.0
"""The reference tables: sound data, and ids that lead to the right row."""

import pytest

from core.reference import Match, Reference, load_reference


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


def test_tables_are_complete(reference: Reference) -> None:
    assert len(reference.accelerators) == 232
    assert len(reference.base_models) == 303
    assert len(reference.grids) == 349


def test_accelerators_are_sound(reference: Reference) -> None:
    ids = [row.id for row in reference.accelerators]
    assert len(set(ids)) == len(ids)
    for row in reference.accelerators:
        assert row.training_peak_flops == row.peaks.get(row.training_precision, row.training_peak_flops), (
            row.id
        )
        assert 10**11 < row.training_peak_flops < 10**16, row.id
        assert row.watts is None or 10 <= row.watts <= 2000, row.id
        assert row.kind in ("datacentre", "workstation", "consumer", "laptop", "soc", "cpu"), row.id


def test_known_cards(reference: Reference) -> None:
    """Dense figures, not the doubled ones with sparsity; FP32 accumulation halves GeForce."""
    card = reference.accelerator("nvidia-rtx-4090")
    assert card is not None
    assert card.training_peak_flops == 165_200_000_000_000
    assert card.peak("fp32") == (82_580_000_000_000, "fp32")
    assert card.peak("int4") == (165_200_000_000_000, "bf16")
    assert card.at_home
    h100 = reference.accelerator("nvidia-h100-sxm5-80gb")
    assert h100 is not None
    assert h100.training_peak_flops == 989_400_000_000_000
    assert not h100.at_home


@pytest.mark.parametrize(
    ("name", "row_id"),
    [
        ("NVIDIA GeForce RTX 4090", "nvidia-rtx-4090"),
        ("NVIDIA A100-SXM4-80GB", "nvidia-a100-sxm4-80-gb"),
        ("NVIDIA A100-PCIE-40GB", "nvidia-a100-pcie-40-gb"),
        ("NVIDIA L4", "nvidia-l4"),
        ("Tesla T4", "nvidia-tesla-t4"),
        ("NVIDIA H100 80GB HBM3", "nvidia-h100-sxm5-80gb"),
    ],
)
def test_driver_names_find_the_row(reference: Reference, name: str, row_id: str) -> None:
    row = reference.accelerator(name)
    assert row is not None
    assert row.id == row_id


def test_unknown_device(reference: Reference) -> None:
    assert reference.accelerator("Abacus 3000") is None
    assert reference.accelerator("") is None


def test_base_models_are_sound(reference: Reference) -> None:
    for row in reference.base_models:
        flop = (row.flop_low, row.flop_best, row.flop_high)
        if row.flop_best is None:
            assert flop == (None, None, None), row.hub_id
        else:
            low, best, high = (value or 0 for value in flop)
            assert 0 < low <= best <= high, row.hub_id
        if row.parameters_active is not None:
            assert row.parameters_total is not None
            assert row.parameters_active < row.parameters_total, row.hub_id
        assert row.licence_id, row.hub_id


def test_token_rows_agree_with_six_n_d(reference: Reference) -> None:
    checked = 0
    for row in reference.base_models:
        size, tokens = row.parameters_active or row.parameters_total, row.training_tokens
        if size and tokens and row.flop_best:
            assert row.flop_best == pytest.approx(6 * size * tokens, rel=0.01), row.hub_id
            checked += 1
    assert checked > 100


def test_llama_8b(reference: Reference) -> None:
    row = reference.base_model("meta-llama/llama-3.1-8b")
    assert row is not None
    assert (row.hub_id, row.match) == ("meta-llama/Llama-3.1-8B", Match.EXACT)
    assert row.flop_best == 723 * 10**21
    assert row.verified
    assert row.doubt == ""


@pytest.mark.parametrize(
    ("asked", "hub_id", "match"),
    [
        ("unsloth/Meta-Llama-3.1-8B-bnb-4bit", "meta-llama/Llama-3.1-8B", Match.MIRROR),
        ("unsloth/llama-3-8b-bnb-4bit", "meta-llama/Meta-Llama-3-8B", Match.MIRROR),
        ("unsloth/llama-3-8b-Instruct-bnb-4bit", "meta-llama/Meta-Llama-3-8B", Match.VARIANT),
        ("unsloth/Llama-3.2-3B-Instruct-unsloth-bnb-4bit", "meta-llama/Llama-3.2-3B", Match.VARIANT),
        ("bartowski/Meta-Llama-3.1-8B-Instruct-GGUF", "meta-llama/Llama-3.1-8B", Match.VARIANT),
        ("TheBloke/Llama-2-7B-GGUF", "meta-llama/Llama-2-7b-hf", Match.MIRROR),
        ("Qwen/Qwen2.5-7B-Instruct", "Qwen/Qwen2.5-7B", Match.VARIANT),
        ("Qwen/Qwen2.5-7B-Instruct-AWQ", "Qwen/Qwen2.5-7B", Match.VARIANT),
        ("Qwen/Qwen3-8B", "Qwen/Qwen3-8B-Base", Match.VARIANT),
        ("mistralai/Mistral-Nemo-Instruct-2407", "mistralai/Mistral-Nemo-Base-2407", Match.VARIANT),
        ("google/gemma-2-9b-it", "google/gemma-2-9b", Match.VARIANT),
        ("gpt2", "openai-community/gpt2", Match.RENAMED),
        ("bert-base-uncased", "google-bert/bert-base-uncased", Match.RENAMED),
        ("meta-llama/Llama-3.3-70B-Instruct", "meta-llama/Llama-3.3-70B-Instruct", Match.EXACT),
        ("someone/Meta-Llama-3.1-8B-Instruct-GPTQ-INT4", "meta-llama/Llama-3.1-8B", Match.VARIANT),
    ],
)
def test_copies_and_versions_lead_to_the_licensor(
    reference: Reference, asked: str, hub_id: str, match: Match
) -> None:
    row = reference.base_model(asked)
    assert row is not None
    assert (row.hub_id, row.match, row.asked) == (hub_id, match, asked)
    assert (match is Match.EXACT) or asked in row.doubt


@pytest.mark.parametrize(
    "asked", ["john/gpt2", "NousResearch/Hermes-3-Llama-3.1-8B", "distilgpt2", "", "/", "-", "nobody/nothing"]
)
def test_strangers_get_no_row(reference: Reference, asked: str) -> None:
    """A stranger's repository of the same name may be a fine-tune: no figures are lent to it."""
    assert reference.base_model(asked) is None


def test_rows_from_memory_say_so(reference: Reference) -> None:
    row = reference.base_model("Qwen/Qwen2.5-0.5B")
    assert row is not None
    assert not row.verified
    assert "from memory" in row.doubt


def test_grid(reference: Reference) -> None:
    france = reference.grid("fra")
    assert france is not None
    assert france.g_per_kwh == 56.0
    assert reference.grid("XX") is None
    assert all(row.source in ("owid", "epa", "google", "codecarbon") for row in reference.grids)


def test_every_driver_name_leads_to_a_row(reference: Reference) -> None:
    from core.reference.tables import _DRIVER_NAMES

    for name, row_id in _DRIVER_NAMES.items():
        row = reference.accelerator(name)
        assert row is not None
        assert row.id == row_id
