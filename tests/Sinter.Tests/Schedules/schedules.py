"""Writes schedules.tsv: learning rates of PyTorch's and transformers' schedulers, and of nanoGPT's formula, one per update.

    python schedules.py

Columns: source, kind, total steps, warm-up steps, peak, floor, then the rates. `torch` and `nanogpt` agree with Sinter from the first update;
`transformers` only after its warm-up, whose first update has a rate of 0.
"""
import math

import torch
from torch.optim.lr_scheduler import ConstantLR, CosineAnnealingLR, LinearLR, SequentialLR
from transformers import get_constant_schedule_with_warmup, get_cosine_with_min_lr_schedule_with_warmup, get_linear_schedule_with_warmup

CASES = [(10, 0, 1e-3, 0.0), (17, 5, 1e-3, 1e-4), (100, 10, 3e-4, 0.0), (64, 63, 0.1, 0.01), (40, 1, 1.0, 1.0)]


def rates(make, total, peak):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=peak)
    scheduler = make(optimizer)
    out = []
    for _ in range(total):
        out.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return out


def torch_schedule(kind, total, warmup, peak, floor):
    def make(optimizer):
        rest = {"constant": lambda: ConstantLR(optimizer, factor=1.0, total_iters=0),
                "linear": lambda: LinearLR(optimizer, start_factor=1.0, end_factor=floor / peak, total_iters=total - warmup),
                "cosine": lambda: CosineAnnealingLR(optimizer, T_max=total - warmup, eta_min=floor)}[kind]
        if warmup == 0:
            return rest()
        rise = LinearLR(optimizer, start_factor=1 / (warmup + 1), total_iters=warmup)
        return SequentialLR(optimizer, [rise, rest()], milestones=[warmup])
    return make


def transformers_schedule(kind, total, warmup, peak, floor):
    if kind == "constant":
        return lambda o: get_constant_schedule_with_warmup(o, warmup)
    if kind == "linear":
        return (lambda o: get_linear_schedule_with_warmup(o, warmup, total)) if floor == 0 else None
    return lambda o: get_cosine_with_min_lr_schedule_with_warmup(o, warmup, total, min_lr_rate=floor / peak)


def nanogpt(total, warmup, peak, floor):
    """get_lr of nanoGPT's train.py with lr_decay_iters = total."""
    for it in range(total):
        if it < warmup:
            yield peak * (it + 1) / (warmup + 1)
        else:
            yield floor + 0.5 * (1.0 + math.cos(math.pi * (it - warmup) / (total - warmup))) * (peak - floor)


def line(source, kind, case, values):
    return "\t".join([source, kind, *map(repr, case), " ".join(repr(float(v)) for v in values)])


with open("schedules.tsv", "w") as file:
    for case in CASES:
        total, _, peak, _ = case
        for kind in ("constant", "linear", "cosine"):
            print(line("torch", kind, case, rates(torch_schedule(kind, *case), total, peak)), file=file)
            if make := transformers_schedule(kind, *case):
                print(line("transformers", kind, case, rates(make, total, peak)), file=file)
        print(line("nanogpt", "cosine", case, nanogpt(*case)), file=file)
    full = (2000, 100, 1e-3, 1e-4)
    print(line("nanogpt", "cosine", full, nanogpt(*full)), file=file)
