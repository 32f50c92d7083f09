"""Writes the model folders and the conversions that the tests of Sinter.Checkpoints read.

Run with torch 2.14, transformers 5.12, safetensors:  python3 make.py   (in this folder)
"""
import hashlib, json, os, shutil, struct, warnings
import torch
from safetensors.torch import save_file, load_file
from transformers import GPT2Config, GPT2LMHeadModel, GPT2Model, LlamaConfig, LlamaForCausalLM

warnings.filterwarnings("ignore")
torch.manual_seed(1)
hashes = {}


def fresh(name):
    shutil.rmtree(name, ignore_errors=True)
    return name


def randomize(model):
    # Also what transformers starts at 0 or 1, so that no two weights are alike.
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(torch.randn(p.shape))
    return model


def remember(folder, state):
    """SHA-256 of each weight's float32 bytes, under the names of the full model."""
    hashes[folder] = {n: hashlib.sha256(t.float().contiguous().numpy().tobytes()).hexdigest() for n, t in sorted(state.items())}


tiny_gpt2 = dict(n_embd=8, n_head=2, n_layer=2, vocab_size=11, n_positions=6, bos_token_id=None, eos_token_id=10)
tiny_llama = dict(hidden_size=8, num_attention_heads=4, num_key_value_heads=2, intermediate_size=12, num_hidden_layers=2,
                  vocab_size=11, max_position_embeddings=6, bos_token_id=1, eos_token_id=[2, 3])

# As version 5 writes them.
model = randomize(GPT2LMHeadModel(GPT2Config(**tiny_gpt2)))
model.save_pretrained(fresh("gpt2"))
remember("gpt2", {n: t for n, t in model.state_dict().items() if n != "lm_head.weight"})

model = randomize(LlamaForCausalLM(LlamaConfig(**tiny_llama, rope_parameters={"rope_type": "default", "rope_theta": 500000.0})))
model.save_pretrained(fresh("llama"))
remember("llama", model.state_dict())

model = randomize(LlamaForCausalLM(LlamaConfig(**tiny_llama, head_dim=6, attention_bias=True, mlp_bias=True, tie_word_embeddings=True)))
model.save_pretrained(fresh("llama-bias-tied"))
remember("llama-bias-tied", {n: t for n, t in model.state_dict().items() if n != "lm_head.weight"})

# The bare base model, with the buffers that the first gpt2 on the Hub still has.
model = randomize(GPT2Model(GPT2Config(**tiny_gpt2)))
state = {n: t.clone() for n, t in model.state_dict().items()}
remember("gpt2-base", {"transformer." + n: t for n, t in state.items()})
for i in range(2):
    state[f"h.{i}.attn.bias"] = torch.tril(torch.ones(1, 1, 6, 6))
    state[f"h.{i}.attn.masked_bias"] = torch.tensor(-1e4)
model.save_pretrained(fresh("gpt2-base"))
save_file(state, "gpt2-base/model.safetensors", metadata={"format": "pt"})

# Shards, in bfloat16.
model = randomize(LlamaForCausalLM(LlamaConfig(**tiny_llama))).to(torch.bfloat16)
model.save_pretrained(fresh("llama-shards"), max_shard_size="1KB")
remember("llama-shards", model.state_dict())

# Conversions: every float16 and a spread of bfloat16 and float64, each beside its float32.
f16 = torch.arange(65536, dtype=torch.int32).to(torch.int16).view(torch.float16)[::29].contiguous()
bf16 = torch.arange(65536, dtype=torch.int32).to(torch.int16).view(torch.bfloat16)[::29].contiguous()
f64 = torch.cat([torch.randn(301, dtype=torch.float64) * 10.0 ** torch.arange(-150, 151, dtype=torch.float64).clamp(-50, 37),
                 torch.tensor([float("inf"), float("-inf"), float("nan"), -0.0], dtype=torch.float64)])
save_file({"f16": f16, "f16.float32": f16.float(), "bf16": bf16, "bf16.float32": bf16.float(), "f64": f64, "f64.float32": f64.float(),
           "i64": torch.tensor([[1, -2], [3, 2**62]]), "u8": torch.tensor([1, 2, 255], dtype=torch.uint8), "bool": torch.tensor([True, False]),
           "i32.scalar": torch.tensor(-7, dtype=torch.int32), "i16": torch.tensor([-3], dtype=torch.int16), "i8": torch.tensor([-3], dtype=torch.int8),
           "empty": torch.zeros(3, 0)}, "types.safetensors", metadata={"format": "pt", "note": "größe \u4e2d"})

for folder in hashes:
    if os.path.exists(folder + "/generation_config.json"):
        os.remove(folder + "/generation_config.json")
with open("hashes.json", "w") as f:
    json.dump(hashes, f, indent=1)
