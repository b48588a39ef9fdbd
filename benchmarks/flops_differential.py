# SPDX-License-Identifier: Apache-2.0
"""The layer table against PyTorch's counter on made-up configurations: every type, class, key, and random mixes.

    python3 -m venv /tmp/venv-flops
    /tmp/venv-flops/bin/pip install torch==2.13.0 transformers==5.23.0 peft==0.21.2 diffusers==0.42.1
    /tmp/venv-flops/bin/python benchmarks/flops_differential.py [llama bert t5 ...] --out rows.jsonl

Torch is the processor-only build; torchvision is not needed. Without types: every one the layer table knows. For each:
class defaults with few layers in every class transformers offers (with --single also each key changed by itself), then
--mixes random mixes of changes, each in one class drawn at random, and --adapters LoRA configurations. With --first N the
draws begin at the N-th and only they are tried: draws that nobody has looked at yet. Every row that could be measured is
written, met or not, and shares are printed; `flops_truth.py rows.jsonl --misses` compares the rows again without torch.
What is drawn does not change from run to run.
"""

import argparse
import collections
import json
import random
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import flops_batches as batches
import flops_cases as drawn
import flops_measure as measured
import flops_truth as table

from core.compute.architectures import model_types

SECONDS = 90
"""Longest time one configuration may take."""
NO_STEP = ("mra",)
"""Types whose class, without a kernel of its own, leaves queries, keys and values out of the loss."""
T5_KIND = ("longt5", "mt5", "switch_transformers", "t5", "umt5")
SKIPPED = ("MultipleChoice", "ForPreTraining", "Backbone", "ForTextEncoding")
Rows = Iterator[dict[str, Any]]


def rows(name: str, told: str, values: dict[str, Any], model_class: str) -> Rows:
    """One configuration in one class, measured in every way it runs."""
    model = measured.build(values, model_class)
    for run in batches.runs(model, name, model_class):
        numbers = measured.measure(run.call, model, backward=name not in NO_STEP)
        rest = {"part": run.part, "variant": "full", "peft": {}, "inputs": run.inputs, "config": values}
        rest |= _remarks(name, values)
        yield {"name": told, "model_class": model_class, **rest, **numbers}


def _remarks(name: str, values: dict[str, Any]) -> dict[str, str]:
    """Where the class is known to differ from what is released or meant: such numbers are not compared."""
    if name in T5_KIND and values.get("tie_word_embeddings") is False:
        return {"param_warning": "the class ties its head whatever the file says; released files hold both"}
    return {"fwd_note": "dense figure: the class runs every expert"} if name == "llama4_text" else {}


def adapted(name: str, values: dict[str, Any], model_class: str, draws: range) -> Rows:
    """One configuration with adapters, measured."""
    import peft
    import torch

    chosen = list(drawn.adapters(measured.build(values, model_class), name, draws))
    for one in chosen:
        model = measured.build(values, model_class)
        with torch.device(next(model.parameters()).device):
            wrapped = peft.get_peft_model(model, peft.LoraConfig(**one)).train(model.training)
        run = next(batches.runs(model, name, model_class), None)
        if run is None:
            return
        numbers = measured.measure(run.call, wrapped, backward=name not in NO_STEP)
        rest = {"part": run.part, "variant": "peft", "peft": {"peft_type": "LORA", **one}}
        yield {
            "name": f"lora {one}",
            "model_class": model_class,
            **rest,
            "inputs": run.inputs,
            "config": values,
            **_remarks(name, values),
            **numbers,
        }


def classes(name: str) -> list[str]:
    """Classes of a type, the most used first."""
    if name[0].isupper():
        return [name]
    found = [one for one in measured.classes(name) if not one.endswith(SKIPPED) and measured.fits(one, name)]
    last = (
        "ForCausalLM",
        "LMHeadModel",
        "ForMaskedLM",
        "ForConditionalGeneration",
        "ForImageClassification",
        "ForCTC",
    )
    return sorted(found, key=lambda one: (not one.endswith(last), one))


def tried(name: str, *, single: bool, mixes: range, adapters: range) -> Iterator[tuple[str, str, Rows]]:
    """Everything to be measured for a type: what it is, the class, and the rows when asked for."""
    offered = classes(name)
    usual = drawn.cases(name, single=single, mixes=mixes)
    for number, (told, values) in enumerate(usual):
        if number == 0:
            chosen = [] if mixes.start else offered
        elif told.startswith("mix"):
            draw = random.Random(f"{name} {told}")
            chosen = [offered[0] if draw.random() < 0.5 else draw.choice(offered)]
        else:
            chosen = offered[:1]
        for model_class in chosen:
            yield told, model_class, rows(name, told, values, model_class)
        if number == 0 and adapters:
            yield "adapters", offered[0], adapted(name, values, offered[0], adapters)


def _late(*_: object) -> None:
    raise TimeoutError


def main() -> int:
    """Measure, write, print shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("types", nargs="*")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--single", action="store_true")
    parser.add_argument("--mixes", type=int, default=8)
    parser.add_argument("--adapters", type=int, default=3)
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args()
    found: list[table.Check] = []
    unmeasured: collections.Counter[str] = collections.Counter()
    signal.signal(signal.SIGALRM, _late)
    out = given.out.open("w", encoding="utf-8") if given.out else None
    mixes = range(given.first, given.first + given.mixes)
    adapters = range(given.first, given.first + given.adapters)
    for name in given.types or model_types():
        try:
            listed = list(tried(name, single=given.single, mixes=mixes, adapters=adapters))
        except Exception as error:  # noqa: BLE001  # no class of this name in this version
            print(f"{name}: {type(error).__name__}: {error}"[:200], file=sys.stderr)
            continue
        for told, model_class, some in listed:
            made: list[dict[str, Any]] = []
            signal.alarm(SECONDS)
            try:
                for row in some:
                    made.append(row)  # those before an error are kept
            except Exception as error:  # noqa: BLE001  # values that make no model, or no meta kernel for them
                unmeasured[name] += 1
                print(f"{model_class} {told}: {type(error).__name__}: {error}"[:250], file=sys.stderr)
            finally:
                signal.alarm(0)
            for row in made:
                checks = table.checks(row)
                found += checks
                for one in checks:
                    if not one.met:
                        print(
                            f"{one.kind}: {model_class} {told}: {one.counted} for {one.measured}", flush=True
                        )
                if out:
                    out.write(json.dumps(row) + "\n")
                    out.flush()
    for kind, (met, count) in table.shares(found).items():
        print(f"{kind:32} {met:5} of {count:5} = {met / count:6.1%}")
    print(f"not measured: {sum(unmeasured.values())}, most of {unmeasured.most_common(5)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
