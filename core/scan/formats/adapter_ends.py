# SPDX-License-Identifier: Apache-2.0
"""Which layers of a picture model a LoRA changes, by the names of its tensors.

kohya's tools write the name of a layer with "_" for "."; SDXL's layers carry the names of Stability's own code there
("input_blocks_4_1_…_to_q", "in_layers_2"), all others those of diffusers (sd-scripts networks/lora.py,
library/sdxl_model_util.py). Wan's layers carry Alibaba's own names ("self_attn_q", "ffn_0"; musubi-tuner wan/modules/model.py),
Z-Image's have one name everywhere. Only the ends matter here: the layer table knows how many layers end so.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from core.scan.formats.safetensors_header import Tensor

_MODULE = re.compile(
    r"(?P<name>[\w.-]{1,200}?)[._](?P<half>lora_down|lora_up|lora_A|lora_B|lora_mid|lora\.down|lora\.up)"
    r"(?:\.[\w-]{1,40})?\.weight\Z"
)
_LENGTHS = re.compile(r"\.(?:dora_scale|lora_magnitude_vector(?:\.[\w-]{1,40})?(?:\.weight)?)\Z")
"""DoRA's length of each column: trained, on the same layers."""
_DOWN = frozenset({"lora_down", "lora_A", "lora.down"})
_UP = frozenset({"lora_up", "lora_B", "lora.up"})
_TEXT = re.compile(r"(?:lora_te\d?_|text_encoder(?:_\d)?\.|lora_prior_te_|te\d?\.)")
_DENOISER = re.compile(
    r"(?:lora_unet_|unet\.|diffusion_model\.|(?:transformer\.|base_model\.model\.)(?=(?:single_)?transformer_blocks\."
    r"|(?:down|up|mid)_blocks?\.))"
)
_ENDS = (
    ("to_q", "to_q"), ("to_k", "to_k"), ("to_v", "to_v"), ("to_out_0", "to_out.0"),
    ("ff_net_0_proj", "ff.net.0.proj"), ("ff_net_2", "ff.net.2"), ("proj_in", "proj_in"), ("proj_out", "proj_out"),
    ("conv1", "conv1"), ("conv2", "conv2"), ("conv_shortcut", "conv_shortcut"), ("time_emb_proj", "time_emb_proj"),
    ("in_layers_2", "conv1"), ("out_layers_3", "conv2"), ("skip_connection", "conv_shortcut"),
    ("emb_layers_1", "time_emb_proj"), ("downsamplers_0_conv", "downsamplers.0.conv"),
    ("upsamplers_0_conv", "upsamplers.0.conv"), ("0_op", "downsamplers.0.conv"),
    ("1_conv", "upsamplers.0.conv"), ("2_conv", "upsamplers.0.conv"),
    ("feed_forward_w1", "feed_forward.w1"), ("feed_forward_w2", "feed_forward.w2"),
    ("feed_forward_w3", "feed_forward.w3"), ("adaLN_modulation_0", "adaLN_modulation.0"),
    ("ffn_net_0_proj", "ffn.net.0.proj"), ("ffn_net_2", "ffn.net.2"),
    ("self_attn_q", "attn1.to_q"), ("self_attn_k", "attn1.to_k"), ("self_attn_v", "attn1.to_v"),
    ("self_attn_o", "attn1.to_out.0"), ("cross_attn_q", "attn2.to_q"), ("cross_attn_k", "attn2.to_k"),
    ("cross_attn_v", "attn2.to_v"), ("cross_attn_o", "attn2.to_out.0"), ("cross_attn_k_img", "attn2.add_k_proj"),
    ("cross_attn_v_img", "attn2.add_v_proj"), ("ffn_0", "ffn.net.0.proj"), ("ffn_2", "ffn.net.2"),
)  # fmt: skip
"""Ends of flattened names and what diffusers calls the layer."""
_MOST = 20_000
"""Tensors: a LoRA on every layer of Stable Diffusion XL and its text encoders has about 3,200."""


@dataclass(slots=True)
class Ends:
    """`ranks`: end of a layer's name -> rank, empty when a layer of the denoiser is unknown or ranks of one end differ.
    `trained`: the adapter's parameters in the denoiser. `text_encoder`: whether layers of the text encoder are among them."""

    ranks: dict[str, int] = field(default_factory=dict)
    trained: int = 0
    text_encoder: bool = False


def read_ends(tensors: Collection[Tensor]) -> Ends | None:
    """The layers by name; None when no tensor is a LoRA's in a picture model, or when there are more than any of them has."""
    if len(tensors) > _MOST:
        return None
    ends, clear = Ends(), True
    for tensor in tensors:
        if _TEXT.match(tensor.name):
            ends.text_encoder = True
            continue
        if _DENOISER.match(tensor.name) and _LENGTHS.search(tensor.name):
            ends.trained += tensor.elements
            continue
        match = _MODULE.fullmatch(tensor.name) if _DENOISER.match(tensor.name) else None
        if match is None:
            clear = clear and tensor.name.endswith(".alpha")
            continue
        ends.trained += tensor.elements
        end = _end(match["name"].replace(".", "_"))
        rank = _rank(match["half"], tensor.shape)
        if end is None or rank is None or ends.ranks.setdefault(end, rank) != rank:
            clear = False
    if not ends.trained:
        return None
    if not clear:
        ends.ranks.clear()
    return ends


def _end(flat: str) -> str | None:
    return next((name for ending, name in _ENDS if flat.endswith(f"_{ending}")), None)


def _rank(half: str, shape: tuple[int, ...]) -> int | None:
    """The rank that one half shows; None for a third matrix between the two, which the layer table does not know."""
    if len(shape) < 2:
        return None
    return shape[0] if half in _DOWN else shape[1] if half in _UP else None
