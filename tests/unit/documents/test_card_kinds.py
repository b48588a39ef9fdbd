# SPDX-License-Identifier: Apache-2.0
"""Cards of each kind of model say what their readers look for, in code that parses and in the Hub's own names."""

import ast
import re

import pytest
import yaml

from core.documents import MODEL_CARD, find_gaps, read_back, render
from core.documents.card import snippet_code
from core.documents.card.sections import metric_words
from core.documents.hub import hub_names
from core.documents.readme_parts import split_readme
from core.domain.answers import Answers
from core.domain.estimate import FlopEstimate
from core.domain.fact import AnyFact
from core.domain.footprint import Accounts, Footprint
from core.domain.known import Known
from core.scan.derive import derive
from tests.unit.documents import samples
from tests.unit.documents.samples import fact

KOHYA = (
    fact("training_tool", "kohya sd-scripts", "style.safetensors", "ss_*"),
    fact("origin", "fine_tune", "style.safetensors"),
    fact("training_method", "lora", "style.safetensors"),
    fact("base_model", "stabilityai/stable-diffusion-xl-base-1.0", "style.safetensors"),
    fact("model_family", "sdxl", "style.safetensors"),
    fact("output_modalities", ["image"], "style.safetensors"),
    fact("resolution", [1024, 1024], "style.safetensors"),
    fact("dataset_size", 40, "style.safetensors"),
)
GGUF = (
    fact("weight_dtypes", {"Q4_K": 3, "F32": 1}, "tiny.Q4_K_M.gguf"),
    fact("config", {"n": 1}, "tiny.Q4_K_M.gguf"),
    fact("model_type", "llama", "tiny.Q4_K_M.gguf"),
    fact("base_model", "example/base", "tiny.Q4_K_M.gguf"),
    fact("tags", ["text-generation"], "tiny.Q4_K_M.gguf"),
)
MERGE = (
    fact("origin", "merge", "README.md"), fact("merge_method", "slerp", "mergekit_config.yml"),
    fact("base_models", ["a/one", "b/two"], "mergekit_config.yml"), fact("base_model", "a/one", "mergekit_config.yml"),
    fact("config", {"architectures": ["LlamaForCausalLM"]}), fact("architecture_class", "LlamaForCausalLM"),
    fact("parameters_stored", 9, "model.safetensors"),
)  # fmt: skip
NOTHING = FlopEstimate(low=0, central=0, high=0, method="Nothing was trained")


def whole(kind: str, **more: object) -> tuple[AnyFact, ...]:
    return (
        fact("config", {"architectures": [kind]}),
        fact("architecture_class", kind),
        fact("training_method", "full"),
        *(fact(name, value) for name, value in more.items()),
    )


def card(facts: tuple[AnyFact, ...], answers: Answers | None = None, **changes: object) -> str:
    project = samples.project(answers or Answers(model_name="me/thing"), derive(facts))
    values = {"licences": (), "footprint": Footprint(), **changes}
    assessment = samples.assessment(project, **values)
    document = render(MODEL_CARD, project, assessment)
    read_back(document, project, assessment)
    meta = yaml.safe_load(split_readme(document.content).meta) or {}
    assert meta.get("pipeline_tag", "text-generation") in hub_names().pipeline_tags
    assert meta.get("library_name", "peft") in hub_names().libraries
    assert meta.get("base_model_relation", "adapter") in hub_names().relations
    return document.content


def code(shown: str) -> str:
    found = re.search(r"(?s)```python\n(.*?)\n```", shown)
    assert found is not None, shown
    ast.parse(found[1])
    return found[1]


def test_an_image_adapter_names_its_trigger_words_and_loads_onto_its_base() -> None:
    said = Answers(model_name="me/style", trigger_words="zxc style")
    shown = card(KOHYA, said)
    meta = yaml.safe_load(split_readme(shown).meta)
    assert meta["instance_prompt"] == "zxc style"
    assert meta["pipeline_tag"] == "text-to-image"
    assert meta["library_name"] == "diffusers"
    assert meta["base_model_relation"] == "adapter"
    assert "**Trigger words:** zxc style" in shown
    run = code(shown)
    assert 'load_lora_weights("me/style", weight_name="style.safetensors")' in run
    assert '"zxc style, a lighthouse at dawn"' in run
    assert "1024 × 1024" in shown
    assert "| Items in one pass over the data | 40 |" in shown


def test_missing_trigger_words_are_a_gap_of_image_adapters_only() -> None:
    def fields(facts: tuple[AnyFact, ...], **said: str) -> set[str]:
        known = Known(samples.project(Answers(**said), derive(facts)))
        return {gap.field for gap in find_gaps(known, Footprint(), (), ())}

    assert "trigger_words" in fields(KOHYA)
    assert "trigger_words" not in fields(KOHYA, trigger_words="none")
    assert "trigger_words" not in fields(samples.LORA_FACTS)


def test_an_adapter_for_pictures_is_asked_for_no_language() -> None:
    def fields(facts: tuple[AnyFact, ...]) -> set[str]:
        known = Known(samples.project(Answers(), derive(facts)))
        return {gap.field for gap in find_gaps(known, Footprint(), (), ())}

    assert "languages" not in fields(KOHYA)
    assert "languages" in fields(samples.LORA_FACTS)


def test_a_gguf_file_is_named_in_the_code_and_nothing_is_said_to_be_trained() -> None:
    shown = card(GGUF)
    assert 'Llama(model_path="tiny.Q4_K_M.gguf")' in code(shown)
    assert "base_model_relation: quantized" in shown
    assert "F32, Q4_K" in shown
    assert "trained" not in shown.lower()


def test_a_merge_names_all_parents_and_no_training() -> None:
    shown = card(MERGE, footprint=Footprint(accounts=Accounts(own=NOTHING, direct=NOTHING)))
    meta = yaml.safe_load(split_readme(shown).meta)
    assert meta["base_model"] == ["a/one", "b/two"]
    assert meta["base_model_relation"] == "merge"
    assert "**Models in the merge:** a/one, b/two" in shown
    assert "**Merged from:**" not in shown, "one parent of several, beside the line that names all"
    assert "slerp" in shown
    assert "Training compute" not in shown
    assert "FLOP" not in shown
    assert "AutoModelForCausalLM" in code(shown)


@pytest.mark.parametrize("kind", ["risk_note", "ab2013"])
def test_a_merge_builds_on_all_of_its_parents(kind: str) -> None:
    for answers, words in (
        (
            samples.Answers(),
            "builds on [a/one](https://huggingface.co/a/one) and [b/two](https://huggingface.co/b/two).",
        ),
        (samples.Answers(base_model="a/one"), "builds on [a/one](https://huggingface.co/a/one)."),
    ):
        project = samples.project(answers, derive(MERGE))
        assessment = samples.assessment(project)
        document = render(kind, project, assessment)
        read_back(document, project, assessment)
        assert words in document.content


@pytest.mark.parametrize(
    ("kind", "task", "call"),
    [
        ("WhisperForConditionalGeneration", "automatic-speech-recognition", 'run("sound.wav")'),
        ("ViTForImageClassification", "image-classification", 'run("picture.jpg")'),
        ("SegformerForSemanticSegmentation", "image-segmentation", 'run("picture.jpg")'),
        ("CLIPModel", "zero-shot-image-classification", "candidate_labels"),
        ("BertForMaskedLM", "fill-mask", "mask_token"),
        ("BertForQuestionAnswering", "question-answering", "question="),
        ("VitsModel", "text-to-speech", "sampling_rate"),
        ("Qwen2VLForConditionalGeneration", "image-text-to-text", "max_new_tokens"),
        ("Qwen3ForCausalLM", "text-generation", "model.generate"),
    ],
)
def test_transformers_by_task(kind: str, task: str, call: str) -> None:
    shown = card(whole(kind))
    assert f"pipeline_tag: {task}\n" in shown
    run = code(shown)
    assert call in run
    assert '"me/thing"' in run


@pytest.mark.parametrize(
    ("task", "words"),
    [("SEQ_CLS", "AutoPeftModelForSequenceClassification"), ("CAUSAL_LM", "PeftModel"), ("FEATURE_EXTRACTION", "last_hidden_state"), ("TOKEN_CLS", "AutoPeftModelForTokenClassification")],
)  # fmt: skip
def test_adapters_by_task(task: str, words: str) -> None:
    facts = (
        fact("adapter_config", {"task_type": task, "peft_type": "LORA"}, "adapter_config.json"),
        fact("base_model", "google/model-x", "adapter_config.json"),
        fact("training_method", "lora", "adapter_config.json"),
    )
    run = code(card(facts))
    assert words in run
    assert '"google/model-x"' in run


@pytest.mark.parametrize(
    ("library", "file", "words"),
    [("sentence-transformers", "model.safetensors", "SentenceTransformer("), ("keras", "model.keras", 'load_model("model.keras")')],
)  # fmt: skip
def test_other_libraries(library: str, file: str, words: str) -> None:
    facts = (fact("library_name", library, "README.md"), fact("parameters_total", 9, file))
    assert words in code(card(facts))


def test_every_piece_of_code_parses() -> None:
    names = [name for name in vars(snippet_code) if name.isupper()]
    assert len(names) >= 17
    for name in names:
        ast.parse(re.sub(r"\$\w+", "x", getattr(snippet_code, name)))


def test_metrics_have_names_for_readers() -> None:
    assert metric_words("eval_accuracy") == "Accuracy"
    assert metric_words("eval_WER") == "Words wrong (WER)"
    assert metric_words("eval_my_own") == "eval_my_own"


def test_the_citation_names_who_made_it_and_survives_odd_names() -> None:
    shown = card(whole("Qwen3ForCausalLM"), Answers(model_name="me/a_b", developers="Mira & {Co} <x>\\"))
    entry = re.search(r"(?s)```bibtex\n(.*?)\n```", shown)
    assert entry is not None
    assert entry[1] == (
        "@misc{a_b,\n  title = {me/a\\_b},\n  author = {Mira \\& Co x},\n  year = {2026},\n  url = {https://huggingface.co/me/a_b},\n}"
    )
    assert "bibtex" not in card(whole("Qwen3ForCausalLM"))
