"""Writes llama-tiny/ and llama-v4/: small Llama models with ragged sizes.

llama-tiny   grouped heads, a head size (12) that is not hidden size ÷ heads (10), an untied head, no biases; config.json as
             transformers 5 writes it (`rope_parameters`): logits, gradients, training and generation.
llama-v4     attention biases, a tied head, a head size that config.json leaves out, and config.json as transformers 4 wrote it
             (`rope_theta` and `rope_scaling` at the top, `torch_dtype`): logits only.
"""
import json
from transformers import LlamaConfig, LlamaForCausalLM
import formulas, reference

CONFIG = LlamaConfig(vocab_size=67, hidden_size=40, intermediate_size=72, num_hidden_layers=2, num_attention_heads=4,
                     num_key_value_heads=2, head_dim=12, max_position_embeddings=24, rms_norm_eps=1e-6,
                     rope_parameters={"rope_type": "default", "rope_theta": 10000.0}, tie_word_embeddings=False,
                     bos_token_id=65, eos_token_id=66)

V4 = {
    "architectures": ["LlamaForCausalLM"], "attention_bias": True, "attention_dropout": 0.0, "bos_token_id": 65,
    "eos_token_id": 66, "hidden_act": "silu", "hidden_size": 40, "initializer_range": 0.02, "intermediate_size": 72,
    "max_position_embeddings": 24, "model_type": "llama", "num_attention_heads": 4, "num_hidden_layers": 2,
    "num_key_value_heads": 2, "pretraining_tp": 1, "rms_norm_eps": 1e-05, "rope_scaling": None, "rope_theta": 5000.0,
    "tie_word_embeddings": True, "torch_dtype": "float32", "transformers_version": "4.38.2", "use_cache": True,
    "vocab_size": 67,
}


def tiny():
    return reference.randomize(LlamaForCausalLM(CONFIG), seed=43)


def write_tiny():
    ids = reference.tokens(22, (3, 24), 67)
    targets = reference.tokens(23, (3, 24), 67)
    targets[2, [0, 5, 6, 23]] = reference.IGNORED
    prompt = reference.tokens(24, (5,), 67)
    values = reference.full_reference(tiny, formulas.decoder(CONFIG), ids, targets, prompt)
    reference.write("llama-tiny", tiny(), values)


def write_v4():
    config = LlamaConfig(vocab_size=67, hidden_size=40, intermediate_size=72, num_hidden_layers=2, num_attention_heads=4,
                         num_key_value_heads=2, max_position_embeddings=24, rms_norm_eps=1e-5, attention_bias=True,
                         rope_parameters={"rope_type": "default", "rope_theta": 5000.0}, tie_word_embeddings=True)
    model = reference.randomize(LlamaForCausalLM(config), seed=25)
    values = reference.forward_reference(model, formulas.decoder(config), reference.tokens(26, (2, 23), 67))
    folder = reference.HERE / "llama-v4"
    folder.mkdir(exist_ok=True)
    stored = {n: p.detach() for n, p in model.named_parameters()}
    reference.save_file(stored, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(V4, indent=2) + "\n")
    reference.save_tensors(folder / "reference.safetensors", values)
    reference.check_opens("llama-v4", LlamaForCausalLM, values)


if __name__ == "__main__":
    write_tiny()
    write_v4()
