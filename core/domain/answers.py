# SPDX-License-Identifier: Apache-2.0
"""What the person says: the fields of every question. The same names are used by facts found in files."""

import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from core.domain.form_answers import FormAnswers
from core.domain.law_answers import LawAnswers
from core.domain.openness import OpenPart
from core.domain.risk import Benefit, Compared, Decision, Misuse, Mitigation
from core.domain.stage_run import StageRun
from core.domain.training_method import TrainingMethod

Count = Annotated[int, Field(ge=0, le=10**30)]
Positive = Annotated[float, Field(gt=0)]
Modality = Literal["text", "image", "audio", "video", "embedding", "label", "other"]
DemoCountry = Literal["kr", "cn", "in", "vn", "kz", "gb", "other"]

UNKNOWN = "unknown"
"""In an answers file, this word in any field means "I do not know"."""


class Answers(LawAnswers, FormAnswers):
    """Everything a person can say about a release. None means "not asked or not answered yet".

    "I do not know" is an answer of its own: the field's name is listed in `dont_know` and its value stays None.
    An answer wins over the value found in a file ("correct it").
    """

    # Your model
    model_name: str | None = None
    summary: str | None = None
    developers: str | None = None
    model_type: str | None = Field(
        None, description="architecture family as in config.json, for example llama"
    )
    output_modalities: tuple[Modality, ...] | None = None
    pipeline_tag: str | None = None
    languages: tuple[str, ...] | None = Field(None, description="ISO 639 codes")
    origin: Literal["from_scratch", "fine_tune", "continued_pretraining", "merge", "conversion"] | None = None
    base_model: str | None = Field(None, description="hub id (owner/name) of the model that was the start")
    base_folder: str | None = Field(None, description="folder on this machine that holds the base model")
    base_parameters: Count | None = None
    base_tokens: Count | None = None
    base_flop: Count | None = Field(None, description="training FLOP of the base model, if its card says so")
    base_systemic: bool | None = Field(
        None, description="the EU lists the base model as one with systemic risk"
    )
    parameters_total: Count | None = None
    parameters_active: Count | None = Field(
        None, description="parameters active for one token (mixture of experts)"
    )

    # How it was trained
    training_method: TrainingMethod | None = None
    training_stage: (
        Literal["pretraining", "sft", "dpo", "orpo", "cpo", "kto", "grpo", "rloo", "ppo", "reward", "other"]
        | None
    ) = None
    parameters_trainable: Count | None = None
    lora_rank: Count | None = None
    steps: Count | None = Field(None, description="optimizer steps done")
    epochs: Annotated[float, Field(ge=0)] | None = None
    batch_per_device: Count | None = Field(None, description="sequences per device and forward pass")
    gradient_accumulation: Count | None = None
    world_size: Count | None = Field(None, description="number of devices training together")
    global_batch: Count | None = Field(None, description="sequences per optimizer step, all devices together")
    sequence_length: Count | None = Field(
        None, description="tokens per sequence as computed, padding included"
    )
    samples: Count | None = Field(None, description="sequences seen in all, epochs included")
    tokens: Count | None = Field(None, description="tokens seen in all (data set x epochs), padding included")
    precision: Literal["fp32", "tf32", "fp16", "bf16", "fp8", "int8", "int4"] | None = None
    gradient_checkpointing: bool | None = None

    stated_flop: Count | None = Field(
        None, description="training FLOP that a card or paper states for this training, to compare with"
    )

    stages: tuple[StageRun, ...] | None = Field(
        None, description="several stages in a row; replaces the single run above"
    )

    # What it ran on
    hardware: str | None = Field(None, description="id of a row of the accelerator table")
    device_count: Count | None = None
    hours: Positive | None = Field(None, description="wall-clock hours of training, failed tries left out")
    device_peak_flops: Count | None = Field(
        None, description="dense peak FLOP/s of one device, when you know it"
    )
    utilisation: Annotated[float, Field(gt=0, le=1)] | None = Field(
        None, description="share of the peak used (MFU)"
    )
    device_watts: Positive | None = Field(None, description="mean power of one device while training, watts")
    pue: Annotated[float, Field(ge=1)] | None = Field(
        None, description="power usage effectiveness; 1.0 at home"
    )
    energy_kwh: Positive | None = Field(None, description="metered energy of the training, kWh")
    grid_g_per_kwh: Annotated[float, Field(ge=0)] | None = Field(
        None, description="g CO2eq per kWh of your grid"
    )

    # The data
    datasets: tuple[str, ...] | None = None
    data_summary: str | None = None
    synthetic_data: Literal["none", "public", "private"] | None = None
    synthetic_flop: Count | None = Field(None, description="FLOP spent to make non-public synthetic data")

    # The release
    license: str | None = Field(None, description="hub licence id, for example apache-2.0")
    license_name: str | None = None
    license_link: str | None = None
    release_form: Literal["open_weights", "gated", "api_or_app", "private"] | None = None
    with_demo: bool | None = None
    monetised: bool | None = None
    purpose: Literal["hobby", "research", "commercial"] | None = None
    developer_kind: Literal["individual", "company", "university", "nonprofit"] | None = None
    developer_in_eu: bool | None = None
    offered_in_eu: bool | None = None
    offered_in_california: bool | None = None
    offered_in_new_york: bool | None = None
    annual_revenue_usd: Count | None = None
    release_date: datetime.date | None = None
    narrow_task: bool | None = Field(None, description="the model can do only one narrow thing")
    generative: bool | None = None
    weights_public: bool | None = None
    architecture_public: bool | None = None
    usage_public: bool | None = None
    role: Literal["releaser", "made_for_other", "host", "consortium", "integrator"] | None = Field(
        None, description="your part: you release it, you made it for who does, you only host it, ..."
    )
    base_excludes_eu: bool | None = Field(None, description="the base model's terms keep it out of the EU")
    trained_through_api: bool | None = Field(
        None, description="trained through an API; the vendor keeps the weights"
    )
    eu_designated: bool | None = Field(
        None, description="the Commission named this model as one with systemic risk"
    )
    demo_countries: tuple[DemoCountry, ...] | None = Field(
        None, description="countries the demo is meant for, of those with rules of their own"
    )
    demo_uploads: bool | None = Field(None, description="people post things in the demo for others to see")
    monthly_users: Count | None = None
    self_hosted: bool | None = Field(
        None, description="the weights are offered for download on your own site"
    )
    real_person: Literal["no", "with_consent", "without_consent"] | None = Field(
        None, description="made to copy the face or voice of one real person"
    )
    sexual_images: Literal["no", "real_people", "children"] | None = Field(
        None, description="made to undress people, or for sexual images of real people or of children"
    )
    harmful_purpose: bool | None = Field(
        None, description="made to defraud, attack, discriminate or push people to harm"
    )
    personal_data: bool | None = Field(None, description="the training data holds data about real people")
    data_rights: Literal["mine", "open_licence", "mixed", "pirated"] | None = Field(
        None, description="by what right the training data is used"
    )
    data_purpose: str | None = Field(
        None, description="how the training data serves the purpose of the model"
    )
    data_types: str | None = Field(None, description="kinds of data points, and the labels if there are any")
    data_copyright: Literal["protected", "public_domain"] | None = Field(
        None,
        description="some of the training data is protected by law, or all of it is in the public domain",
    )
    data_acquired: Literal["bought", "licensed", "both", "neither"] | None = Field(
        None, description="whether the training data was bought or licensed"
    )
    consumer_data: bool | None = Field(
        None, description="the training data holds figures about groups of consumers"
    )
    data_cleaning: str | None = Field(
        None, description="how the training data was cleaned or changed, and why"
    )
    data_collected: str | None = Field(
        None, description="when the training data was collected, and whether that goes on"
    )
    data_first_used: str | None = Field(None, description="when the training data was first used")
    consequential_decisions: bool | None = Field(
        None, description="made to decide on jobs, loans, homes, schooling or health of people"
    )
    special_use: Literal["security", "aircraft", "national_security"] | None = Field(
        None, description="made only to keep systems safe, to fly aircraft, or for national security"
    )
    biological_data: bool | None = Field(None, description="trained mainly on biological sequences")
    distilled: bool | None = Field(None, description="distilled from a very large model")
    training_cost_usd: Count | None = Field(None, description="compute of the training at cloud prices")
    network_gbit_s: Count | None = Field(None, description="speed of the links between the devices")
    investing_abroad: bool | None = Field(
        None, description="a US person puts money into the firm abroad that trains this model"
    )
    intended_use: str | None = None
    out_of_scope_use: str | None = None
    trigger_words: str | None = Field(
        None, description="words in the prompt that call up what an image adapter learned"
    )
    limitations: str | None = None
    contact: str | None = None

    # The openness file
    openness_parts: tuple[OpenPart, ...] | None = Field(
        None, description="papers, code and data that are published with the model under an open licence"
    )

    # The risk note
    risk_misuses: tuple[Misuse, ...] | None = Field(
        None, description="what somebody who means harm could use the model for"
    )
    risk_compared: Compared | None = Field(
        None, description="how good it is at that beside models everyone can get"
    )
    risk_compared_words: str | None = Field(
        None, description="which models those are, and how it was compared"
    )
    risk_mitigations: tuple[Mitigation, ...] | None = None
    risk_tests: str | None = Field(None, description="what was tried out to see how it can be misused")
    risk_left: str | None = Field(None, description="what remains after all that was done")
    risk_benefits: tuple[Benefit, ...] | None = None
    risk_benefits_words: str | None = Field(None, description="who would miss what without the release")
    risk_decision: Decision | None = None

    dont_know: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _unknown_words(cls, data: Any) -> Any:
        """Turn `field: unknown` of an answers file into an entry of dont_know; blanks alone answer nothing."""
        if not isinstance(data, dict):
            return data
        said = [key for key, value in data.items() if value == UNKNOWN and key != "dont_know"]
        blank = [key for key, value in data.items() if isinstance(value, str) and not value.strip()]
        known = {key: None if key in blank else value for key, value in data.items() if key not in said}
        listed = known.get("dont_know") or ()
        # Anything but a list of names stays as it is, for the type of the field to refuse.
        if isinstance(listed, list | tuple) and all(isinstance(name, str) for name in listed):
            known["dont_know"] = tuple(dict.fromkeys([*listed, *said]))
        return known

    @model_validator(mode="after")
    def _dont_know_is_consistent(self) -> "Answers":
        fields = set(type(self).model_fields) - {"dont_know"}
        for name in self.dont_know:
            if name not in fields:
                raise ValueError(f"dont_know names {name!r}, which is not a question")
            if getattr(self, name) is not None:
                raise ValueError(f"{name} is answered and also listed in dont_know")
        return self

    def with_answer(self, name: str, value: Any) -> "Answers":
        """Return these answers with `name` answered (value None clears it); "I do not know" is taken back."""
        left = tuple(other for other in self.dont_know if other != name)
        return self.replace(**{name: value, "dont_know": left})

    def with_dont_know(self, name: str) -> "Answers":
        """Return these answers with "I do not know" for `name`."""
        left = tuple(other for other in self.dont_know if other != name)
        return self.replace(**{name: None, "dont_know": (*left, name)})
