"""Writes gpt2-hub/: a GPT-2 stored as the published checkpoints are. Logits only.

Those name the weights without the "transformer." in front, hold the causal mask of each layer as `h.N.attn.bias`, and have a
config.json of an early transformers: `n_ctx`, no `tie_word_embeddings`, no `n_inner`.
"""
import json
import torch
from transformers import GPT2Config, GPT2LMHeadModel
import formulas, reference

WRITTEN = {
    "activation_function": "gelu_new", "architectures": ["GPT2LMHeadModel"], "attn_pdrop": 0.1, "bos_token_id": 66,
    "embd_pdrop": 0.1, "eos_token_id": 66, "initializer_range": 0.02, "layer_norm_epsilon": 1e-05, "model_type": "gpt2",
    "n_ctx": 24, "n_embd": 28, "n_head": 2, "n_layer": 2, "n_positions": 24, "resid_pdrop": 0.1, "summary_activation": None,
    "summary_first_dropout": 0.1, "summary_proj_to_labels": True, "summary_type": "cls_index", "summary_use_proj": True,
    "vocab_size": 67,
}

config = GPT2Config(**{k: v for k, v in WRITTEN.items() if k != "architectures"})
model = reference.randomize(GPT2LMHeadModel(config), seed=31)
ids = reference.tokens(32, (2, 21), 67)
values = reference.forward_reference(model, formulas.gpt2(config), ids)

folder = reference.HERE / "gpt2-hub"
folder.mkdir(exist_ok=True)
(folder / "config.json").write_text(json.dumps(WRITTEN, indent=2) + "\n")
stored = {n.removeprefix("transformer."): p.detach() for n, p in model.named_parameters()}
for layer in range(config.n_layer):
    stored[f"h.{layer}.attn.bias"] = torch.ones(24, 24).tril()[None, None]
reference.save_file(stored, folder / "model.safetensors", metadata={"format": "pt"})
reference.save_tensors(folder / "reference.safetensors", values)
reference.check_opens("gpt2-hub", GPT2LMHeadModel, values)
