"""GPT-2, Llama and its relatives written out from their definitions, in the precision of the given parameters.

Shapes: B batch, T tokens, C hidden size, H heads, K key-value heads, D head size, V vocabulary.
`p` maps the names in model.safetensors to tensors; every function returns logits (B, T, V).
"""
import math
import torch


def attention(q, k, v, scale=None, window=0, cap=0):
    """Causal attention of (B, H, T, D) on (B, K, T, D): head h reads key-value head h // (H / K); a window counts the token itself."""
    group = q.shape[1] // k.shape[1]
    k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
    scores = q @ k.transpose(-1, -2) * (1 / math.sqrt(q.shape[-1]) if scale is None else scale)
    if cap:
        scores = cap * torch.tanh(scores / cap)
    ones = torch.ones(q.shape[-2], k.shape[-2], dtype=torch.bool)
    hidden = ones.triu(1) | ones.tril(-window) if window else ones.triu(1)
    return scores.masked_fill(hidden, -math.inf).softmax(-1) @ v


def heads(x, count):
    return x.unflatten(-1, (count, -1)).transpose(1, 2)


def join(x):
    return x.transpose(1, 2).flatten(-2)


def layer_norm(x, weight, bias, eps):
    centred = x - x.mean(-1, keepdim=True)
    return centred / (centred.square().mean(-1, keepdim=True) + eps).sqrt() * weight + bias


def rms_norm(x, weight, eps):
    return x / (x.square().mean(-1, keepdim=True) + eps).sqrt() * weight


def gelu(x):
    """The tanh form, "gelu_new" in GPT-2's configuration (Hendrycks and Gimpel 2016, section 2)."""
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))


def frequencies(rope, size, length, longest):
    """What each pair turns by from a position to the next, and the factor of cosines and sines, for a text of the given length.

    `rope` is `rope_parameters` of transformers 5; `size` is how many numbers of a head turn, `longest` the model's longest text.
    """
    i = torch.arange(0, size, 2, dtype=torch.float64) / size
    theta, kind = rope["rope_theta"], rope["rope_type"]
    plain = theta ** -i
    if kind == "linear":
        return plain / rope["factor"], 1.0
    if kind == "dynamic":
        grown = rope["factor"] * max(length, longest) / longest - (rope["factor"] - 1)
        return (theta * grown ** (size / (size - 2))) ** -i, 1.0
    if kind == "llama3":
        turns = rope["original_max_position_embeddings"] * plain / (2 * math.pi)
        low, high = rope["low_freq_factor"], rope["high_freq_factor"]
        kept = ((turns - low) / (high - low)).clamp(0, 1)
        return kept * plain + (1 - kept) * plain / rope["factor"], 1.0
    if kind == "yarn":
        before = rope["original_max_position_embeddings"]
        pair = lambda turns: size * math.log(before / (turns * 2 * math.pi)) / (2 * math.log(theta))
        low, high = max(math.floor(pair(rope.get("beta_fast", 32))), 0), min(math.ceil(pair(rope.get("beta_slow", 1))), size - 1)
        slowed = ((torch.arange(size // 2) - low) / max(high - low, 1e-3)).double().clamp(0, 1)
        return plain * (1 - slowed) + plain / rope["factor"] * slowed, rope.get("attention_factor", 0.1 * math.log(rope["factor"]) + 1)
    if kind == "longrope":
        before = rope["original_max_position_embeddings"]
        by = torch.tensor(rope["long_factor" if length > before else "short_factor"], dtype=torch.float64)
        grown = rope.get("factor") or longest / before
        return plain / by, rope.get("attention_factor") or (math.sqrt(1 + math.log(grown) / math.log(before)) if grown > 1 else 1.0)
    return plain, 1.0


def rotate(x, frequency, factor=1.0):
    """Rotary positions of (..., T, D); element i turns together with element i + R/2 (Su et al. 2021, in Llama's layout), R <= D."""
    half = len(frequency)
    angle = torch.arange(x.shape[-2], dtype=x.dtype)[:, None] * frequency.to(x.dtype)
    cos, sin = factor * angle.cos(), factor * angle.sin()
    a, b, rest = x[..., :half], x[..., half : 2 * half], x[..., 2 * half :]
    return torch.cat([a * cos - b * sin, b * cos + a * sin, rest], -1)


def gpt2(config):
    """GPT-2 with the weights of its linear layers stored (inputs, outputs)."""
    def forward(p, ids):
        norm = lambda name, x: layer_norm(x, p[name + ".weight"], p[name + ".bias"], config.layer_norm_epsilon)
        linear = lambda name, x: x @ p[name + ".weight"] + p[name + ".bias"]
        embedding = p["transformer.wte.weight"]
        x = embedding[ids] + p["transformer.wpe.weight"][: ids.shape[1]]
        for i in range(config.n_layer):
            at = f"transformer.h.{i}."
            q, k, v = (heads(y, config.n_head) for y in linear(at + "attn.c_attn", norm(at + "ln_1", x)).chunk(3, -1))
            x = x + linear(at + "attn.c_proj", join(attention(q, k, v)))
            x = x + linear(at + "mlp.c_proj", gelu(linear(at + "mlp.c_fc", norm(at + "ln_2", x))))
        return norm("transformer.ln_f", x) @ embedding.T
    return forward


def windows(config):
    """How many tokens each layer's attention sees at most, 0 for all."""
    window = getattr(config, "sliding_window", None) or 0
    kinds = getattr(config, "layer_types", None) or ["sliding_attention"] * config.num_hidden_layers
    return [window if kind == "sliding_attention" else 0 for kind in kinds]


def decoder(config):
    """Llama and its relatives, the weights of linear layers stored (outputs, inputs); biases and norms of heads where the parameters have them."""
    gemma, rope = config.model_type == "gemma2", config.rope_parameters
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    turned = int(size * rope.get("partial_rotary_factor", 1.0))
    counts = config.num_attention_heads, config.num_key_value_heads, config.num_key_value_heads
    scale = config.query_pre_attn_scalar ** -0.5 if gemma else None
    cap, last_cap = (config.attn_logit_softcapping, config.final_logit_softcapping) if gemma else (0, 0)

    def forward(p, ids):
        norm = lambda name, x: rms_norm(x, p[name + ".weight"] + (1 if gemma else 0), config.rms_norm_eps) if name + ".weight" in p else x
        linear = lambda name, x: x @ p[name + ".weight"].T + p.get(name + ".bias", 0)
        turn = frequencies(rope, turned, ids.shape[1], config.max_position_embeddings)

        def roles(at, y):
            if at + "qkv_proj.weight" in p:
                return linear(at + "qkv_proj", y).split([c * size for c in counts], -1)
            return (linear(at + name, y) for name in ("q_proj", "k_proj", "v_proj"))

        def gates(at, y):
            return linear(at + "gate_up_proj", y).chunk(2, -1) if at + "gate_up_proj.weight" in p else (linear(at + "gate_proj", y), linear(at + "up_proj", y))

        embedding = p["model.embed_tokens.weight"]
        x = embedding[ids] * (math.sqrt(config.hidden_size) if gemma else 1)
        for i, window in enumerate(windows(config)):
            at = f"model.layers.{i}."
            before, after = ("pre_feedforward_layernorm", "post_feedforward_layernorm") if gemma else ("post_attention_layernorm", "")
            q, k, v = (heads(y, c) for y, c in zip(roles(at + "self_attn.", norm(at + "input_layernorm", x)), counts))
            q, k = (rotate(norm(f"{at}self_attn.{n}_norm", y), *turn) for n, y in (("q", q), ("k", k)))
            y = linear(at + "self_attn.o_proj", join(attention(q, k, v, scale, window, cap)))
            x = x + (norm(at + "post_attention_layernorm", y) if gemma else y)
            gate, up = gates(at + "mlp.", norm(at + before, x))
            y = linear(at + "mlp.down_proj", (gelu(gate) if gemma else gate * torch.sigmoid(gate)) * up)
            x = x + norm(at + after, y)
        logits = norm("model.norm", x) @ p.get("lm_head.weight", embedding).T
        return last_cap * torch.tanh(logits / last_cap) if last_cap else logits
    return forward
