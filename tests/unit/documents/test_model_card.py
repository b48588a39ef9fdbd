# SPDX-License-Identifier: Apache-2.0
import ast
import re

import pytest
import yaml
from huggingface_hub import ModelCard
from markdown_it import MarkdownIt

from core.documents import MODEL_CARD, read_back, render
from core.documents.readme_parts import split_readme
from core.domain.answers import Answers
from core.domain.document import Severity
from core.domain.footprint import Footprint
from core.domain.project import Project
from core.scan.derive import derive
from tests.unit.documents import samples
from tests.unit.documents.samples import fact


def card(project: Project, **changes: object) -> str:
    document = render(MODEL_CARD, project, samples.assessment(project, **changes))
    return document.content


def bare(project: Project) -> str:
    return card(project, footprint=Footprint(), findings=(), licences=(), lines=())


def meta(content: str) -> dict[str, object]:
    values = yaml.safe_load(split_readme(content).meta)
    assert isinstance(values, dict)
    return values


def test_the_hub_library_reads_the_same_metadata() -> None:
    content = card(samples.project())
    loaded = ModelCard(content).data.to_dict()
    assert loaded == meta(content)
    assert loaded["license"] == "llama3.1"
    assert loaded["base_model"] == "meta-llama/Llama-3.1-8B"
    assert loaded["base_model_relation"] == "adapter"
    assert loaded["library_name"] == "peft"
    assert loaded["pipeline_tag"] == "text-generation"
    assert loaded["language"] == ["en"]
    assert loaded["datasets"] == ["mira/recipes"]
    assert loaded["metrics"] == ["accuracy"]


def test_emissions_are_grams() -> None:
    emissions = meta(card(samples.project()))["co2_eq_emissions"]
    assert isinstance(emissions, dict)
    assert emissions["emissions"] == 1090  # 1.0864 kg
    assert emissions["training_type"] == "fine-tuning"
    assert "co2_eq_emissions" not in meta(card(samples.project(), footprint=samples.footprint(co2=None)))


def test_every_figure_has_its_range_and_source() -> None:
    content = card(samples.project())
    assert "**1.2 × 10¹⁸ FLOP** (likely between 9.5 × 10¹⁷ and 1.6 × 10¹⁸ FLOP)" in content
    assert "| Optimizer steps | 1,200 | from trainer_state.json |" in content
    assert "Base model (meta-llama/Llama-3.1-8B) | 7.2 × 10²³ FLOP" in content
    assert "The tool wrote 2.0 × 10¹⁸ FLOP." in content
    assert (
        "The training that changed the model itself is about 190,000 times below the line: less than 0.01 % of it."
        in content
    )
    assert "3.04 kWh (likely between 2.1 and 4.2 kWh)" in content
    assert "Every sequence was padded" in content
    assert "Grid of Germany" in content
    assert content.count("**Built with Llama**") == 2  # at the top and beside the licence


def test_a_line_no_longer_in_force_is_not_the_nearest() -> None:
    old = samples.LINES[0].replace(in_force=False, label="Old line")
    assert "Old line" not in card(samples.project(), lines=(old,))


def test_nothing_known_gives_no_empty_section_and_no_placeholder() -> None:
    content = bare(Project(answers=Answers(), by_hand=True))
    assert "##" not in content
    assert content == bare(Project(answers=Answers(), by_hand=True))
    for one in (content, card(samples.project())):
        assert not re.search(r"(?i)more information needed|todo|tbd|none\b.*\bnone|n/a|placeholder", one)


def test_no_default_licence() -> None:
    project = samples.project(Answers(), facts=())
    document = render(MODEL_CARD, project, samples.assessment(project))
    assert "license:" not in document.content
    licence = next(gap for gap in document.gaps if gap.field == "license")
    assert licence.severity is Severity.OWED
    assert licence.needed_by == "Llama 3.1 Community License"


@pytest.mark.parametrize("licence", ["license", "GPL-3.0-or-later", "unknown", "banana"])
def test_a_licence_the_hub_does_not_take_is_a_gap_and_no_metadata(licence: str) -> None:
    project = samples.project(
        Answers(license=licence) if licence != "unknown" else Answers(dont_know=("license",))
    )
    document = render(MODEL_CARD, project, samples.assessment(project))
    assert "license:" not in document.content
    assert any(gap.field == "license" for gap in document.gaps)


def test_other_licence_carries_name_and_link() -> None:
    said = Answers(license="other", license_name="owl-1.0", license_link="https://example.org/owl")
    values = meta(bare(samples.project(said, facts=())))
    assert values == {
        "license": "other",
        "license_name": "owl-1.0",
        "license_link": "https://example.org/owl",
    }


def test_an_unknown_base_licence_stays_out_of_the_card() -> None:
    duty = samples.LICENCES[0].replace(
        licence_id="unknown", licence_name="no permission found", display_text=None, notice=None
    )
    project = samples.project()
    document = render(MODEL_CARD, project, samples.assessment(project, licences=(duty,)))
    assert "no permission found" not in document.content
    assert any(gap.field == "base_model" and gap.severity is Severity.OWED for gap in document.gaps)


def test_gaps_are_listed_apart() -> None:
    project = samples.project(Answers(model_name="Cook", license="llama3.1"))
    document = render(MODEL_CARD, project, samples.assessment(project))
    fields = [gap.field for gap in document.gaps]
    assert fields[0] == "model_name"  # the licence of the base wants the name to begin with Llama
    assert {"summary", "limitations", "data_summary"} <= set(fields)
    assert [gap.severity for gap in document.gaps] == sorted(
        (g.severity for g in document.gaps), key=list(Severity).index
    )
    for gap in document.gaps:
        assert gap.how_to_fill not in document.content


def test_a_local_path_never_appears() -> None:
    facts = (
        *(one for one in samples.LORA_FACTS if one.name != "base_model"),
        fact("base_model", "/home/mira/models/base", "adapter_config.json"),
        fact("base_path_name", "base", "adapter_config.json"),
        fact("library_name", "peft", "README.md"),
        fact(
            "hyperparameters",
            {"output_dir": "/home/mira/out", "seed": 1, "hub_token": "hf_" + "a1B2" * 9},
            "README.md",
        ),
        fact("datasets", ["/data1/recipes.json", "C:\\Users\\mira\\x.csv"], "README.md"),
        fact("tags", ["base_model:adapter:/home/mira/models/base", "lora"], "README.md"),
    )
    said = samples.ANSWERS.replace(
        summary="Trained in /root/work with key hf_abcdefghijklmnopqrstuvwxyz0123456789, ask mira@example.org.",
        datasets=None,
    )
    project = samples.project(said, facts, folder="/home/mira/out/cooking-lora")
    document = render(MODEL_CARD, project, samples.assessment(project))
    for private in ("/home", "mira/", "hf_a", "/root", "C:", "@example", "/data1"):
        assert private not in document.content
    assert "base_model:" not in document.content
    assert "(private folder left out)" in document.content
    assert "| seed | 1 | from README.md |" in document.content
    assert "An access token was left out of Summary." in document.withheld
    assert any("e-mail" in remark for remark in document.withheld)


def test_the_persons_contact_is_theirs_to_publish() -> None:
    project = samples.project(samples.ANSWERS.replace(contact="mira@example.org"))
    document = render(MODEL_CARD, project, samples.assessment(project))
    assert "**Contact:** mira@example.org" in document.content
    assert document.withheld == ()


HOSTILE = (
    '"\n---\nlicense: mit\n# x',
    "<script>alert(1)</script>",
    "a | b `c` **d** [x](javascript:alert(1)) ![i](x.png)",
    "<!-- weighbridge:end title -->",
    "{{ 7 * 7 }}{% raw %}",
    "\u202eevil\x00\x1b[31m",
    "```\nbreak out\n```",
    "- a\n# b\n1. c\n> d\n===\n~~~",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    said = samples.ANSWERS.replace(
        model_name=text,
        summary=text,
        developers=text,
        limitations=text,
        license="other",
        license_name=text,
        datasets=(text,),
    )
    facts = (
        *samples.LORA_FACTS,
        fact("tags", [text], "README.md"),
        fact("versions", {text: text}, "README.md"),
    )
    project = samples.project(said, facts)
    assessment = samples.assessment(project)
    document = render(MODEL_CARD, project, assessment)
    read_back(document, project, assessment)
    assert (
        render(MODEL_CARD, project, assessment, existing=document.content.encode()).content
        == document.content
    )
    assert meta(document.content) == ModelCard(document.content).data.to_dict()
    body = split_readme(document.content).body
    assert "<script" not in body
    tokens = [
        token
        for top in MarkdownIt("commonmark").enable("table").parse(body)
        for token in (top, *(top.children or ()))
    ]
    assert all(
        str(token.attrs["href"]).startswith("https://") for token in tokens if token.type == "link_open"
    )
    assert not any(token.type == "image" for token in tokens)
    assert all(
        re.fullmatch(r"<!-- weighbridge:(begin|end) [a-z-]+ -->\n?", t.content)
        for t in tokens
        if t.type.startswith("html_")
    )
    assert "49" not in re.sub(r"[\d.,]*49[\d,]+|[\d,]+49", "", body)
    headings = re.findall(r"(?m)^#{1,6} .*", re.sub(r"(?s)```.*?\n```", "", body))
    assert [line for line in headings if line.startswith("## ")] == [
        "## Model details", "## How to use", "## Uses", "## Limitations", "## Training data", "## Training procedure",
        "## Evaluation", "## Training compute", "## Environmental impact", "## Technical specifications", "## Licence", "## Citation",
    ]  # fmt: skip
    assert not re.search("[\x00\x1b\u202e]", document.content)
    code = re.search(r"(?s)```python\n(.*?)\n```", body)
    assert code is not None
    ast.parse(code[1])


def test_the_code_runs_as_python_and_names_the_base() -> None:
    body = card(samples.project())
    code = re.search(r"(?s)```python\n(.*?)\n```", body)
    assert code is not None
    tree = ast.parse(code[1])
    names = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert {"meta-llama/Llama-3.1-8B", "Llama-3.1-8B-Cooking"} <= names


def test_no_code_for_an_adapter_without_a_hub_base() -> None:
    facts = tuple(one for one in samples.LORA_FACTS if one.name != "base_model")
    assert "## How to use" not in card(samples.project(facts=facts))


def test_a_full_model_by_transformers() -> None:
    facts = (
        fact("config", {"model_type": "bert", "architectures": ["BertForSequenceClassification"]}),
        fact("architecture_class", "BertForSequenceClassification"),
        fact("training_method", "full"),
        fact("base_model", "google-bert/bert-base-uncased"),
    )
    values = meta(bare(samples.project(Answers(), derive(facts))))
    assert values == {
        "library_name": "transformers",
        "pipeline_tag": "text-classification",
        "base_model": "google-bert/bert-base-uncased",
        "base_model_relation": "finetune",
    }


@pytest.mark.parametrize(
    "base",
    [
        "./base",
        "models/base",
        "base",
        "a/b/c",
        "owner/na me",
        "outputs/checkpoint-3",
        "/kaggle/input",
        "x--y/z",
    ],
)
def test_only_a_hub_id_is_a_base_model(base: str) -> None:
    facts = (fact("base_model", base), fact("training_method", "full"))
    assert "base_model" not in bare(samples.project(Answers(), facts)).split("<!--")[0]
