"""Writes ewc.safetensors: elastic weight consolidation (Kirkpatrick et al., 2017, equation 3) of ../models/gpt2-tiny in float64.

`old` [5, 20] are the sequences of the old data, each token's target the next one: F is the mean over them of the squared gradient of a sequence's mean loss. `fisher.NAME`
holds it for some parameters. `losses` and `penalties` are those before each of ten AdamW updates on `new` [3, 20], matrices held with strength 50; `old_loss` is the mean loss
on `old` after them, with the penalty and without. The formulas are those of ../models/formulas.py; the script fails where training would go elsewhere under float32's rounding.

Run it in the folder above: python3 ewc/ewc.py
"""
import pathlib, sys
import torch
from transformers import AutoModelForCausalLM

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "models"))
import formulas, reference

STRENGTH = 50.0
model = AutoModelForCausalLM.from_pretrained(HERE.parent / "models" / "gpt2-tiny", dtype=torch.float32).eval()
forward = formulas.gpt2(model.config)
old, new = reference.tokens(21, (5, 21), 67), reference.tokens(22, (3, 21), 67)


def loss_of(params, rows):
    return reference.cross_entropy(forward(params, rows[:, :-1]), rows[:, 1:])


def fisher():
    params = reference.as_exact(model)
    total = {n: torch.zeros_like(p) for n, p in params.items()}
    for row in old:
        for (n, _), g in zip(params.items(), torch.autograd.grad(loss_of(params, row[None]), list(params.values()))):
            total[n] += g.square() / len(old)
    return total


def train(strength, noise=None):
    anchor, params, importance = reference.as_exact(model), reference.as_exact(model), fisher()
    matrices, vectors = [p for p in params.values() if p.dim() >= 2], [p for p in params.values() if p.dim() < 2]
    optimizer = torch.optim.AdamW([dict(params=matrices, weight_decay=0.1), dict(params=vectors, weight_decay=0.0)], lr=1e-2, betas=(0.9, 0.95), eps=1e-8)
    losses, penalties = [], []
    for _ in range(10):
        optimizer.zero_grad()
        loss = loss_of(params, new)
        term = sum(strength / 2 * (importance[n] * (p - anchor[n].detach()).square()).sum() for n, p in params.items() if p.dim() >= 2)
        (loss + term).backward()
        for p in params.values() if noise else ():
            p.grad.add_(torch.randn(p.shape, generator=noise) * p.grad.square().mean().sqrt() * reference.NOISE)
        optimizer.step()
        losses.append(loss.detach())
        penalties.append(term.detach())
    return torch.stack(losses), torch.stack(penalties), loss_of(params, old).detach()


held, free = train(STRENGTH), train(0.0)
for draw in range(3):
    for a, b in zip(train(STRENGTH, torch.Generator().manual_seed(draw)), held):
        reference.require("disturbed", a, b, 5e-5)
out = {"old": old.int(), "new": new.int(), "losses": held[0], "penalties": held[1], "old_loss": torch.stack([held[2], free[2]])}
importance = fisher()
for name in "transformer.wte.weight", "transformer.h.0.attn.c_attn.weight", "transformer.h.1.mlp.c_proj.weight":
    out[f"fisher.{name}"] = importance[name].float()
reference.save_tensors(HERE / "ewc.safetensors", out)
print(held, free)
