# SPDX-License-Identifier: Apache-2.0
"""Counting operations: a cold `weighbridge flops` beside calflops and PyTorch's counter, on the same config.json."""

import json
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.flops_cold import CONFIGS, LLAMA, MOST_MB, MOST_SECONDS, heavy_modules
from benchmarks.pairs import Cost, Growth, Row, both, cold, in_turn, middle, times

COMMAND = "python benchmarks/flops_cold.py"
MODEL = """
import json, sys
import torch, transformers
config = transformers.AutoConfig.for_model(**json.load(open(sys.argv[1])))
config.use_cache = False
with torch.device("meta"):
    model = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="eager")
for module in list(sys.modules.values()):  # without weights there is nothing to look into: as under tracing
    if getattr(module, "__name__", "").startswith("transformers") and "is_tracing" in vars(module):
        module.is_tracing = lambda *_a, **_k: True
tokens = torch.zeros((1, 2048), dtype=torch.long, device="meta")
"""
TORCH = f"""{MODEL}
from torch.utils.flop_counter import FlopCounterMode
with FlopCounterMode(display=False) as counter:
    model(input_ids=tokens)
print(counter.get_total_flops())
"""
CALFLOPS = f"""{MODEL}
from calflops import calculate_flops
print(calculate_flops(model=model, kwargs=dict(input_ids=tokens), print_results=False, output_as_string=False))
"""
PEERS = {"calflops": CALFLOPS, "PyTorch FlopCounterMode": TORCH}
SIZES = {
    "1B": (2048, 16, 32, 8192),
    "8B": (4096, 32, 32, 14336),
    "70B": (8192, 80, 64, 28672),
    "405B": (16384, 126, 128, 53248),
}
"""Width, layers, heads and inner width of Llama 3."""


def ours(config: Path) -> list[str]:
    """The command that is measured."""
    return [sys.executable, "-m", "core.cli", "flops", str(config), "--seq", "2048", "--json"]


def rows(peers: Path | None, quick: bool) -> Iterator[Row]:
    """The bars of counting."""
    with tempfile.TemporaryDirectory() as name:
        paths = {}
        for model, values in CONFIGS.items():
            paths[model] = Path(name, f"{model}.json")
            paths[model].write_text(json.dumps(values), encoding="utf-8")
        small, large = paths.values()
        pairs = in_turn(lambda: cold(ours(small)), lambda: cold(ours(large)), 5 if quick else 15)
        one = middle([mine for mine, _ in pairs])
        yield Row(
            "flops", "cold `weighbridge flops`", both(one), f"under {MOST_SECONDS * 1e3:.0f} ms",
            one.own < MOST_SECONDS, COMMAND,
        )  # fmt: skip
        yield Row(
            "memory", "cold `weighbridge flops`", f"{one.peak:.1f} MiB", f"under {MOST_MB:.0f} MiB", one.peak < MOST_MB, COMMAND
        )  # fmt: skip
        ratio = statistics.median(b.own / a.own for a, b in pairs)
        yield Row(
            "flops",
            "405B beside 1B, processor time",
            f"{ratio:.2f} times",
            "at most 1.5 times",
            ratio <= 1.5,
            COMMAND,
        )
        loaded = heavy_modules(small)
        yield Row(
            "flops",
            "torch, transformers, numpy or pydantic loaded",
            "none" if loaded == "[]" else loaded,
            "none",
            loaded == "[]",
            COMMAND,
        )
        for peer, code in PEERS.items():
            yield from _beside(peer, code, small, peers, quick)


def _beside(peer: str, code: str, config: Path, peers: Path | None, quick: bool) -> Iterator[Row]:
    command = "make bench ARGS='--peers PEER'"
    if peers is None:
        for part, bar in (("flops", "at least 20 times as fast"), ("memory", "at most 1/7")):
            yield Row(
                part,
                f"cold count of Llama 3.2 1B, beside {peer}",
                "no --peers in this run",
                bar,
                None,
                command,
            )
        return
    quiet = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "error"}
    pairs: list[tuple[Cost, Cost]] = in_turn(
        lambda: cold(ours(config)),
        lambda: cold([str(peers), "-c", code, str(config)], env=quiet),
        1 if quick else 5,
    )
    ratio, memory = times(pairs, lambda cost: cost.wall), times(pairs, lambda cost: cost.peak)
    what = f"cold count of Llama 3.2 1B, beside {peer}"
    yield Row("flops", what, f"{ratio:.0f} times", "at least 20 times as fast", ratio >= 20, command)
    yield Row("memory", what, f"1/{memory:.0f}", "at most 1/7", memory >= 7, command)


def growth(quick: bool) -> Iterator[Growth]:
    """One model family from 1 to 405 billion parameters."""
    points = []
    with tempfile.TemporaryDirectory() as name:
        for size, (width, layers, heads, inner) in SIZES.items():
            path = Path(name, f"{size}.json")
            values = LLAMA | {
                "hidden_size": width,
                "num_hidden_layers": layers,
                "num_attention_heads": heads,
                "num_key_value_heads": 8,
                "intermediate_size": inner,
            }
            path.write_text(json.dumps(values), encoding="utf-8")
            cold(ours(path))
            points.append((size, both(middle([cold(ours(path)) for _ in range(3 if quick else 9)]))))
    yield Growth("cold `weighbridge flops`", "parameters (Llama 3)", tuple(points))
