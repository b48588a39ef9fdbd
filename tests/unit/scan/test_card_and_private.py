# SPDX-License-Identifier: Apache-2.0
"""Model cards, adapter settings, and what must never become a fact."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from core.domain.names import FoundOnly
from core.domain.scan_result import ScanResult
from core.domain.training_method import ADAPTERS, counted_as
from core.scan import scan_path
from core.scan.private import hub_id, is_private, last_part, public_json
from core.scan.readers import READERS
from core.texts import text


def card(folder: Path, front: str, body: str = "") -> ScanResult:
    (folder / "README.md").write_bytes(f"---\n{front}\n---\n{body}".replace("\n", "\r\n").encode())
    return scan_path(folder)


def value(result: ScanResult, name: str) -> Any:
    fact = result.fact(name)
    return None if fact is None else fact.value


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.1-8B"),
        ("/home/mira/llama", None),
        ("C:\\Users\\mira\\llama", None),
        ("./out/llama", None),
        ("outputs/checkpoint-500", None),
        ("my-org/checkpoint-500", None),
        ("_bases/tiny-llama-base", None),
        ("gpt2", None),
        ("mymodels/ponyXL.safetensors", None),
        ("Flux/flux1-dev-Q8_0.gguf", None),
        ("google/gemma-3-1b-pt", "google/gemma-3-1b-pt"),
        ("a/b/c", None),
        ("/root/.cache/huggingface/hub/models--Qwen--Qwen3-8B/snapshots/abc", "Qwen/Qwen3-8B"),
        ("/dev/shm/Qwen/Qwen3-14B", None),
        (None, None),
    ],
)
def test_public_ids_are_told_from_paths(given: object, expected: str | None) -> None:
    assert hub_id(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("/home/mira/models/llama", "llama"),
        ("D:\\models\\llama\\", "llama"),
        ("/home/mira", None),
        ("/Users/mira/", None),
        ("C:\\", None),
        ("", None),
        ("../base", "base"),
    ],
)
def test_only_the_last_part_of_a_path_is_kept(given: str, expected: str | None) -> None:
    assert last_part(given) == expected


PRIVATE = (
    "/home/mira/x", "C:\\Users\\mira", "see /Users/mira/data", "\\\\server\\share", "~/x", "hf_" + "a" * 34,
    "mira@example.org", "https://user:pw@host/x", "10.1.2.3", "file:///x", "wandb_v1_abc", "ghp_" + "a" * 36,
)  # fmt: skip


@pytest.mark.parametrize("text", PRIVATE)
def test_private_texts_are_seen_and_dropped_wherever_they_stand(text: str, tmp_path: Path) -> None:
    assert is_private(text)
    assert public_json({"a": [text, {"b": text, "c": 1}], text: 2}) == {"a": [{"c": 1}]}
    quoted = json.dumps(text)
    config = {
        "model_type": "llama",
        "hidden_size": 8,
        "note": text,
        "_name_or_path": text,
        "my_token": "plain",
    }
    (tmp_path / "config.json").write_text(json.dumps(config))
    adapter = {
        "peft_type": "LORA",
        "base_model_name_or_path": text,
        "data": text,
        "target_modules": [text, "q_proj"],
    }
    (tmp_path / "adapter_config.json").write_text(json.dumps(adapter))
    front = "\n".join(
        f"{key}: {quoted}"
        for key in ("license", "library_name", "model_name", "pipeline_tag", "license_link")
    )
    lists = "\n".join(f"{key}: [{quoted}]" for key in ("tags", "datasets", "base_model", "language"))
    body = f"### Training hyperparameters\n- optimizer: {text}\n### Framework versions\n- PEFT {text}\n- X: {text}\n"
    result = card(tmp_path, f"{front}\n{lists}", body)
    assert not result.unreadable
    assert text not in "".join(str(fact.value) + str(fact.origin.note) for fact in result.facts)
    assert "plain" not in str(value(result, FoundOnly.CONFIG))
    assert value(result, FoundOnly.ADAPTER_CONFIG)["target_modules"] == ["q_proj"]


def test_a_card_written_by_a_person(tmp_path: Path) -> None:
    result = card(
        tmp_path,
        "license: MIT\nlanguage: [no, de, 'Klingon!']\ndatasets: [owner/set, generator]\nbase_model: own/base\n"
        "pipeline_tag: text-generation\nmodel_name: Poems\ntags: [poetry, 'base_model:adapter:/home/mira/x', 'base_model:adapter:my-folder', 'base_model:adapter:own/base']",
        "# Poems\nMine.\n",
    )
    expected = {
        "license": "mit",
        "languages": ["no", "de"],
        "datasets": ["owner/set"],
        "base_model": "own/base",
        "pipeline_tag": "text-generation",
        "model_name": "Poems",
        FoundOnly.TAGS: ["poetry", "base_model:adapter:own/base"],
    }
    assert {fact.name: fact.value for fact in result.facts} == expected


def test_unsloths_fixed_licence_is_not_believed(tmp_path: Path) -> None:
    front = "license: apache-2.0\ntags: [unsloth, trl]\nbase_model: unsloth/llama-3-8b-bnb-4bit"
    made = "# Uploaded  model\nThis llama model was trained 2x faster with [Unsloth](https://github.com/unslothai/unsloth)"
    result = card(tmp_path, front, made)
    assert value(result, "license") is None
    assert any("Unsloth" in note for note in result.notes)
    assert value(result, FoundOnly.GENERATED_BY_TRAINER) is True
    assert value(card(tmp_path, "license: apache-2.0", "mine"), "license") == "apache-2.0"


def test_several_bases_are_all_named(tmp_path: Path) -> None:
    result = card(tmp_path, "base_model: [a-org/one, b-org/two]\ntags: [merge, mergekit]")
    assert value(result, "base_model") == "a-org/one"
    assert value(result, "origin") == "merge"
    assert any("a-org/one, b-org/two" in note for note in result.notes)


def test_a_card_with_a_broken_front_still_gives_its_body(tmp_path: Path) -> None:
    result = card(tmp_path, "license: [mit", "### Training hyperparameters\n- total_train_batch_size: 64\n")
    assert value(result, "global_batch") == 64
    assert [record.path for record in result.unreadable] == ["README.md"]


def adapter(folder: Path, **settings: Any) -> ScanResult:
    (folder / "adapter_config.json").write_text(json.dumps(settings))
    return scan_path(folder)


@pytest.mark.parametrize(
    ("settings", "method"),
    [
        ({"peft_type": "LORA"}, "lora"),
        ({"peft_type": "LORA", "use_dora": True}, "dora"),
        ({"peft_type": "LORA", "base_model_name_or_path": "unsloth/x-bnb-4bit"}, "qlora"),
        ({"peft_type": "PROMPT_TUNING"}, "prompt_tuning"),
        ({"peft_type": "IA3"}, "ia3"),
        ({"peft_type": "ADALORA", "init_r": 6}, "adalora"),
        ({"peft_type": "LOHA"}, "loha"),
        ({"peft_type": "LOKR"}, "lokr"),
        ({"peft_type": "OFT"}, "oft"),
        ({"peft_type": "BOFT"}, "boft"),
        ({"peft_type": "VERA"}, "vera"),
        ({"peft_type": "PREFIX_TUNING"}, "prefix_tuning"),
        ({"peft_type": "P_TUNING"}, "p_tuning"),
        ({"peft_type": "FOURIERFT"}, "fourierft"),
        ({"peft_type": "CPT"}, "cpt"),
        ({"peft_type": "NEXT_YEARS_KIND"}, "adapter"),
        ({"peft_type": "FULL"}, "adapter"),
        ({"fine_tune_type": "dora"}, "dora"),
        ({"fine_tune_type": "full"}, "full"),
        ({"fine_tune_type": "lora", "model": "mlx-community/x-4bit"}, "qlora"),
    ],
)
def test_methods_of_adapters(tmp_path: Path, settings: dict[str, Any], method: str | None) -> None:
    assert value(adapter(tmp_path, **settings), "training_method") == method


PEFT_TYPES = """ADALORA ADAMSS ADAPTION_PROMPT BEFT BOFT BONE C3A CARTRIDGE CPT DEFT DELORA FOURIERFT FROD GLORA GRALORA HIRA HRA
IA3 LILY LN_TUNING LOHA LOKR LORA MISS MULTITASK_PROMPT_TUNING OFT OSF PEANUT POLY PREFIX_TUNING PROMPT_TUNING PSOFT PVERA
P_TUNING RANDLORA ROAD SHADOW SHIRA SUPERTUNING TINYLORA TRAINABLE_TOKENS UNILORA VBLORA VERA WAVEFT XLORA""".split()
"""PeftType of peft 0.21.2, and BONE of 0.13 to 0.17."""


@pytest.mark.parametrize("kind", PEFT_TYPES)
def test_every_kind_of_peft_is_named_and_is_an_adapter(tmp_path: Path, kind: str) -> None:
    method = value(adapter(tmp_path, peft_type=kind), "training_method")
    assert method == kind.lower()
    assert method in ADAPTERS
    assert counted_as(method) in {"lora", "prompt_tuning"}
    for where in ("documents.choice.training_method", "questions.training_method.choice"):
        # The catalogue's words; without them text() raises.
        assert text(f"{where}.{method}")


def test_a_kind_that_came_later_is_named_in_its_note(tmp_path: Path) -> None:
    result = adapter(tmp_path, peft_type="NEXT_YEARS_KIND")
    (fact,) = [fact for fact in result.facts if fact.name == "training_method"]
    assert "NEXT_YEARS_KIND" in str(fact.origin.note)


@pytest.mark.parametrize(
    ("settings", "rank", "note"),
    [
        (
            {"r": 8, "rank_pattern": {"q_proj": 4, "v_proj": 16, "k_proj": 8}},
            8,
            "some layers have another rank: 4, 16",
        ),
        ({"r": 8, "rank_pattern": {"q_proj": 8}, "alpha_pattern": {"q_proj": 4}}, 8, None),
        ({"peft_type": "ADALORA", "init_r": 6, "r": 8, "rank_pattern": {"x": [True, False]}}, 6, None),
        ({"r": 8, "rank_pattern": ["q_proj"]}, 8, None),
    ],
)
def test_the_rank_with_a_pattern_of_ranks(
    tmp_path: Path, settings: dict[str, Any], rank: int, note: str | None
) -> None:
    result = adapter(tmp_path, **({"peft_type": "LORA"} | settings))
    (fact,) = [fact for fact in result.facts if fact.name == "lora_rank"]
    assert (fact.value, fact.origin.note) == (rank, note)


def test_mlx_writes_another_file_under_the_same_name(tmp_path: Path) -> None:
    result = adapter(
        tmp_path, fine_tune_type="lora", lora_parameters={"rank": 8}, model="/Users/mira/granite", batch_size=4,
        iters=100, grad_accumulation_steps=2, num_layers=-1, data="/Users/mira/data", max_seq_length=2048,
    )  # fmt: skip
    assert value(result, "lora_rank") == 8
    assert value(result, "global_batch") == 8
    assert value(result, FoundOnly.STEPS_PLANNED) == 50
    assert value(result, "steps") is None
    assert value(result, FoundOnly.ADAPTER_CONFIG) is None
    assert value(result, FoundOnly.LAYERS_TOUCHED) is None
    assert value(result, FoundOnly.BASE_PATH_NAME) == "granite"
    assert "mira" not in result.model_dump_json()


def test_another_programs_files_are_skipped_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"port": 8080}')
    (tmp_path / "trainer_state.json").write_text('{"a": 1}')
    (tmp_path / "adapter_config.json").write_text("{}")
    (tmp_path / "train_results.json").write_text('{"a": 1}')
    result = scan_path(tmp_path)
    assert not result.facts
    assert {record.outcome.value for record in result.files} == {"skipped"}
    assert all(record.why for record in result.files)


def test_several_models_in_one_folder_are_told(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "adapter_config.json").write_text('{"peft_type": "LORA"}')
    assert any("more than one model" in note for note in scan_path(tmp_path).notes)


def test_readers_have_names_of_their_own() -> None:
    assert len({reader.NAME for reader in READERS}) == len(READERS)


def test_a_long_text_without_an_address_is_looked_through_in_time() -> None:
    """Found by benchmarks/fuzz_readers.py: a pattern of e-mail addresses that went over the text again and again."""
    started = time.process_time()
    assert not is_private("1" * 60_000)
    assert time.process_time() - started < 0.5
    assert is_private("1" * 60_000 + "@example.org")


@pytest.mark.parametrize("key", ["model_name", "model-index"])
def test_a_folder_that_stands_as_a_name_is_cut_to_its_end(tmp_path: Path, key: str) -> None:
    """Axolotl writes the folder of the run there."""
    for folder, name in (
        ("home/mira/outputs/lora-out", "lora-out"),
        ("my model", "my model"),
        ("home/mira", None),
    ):
        front = f"model_name: {folder}" if key == "model_name" else f"model-index:\n- name: {folder}"
        assert value(card(tmp_path, front), "model_name") == name


@pytest.mark.parametrize(
    ("language", "body", "languages"),
    [
        ("en", "trained 2x faster with [Unsloth](https://github.com/unslothai/unsloth)", None),
        ("de", "trained 2x faster with [Unsloth](https://github.com/unslothai/unsloth)", ["de"]),
        ("en", "my own words", ["en"]),
    ],
)
def test_english_in_the_template_of_unsloth_says_nothing(
    tmp_path: Path, language: str, body: str, languages: list[str] | None
) -> None:
    """The template names it for every model, as it does apache-2.0."""
    found = card(tmp_path, f"tags:\n- unsloth\nlanguage:\n- {language}", body)
    assert value(found, "languages") == languages
