# SPDX-License-Identifier: Apache-2.0
"""One release as the rules look at it: the four accounts, where it started, who gets it. Nothing is defaulted."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from core.domain.estimate import FlopEstimate
from core.domain.finding import Line
from core.domain.footprint import Accounts, Footprint
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.rules.rulebook import COMPARE, Rules

TOKENS_BEYOND_ANY = 10**15
"""Upper end of the estimated stock of public human text, in tokens (Villalobos et al., 2024, "Will we run out of
data?", 100 to 1,000 trillion); the largest run among the Guidelines' examples (annex A.3) saw 36 trillion."""

_GENERATES = frozenset({"text", "image", "audio", "video"})
_ANSWERS_ONLY = frozenset({"label", "embedding"})
_GENERATIVE_TAGS = frozenset(
    {
        "text-generation",
        "text2text-generation",
        "image-text-to-text",
        "text-to-image",
        "text-to-video",
        "text-to-speech",
        "text-to-audio",
        "image-to-image",
        "image-to-video",
        "any-to-any",
        "summarization",
        "translation",
    }
)
_OTHER_TAGS = ("classification", "extraction", "similarity", "detection", "segmentation", "fill-mask")


_NO_PRICE = frozenset({"optional_services", "donations"})


class Start(StrEnum):
    """What the training began from."""

    SCRATCH = "scratch"
    MODIFICATION = "modification"
    MERGE = "merge"
    CONVERSION = "conversion"
    UNKNOWN = "unknown"


_STARTS = {
    "from_scratch": Start.SCRATCH,
    "fine_tune": Start.MODIFICATION,
    "continued_pretraining": Start.MODIFICATION,
    "merge": Start.MERGE,
    "conversion": Start.CONVERSION,
}


@dataclass(frozen=True)
class Case:
    """What is known about a release, with the rules of one day."""

    known: Known
    footprint: Footprint
    rules: Rules

    @property
    def accounts(self) -> Accounts:
        """Own, base, direct and cumulative operations; None is "not known"."""
        return self.footprint.accounts

    @property
    def start(self) -> Start:
        """The start as said; a named base or an adapter means somebody else's model was the start.

        Further training of one's own model is the same model from its first run on (Guidelines, point 22).
        """
        said = self.known.text("origin")
        if self.own_base:
            return Start.SCRATCH
        if said is not None:
            return _STARTS.get(said.value, Start.UNKNOWN)
        if any(self.known.get(name) for name in ("base_model", "base_folder", "base_flop")):
            return Start.MODIFICATION
        if self.known.found(FoundOnly.ADAPTER_CONFIG) or self.known.get(FoundOnly.BASE_PATH_NAME):
            return Start.MODIFICATION
        return Start.UNKNOWN

    @property
    def update(self) -> FlopEstimate | None:
        """Operations of this person's training that updated the model (own is its upper bound).

        With an earlier version of one's own model as the start, its training counts as well (point 22).
        """
        mine = self.accounts.direct or self.accounts.own
        if not self.own_base:
            return mine
        base = self.accounts.base
        if mine is None or base is None:
            return None
        low, central, high = (
            getattr(mine, name) + getattr(base, name) for name in ("low", "central", "high")
        )
        return FlopEstimate(low=low, central=central, high=high, method=mine.method)

    @property
    def own_base(self) -> bool:
        """Whether the start was an earlier version of this person's own model, trained further."""
        origin = self.word("origin")
        return self.yes("base_is_own") is True and origin not in ("merge", "conversion", "from_scratch")

    @property
    def modalities(self) -> tuple[str, ...]:
        """Kinds of output; empty when unknown."""
        return self.known.strings("output_modalities")

    @property
    def generative(self) -> bool | None:
        """Whether the model makes new content: as said, else by its kinds of output, its tag, its class."""
        said = self.known.flag("generative")
        if said is not None:
            return said.value
        kinds = set(self.modalities)
        if kinds:
            return True if kinds & _GENERATES else False if kinds <= _ANSWERS_ONLY else None
        tag = self.known.text("pipeline_tag")
        if tag is not None:
            if tag.value in _GENERATIVE_TAGS:
                return True
            if any(part in tag.value for part in _OTHER_TAGS):
                return False
        name = self.known.text(FoundOnly.ARCHITECTURE_CLASS)
        if name is not None:
            if name.value.endswith(("ForCausalLM", "LMHeadModel", "ForConditionalGeneration")):
                return True
            if "Classification" in name.value:
                return False
        return None

    @property
    def indicator_kind(self) -> bool | None:
        """Whether the output is of a kind the EU indicator names; None when unknown."""
        named = set(self.rules.words("eu.ai_act.generative_modalities"))
        if self.modalities:
            return bool(named & set(self.modalities))
        return self.generative

    @property
    def narrow(self) -> bool | None:
        """Whether it can do only one narrow thing."""
        return self.yes("narrow_task")

    @property
    def private(self) -> bool:
        """The person said that nobody else gets it."""
        form = self.known.text("release_form")
        return form is not None and form.value == "private"

    @property
    def takes_money(self) -> bool | None:
        """Whether money, or data, is taken for the model (Guidelines, points 83 to 85). How it is taken decides:
        an optional service beside a free model, or a gift, is no price."""
        how = set(self.known.strings("monetised_how"))
        if how:
            return bool(how - _NO_PRICE)
        return True if self.word("gate") == "personal_data" else self.yes("monetised")

    @property
    def released(self) -> datetime.date | None:
        """The day of release; None when not said."""
        said = self.known.text("release_date")
        return datetime.date.fromisoformat(said.value) if said is not None else None

    def too_small_for(self, line: Line, models: int = 1) -> bool:
        """Whether no training could lift a model of this size over the line: 6 × parameters × tokens stays below.

        `models`: so many of this size together.
        Private synthetic data is left out of this bound, so it is not used where there may be some.
        """
        parameters = self.footprint.parameters
        if parameters is None or self.word("synthetic_data") == "private":
            return False
        return not COMPARE[line.operator](models * 6 * parameters.total * TOKENS_BEYOND_ANY, line.value)

    def yes(self, name: str) -> bool | None:
        """A yes-or-no answer, or None."""
        said = self.known.flag(name)
        return None if said is None else said.value

    def word(self, name: str) -> str | None:
        """An answer in words, or None."""
        said = self.known.text(name)
        return None if said is None else said.value
