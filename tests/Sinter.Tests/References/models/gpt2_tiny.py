"""Writes gpt2-tiny/: a GPT-2 whose sizes are no multiple of a vector's, with logits, gradients, training and generation."""
from transformers import GPT2Config, GPT2LMHeadModel
import formulas, reference

CONFIG = GPT2Config(vocab_size=67, n_positions=24, n_embd=48, n_layer=2, n_head=3, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0,
                    bos_token_id=66, eos_token_id=66)


def model():
    return reference.randomize(GPT2LMHeadModel(CONFIG), seed=119)


ids = reference.tokens(2, (3, 24), 67)
targets = reference.tokens(3, (3, 24), 67)
targets[2, [0, 7, 8, 22, 23]] = reference.IGNORED
prompt = reference.tokens(4, (5,), 67)
reference.write("gpt2-tiny", model(), reference.full_reference(model, formulas.gpt2(CONFIG), ids, targets, prompt))
