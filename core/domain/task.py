# SPDX-License-Identifier: Apache-2.0
"""The Hub's task, where the class of the model, its adapter or its tool leaves no choice.

Source: the heads and classes of transformers' auto classes (models/auto/modeling_auto.py), tasks of peft (TaskType).
A class that serves several tasks stands in no list: T5 may translate or sum up, so the person is asked.
"""

import re
from collections.abc import Sequence

_HEADS = (
    ("ForCausalLM", "text-generation"),
    ("LMHeadModel", "text-generation"),
    ("ForSequenceClassification", "text-classification"),
    ("ForTokenClassification", "token-classification"),
    ("ForQuestionAnswering", "question-answering"),
    ("ForQuestionAnsweringSimple", "question-answering"),
    ("ForMultipleChoice", "multiple-choice"),
    ("ForMaskedLM", "fill-mask"),
    ("ForImageClassification", "image-classification"),
    ("ForImageClassificationWithTeacher", "image-classification"),
    ("ForObjectDetection", "object-detection"),
    ("ForAudioClassification", "audio-classification"),
    ("ForCTC", "automatic-speech-recognition"),
    ("ForSpeechSeq2Seq", "automatic-speech-recognition"),
    ("ForSemanticSegmentation", "image-segmentation"),
    ("ForInstanceSegmentation", "image-segmentation"),
    ("ForUniversalSegmentation", "image-segmentation"),
    ("ForDepthEstimation", "depth-estimation"),
    ("ForKeypointDetection", "keypoint-detection"),
    ("ForVideoClassification", "video-classification"),
    ("ForImageTextToText", "image-text-to-text"),
    ("ForVisionText2Text", "image-text-to-text"),
    ("ForTextToSpeech", "text-to-speech"),
    ("ForSpeechToText", "automatic-speech-recognition"),
)
"""Endings of a class name, and what such a head does."""

_CLASSES = {
    "automatic-speech-recognition": """CanaryForConditionalGeneration CohereAsrForConditionalGeneration
        FunAsrNanoForConditionalGeneration KyutaiSpeechToTextForConditionalGeneration MoonshineForConditionalGeneration
        MoonshineStreamingForConditionalGeneration Speech2TextForConditionalGeneration SpeechEncoderDecoderModel
        WhisperForConditionalGeneration""",
    "text-to-speech": """BarkModel CsmForConditionalGeneration FastSpeech2ConformerModel FastSpeech2ConformerWithHifiGan
        VitsModel""",
    "text-to-audio": "MusicgenForConditionalGeneration MusicgenMelodyForConditionalGeneration",
    "audio-classification": """Data2VecAudioForSequenceClassification HubertForSequenceClassification
        SEWDForSequenceClassification SEWForSequenceClassification UniSpeechForSequenceClassification
        UniSpeechSatForSequenceClassification Wav2Vec2BertForSequenceClassification
        Wav2Vec2ConformerForSequenceClassification Wav2Vec2ForSequenceClassification WavLMForSequenceClassification""",
    "any-to-any": "Qwen2_5OmniForConditionalGeneration Qwen3OmniMoeForConditionalGeneration",
    "image-text-to-text": """AriaForConditionalGeneration AyaVisionForConditionalGeneration
        Blip2ForConditionalGeneration ChameleonForConditionalGeneration Cohere2VisionForConditionalGeneration
        DeepseekVLForConditionalGeneration DeepseekVLHybridForConditionalGeneration Emu3ForConditionalGeneration
        Ernie4_5_VLMoeForConditionalGeneration FastVlmForConditionalGeneration Florence2ForConditionalGeneration
        FuyuForCausalLM Gemma3ForConditionalGeneration Gemma3nForConditionalGeneration Gemma4ForConditionalGeneration
        GitForCausalLM Glm46VForConditionalGeneration Glm4vForConditionalGeneration Glm4vMoeForConditionalGeneration
        GotOcr2ForConditionalGeneration Idefics2ForConditionalGeneration Idefics3ForConditionalGeneration
        InstructBlipForConditionalGeneration InternVLForConditionalGeneration JanusForConditionalGeneration
        Kosmos2ForConditionalGeneration Kosmos2_5ForConditionalGeneration Lfm2VlForConditionalGeneration
        LightOnOcrForConditionalGeneration Llama4ForConditionalGeneration LlavaForConditionalGeneration
        LlavaNextForConditionalGeneration LlavaNextVideoForConditionalGeneration
        LlavaOnevisionForConditionalGeneration Mistral3ForConditionalGeneration MllamaForConditionalGeneration
        Ovis2ForConditionalGeneration PaddleOCRVLForConditionalGeneration PaliGemmaForConditionalGeneration
        PerceptionLMForConditionalGeneration Qwen2VLForConditionalGeneration Qwen2_5_VLForConditionalGeneration
        Qwen3VLForConditionalGeneration Qwen3VLMoeForConditionalGeneration Qwen3_5ForConditionalGeneration
        Qwen3_5MoeForConditionalGeneration SmolVLMForConditionalGeneration VideoLlama3ForConditionalGeneration
        VideoLlavaForConditionalGeneration VipLlavaForConditionalGeneration""",
    "image-segmentation": "DetrForSegmentation",
    "zero-shot-image-classification": """AlignModel AltCLIPModel BlipModel CLIPModel CLIPSegModel ChineseCLIPModel
        MetaClip2Model Siglip2Model SiglipModel""",
    "zero-shot-object-detection": """GroundingDinoForObjectDetection MMGroundingDinoForObjectDetection
        OmDetTurboForObjectDetection OwlViTForObjectDetection Owlv2ForObjectDetection""",
    "visual-question-answering": "BlipForQuestionAnswering ViltForQuestionAnswering",
    "document-question-answering": """LayoutLMForQuestionAnswering LayoutLMv2ForQuestionAnswering
        LayoutLMv3ForQuestionAnswering""",
    "table-question-answering": "TapasForQuestionAnswering",
    "mask-generation": "EdgeTamModel Sam2Model Sam3TrackerModel SamHQModel SamModel",
    "image-to-image": "Swin2SRForImageSuperResolution",
    "time-series-forecasting": "TimesFmModelForPrediction TimesFm2_5ModelForPrediction",
    "fill-mask": "FlaubertWithLMHeadModel",
    "text-generation": "BertGenerationDecoder ReformerModelWithLMHead",
    "unconditional-image-generation": "UNet2DModel",
}
"""Classes whose task their ending does not tell, or tells wrongly. "XLMWithLMHeadModel" fills gaps or writes on."""
_TASK_OF = {name: task for task, names in _CLASSES.items() for name in names.split()}
_OPEN = frozenset({"XLMWithLMHeadModel"})
_PEFT = {
    "CAUSAL_LM": "text-generation",
    "SEQ_CLS": "text-classification",
    "TOKEN_CLS": "token-classification",
    "QUESTION_ANS": "question-answering",
    "FEATURE_EXTRACTION": "feature-extraction",
}
TASKS = frozenset({*_CLASSES, *_PEFT.values(), *(task for _, task in _HEADS), "text-to-image"})
"""Every task told here."""


CLASS_OF_PEFT = {
    "SEQ_CLS": "ForSequenceClassification",
    "TOKEN_CLS": "ForTokenClassification",
    "QUESTION_ANS": "ForQuestionAnswering",
}
"""How the class ends that the base is loaded in for an adapter of this `task_type`, where that has a head of its own."""


_WRITERS = ("ForCausalLM", "ForMaskedLM", "LMHeadModel", "WithLMHeadModel")


def loses_its_head(task_type: object, named: str) -> bool:
    """Whether an adapter that gives vectors was trained on its base, of class `named`, without the head that writes words:
    PEFT's FEATURE_EXTRACTION goes with AutoModel."""
    return task_type == "FEATURE_EXTRACTION" and named.endswith(_WRITERS)


def task_of_class(name: str) -> str:
    """The task of a model class such as "WhisperForConditionalGeneration"; empty when it may have several."""
    if name in _OPEN:
        return ""
    return _TASK_OF.get(name) or next((task for ending, task in _HEADS if name.endswith(ending)), "")


def task_of_peft(task_type: object) -> str:
    """The task of an adapter by its `task_type`; empty for those that serve several."""
    return _PEFT.get(task_type, "") if isinstance(task_type, str) else ""


_FROM_PICTURES = re.compile(r"kontext|edit|inpaint|fill|depth|controlnet|control", re.I)
"""Words in a family's name for models that start from a picture and not from a text alone."""


def makes_pictures(tool: str | None, family: str | None, outputs: Sequence[str]) -> bool:
    """A family of image models that a trainer of such models named, or a tool that trains nothing else."""
    if family is not None and _FROM_PICTURES.search(family):
        return False
    return (family is not None and tuple(outputs) == ("image",)) or tool == "kohya sd-scripts"
