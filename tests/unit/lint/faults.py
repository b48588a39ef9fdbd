# SPDX-License-Identifier: Apache-2.0
"""Faults planted into good cards: (rule that must find it, good card, what is done to it). At least one for each rule."""

import re
from collections.abc import Callable

Fault = tuple[str, str, Callable[[str], str]]


def swap(old: str, new: str) -> Callable[[str], str]:
    def change(card: str) -> str:
        assert old in card, old
        return card.replace(old, new, 1)

    return change


def drop(pattern: str) -> Callable[[str], str]:
    def change(card: str) -> str:
        changed = re.sub(pattern, "", card, count=1, flags=re.MULTILINE | re.DOTALL)
        assert changed != card, pattern
        return changed

    return change


def both(*changes: Callable[[str], str]) -> Callable[[str], str]:
    def change(card: str) -> str:
        for one in changes:
            card = one(card)
        return card

    return change


FAULTS: tuple[Fault, ...] = (
    ("front-matter-missing", "tabular", drop(r"\A---.*?^---\n")),
    ("front-matter-not-first", "tabular", lambda card: "# My model\n\n" + card),
    ("front-matter-open", "tabular", drop(r"^---\n\n")),
    ("front-matter-bom", "tabular", lambda card: "\ufeff" + card),
    ("front-matter-yaml", "tabular", swap("library_name: sklearn", "library_name: [sklearn")),
    ("front-matter-yaml", "qwen-dpo", swap("pipeline_tag: text-generation", "pipeline_tag: text: generation")),
    ("front-matter-not-mapping", "merge", lambda card: "---\n- one\n- two\n" + card[card.index("---\n# hermes") :]),
    ("key-twice", "llama-lora", swap("library_name: peft", "library_name: peft\nlicense: mit")),
    ("key-typo", "llama-lora", swap("license:", "licence:")),
    ("key-typo", "gemma-sft", swap("datasets:", "dataset:")),
    ("key-typo", "gemma-sft", swap("pipeline_tag:", "pipeline-tag:")),
    ("yaml-truth-word", "from-scratch", swap("language: is", "language: no")),
    ("license-missing", "vit-birds", drop(r"^license: mit\n")),
    ("license-unknown", "vit-birds", swap("license: mit", "license: MIT")),
    ("license-unknown", "vit-birds", swap("license: mit", "license: agpl-3.0-or-later")),
    ("license-unknown", "vit-birds", swap("license: mit", "license: banana")),
    ("license-name-missing", "flux-lora", drop(r"^license_name: [^\n]*\n")),
    ("license-link-missing", "flux-lora", drop(r"^license_link: [^\n]*\n")),
    ("license-link-odd", "flux-lora", swap("license_link: https://", "license_link: see ")),
    ("base-model-id", "llama-lora", swap("base_model: meta-llama/Llama-3.1-8B-Instruct", "base_model: /kaggle/input/llama-3.1/8b")),
    ("base-model-id", "qwen-dpo", swap("base_model: Qwen/", "base_model: https://huggingface.co/Qwen/")),
    ("base-model-no-owner", "qwen-dpo", swap("base_model: Qwen/", "base_model: ")),
    ("relation-unknown", "merge", swap("base_model_relation: merge", "base_model_relation: cousin")),
    ("pipeline-tag-unknown", "qwen-dpo", swap("pipeline_tag: text-generation", "pipeline_tag: conversational")),
    ("library-unknown", "tabular", swap("library_name: sklearn", "library_name: scikit")),
    ("language-code", "embeddings", swap("language: [en]", "language: [English]")),
    ("dataset-id", "gemma-sft", swap("[OpenAssistant/oasst2]", "[./data/train.jsonl]")),
    ("list-wanted", "embeddings", swap("tags: [sentence-transformers, sentence-similarity, feature-extraction]", "tags: sentence-transformers")),
    ("model-index", "qwen-dpo", drop(r"^          type: gsm8k\n")),
    ("model-index", "whisper-sr", swap("value: 21.43", "value:")),
    ("emissions-unit", "vit-birds", swap("emissions: 410", "emissions: 0.41")),
    ("emissions-source", "vit-birds", drop(r"^  source: [^\n]*\n")),
    ("emissions-value", "vit-birds", swap("emissions: 410", "emissions: about 400 g")),
    ("gate-field", "flux-lora", swap("Country: country", "Country: land")),
    ("gate-eu", "merge", swap("license: apache-2.0", "license: apache-2.0\nextra_gated_eu_disallowed: true")),
    ("licence-conflict", "llama-lora", swap("license: llama3.1", "license: apache-2.0")),
    ("licence-conflict", "gemma-sft", swap("license: gemma", "license: mit")),
    ("licence-conflict", "qwen-dpo", swap("license: apache-2.0", "license: gemma")),
    ("licence-conflict", "qwen-dpo", swap("Qwen/Qwen2.5-7B-Instruct", "Qwen/Qwen2.5-3B-Instruct")),
    ("licence-conflict", "gemma-sft", swap("google/gemma-2-2b-it", "google/gemma-4-E2B")),
    ("licence-conflict", "flux-lora", swap("license: other", "license: mit")),
    ("display-text-missing", "llama-lora", swap("**Built with Llama.**", "")),
    ("name-prefix", "llama-lora", swap("# Llama-3.1-8B-NoRobots-LoRA", "# NoRobots-Llama-3.1-8B")),
    ("base-model-missing", "qwen-dpo", both(
        drop(r"^base_model: [^\n]*\n"),
        swap("Direct preference", "A fine-tuned version of [Qwen/Qwen2.5-7B-Instruct](https://huggingface.co/Qwen/Qwen2.5-7B-Instruct). Direct preference"),
    )),
    ("placeholder", "embeddings", swap("English only; long pages are cut after 256 tokens.", "[More Information Needed]")),
    ("placeholder", "embeddings", swap("# MiniLM for help desks", "# Model Card for Model ID")),
    ("placeholder", "whisper-sr", swap('model="ana/whisper-small-sr"', 'model="None"')),
    ("placeholder", "merge", swap("Not tested beyond chat.", "TODO: tests.")),
    ("placeholder", "merge", swap("kim/hermes-slerp-7b", "your-username/hermes-slerp-7b")),
    ("placeholder", "merge", swap("for calm role play", "{{ model_summary }}")),
    ("how-to-use-missing", "sdxl-lora", both(drop(r"^## Use it.*?```\n\n(?=## Training)"), drop(r"^## Trigger words\n\nUse `sks mug`.\n"))),
    ("limits-missing", "qwen-dpo", drop(r"^## Bias, risks.*\Z")),
    ("limits-missing", "llama-lora", drop(r"^## Limitations.*?(?=^## Licence)")),
    ("data-missing", "flux-lora", both(drop(r"^## Dataset.*?(?=^## Known)"), swap("See the gallery. Two hours on an H100.", "See the gallery."))),
    ("evaluation-missing", "embeddings", drop(r"^## Evaluation.*?(?=^## Training)")),
    ("body-empty", "tabular", lambda card: card[: card.index("---\n\n") + 4] + "\n# Model\n"),
    ("secret", "merge", swap("kim/hermes-slerp-7b", 'kim/hermes-slerp-7b", token="hf_' + "aBcDeFgHiJkLmNoPqRsTuVw" + "")),
    ("secret", "embeddings", lambda card: card + "\n" + "-----BEGIN " + "PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"),
    ("private-path", "merge", swap('from_pretrained("kim/', 'from_pretrained("/home/kim/models/')),
    ("private-path", "gguf", swap("Quantised with", "Quantised in C:\\Users\\Mira\\llama with")),
)  # fmt: skip
