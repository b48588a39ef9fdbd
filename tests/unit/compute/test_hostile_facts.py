# SPDX-License-Identifier: Apache-2.0
"""Files may say anything: weighing never fails and never loops over a number it was handed."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from core.compute import weigh
from core.domain.answers import Answers
from core.domain.fact import Fact, Origin, OriginKind
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.reference import load_reference

TINY: dict[str, JsonValue] = {
    "model_type": "llama",
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "vocab_size": 128,
}
GPT2: dict[str, JsonValue] = {
    "model_type": "gpt2",
    "n_embd": 32,
    "n_layer": 2,
    "n_head": 4,
    "vocab_size": 99,
    "n_positions": 16,
}
NAMES = sorted({*(name.value for name in FoundOnly), *(set(Answers.model_fields) - {"dont_know"})})
anything: st.SearchStrategy[Any] = st.one_of(
    st.integers(-5, 10**40),
    st.integers(1, 10**6),
    st.floats(1e-12, 1e20),
    st.sampled_from([float("inf"), float("nan"), 10**400, 1e-300, 0, 0.0]),
    st.floats(),
    st.booleans(),
    st.text(max_size=5),
    st.none(),
    st.sampled_from(
        [TINY, GPT2, {}, {"model_type": 3}, {"model_type": "mixtral", "num_local_experts": "8"}, [], [1]]
    ),
)


@settings(max_examples=400, deadline=None)
@given(
    st.dictionaries(st.sampled_from(NAMES), anything, max_size=25),
    st.sampled_from([None, TINY, GPT2]),
    st.sampled_from(
        [None, {"peft_type": "LORA", "r": 4, "target_modules": ["q_proj"]}, {"peft_type": 7}, {"r": "x"}]
    ),
)
def test_any_facts_can_be_weighed(facts: dict[str, Any], config: Any, adapter: Any) -> None:
    known = {
        **facts,
        **({"config": config} if config else {}),
        **({"adapter_config": adapter} if adapter else {}),
    }
    origin = Origin(kind=OriginKind.FILE, file="a.json", key="k")
    scan = ScanResult(
        folder_name="x",
        facts=tuple(Fact[JsonValue](name=name, value=value, origin=origin) for name, value in known.items()),
    )
    footprint = weigh(Known(Project(scan=scan)), load_reference())
    kinds = [one.id for one in footprint.witnesses]
    assert kinds[:3] == ["operations", "hardware", "recorded"]
    assert set(kinds[3:]) <= {"throughput", "stated"}
    assert len(set(kinds)) == len(kinds)
