# SPDX-License-Identifier: Apache-2.0
"""Code that readers copy, one piece for each library and task. Names in $ are filled in as quoted texts.

The calls are those of the libraries' own documentation: transformers, PEFT, diffusers, sentence-transformers, llama.cpp,
llama-cpp-python, MLX LM, Keras, ONNX Runtime, timm, Ultralytics.
"""

TEXT_GENERATION = """\
from transformers import AutoModelForCausalLM, AutoTokenizer

model_id = $model  # $where
tokenizer = AutoTokenizer.from_pretrained(model_id)
model = AutoModelForCausalLM.from_pretrained(model_id)

inputs = tokenizer("Once upon a time", return_tensors="pt")
output = model.generate(**inputs, max_new_tokens=60)
print(tokenizer.decode(output[0], skip_special_tokens=True))
"""

ADAPTER = """\
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

base_id = $base
adapter_id = $model  # $where
tokenizer = AutoTokenizer.from_pretrained(base_id)
base = AutoModelForCausalLM.from_pretrained(base_id)
model = PeftModel.from_pretrained(base, adapter_id)

inputs = tokenizer("Once upon a time", return_tensors="pt")
output = model.generate(**inputs, max_new_tokens=60)
print(tokenizer.decode(output[0], skip_special_tokens=True))
"""

ADAPTER_FEATURES = """\
from peft import PeftModel
from transformers import AutoModel, AutoTokenizer

base_id = $base
adapter_id = $model  # $where
tokenizer = AutoTokenizer.from_pretrained(base_id)
model = PeftModel.from_pretrained(AutoModel.from_pretrained(base_id), adapter_id)

inputs = tokenizer("A sentence to turn into numbers.", return_tensors="pt")
print(model(**inputs).last_hidden_state.shape)
"""

ADAPTER_HEAD = """\
from peft import $auto
from transformers import AutoTokenizer

adapter_id = $model  # $where
tokenizer = AutoTokenizer.from_pretrained($base)
model = $auto.from_pretrained(adapter_id)

inputs = tokenizer($example, return_tensors="pt")
print(model(**inputs).logits)
"""

PIPELINE = """\
from transformers import pipeline

model_id = $model  # $where
run = pipeline($task, model=model_id)
print(run($example))
"""

SPEECH_OUT = """\
import scipy.io.wavfile
from transformers import pipeline

model_id = $model  # $where
run = pipeline($task, model=model_id)
sound = run("Hello, how are you?")
scipy.io.wavfile.write("sound.wav", rate=sound["sampling_rate"], data=sound["audio"].squeeze())
"""

IMAGE_TEXT = """\
from transformers import pipeline

model_id = $model  # $where
run = pipeline("image-text-to-text", model=model_id)
question = [
    {"type": "image", "path": "picture.jpg"},
    {"type": "text", "text": "What is in this picture?"},
]
print(run(text=[{"role": "user", "content": question}], max_new_tokens=60))
"""

SENTENCES = """\
from sentence_transformers import SentenceTransformer

model = SentenceTransformer($model)  # $where
vectors = model.encode(["A first sentence.", "A second one."])
print(vectors.shape)
print(model.similarity(vectors, vectors))
"""

RERANKER = """\
from sentence_transformers import CrossEncoder

model = CrossEncoder($model)  # $where
print(model.predict([("A question", "A first answer"), ("A question", "A second answer")]))
"""

DIFFUSION_LORA = """\
import torch
from diffusers import AutoPipelineForText2Image

base = AutoPipelineForText2Image.from_pretrained($base, torch_dtype=torch.float16).to("cuda")
base.load_lora_weights($model$weight)  # $where
image = base($prompt).images[0]
image.save("picture.png")
"""

DIFFUSION = """\
import torch
from diffusers import DiffusionPipeline

model_id = $model  # $where
run = DiffusionPipeline.from_pretrained(model_id, torch_dtype=torch.float16).to("cuda")
image = run($prompt).images[0]
image.save("picture.png")
"""

DIFFUSION_FREE = """\
from diffusers import DiffusionPipeline

model_id = $model  # $where
run = DiffusionPipeline.from_pretrained(model_id)
run().images[0].save("picture.png")
"""

GGUF = """\
from llama_cpp import Llama

model = Llama(model_path=$file)
print(model("Once upon a time", max_tokens=60)["choices"][0]["text"])
"""

MLX_ADAPTER = """\
from mlx_lm import generate, load

model, tokenizer = load($base, adapter_path=$model)  # $where
print(generate(model, tokenizer, prompt="Once upon a time", max_tokens=60))
"""

MLX = """\
from mlx_lm import generate, load

model, tokenizer = load($model)  # $where
print(generate(model, tokenizer, prompt="Once upon a time", max_tokens=60))
"""

KERAS = """\
import keras

model = keras.saving.load_model($file)
model.summary()
"""

ONNX = """\
import onnxruntime

model = onnxruntime.InferenceSession($file)
for part in model.get_inputs():
    print(part.name, part.shape, part.type)
"""

ULTRALYTICS = """\
from ultralytics import YOLO

model = YOLO($file)
for found in model("picture.jpg"):
    print(found)
"""
