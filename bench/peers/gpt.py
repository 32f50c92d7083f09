"""A GPT-2-shaped model in plain PyTorch, as fast as PyTorch's own operations allow: fused attention, one projection for q, k and v.

Shapes: B batch, T tokens, C width, H heads, V vocabulary.
"""
import contextlib, math, os, time
import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, width, heads, dropout, bias):
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.norm1, self.norm2 = nn.LayerNorm(width, bias=bias), nn.LayerNorm(width, bias=bias)
        self.qkv, self.attended = nn.Linear(width, 3 * width, bias=bias), nn.Linear(width, width, bias=bias)
        self.wide, self.narrow = nn.Linear(width, 4 * width, bias=bias), nn.Linear(4 * width, width, bias=bias)

    def drop(self, x):
        return F.dropout(x, self.dropout, self.training) if self.dropout else x

    def forward(self, x):  # (B, T, C) -> (B, T, C)
        q, k, v = (y.unflatten(-1, (self.heads, -1)).transpose(1, 2) for y in self.qkv(self.norm1(x)).chunk(3, -1))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True, dropout_p=self.dropout if self.training else 0.0)
        x = x + self.drop(self.attended(y.transpose(1, 2).flatten(-2)))
        return x + self.drop(self.narrow(F.gelu(self.wide(self.norm2(x)), approximate="tanh")))


class Gpt(nn.Module):
    def __init__(self, layers, heads, width, context, vocab, dropout=0.0, bias=True):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(vocab, width), nn.Embedding(context, width)
        self.blocks = nn.ModuleList(Block(width, heads, dropout, bias) for _ in range(layers))
        self.norm = nn.LayerNorm(width, bias=bias)
        self.dropout = dropout
        for module in self.modules():
            if isinstance(module, (nn.Linear, nn.Embedding)):
                nn.init.normal_(module.weight, std=0.02)
            if isinstance(module, nn.Linear) and bias:
                nn.init.zeros_(module.bias)
        for block in self.blocks:  # GPT-2's report, section 2.3: what is added to the residual stream starts smaller
            for module in (block.attended, block.narrow):
                nn.init.normal_(module.weight, std=0.02 / math.sqrt(2 * layers))

    def forward(self, ids, targets):
        """The mean cross entropy of (B, T) token ids against (B, T) targets; the head shares the token embedding."""
        x = self.tokens(ids) + self.positions.weight[: ids.shape[1]]
        if self.dropout:
            x = F.dropout(x, self.dropout, self.training)
        for block in self.blocks:
            x = block(x)
        logits = F.linear(self.norm(x), self.tokens.weight)
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def adamw(model, learning_rate, betas, weight_decay):
    """Fused AdamW that decays matrices only."""
    parameters = list(model.parameters())
    groups = [dict(params=[p for p in parameters if p.dim() >= 2], weight_decay=weight_decay),
              dict(params=[p for p in parameters if p.dim() < 2], weight_decay=0.0)]
    return torch.optim.AdamW([g for g in groups if g["params"]], lr=learning_rate, betas=betas, fused=True)


def precision(mode):
    """fp32; bf16 is autocast; fast keeps float32 storage and lets matrix products round their inputs to bfloat16."""
    if mode == "fast":
        torch.set_float32_matmul_precision("medium")
    return lambda: torch.autocast("cpu", dtype=torch.bfloat16) if mode == "bf16" else contextlib.nullcontext()


def seconds_since_process_start():
    """Includes the interpreter's start and the imports (Linux); otherwise since the interpreter's own clock began."""
    try:
        with open("/proc/self/stat") as stat, open("/proc/uptime") as uptime:
            started = int(stat.read().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
            return float(uptime.read().split()[0]) - started
    except OSError:
        return time.perf_counter()
