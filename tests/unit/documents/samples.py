# SPDX-License-Identifier: Apache-2.0
"""Hand-made projects and assessments for the document tests."""

import datetime
from typing import Any

from core.documents import find_gaps, propose
from core.domain.answers import Answers
from core.domain.assessment import Assessment, RulebookStamp, Verdict
from core.domain.estimate import FlopEstimate, Quantity
from core.domain.fact import AnyFact, Fact, Origin, OriginKind
from core.domain.finding import Duty, EuSummary, Finding, LicenceDuty, Line, Outcome, Source, TraceStep
from core.domain.footprint import Accounts, Footprint, ParameterCount, Witness, WitnessId
from core.domain.known import Known
from core.domain.project import Project
from core.domain.said import said
from core.domain.scan_result import ScanResult

ON = datetime.date(2026, 11, 23)
HASH = "3f2a" * 16


def fact(name: str, value: Any, file: str = "config.json", key: str | None = None) -> AnyFact:
    return Fact(name=name, value=value, origin=Origin(kind=OriginKind.FILE, file=file, key=key))


def flop(central: int, spread: float = 1.3, **more: Any) -> FlopEstimate:
    low, high = round(central / spread), round(central * spread)
    return FlopEstimate(low=low, central=central, high=high, method="operations", **more)


LORA_FACTS = (
    fact("pipeline_tag", "text-generation", "adapter_config.json", "task_type"),
    fact("adapter_config", {"peft_type": "LORA", "r": 16, "lora_alpha": 32, "task_type": "CAUSAL_LM", "target_modules": ["v_proj", "q_proj"]}, "adapter_config.json"),
    fact("base_model", "meta-llama/Llama-3.1-8B", "adapter_config.json"),
    fact("training_method", "lora", "adapter_config.json"),
    fact("origin", "fine_tune", "adapter_config.json"),
    fact("lora_rank", 16, "adapter_config.json"),
    fact("parameters_stored", 13_631_488, "adapter_model.safetensors"),
    fact("weight_dtypes", {"F32": 128}, "adapter_model.safetensors"),
    fact("weight_bytes", 54_560_000, "adapter_model.safetensors"),
    fact("steps", 1200, "trainer_state.json", "global_step"),
    fact("epochs", 3.0, "trainer_state.json", "epoch"),
    fact("eval_metrics", {"eval_loss": 1.2345, "eval_accuracy": 0.71, "eval_runtime": 3.2}, "trainer_state.json"),
    fact("train_loss", 1.31, "trainer_state.json"),
    fact("hyperparameters", {"learning_rate": 2e-05, "optimizer": "adamw_torch"}, "README.md"),
    fact("versions", {"PEFT": "0.17.0"}, "README.md"),
)  # fmt: skip

ANSWERS = Answers(
    model_name="Llama-3.1-8B-Cooking",
    summary="Answers questions about home cooking.",
    developers="Mira",
    languages=("en",),
    license="llama3.1",
    intended_use="Recipes and kitchen questions.",
    limitations="It makes things up.\n\n- No allergy advice\n- English only",
    datasets=("mira/recipes",),
    hours=9.5,
)


def project(
    answers: Answers = ANSWERS, facts: tuple[AnyFact, ...] = LORA_FACTS, folder: str | None = None
) -> Project:
    return Project(folder=folder, scan=ScanResult(folder_name="cooking-lora", facts=facts), answers=answers)


STATED = project(
    ANSWERS.replace(
        data_summary="Recipes that I wrote down since 2019.",
        samples=28_800,
        tokens=59_000_000,
        data_purpose="They teach it to answer kitchen questions.",
        data_types="Pairs of a question and an answer. No labels.",
        data_copyright="protected",
        data_acquired="neither",
        personal_data=False,
        consumer_data=False,
        data_cleaning="Copies were taken out,\n- to save time\n- for better answers",
        data_collected="2019 to March 2026, finished.",
        data_first_used="October 2026.",
        synthetic_data="none",
    )
)
"""A release whose developer said all that the statement on training data asks."""

RISKY = project(
    ANSWERS.replace(
        risk_misuses=("fraud", "private_data"),
        risk_compared="same",
        risk_compared_words="Llama-3.1-8B-Instruct. The same 40 prompts on both.",
        risk_mitigations=("data_filtering", "safety_tuning", "use_terms"),
        risk_tests="I asked for 50 harmful things; it refused 31. The base refused 44.",
        risk_left="It still writes scam mails when asked nicely.",
        risk_benefits=("local_use", "language"),
        risk_benefits_words="Two cooking schools use it without a network.",
        risk_decision="release",
    )
)
"""A release whose developer filled in the risk note."""


def footprint(**changes: Any) -> Footprint:
    own = flop(
        1_234_567_890_123_456_789,
        inputs=(
            fact("steps", 1200, "trainer_state.json", "global_step"),
            fact("sequence_length", 2048, "README.md"),
        ),
        assumptions=("Every sequence was padded to 2,048 tokens.",),
    )
    values: dict[str, Any] = {
        "parameters": ParameterCount(total=8_043_892_736, trainable=13_631_488, active_per_token=8_043_892_736),
        "witnesses": (
            Witness(id=WitnessId.OPERATIONS, title="Operations of each layer times the samples seen", estimate=own, used=True),
            Witness(
                id=WitnessId.RECORDED,
                title="Recorded by the Trainer",
                estimate=flop(1_100_000_000_000_000_000),
                raw=2_000_000_000_000_000_000,
                remarks=(said("compute.remark.recorded_attention"),),
            ),
            Witness(id=WitnessId.HARDWARE, title="Device hours", missing=("hardware",)),
        ),
        "accounts": Accounts(own=own, base=flop(72 * 10**22), direct=own, cumulative=flop(72 * 10**22 + own.central)),
        "agreed": (said("compute.agree.yes"),),
        "energy": Quantity(low=2.1, central=3.04, high=4.2, unit="kWh", method="power", inputs=(fact("hours", 9.5, "wandb"),)),
        "co2": Quantity(low=0.6, central=1.0864, high=1.7, unit="kg", method="grid", assumptions=("Grid of Germany, 2024.",)),
    }  # fmt: skip
    return Footprint(**(values | changes))


SOURCE = Source(
    title="Regulation (EU) 2024/1689",
    locator="Article 53",
    url="https://eur-lex.europa.eu/eli/reg/2024/1689/oj",
    checked_on=datetime.date(2026, 11, 1),
)

LINES = (
    Line(id="third", label="EU one-third rule", value=24 * 10**22, operator=">", account="direct", model_value=1_234_567_890_123_456_789, crossed=False, distance="about 190,000 times below the line"),
    Line(id="gpai", label="EU indicator for general-purpose models", value=10**23, operator=">", account="direct", model_value=None),
)  # fmt: skip

FINDINGS = (
    Finding(
        instrument="eu_ai_act", jurisdiction="eu", title="EU AI Act, chapter on general-purpose models", outcome=Outcome.DOES_NOT_APPLY,
        headline="You are not a provider of a general-purpose model.", why="Your change is far below one third of the base.",
        applies_from=datetime.date(2025, 8, 2), lines=LINES, because=(TraceStep(rule="One-third rule", value="24e22", inputs="1.2e18", result="below"),),
        sources=(SOURCE,), would_change="A training run 190,000 times as large.",
    ),
    Finding(
        instrument="ca_ab_2013", jurisdiction="us_california", title="California AB 2013", outcome=Outcome.APPLIES,
        headline="Post a short summary of the training data.", duties=(Duty(code="3111(a)", text="Publish a summary of the data sets.", document="ab2013"),),
        applies_from=datetime.date(2026, 1, 1), sources=(SOURCE.replace(read_in="a bill tracker"),),
    ),
)  # fmt: skip

LICENCES = (
    LicenceDuty(
        base_model="meta-llama/Llama-3.1-8B", licence_id="llama3.1", licence_name="Llama 3.1 Community License",
        duties=("Give a copy of the licence.", "Keep the notice in a file named Notice."), name_prefix="Llama", display_text="Built with Llama",
        notice="Llama 3.1 is licensed under the Llama 3.1 Community License, Copyright © Meta Platforms, Inc. All Rights Reserved.",
        free_and_open="fail", source=SOURCE,
    ),
)  # fmt: skip


def assessment(of: Project, **changes: Any) -> Assessment:
    known = Known(of)
    values: dict[str, Any] = {
        "on": ON,
        "footprint": footprint(),
        "findings": FINDINGS,
        "eu": EuSummary(gpai="base_yes", provider="no", systemic="no", open_source_exempt="not_needed"),
        "licences": LICENCES,
        "lines": LINES,
        "verdict": Verdict(headline="Nothing stops this release.", body=("You are far below every line.",)),
        "rulebook": RulebookStamp(hash=HASH, checked_up_to=datetime.date(2026, 11, 1)),
    } | changes
    values.setdefault("documents", propose(known, values["findings"], values["licences"]))
    values.setdefault("gaps", find_gaps(known, values["footprint"], values["findings"], values["licences"]))
    return Assessment(**values)
