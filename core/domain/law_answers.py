# SPDX-License-Identifier: Apache-2.0
"""Answers that only a law asks for, and only of the few releases where it can change the outcome."""

from typing import Annotated, Literal

from pydantic import Field

from core.domain.base import Frozen

_Count = Annotated[int, Field(ge=0, le=10**30)]
MoneyKind = Literal[
    "price", "dual_licence", "must_buy_support", "own_site_only", "personal_data", "optional_services", "donations"
]  # fmt: skip


class LawAnswers(Frozen):
    """None means "not asked or not answered yet". Sources of each test: the docstrings in core.rules."""

    # Where the model came from
    base_is_own: bool | None = Field(None, description="the base is an earlier version of your own model")
    base_general: bool | None = Field(
        None, description="the base is a general-purpose AI model, as its maker or its card says"
    )
    earlier_tunes_flop: _Count | None = Field(
        None,
        description="training FLOP of changes that others made between the base and what you started from",
    )

    # What the model is, and for whom
    very_general: bool | None = Field(
        None, description="it can do very many different things although its compute is below the line"
    )
    research_only: bool | None = Field(
        None, description="made and used for scientific research alone, with no release for general use"
    )
    internal_use: bool | None = Field(
        None,
        description="used in your firm for something its offer rests on, or that affects people in the EU",
    )
    ny_college_research: bool | None = Field(
        None, description="research at an accredited college in New York, or in Empire AI"
    )
    eu_business_users: _Count | None = Field(None, description="registered business users in the EU")
    high_risk_supply: bool | None = Field(
        None, description="a maker of a high-risk AI system builds it in under a deal with you"
    )

    # Money and access
    monetised_how: tuple[MoneyKind, ...] | None = Field(None, description="how money or data is taken for it")
    micro_only: bool | None = Field(
        None, description="you and all who pay have under 10 staff and at most EUR 2 million turnover"
    )
    license_free: bool | None = Field(
        None,
        description="your licence lets everyone get, use, change and pass on the model, with no such limit",
    )
    gate: Literal["safety_check", "personal_data", "by_country"] | None = Field(
        None, description="what people must do or be to get the weights"
    )
    largest_open_flop: _Count | None = Field(
        None, description="training FLOP of the most powerful model whose weights are public"
    )

    # The demo or app
    marking_exempt: Literal["editing_help", "source_code", "very_short", "machines_only"] | None = Field(
        None,
        description="the demo makes only what needs no mark: small edits, code, a few words, data for machines",
    )
    shows_ai: Literal["no", "deepfakes", "public_texts"] | None = Field(
        None,
        description="you show made pictures, sound or video that look real, or unchecked texts on public matters",
    )
    undress_easy: bool | None = Field(
        None,
        description="as it is, people can easily make sexual images of real people, and nothing stops them",
    )
    mainly_user_content: bool | None = Field(
        None, description="the site is mainly there for what people post"
    )
    shows_intimate: bool | None = Field(
        None, description="samples show sexual images of real people who did not agree"
    )
    korea_revenue_krw: _Count | None = Field(
        None, description="yearly revenue of a firm from abroad that serves Korea, KRW"
    )
    korea_ai_revenue_krw: _Count | None = Field(None, description="the part of it from AI services, KRW")
    korea_daily_users: _Count | None = Field(
        None, description="people in Korea who use it on a mean day of the last three months"
    )
