# SPDX-License-Identifier: Apache-2.0
"""From a configuration to a layer table: one module per family, found by `model_type`.

A family module is imported only when one of its types is asked for, so counting stays quick.
"""

from collections.abc import Mapping
from importlib import import_module

from core.compute.architectures.config import Config
from core.compute.architectures.request import Builder, Request
from core.compute.inputs import Inputs
from core.compute.layers import Block
from core.compute.notes import UnknownClass, note, refuse

_FAMILIES = {
    "decoders": """
        apertus arcee biogpt bitnet bloom codegen cohere cohere2 ctrl deepseek_v2 deepseek_v3 diffllama
        ernie4_5 ernie4_5_moe exaone4 falcon gemma gemma2 gemma3_text glm glm4 glm4_moe gpt2 gpt_bigcode
        gpt_neo gpt_neox gpt_neox_japanese gpt_oss gptj granite granitemoe helium hunyuan_v1_dense llama
        mistral mixtral mpt nemotron olmo olmo2 olmo3 olmoe openai-gpt opt persimmon phi phi3 phimoe qwen2
        qwen2_moe qwen3 qwen3_moe seed_oss smollm3 stablelm starcoder2 xglm
    """,
    "encoder_types": """
        albert bert camembert distilbert electra ernie esm layoutlm modernbert mpnet nomic_bert rembert
        roberta xlm-roberta xlm-roberta-xl
    """,
    "seq2seq_types": "bart blenderbot m2m_100 marian mbart mt5 pegasus t5 umt5 whisper",
    "vision_heads": "beit deit dinov2 dinov2_with_registers dinov3_vit videomae vit vit_mae yolos",
    "convnets": "bit convnext convnextv2 regnet resnet",
    "mobilenets": "efficientnet mobilenet_v1 mobilenet_v2 mobilevit",
    "pyramids": "poolformer pvt segformer",
    "vision_stages": "focalnet hiera levit",
    "depth": "depth_anything dpt",
    "detr": "detr",
    "unet": "UNet2DConditionModel UNet2DModel",
    "autoencoder": "AutoencoderKL",
    "dit": "DiTTransformer2DModel PixArtTransformer2DModel WanTransformer3DModel",
    "flux_kin": "ChromaTransformer2DModel Flux2Transformer2DModel",
    "hunyuan_dit": "HunyuanDiT2DModel",
    "hunyuan_video": "HunyuanVideoTransformer3DModel",
    "mmdit": "FluxTransformer2DModel QwenImageTransformer2DModel SD3Transformer2DModel",
    "refined": "Lumina2Transformer2DModel ZImageTransformer2DModel",
    "cvt": "cvt",
    "controlnet": "ControlNetModel",
    "dual": """
        altclip chinese_clip clip clip_text_model clip_vision_model owlvit siglip siglip2 siglip2_text_model
        siglip2_vision_model siglip_text_model siglip_vision_model
    """,
    "sam": "sam",
    "swin": "swin swinv2",
    "vision_windows": "vitdet",
    "encoder_more": "big_bird convbert eurobert fnet longformer mra nystromformer roformer squeezebert",
    "seq2seq_more": "bigbird_pegasus led longt5 switch_transformers",
    "prophetnet": "prophetnet",
    "captions": "blip blip-2 fuyu git",
    "deepseek_v4": "deepseek_v4",
    "vilt": "vilt",
    "layoutlmv3": "layoutlmv3",
    "idefics": "idefics",
    "decoder_more": "deepseek_v32 llama4_text",
    "gemma4": "gemma4 gemma4_text",
    "mllama": "mllama",
    "multimodal": """
        gemma3 idefics3 internvl lfm2_vl llava llava_next paligemma qwen2_5_vl qwen2_audio qwen2_vl qwen3_5
        qwen3_5_moe qwen3_vl qwen3_vl_moe smolvlm voxtral
    """,
    "audio": "hubert wav2vec2 wavlm",
    "speech": "audio-spectrogram-transformer moonshine speech_to_text",
    "deberta": "deberta deberta-v2",
    "mobilebert": "mobilebert",
    "funnel": "funnel",
    "xlnet": "xlnet",
    "hybrid": "bamba falcon_mamba granitemoehybrid jamba lfm2 mamba mamba2 minimax recurrent_gemma",
    "delta_types": "qwen3_5_moe_text qwen3_5_text qwen3_next",
    "nanochat": "nanochat",
    "rwkv": "rwkv",
    "zamba": "zamba zamba2",
}
"""Module of this package, and the model types (for diffusers: the class names) whose layers its `build` writes down."""
_BY_TYPE = {name: module for module, names in _FAMILIES.items() for name in names.split()}


def _builder(name: str) -> Builder:
    """The `build` of the family that a model type belongs to."""
    builder: Builder = import_module(f"{__name__}.{_BY_TYPE[name]}").build
    return builder


def model_types() -> tuple[str, ...]:
    """Every model type the table knows."""
    return tuple(sorted(_BY_TYPE))


def knows(config: Mapping[str, object]) -> bool:
    """Is the model type of this configuration in the table?"""
    name = config.get("model_type") or config.get("_class_name")
    return isinstance(name, str) and name in _BY_TYPE


def build(
    config: Mapping[str, object], inputs: Inputs, *, model_class: str | None = None, part: str = "main"
) -> tuple[Block, Config]:
    """The layer table of `config` for a batch of `inputs`, and the configuration as read (with its notes).

    Raises BadConfig for an unknown type, class or part, and for values that make no model.
    """
    name = model_type(config)
    named = model_class or _named_class(config)
    reader = Config(config)
    try:
        return _builder(name)(Request(reader, inputs, named, part, name)), reader
    except UnknownClass:
        if model_class:
            raise
    # The file names a class of its own kind: the usual one of the type is counted, and that is said.
    reader = Config(config)
    made = _builder(name)(Request(reader, inputs, "", part, name))
    reader.notes.insert(0, note("class", model_class=named))
    return made, reader


def model_type(config: Mapping[str, object]) -> str:
    """The model type of a configuration, or the class name of a diffusers one. Raises BadConfig when unknown."""
    name = config.get("model_type") or config.get("_class_name")
    if name is None:
        raise refuse("no_type")
    if not isinstance(name, str) or name not in _BY_TYPE:
        raise refuse("unknown_type", model_type=name)
    return name


def _named_class(config: Mapping[str, object]) -> str:
    named = config.get("architectures")
    if isinstance(named, list | tuple) and named and isinstance(named[0], str):
        return named[0]
    return ""
