"""GPT-2 and Llama written out from their definitions, in the precision of the given parameters.

Shapes: B batch, T tokens, C hidden size, H heads, K key-value heads, D head size, V vocabulary.
`p` maps the names in model.safetensors to tensors; every function returns logits (B, T, V).
"""
import math
import torch


def attention(q, k, v):
    """Causal attention of (B, H, T, D) on (B, K, T, D): head h reads key-value head h // (H / K)."""
    group = q.shape[1] // k.shape[1]
    k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    future = torch.ones(q.shape[-2], k.shape[-2], dtype=torch.bool).triu(1)
    return scores.masked_fill(future, -math.inf).softmax(-1) @ v


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


def rotate(x, theta, start=0):
    """Rotary positions of (..., T, D); element i turns together with element i + D/2 (Su et al. 2021, in Llama's layout)."""
    size = x.shape[-1]
    frequency = theta ** (-torch.arange(0, size, 2, dtype=x.dtype) / size)
    angle = (start + torch.arange(x.shape[-2], dtype=x.dtype))[:, None] * frequency
    a, b = x[..., : size // 2], x[..., size // 2 :]
    return torch.cat([a * angle.cos() - b * angle.sin(), b * angle.cos() + a * angle.sin()], -1)


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


def llama(config):
    """Llama with the weights of its linear layers stored (outputs, inputs); biases where the parameters have them."""
    theta = config.rope_parameters["rope_theta"]

    def forward(p, ids):
        norm = lambda name, x: rms_norm(x, p[name + ".weight"], config.rms_norm_eps)
        linear = lambda name, x: x @ p[name + ".weight"].T + p.get(name + ".bias", 0)
        embedding = p["model.embed_tokens.weight"]
        x = embedding[ids]
        for i in range(config.num_hidden_layers):
            at = f"model.layers.{i}."
            y = norm(at + "input_layernorm", x)
            q = heads(linear(at + "self_attn.q_proj", y), config.num_attention_heads)
            k = heads(linear(at + "self_attn.k_proj", y), config.num_key_value_heads)
            v = heads(linear(at + "self_attn.v_proj", y), config.num_key_value_heads)
            x = x + linear(at + "self_attn.o_proj", join(attention(rotate(q, theta), rotate(k, theta), v)))
            y = norm(at + "post_attention_layernorm", x)
            gate, up = linear(at + "mlp.gate_proj", y), linear(at + "mlp.up_proj", y)
            x = x + linear(at + "mlp.down_proj", gate * torch.sigmoid(gate) * up)
        return norm("model.norm", x) @ p.get("lm_head.weight", embedding).T
    return forward
