# SPDX-License-Identifier: Apache-2.0
"""What only the forms of the EU ask: who, how it was designed, and where each part of the data came from."""

import datetime
from typing import Annotated, Literal

from pydantic import Field

from core.domain.base import Frozen

DataModality = Literal["text", "image", "audio", "video", "other"]
DataSource = Literal[
    "public_datasets", "licensed", "private_third_party", "web_crawl", "user_interactions", "user_services", "synthetic", "other"
]  # fmt: skip
DatasetSize = Annotated[str, Field(pattern=r"^[^=\n]{1,200}=\s*\d{1,20}$")]
"""`name = 12000`: a data set with its size in one unit, the same for all of them."""


class FormAnswers(Frozen):
    """Answers that fill a field of an EU form and nothing else. None means "not answered"."""

    # Who publishes
    legal_name: str | None = Field(None, description="name of the provider as the law knows it")
    eu_representative: str | None = Field(
        None, description="representative in the EU with contact, when there must be one"
    )
    small_firm: bool | None = Field(
        None, description="the provider is a small or medium enterprise or a start-up"
    )
    code_signatory: bool | None = Field(None, description="the provider signed the EU Code of Practice")
    copyright_responsible: str | None = None

    # The model
    model_versions: str | None = Field(None, description="family and the versions that are public")
    weights_sha256: str | None = Field(None, description="SHA-256 of the weight file or files")
    eu_release_date: datetime.date | None = None
    design_choices: str | None = Field(None, description="design of the model, its reasons and assumptions")
    input_modalities: tuple[DataModality, ...] | None = None
    max_input: str | None = Field(None, description="greatest input for each kind, for example 4,096 tokens")
    max_output: str | None = None
    distribution_channels: str | None = Field(None, description="where it can be had, with link and access")
    additional_assets: str | None = Field(
        None, description="data and code that come along, and their licences"
    )
    acceptable_use: str | None = Field(None, description="link to the acceptable use policy, or none")
    system_types: str | None = Field(None, description="AI systems it suits, and those it does not suit")
    integration: str | None = Field(None, description="technical means to build it into a system")
    required_hardware: str | None = None
    required_software: str | None = None
    tool_use: str | None = Field(None, description="tools and outside systems that it can work with")

    # The training
    training_design: str | None = Field(None, description="stages, methods, key choices, what is optimised")
    training_rationale: str | None = Field(None, description="why the training was designed like that")
    inference_flop: str | None = Field(
        None, description="FLOP of a benchmark task, for example 5.1x10^17 for 100,000 tokens"
    )
    inference_method: str | None = Field(None, description="the benchmark task and its hardware")
    evaluation_results: str | None = None
    risk_arguments: str | None = Field(
        None, description="why the model carries no systemic risk in spite of its compute"
    )

    # The data
    data_modalities: tuple[DataModality, ...] | None = None
    data_sources: tuple[DataSource, ...] | None = Field(
        None, description="every kind of source that was used"
    )
    data_obtained: str | None = Field(None, description="how the data was obtained, selected and annotated")
    data_scope: str | None = Field(None, description="domains, places and other characteristics of the data")
    data_safety: str | None = Field(
        None, description="how unlawful or harmful content was looked for and kept out"
    )
    data_bias: str | None = Field(None, description="how biases in the data were looked for")
    data_latest: str | None = Field(None, pattern=r"^(0[1-9]|1[0-2])/\d{4}$", description="MM/YYYY")
    data_goes_on: bool | None = Field(None, description="the model is trained further on new data")
    data_size: str | None = Field(None, description="amount of each kind of data, in its own unit")
    data_comments: str | None = None
    dataset_sizes: tuple[DatasetSize, ...] | None = Field(None, description="name = size, in one unit")
    public_data_modalities: tuple[DataModality, ...] | None = None
    other_public_data: str | None = None
    public_data_comments: str | None = None
    licensed_modalities: tuple[DataModality, ...] | None = None
    private_data_modalities: tuple[DataModality, ...] | None = None
    private_datasets: tuple[str, ...] | None = None
    private_data_description: str | None = None
    private_data_comments: str | None = None
    crawlers: tuple[str, ...] | None = None
    crawl_purposes: str | None = None
    crawl_behaviour: str | None = Field(
        None, description="how the crawler treats robots.txt, paywalls and captchas"
    )
    crawl_period: str | None = Field(None, description="MM/YYYY to MM/YYYY")
    crawl_content: str | None = None
    crawl_modalities: tuple[DataModality, ...] | None = None
    crawl_domains: tuple[str, ...] | None = Field(None, description="domains by size, the largest first")
    crawl_domain_count: Annotated[int, Field(ge=0, le=10**12)] | None = Field(
        None, description="how many domains were crawled in all"
    )
    crawl_comments: str | None = None
    user_data_services: str | None = None
    user_data_modalities: tuple[DataModality, ...] | None = None
    user_data_comments: str | None = None
    synthetic_modalities: tuple[DataModality, ...] | None = None
    synthetic_models: tuple[str, ...] | None = Field(
        None, description="general-purpose models that made data"
    )
    synthetic_other_models: str | None = None
    synthetic_comments: str | None = None
    other_data: str | None = None
    other_data_comments: str | None = None
    base_summary_link: str | None = Field(
        None, description="link to the public summary of the base model, or none"
    )
    earlier_summaries: str | None = None
    processing_comments: str | None = None

    # Copyright
    rights_reserved: str | None = Field(
        None, description="how opt-outs of rights holders were respected, also by the makers of data sets"
    )
    rights_comments: str | None = None
    copyright_outputs: str | None = Field(
        None, description="what keeps the model from repeating protected works"
    )
    complaint_procedure: str | None = Field(None, description="how complaints of rights holders are handled")
