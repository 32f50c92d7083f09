"""Writes gpt2-nobias/: a GPT-2 trained without biases, stored as transformers needs it, with every bias zero. Logits only."""
import torch
from transformers import GPT2Config, GPT2LMHeadModel
import formulas, reference

CONFIG = GPT2Config(vocab_size=67, n_positions=24, n_embd=48, n_layer=2, n_head=3, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0,
                    bos_token_id=66, eos_token_id=66)

model = reference.randomize(GPT2LMHeadModel(CONFIG), seed=11)
with torch.no_grad():
    for name, p in model.named_parameters():
        if name.endswith(".bias"):
            p.zero_()
ids = reference.tokens(12, (2, 19), 67)
reference.write("gpt2-nobias", model, reference.forward_reference(model, formulas.gpt2(CONFIG), ids))
