"""Writes mistral-tiny/, qwen2-tiny/, qwen3-tiny/, gemma2-tiny/, phi3-tiny/ and rope/: small relatives of Llama.

Each of the first five has what sets its family apart, in numbers small enough that texts of 24 tokens meet it: windows of 7 and 9 tokens, soft
caps near the values they cap, positions whose scaling changes after 16. `config.v4.json` is the same model as transformers 4 wrote it.
rope/ is one Llama with biases in its feed-forward layers under every kind of scaled positions: logits and greedy tokens, two lengths.

    SINTER_TRANSFORMERS_CHECK=out/ Sinter.Tests --explicit only --filter-method '*DecoderTests.Write_models_for_transformers'
    python3 decoders.py check out/      opens the folders that Sinter wrote and fails if transformers computes anything else with them
"""
import json, pathlib, sys
import torch
import transformers
from safetensors.torch import load_file
from transformers import (AutoConfig, AutoModelForCausalLM, Gemma2Config, LlamaConfig, LlamaForCausalLM, MistralConfig, Phi3Config, Qwen2Config, Qwen3Config)
import formulas, reference

SHAPE = dict(vocab_size=67, hidden_size=40, intermediate_size=52, num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=48,
             pad_token_id=None, bos_token_id=65, eos_token_id=66)
V4 = {"attention_dropout": 0.0, "bos_token_id": 65, "eos_token_id": 66, "hidden_size": 40, "initializer_range": 0.02,
      "intermediate_size": 52, "max_position_embeddings": 48, "num_attention_heads": 4, "num_key_value_heads": 2, "torch_dtype": "bfloat16",
      "transformers_version": "4.45.0", "use_cache": True, "vocab_size": 67}
SHORT, LONG = [1.0, 1.1, 1.3], [1.2, 2.5, 4.0]

# Name: configuration, what transformers 4 wrote beside V4, the seeds of the weights and of the prompt.
CASES = {
    "mistral": (MistralConfig(**SHAPE, num_hidden_layers=2, head_dim=14, sliding_window=7, rms_norm_eps=1e-5, tie_word_embeddings=False,
                              rope_parameters={"rope_type": "default", "rope_theta": 10000.0}),
                {"architectures": ["MistralForCausalLM"], "head_dim": 14, "hidden_act": "silu", "num_hidden_layers": 2, "rms_norm_eps": 1e-5,
                 "rope_theta": 10000.0, "sliding_window": 7, "tie_word_embeddings": False}, 100, 0),
    "qwen2": (Qwen2Config(**SHAPE, num_hidden_layers=3, use_sliding_window=True, sliding_window=9, max_window_layers=1, tie_word_embeddings=True,
                          rope_parameters={"rope_type": "default", "rope_theta": 1000000.0}),
              {"architectures": ["Qwen2ForCausalLM"], "hidden_act": "silu", "max_window_layers": 1, "num_hidden_layers": 3, "rms_norm_eps": 1e-6,
               "rope_theta": 1000000.0, "sliding_window": 9, "tie_word_embeddings": True, "use_sliding_window": True}, 101, 1),
    "qwen3": (Qwen3Config(**SHAPE, num_hidden_layers=2, head_dim=12, tie_word_embeddings=False, attention_bias=False,
                          rope_parameters={"rope_type": "default", "rope_theta": 1000000.0}),
              {"architectures": ["Qwen3ForCausalLM"], "attention_bias": False, "head_dim": 12, "hidden_act": "silu", "max_window_layers": 28,
               "num_hidden_layers": 2, "rms_norm_eps": 1e-6, "rope_scaling": None, "rope_theta": 1000000, "sliding_window": None,
               "tie_word_embeddings": False, "use_sliding_window": False}, 101, 3),
    "gemma2": (Gemma2Config(**SHAPE, num_hidden_layers=4, head_dim=12, query_pre_attn_scalar=20, sliding_window=7, attn_logit_softcapping=3.0,
                            final_logit_softcapping=4.0, tie_word_embeddings=True, attn_implementation="eager",
                            rope_parameters={"rope_type": "default", "rope_theta": 10000.0}),
               {"architectures": ["Gemma2ForCausalLM"], "attention_bias": False, "attn_logit_softcapping": 3.0, "cache_implementation": "hybrid",
                "final_logit_softcapping": 4.0, "head_dim": 12, "hidden_act": "gelu_pytorch_tanh", "hidden_activation": "gelu_pytorch_tanh",
                "num_hidden_layers": 4, "query_pre_attn_scalar": 20, "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "sliding_window": 7,
                "sliding_window_size": 7}, 102, 4),
    "phi3": (Phi3Config(**{**SHAPE, "hidden_size": 48}, num_hidden_layers=2, original_max_position_embeddings=16, rms_norm_eps=1e-5, sliding_window=15,
                        tie_word_embeddings=False, rope_parameters={
                            "rope_type": "longrope", "rope_theta": 10000.0, "partial_rotary_factor": 0.5, "short_factor": SHORT, "long_factor": LONG}),
             {"architectures": ["Phi3ForCausalLM"], "pad_token_id": None, "attention_bias": False, "embd_pdrop": 0.0, "hidden_act": "silu", "hidden_size": 48,
              "num_hidden_layers": 2, "original_max_position_embeddings": 16, "partial_rotary_factor": 0.5, "resid_pdrop": 0.0, "rms_norm_eps": 1e-5,
              "rope_scaling": {"long_factor": LONG, "short_factor": SHORT, "type": "longrope"}, "rope_theta": 10000.0, "sliding_window": 15,
              "tie_word_embeddings": False}, 104, 0),
}
ROPE = {
    "linear": {"rope_type": "linear", "rope_theta": 10000.0, "factor": 2.5},
    "dynamic": {"rope_type": "dynamic", "rope_theta": 10000.0, "factor": 3.0},
    "llama3": {"rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
               "original_max_position_embeddings": 12},
    "yarn": {"rope_type": "yarn", "rope_theta": 10000.0, "factor": 4.0, "original_max_position_embeddings": 12, "beta_fast": 3.0, "beta_slow": 0.5},
    "longrope": {"rope_type": "longrope", "rope_theta": 10000.0, "factor": 4.0, "original_max_position_embeddings": 12,
                 "short_factor": [1.0, 1.0, 1.1, 1.2, 1.4], "long_factor": [1.0, 1.5, 2.0, 3.0, 4.0]},
}


def make(config, seed):
    """The model. Weights of Gemma's norms are added to 1, so they lie around 0; around 1 after the branches, or the tied embedding would repeat tokens."""
    model = reference.randomize(AutoModelForCausalLM.from_config(config, attn_implementation="eager"), seed)
    if config.model_type == "gemma2":
        with torch.no_grad():
            for name, p in model.named_parameters():
                if p.dim() == 1 and ".post_" not in name:
                    p.sub_(1)
    return model


def write(name):
    config, old, seed, prompt_seed = CASES[name]
    ids, targets = reference.tokens(seed + 1000, (3, 24), 67), reference.tokens(seed + 2000, (3, 24), 67)
    targets[2, [0, 5, 6, 23]] = reference.IGNORED
    prompt = reference.tokens(prompt_seed, (5,), 67)
    # transformers 5.12 loses the text before when positions change their scaling under its cache: it reads the last token alone.
    values = reference.full_reference(lambda: make(config, seed), formulas.decoder(config), ids, targets, prompt, new_tokens=20, use_cache=name != "phi3")
    # Half the size: the float32 gradients are checked above, the exact ones are kept.
    values = {k: v for k, v in values.items() if not k.startswith("grad.") or k.endswith(".exact")}
    folder = reference.HERE / f"{name}-tiny"
    folder.mkdir(exist_ok=True)
    (folder / "config.v4.json").write_text(json.dumps({"model_type": name, **V4, **old}, indent=2) + "\n")
    reference.write(folder.name, make(config, seed), values, attn_implementation="eager")
    check_old(folder, config, values)


def check_old(folder, config, values):
    """Reads the configuration of transformers 4 and compares the logits."""
    old = type(config).from_json_file(str(folder / "config.v4.json"))
    model = AutoModelForCausalLM.from_pretrained(folder, config=old, attn_implementation="eager", dtype=torch.float32)
    with torch.no_grad():
        if not torch.equal(model(input_ids=values["input_ids"].long()).logits, values["logits"]):
            raise SystemExit(f"{folder.name}: config.v4.json is another model")


def rope_config(scaling):
    longest = 12 if scaling["rope_type"] == "dynamic" else 48
    return LlamaConfig(**{**SHAPE, "max_position_embeddings": longest}, num_hidden_layers=2, head_dim=10, mlp_bias=True, tie_word_embeddings=True,
                       rope_parameters=scaling)


def write_rope(seed):
    """Logits of 10 and of 30 tokens, one model each, and 20 greedy tokens after 5 with the cache of transformers."""
    folder, values = reference.HERE / "rope", {}
    folder.mkdir(exist_ok=True)
    short, long, prompt = (reference.tokens(seed + i, shape, 67) for i, shape in enumerate([(2, 10), (2, 30), (5,)], 1))
    values.update(short=short.int(), long=long.int(), prompt=prompt.int())
    for name, scaling in ROPE.items():
        exact = formulas.decoder(rope_config(dict(scaling)))
        for length, ids in ("short", short), ("long", long):
            out = reference.forward_reference(make(rope_config(dict(scaling)), seed), exact, ids)
            values[f"{name}.{length}"] = out["logits"]
        model = make(rope_config(dict(scaling)), seed)
        # Under a cache transformers keeps the keys that were turned by the factors before; Sinter turns them again, as without a cache.
        new = model.generate(prompt[None], attention_mask=torch.ones_like(prompt[None]), do_sample=False, max_new_tokens=20, output_logits=True,
                             return_dict_in_generate=True, use_cache=name != "longrope")
        best = torch.cat(new.logits).topk(2).values
        lead = (best[:, 0] - best[:, 1]).min().item()
        values[f"{name}.greedy"] = new.sequences[0, 5:].int()
        if lead < 1e-2 or len(values[f"{name}.greedy"]) < 20:
            raise SystemExit(f"{name}: greedy tokens are not settled, lead {lead:.3g}")
        model.save_pretrained(folder)
        (folder / "config.json").rename(folder / f"{name}.json")
        (folder / "generation_config.json").unlink()
    reference.save_tensors(folder / "reference.safetensors", values)
    for path in folder.iterdir():
        path.chmod(0o644)
    print("rope", {k: v.tolist() for k, v in values.items() if k.endswith("greedy")})


def check(out):
    """Every folder in out/ is one of the models above, written by Sinter: the same logits, no weight lost or invented."""
    rope = load_file(reference.HERE / "rope" / "reference.safetensors")
    for folder in sorted(pathlib.Path(out).iterdir()):
        if folder.name.startswith("rope-"):
            kind = folder.name.removeprefix("rope-")
            pairs = [(rope[length], rope[f"{kind}.{length}"]) for length in ("short", "long")]
        else:
            values = load_file(reference.HERE / folder.name / "reference.safetensors")
            pairs = [(values["input_ids"], values["logits"])]
        for ids, logits in pairs:
            model, info = AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager", output_loading_info=True)
            with torch.no_grad():
                got = model(input_ids=ids.long()).logits
            if any(info.values()) or not torch.equal(got, logits):
                raise SystemExit(f"{folder}: {info}, logits {reference.difference(got, logits):.3g} apart")
        print(folder.name, type(model).__name__, "ok", transformers.__version__)


if __name__ == "__main__":
    if sys.argv[1:2] == ["check"]:
        check(sys.argv[2])
        raise SystemExit
    wanted = sys.argv[1:] or [*CASES, "rope"]
    for name in wanted:
        write_rope(60) if name == "rope" else write(name)
