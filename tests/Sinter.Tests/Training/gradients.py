"""Writes gradients.json: what PyTorch's clipping and penalties make of gradients, in double from float32 inputs.

    python gradients.py

`weights` and `gradients` are the inputs, by name; [5, 19] lies inputs x outputs, the others outputs x inputs or are vectors. Each case has the gradients afterwards.
`value`, `norm` and `parameter_norm` are torch.nn.utils.clip_grad_value_ and clip_grad_norm_; `adaptive` is equation 3 of Brock et al. (2021) with the paper's units;
`statistical` is ZClip's algorithm 1 on a series of norms with two spikes. `penalty` has the penalty as a term of a loss whose gradient without it is `gradients`;
so has `ewc` (Kirkpatrick et al., 2017, equation 3), with F = g squared and the weights moved to 1.5 w + 0.25.
"""
import json
import math

import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

torch.manual_seed(3)
SHAPES = {"inputs_by_outputs": (5, 19), "outputs_by_inputs": (19, 5), "head": (7, 6), "bias": (19,), "one": (1,)}
SCALES = {"inputs_by_outputs": 0.3, "outputs_by_inputs": 0.01, "head": 2.0, "bias": 0.1, "one": 1.0}


def flat(tensors):
    return {name: [float(x) for x in t.reshape(-1)] for name, t in tensors.items()}


def draw(name, scale):
    return (torch.randn(SHAPES[name]) * scale).float().double()


weights = {name: draw(name, SCALES[name]) for name in SHAPES}
weights["inputs_by_outputs"][0, :3] = 0.0
weights["inputs_by_outputs"][1, 0] = -0.0
gradients = {name: draw(name, 0.2) for name in SHAPES}
gradients["outputs_by_inputs"][4] = 0.0
gradients["inputs_by_outputs"][:, 7] *= 2.0 ** -17


def after(clip):
    parameters = {name: torch.nn.Parameter(weights[name].clone()) for name in SHAPES}
    for name, p in parameters.items():
        p.grad = gradients[name].clone()
    clip(parameters)
    return flat({name: p.grad for name, p in parameters.items()})


def adaptive(ratio, epsilon, head):
    def clip(parameters):
        for name, p in parameters.items():
            if name == "head" and not head:
                continue
            axes = tuple(range(p.ndim)) if p.ndim < 2 else (0,) if name == "inputs_by_outputs" else (1,)
            length = p.grad.square().sum(axes, keepdim=True).sqrt()
            limit = ratio * p.detach().square().sum(axes, keepdim=True).sqrt().clamp(min=epsilon)
            p.grad.mul_(torch.where(length > limit, limit / length.clamp(min=1e-6), torch.ones_like(length)))
    return clip


def statistical(norms, threshold, decay, first, most):
    mean = variance = None
    seen, factors = [], []
    for norm in norms:
        effective = norm
        if mean is None:
            seen.append(norm)
            if len(seen) == first:
                mean = sum(seen) / first
                variance = sum((n - mean) ** 2 for n in seen) / first
        else:
            z = (norm - mean) / (math.sqrt(variance) + 1e-6)
            if z > threshold:
                effective = mean + threshold ** 2 * math.sqrt(variance) / z
            mean = decay * mean + (1 - decay) * effective
            variance = decay * variance + (1 - decay) * (effective - mean) ** 2
        limit = min(effective, most)
        factors.append(limit / (norm + 1e-6) if norm > limit else 1.0)
    return factors


def penalty(l1, l2):
    parameters = {name: torch.nn.Parameter(weights[name].clone()) for name in SHAPES}
    loss = sum((p * gradients[name]).sum() for name, p in parameters.items())
    term = sum(l1 * p.abs().sum() + l2 / 2 * p.square().sum() for p in parameters.values() if p.ndim > 1)
    (loss + term).backward()
    return {"value": float(term.detach()), "gradients": flat({name: p.grad for name, p in parameters.items()})}


def ewc(strength):
    """Fisher information g squared, held at the weights; the penalty after all weights moved."""
    moved = {name: w.float() * 1.5 + 0.25 for name, w in weights.items()}
    parameters = {name: torch.nn.Parameter(w.double()) for name, w in moved.items()}
    loss = sum((p * gradients[name]).sum() for name, p in parameters.items())
    term = sum(strength / 2 * (gradients[name].square() * (p - weights[name]).square()).sum() for name, p in parameters.items() if name != "bias")
    (loss + term).backward()
    return {"value": float(term.detach()), "gradients": flat({name: p.grad for name, p in parameters.items()})}


norms = [1 + 0.2 * math.sin(3.1 * i) for i in range(40)]
norms[27], norms[33] = 4.0, 60.0
result = {
    "weights": flat(weights),
    "gradients": flat(gradients),
    "value": after(lambda p: clip_grad_value_(p.values(), 0.15)),
    "norm": after(lambda p: clip_grad_norm_(p.values(), 0.7)),
    "parameter_norm": after(lambda p: [clip_grad_norm_([q], 0.7) for q in p.values()]),
    "adaptive": after(adaptive(0.1, 1e-3, head=False)),
    "adaptive_head": after(adaptive(0.02, 0.5, head=True)),
    "norms": norms,
    "statistical": statistical(norms, 2.5, 0.97, 10, 1.15),
    "statistical_unlimited": statistical(norms, 2.0, 0.9, 5, math.inf),
    "l1": penalty(0.01, 0),
    "l2": penalty(0, 0.1),
    "elastic_net": penalty(0.02, 0.3),
    "ewc": ewc(2.0),
}
with open("gradients.json", "w") as file:
    json.dump(result, file, separators=(",", ":"))
    file.write("\n")
