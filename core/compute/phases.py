# SPDX-License-Identifier: Apache-2.0
"""Several stages in a row, each with what it trains, what only serves it, and what the law leaves out.

Source of the factors: compute methods, sections 5 and 6 (2N forward, 6N training, 4N with a frozen base). Source of
the buckets: Commission Guidelines, annex A.1, points 115 to 119: public synthetic data, the training of auxiliary
models (reward model, value function) and conversions count nothing towards the cumulative account.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from pydantic import ValidationError

from core.compute.cost import Cost
from core.compute.network import Network
from core.compute.ranges import scaled, shown, step
from core.domain.estimate import ArithmeticStep
from core.domain.known import Known
from core.domain.stage_run import StageRun
from core.texts import text

PPO_PASSES = 4.0
"""TRL's default number of passes over each batch of rollouts."""
_MOST_STAGES = 50


class Phase(NamedTuple):
    """FLOP of one stage by bucket: passes that change weights, passes that serve them, making synthetic data that is
    not public, and training of auxiliary models. `low` and `high` are factors on all of it."""

    trained: int = 0
    served: int = 0
    synthetic: int = 0
    auxiliary: int = 0
    low: float = 0.95
    high: float = 1.3
    assumptions: tuple[str, ...] = ()
    ways: tuple[str, ...] = ("",) * 4
    """How the four were worked out, as a person types it."""

    @property
    def whole(self) -> int:
        """Everything that ran."""
        return self.trained + self.served + self.synthetic + self.auxiliary


class _Part(NamedTuple):
    """A sum of products, and how it is typed."""

    value: int = 0
    way: str = ""

    def plus(self, other: "_Part") -> "_Part":
        if not other.value:
            return self
        return _Part(self.value + other.value, f"{self.way} + {other.way}") if self.value else other


def _times(factor: int, size: int, tokens: int, passes: float = 1.0) -> _Part:
    """FLOP of `tokens` through `size` parameters, `factor` for each, that many times over."""
    whole = factor * size * tokens
    way = f"{factor} × {shown(size)} × {shown(tokens)}"
    return _Part(whole, way) if passes == 1.0 else _Part(scaled(whole, passes), f"{way} × {passes:g}")


_NOTHING = _Part()


def _phase(
    trained: _Part = _NOTHING,
    served: _Part = _NOTHING,
    synthetic: _Part = _NOTHING,
    auxiliary: _Part = _NOTHING,
    *,
    low: float = 0.95,
    high: float = 1.3,
    assumptions: tuple[str, ...] = (),
) -> Phase:
    parts = (trained, served, synthetic, auxiliary)
    return Phase(
        trained.value,
        served.value,
        synthetic.value,
        auxiliary.value,
        low,
        high,
        assumptions,
        tuple(one.way for one in parts),
    )


def stages_of(known: Known) -> tuple[StageRun, ...]:
    """The stages the person listed; empty when there are none or they make no sense."""
    fact = known.get("stages")
    listed = fact.value if fact is not None else None
    if not isinstance(listed, list) or not 0 < len(listed) <= _MOST_STAGES:
        return ()
    try:
        return tuple(StageRun.model_validate(one) for one in listed)
    except ValidationError:
        return ()


def phases_cost(known: Known, network: Network) -> Cost | None:
    """All stages together, or None when there are none or one of them cannot be weighed."""
    stages = stages_of(known)
    phases = [phase_cost(one, network.working, network.method) for one in stages]
    found = [one for one in phases if one is not None]
    if not stages or len(found) < len(stages):
        return None
    own = sum(one.whole - one.synthetic for one in found)
    lines = [line for one, phase in zip(stages, found, strict=True) for line in _lines(one, phase)]
    lines.append(step("stages", " + ".join(shown(one.whole - one.synthetic) for one in found), own))
    weight = max(1, sum(one.whole for one in found))
    return Cost(
        own=own,
        updates=sum(one.trained for one in found),
        hardware=own,
        low=sum(one.low * one.whole for one in found) / weight if own else 1.0,
        high=sum(one.high * one.whole for one in found) / weight if own else 1.0,
        exact=False,
        method="stages",
        assumptions=tuple(dict.fromkeys(note for one in found for note in one.assumptions)),
        steps=tuple(lines),
        synthetic=sum(one.synthetic for one in found),
        auxiliary=sum(one.auxiliary for one in found),
    )


def _lines(stage: StageRun, phase: Phase) -> Iterable[ArithmeticStep]:
    parts = (phase.trained, phase.served, phase.synthetic, phase.auxiliary)
    names = ("trained", "served", "synthetic", "auxiliary")
    kind = text(f"compute.stage.{stage.kind}")
    for name, value, way in zip(names, parts, phase.ways, strict=True):
        if value:
            yield ArithmeticStep(
                label=text(f"compute.step.stage_{name}", stage=kind),
                expression=way,
                result=f"{shown(value)} FLOP",
            )


def phase_cost(stage: StageRun, size: int | None, method: str = "full") -> Phase | None:
    """One stage of a model with `size` parameters at work; None when a number it needs is not known."""
    working = stage.parameters or size
    if stage.kind == "merge":
        return Phase(low=1.0, high=1.0)
    return _KINDS[stage.kind](stage, working, _factor(stage.method or method))


def _factor(method: str) -> int:
    return {"full": 6, "frozen_partial": 4}.get(method, 4)


_Weigher = Callable[[StageRun, int | None, int], Phase | None]


def _plain(stage: StageRun, size: int | None, factor: int) -> Phase | None:
    if not size or stage.tokens is None:
        return None
    return _phase(_times(factor, size, stage.tokens))


def _prompt(stage: StageRun, size: int | None, _: int) -> Phase | None:
    return _plain(stage, size, 4)


def _pairs(stage: StageRun, size: int | None, factor: int) -> Phase | None:
    """A frozen reference model reads every sequence, unless what it gives was stored."""
    if not size or stage.tokens is None:
        return None
    served = _NOTHING if stage.helper_stored else _times(2, size, stage.tokens)
    return _phase(_times(factor, size, stage.tokens), served)


def _kto(stage: StageRun, size: int | None, factor: int) -> Phase | None:
    """As `_pairs`; model and reference also read each text with another's answer (trl, kto_trainer.py)."""
    if not size or stage.tokens is None:
        return None
    served = _times(2 if stage.helper_stored else 6, size, stage.tokens)
    return _phase(_times(factor, size, stage.tokens), served, low=0.6)


def _reward(stage: StageRun, size: int | None, factor: int) -> Phase | None:
    scorer = stage.helper_parameters or size
    if not scorer or stage.tokens is None:
        return None
    return _phase(auxiliary=_times(factor, scorer, stage.tokens))


def _grpo(stage: StageRun, size: int | None, factor: int) -> Phase | None:
    return _rollouts(stage, size, factor, reads=0)


def _rloo(stage: StageRun, size: int | None, factor: int) -> Phase | None:
    """As GRPO; the model also scores each text itself before it changes (trl, rloo_trainer.py)."""
    return _rollouts(stage, size, factor, reads=1)


def _rollouts(stage: StageRun, size: int | None, factor: int, reads: int) -> Phase | None:
    written = stage.generated if stage.generated is not None else stage.tokens
    if not size or written is None:
        return None
    seen = written + (stage.prompts or 0)
    trained_on = stage.tokens if stage.tokens is not None else seen
    served = _times(2, size, seen)
    for _ in range(reads + (not stage.helper_stored)):
        served = served.plus(_times(2, size, seen))
    return _phase(
        _times(factor, size, trained_on, stage.passes or 1.0),
        served.plus(_times(2, stage.helper_parameters or 0, seen)),
        low=0.8,
        high=1.4 if stage.passes else 2.0,
        assumptions=(text("compute.assume.rollouts", stage=stage.kind.upper()),),
    )


def _ppo(stage: StageRun, size: int | None, factor: int) -> Phase | None:
    """A reward model scores, a value model of the same size is trained beside the policy."""
    written = stage.generated if stage.generated is not None else stage.tokens
    if not size or written is None:
        return None
    trained = _times(factor, size, written, stage.passes or PPO_PASSES)
    served = _times(2, size, written)
    if not stage.helper_stored:
        served = served.plus(_times(2, size, written))
    return _phase(
        trained,
        served.plus(_times(2, stage.helper_parameters or size, written)),
        auxiliary=_times(2, size, written).plus(trained),
        low=0.8 if stage.passes else 0.3,
        high=1.4,
        assumptions=(text("compute.assume.rollouts", stage="PPO"), text("compute.assume.value_model")),
    )


def _distillation(stage: StageRun, size: int | None, factor: int) -> Phase | None:
    if not size or stage.tokens is None or (not stage.helper_stored and not stage.helper_parameters):
        return None
    teacher = _NOTHING if stage.helper_stored else _times(2, stage.helper_parameters or 0, stage.tokens)
    return _phase(_times(factor, size, stage.tokens), teacher)


def _synthetic(stage: StageRun, _size: int | None, _: int) -> Phase | None:
    """Passes that wrote data. Public data counts nothing; otherwise all that was written, kept or not."""
    if stage.public:
        return Phase(low=1.0, high=1.0, assumptions=(text("compute.assume.public_data"),))
    writer = stage.helper_parameters
    if not writer or stage.generated is None:
        return None
    made = _times(2, writer, stage.generated + (stage.prompts or 0))
    return _phase(synthetic=made, low=0.9, high=1.5)


def _best_of_n(stage: StageRun, size: int | None, factor: int) -> Phase | None:
    """Every answer that was written counts, then training on those that were kept."""
    if not size or stage.generated is None:
        return None
    served = _times(2, size, stage.generated + (stage.prompts or 0))
    return _phase(
        _times(factor, size, stage.tokens or 0),
        served.plus(_times(2, stage.helper_parameters or 0, stage.generated)),
    )


def _quantisation(stage: StageRun, size: int | None, _: int) -> Phase | None:
    """Rounding trains nothing; methods with calibration run it forward."""
    if not stage.tokens:
        return Phase(low=1.0, high=1.0)
    return _phase(served=_times(2, size, stage.tokens)) if size else None


_KINDS: dict[str, _Weigher] = {
    "pretraining": _plain,
    "sft": _plain,
    "orpo": _plain,
    "cpo": _plain,
    "pruning": _plain,
    "prompt_tuning": _prompt,
    "dpo": _pairs,
    "kto": _kto,
    "reward": _reward,
    "grpo": _grpo,
    "rloo": _rloo,
    "ppo": _ppo,
    "distillation": _distillation,
    "synthetic": _synthetic,
    "best_of_n": _best_of_n,
    "quantisation": _quantisation,
}
