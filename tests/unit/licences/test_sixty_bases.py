# SPDX-License-Identifier: Apache-2.0
"""Sixty named base models by exact id: which licences count (the whole chain), and what they ask."""

import pytest

from core.domain.answers import Answers
from core.domain.known import Known
from core.domain.project import Project
from core.licences import licence_duties
from core.licences.chain import chain
from core.reference import load_reference

BASES = {
    "meta-llama/Llama-2-7b-hf": "llama2",
    "meta-llama/Llama-2-70b-hf": "llama2",
    "meta-llama/Meta-Llama-3-8B": "llama3",
    "meta-llama/Meta-Llama-3-8B-Instruct": "llama3",
    "meta-llama/Llama-3.1-8B": "llama3.1",
    "meta-llama/Llama-3.1-8B-Instruct": "llama3.1",
    "meta-llama/Llama-3.1-405B": "llama3.1",
    "unsloth/Meta-Llama-3.1-8B-bnb-4bit": "llama3.1",
    "meta-llama/Llama-3.2-1B": "llama3.2",
    "meta-llama/Llama-3.2-11B-Vision": "llama3.2",
    "meta-llama/Llama-3.3-70B-Instruct": "llama3.3",
    "meta-llama/Llama-4-Scout-17B-16E": "llama4",
    "mistralai/Mistral-7B-v0.1": "apache-2.0",
    "mistralai/Mistral-7B-v0.3": "apache-2.0",
    "mistralai/Mixtral-8x7B-v0.1": "apache-2.0",
    "mistralai/Mistral-Nemo-Base-2407": "apache-2.0",
    "mistralai/Mistral-Small-24B-Base-2501": "apache-2.0",
    "mistralai/Mistral-Large-Instruct-2411": "mrl",
    "mistralai/Ministral-8B-Instruct-2410": "mrl",
    "mistralai/Codestral-22B-v0.1": "mnpl",
    "Qwen/Qwen2-72B": "tongyi-qianwen",
    "Qwen/Qwen2.5-0.5B": "apache-2.0",
    "Qwen/Qwen2.5-3B": "qwen-research",
    "Qwen/Qwen2.5-3B-Instruct": "qwen-research",
    "Qwen/Qwen2.5-7B-Instruct": "apache-2.0",
    "Qwen/Qwen2.5-32B": "apache-2.0",
    "Qwen/Qwen2.5-72B-Instruct": "qwen-license",
    "Qwen/Qwen2.5-VL-3B-Instruct": "qwen-research",
    "Qwen/Qwen2.5-VL-7B-Instruct": "apache-2.0",
    "Qwen/Qwen3-8B-Base": "apache-2.0",
    "google/gemma-2-9b": "gemma",
    "google/gemma-3-4b-pt": "gemma",
    "google/gemma-3-4b-it": "gemma",
    "google/gemma-4-12B": "apache-2.0",
    "microsoft/phi-4": "mit",
    "microsoft/Phi-3-mini-4k-instruct": "mit",
    "deepseek-ai/DeepSeek-V3-Base": "deepseek",
    "deepseek-ai/DeepSeek-V3-0324": "mit",
    "deepseek-ai/DeepSeek-R1": "mit",
    "deepseek-ai/DeepSeek-R1-Distill-Llama-8B": "mit llama3.1",
    "deepseek-ai/DeepSeek-R1-Distill-Llama-70B": "mit llama3.3",
    "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B": "mit apache-2.0",
    "HuggingFaceH4/zephyr-7b-beta": "mit apache-2.0",
    "NousResearch/Hermes-3-Llama-3.1-8B": "llama3.1",
    "lmsys/vicuna-7b-v1.5": "llama2",
    "allenai/OLMo-2-1124-7B": "apache-2.0",
    "EleutherAI/pythia-1b": "apache-2.0",
    "tiiuae/falcon-7b": "apache-2.0",
    "tiiuae/falcon-11B": "falcon-llm",
    "tiiuae/falcon-180B": "falcon-180b",
    "bigcode/starcoder2-3b": "bigcode-openrail-m",
    "bigscience/bloom-7b1": "openrail",
    "stable-diffusion-v1-5/stable-diffusion-v1-5": "openrail",
    "stabilityai/stable-diffusion-xl-base-1.0": "openrail++",
    "stabilityai/stable-diffusion-3.5-large": "stabilityai-community",
    "black-forest-labs/FLUX.1-dev": "flux-1-dev-non-commercial-license",
    "black-forest-labs/FLUX.1-schnell": "apache-2.0",
    "CohereLabs/aya-expanse-8b": "cc-by-nc-4.0",
    "moonshotai/Kimi-K2-Base": "modified-mit",
    "LGAI-EXAONE/EXAONE-3.5-2.4B-Instruct": "exaone",
    "microsoft/layoutlmv3-base": "cc-by-nc-sa-4.0",
    "Ultralytics/YOLO11n": "agpl-3.0",
    "openai/whisper-small": "apache-2.0",
    "tencent/Hunyuan-7B-Instruct": "tencent-hunyuan-community",
}
ASKS = {
    # licence: a word of each thing it must ask of a fine-tune
    "llama2": ("Notice", "copy of the licence", "700,000,000"),
    "llama3": ("Built with Meta Llama 3", "starts with “Llama 3”", "700,000,000"),
    "llama3.1": ("Built with Llama", "starts with “Llama”", "Notice", "700,000,000"),
    "llama3.2": ("Built with Llama", "image models of 3.2 are not licensed"),
    "llama3.3": ("Built with Llama", "starts with “Llama”"),
    "llama4": ("Not licensed to people who live in the EU",),
    "gemma": ("Notice", "Pass on its limits", "use policy", "Say that you changed"),
    "apache-2.0": ("copy of the licence", "NOTICE", "Say that you changed"),
    "mit": ("copy of the licence",),
    "qwen-license": ("100,000,000",),
    "qwen-research": ("No commercial use",),
    "tongyi-qianwen": ("100,000,000", "copy of the licence"),
    "mrl": ("No commercial use", "research only"),
    "mnpl": ("No commercial use", "production"),
    "deepseek": ("Pass on its limits",),
    "falcon-llm": ("Falcon LLM technology", "Pass on its limits"),
    "falcon-180b": ("hosted service",),
    "openrail": ("Pass on its limits",),
    "openrail++": ("Pass on its limits",),
    "bigcode-openrail-m": ("model card", "Pass on its limits"),
    "stabilityai-community": ("Powered by Stability AI", "1,000,000"),
    "flux-1-dev-non-commercial-license": ("No commercial use",),
    "cc-by-nc-4.0": ("Give credit", "No commercial use"),
    "cc-by-nc-sa-4.0": ("Give credit", "No commercial use", "as well"),
    "agpl-3.0": ("as well", "over a network"),
    "modified-mit": ("Kimi K2",),
    "exaone": ("starts with “EXAONE”", "No commercial use"),
    "tencent-hunyuan-community": ("1,000,000", "Pass on its limits"),
}


def _duties(base: str) -> tuple[str, dict[str, str]]:
    answers = Answers.model_validate({"origin": "fine_tune", "base_model": base})
    found = licence_duties(Known(Project(answers=answers)), load_reference())
    return " ".join(duty.licence_id for duty in found), {d.licence_id: " ".join(d.duties) for d in found}


@pytest.mark.parametrize("base", BASES)
def test_base(base: str) -> None:
    ids, duties = _duties(base)
    assert ids == BASES[base]
    for licence, said in duties.items():
        for word in ASKS[licence]:
            assert word in said, (licence, word, said)


def test_there_are_sixty_and_every_expectation_is_used() -> None:
    assert len(BASES) >= 60
    assert {one for ids in BASES.values() for one in ids.split()} == set(ASKS)


def test_the_chain_is_told_and_ends() -> None:
    assert chain(["deepseek-ai/DeepSeek-R1-Distill-Llama-8B"]) == (
        ("deepseek-ai/DeepSeek-R1-Distill-Llama-8B", ""),
        ("meta-llama/Llama-3.1-8B", "deepseek-ai/DeepSeek-R1-Distill-Llama-8B"),
    )
    assert len(chain(["llava-hf/llava-1.5-7b-hf"])) == 3
    twice = chain(["meta-llama/Llama-3.1-8B", "deepseek-ai/DeepSeek-R1-Distill-Llama-8B"])
    assert [base for base, _ in twice].count("meta-llama/Llama-3.1-8B") == 1
