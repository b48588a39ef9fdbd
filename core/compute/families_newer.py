# SPDX-License-Identifier: Apache-2.0
"""Configurations of the families of pictures and videos of 2025, by the words of tools and by names of bases.

Layer sizes: diffusers 0.42.1, the classes' defaults and scripts/convert_{wan,flux2,hunyuan_video}_to_diffusers.py; Lumina 2:
sd-scripts library/lumina_models.py (get_2b_config). A word that names several sizes ("wan", "flux2") is not here.
"""

from typing import Any

_FLUX2: dict[str, Any] = {"_class_name": "Flux2Transformer2DModel"}
_WAN: dict[str, Any] = {"_class_name": "WanTransformer3DModel"}
_OTHER_WAN = r"(?!.*(?:vace|fun|animate|s2v|camera|control|infinite|skyreels|self[-_]?forcing))"
_HALF = r"(?:(?:high|low)[-_.]noise[-_.])?"
_PICTURED = {"in_channels": 36}
NEWER: tuple[tuple[str, str, dict[str, Any]], ...] = (
    # Omni reads pictures beside the noise, L2P works on pixels.
    (r"z[-_]?image(?!.*(?:omni|edit|l2p|control))", "Z-Image", {"_class_name": "ZImageTransformer2DModel"}),
    (r"flux[-_.]?2[-_.]?dev(?!.*control)", "FLUX.2 dev", _FLUX2 | {"guidance_embeds": True}),
    (
        r"flux[-_.]?2[-_.]?klein[-_.]?(?:base[-_.]?)?4b",
        "FLUX.2 klein 4B",
        _FLUX2
        | {
            "num_layers": 5,
            "num_single_layers": 20,
            "num_attention_heads": 24,
            "joint_attention_dim": 7680,
            "guidance_embeds": False,
        },
    ),
    (
        r"flux[-_.]?2[-_.]?klein[-_.]?(?:base[-_.]?)?9b",
        "FLUX.2 klein 9B",
        _FLUX2
        | {
            "num_layers": 8,
            "num_single_layers": 24,
            "num_attention_heads": 32,
            "joint_attention_dim": 12288,
            "guidance_embeds": False,
        },
    ),
    (
        rf"wan[-_.]?2?[-_.]?1?[-_.](?:t2v[-_.])?(?:480p[-_.])?1[._]3b{_OTHER_WAN}",
        "Wan 2.1 1.3B",
        _WAN | {"num_attention_heads": 12, "num_layers": 30, "ffn_dim": 8960},
    ),
    (
        rf"wan[-_.]?2[-_.]?2[-_.](?:ti2v[-_.])?5b{_OTHER_WAN}",
        "Wan 2.2 5B",
        _WAN
        | {
            "in_channels": 48,
            "out_channels": 48,
            "num_attention_heads": 24,
            "num_layers": 30,
            "ffn_dim": 14336,
        },
    ),
    (
        rf"wan[-_.]?2[-_.]?1[-_.]i2v[-_.](?:480p[-_.]|720p[-_.])?14b{_OTHER_WAN}",
        "Wan 2.1 14B, from a picture",
        _WAN | _PICTURED | {"image_dim": 1280, "added_kv_proj_dim": 5120},
    ),
    (
        rf"wan[-_.]?2[-_.]?1[-_.]flf2v[-_.](?:720p[-_.])?14b{_OTHER_WAN}",
        "Wan 2.1 14B, between two pictures",
        _WAN | _PICTURED | {"image_dim": 1280, "added_kv_proj_dim": 5120, "pos_embed_seq_len": 514},
    ),
    (
        rf"wan[-_.]?2[-_.]?2[-_.](?:i2v[-_.]{_HALF}a?14b|a?14b[-_.]i2v){_OTHER_WAN}",
        "Wan 2.2 14B, from a picture",
        _WAN | _PICTURED,
    ),
    (
        rf"wan[-_.]?2[-_.]?[12][-_.](?:t2[vi][-_.])?(?:480p[-_.])?{_HALF}a?14b(?!.*i2v){_OTHER_WAN}",
        "Wan 14B",
        _WAN,
    ),
    (r"chroma[-_]?1?(?![a-z0-9]|.*(?:radiance|zeta))", "Chroma", {"_class_name": "ChromaTransformer2DModel"}),
    (
        r"lumina(?:[-_]?image)?[-_]?(?:v)?2",
        "Lumina Image 2.0",
        {"_class_name": "Lumina2Transformer2DModel", "cap_feat_dim": 2304},
    ),
    (
        # SimpleTuner writes "hunyuanvideo" for version 1.5, which is another network.
        r"hunyuan[-_]video(?!.*(?:1[._-]?5|i2v|avatar|custom|foley|framepack|f1))",
        "HunyuanVideo",
        {"_class_name": "HunyuanVideoTransformer3DModel", "guidance_embeds": True},
    ),
)
_OWNERS = frozenset(
    "tongyi-mai black-forest-labs wan-ai lodestones alpha-vllm tencent hunyuanvideo-community".split()
)
"""Accounts on the Hub whose names of repositories mean these families."""
_NAMED = {
    "tencent/hunyuanvideo": "hunyuan_video",
    "hunyuanvideo-community/hunyuanvideo": "hunyuan_video",
}


def word_of_base(hub_id: str) -> str | None:
    """The word for a base by its id on the Hub; None for accounts that may call anything so."""
    lowered = hub_id.lower()
    owner, _, name = lowered.rpartition("/")
    return _NAMED.get(lowered, name) if owner in _OWNERS else None
