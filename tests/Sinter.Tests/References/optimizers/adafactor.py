"""Writes adafactor.json: torch.optim.Adafactor and transformers' Adafactor in float64 on the chained Rosenbrock function of forty variables.

    f(x) = sum over i = 0..38 of 100 (x[i+1] - x[i]^2)^2 + (1 - x[i])^2

The variables are the elements of the parameters, one after the other; a parameter has the options of its group. The gradient's formula is
that of ../models/adamw.py. `epsilon1` null is PyTorch's default, the machine epsilon of the type. A state belongs to the step after which it
stands: `weights` of all, `row`, `column` or `variance` of each parameter.
"""
import json, math, pathlib
import torch

torch.set_default_dtype(torch.float64)
STEPS = 200
KEPT = [1, 2, 3, 5, 10, 20, 50, 100, 150, 200]
SHAPES = [[4, 3], [2, 5], [2, 3, 2], [6]]
GROUPS = [
    dict(parameters=[0, 1], learning_rate=0.0125, beta2_decay=-0.8, epsilon1=None, epsilon2=1e-3, clip_threshold=1.0, weight_decay=0.1),
    dict(parameters=[2, 3], learning_rate=0.005, beta2_decay=-0.5, epsilon1=1e-6, epsilon2=1e-2, clip_threshold=2.0, weight_decay=0.0),
]
PLAIN = [dict(g, learning_rate=r) for g, r in zip(GROUPS, [0.005, 0.00125])]


def start():
    values = torch.tensor([math.sin(1.7 * i + 0.3) * 1.2 for i in range(sum(math.prod(s) for s in SHAPES))])
    sizes = [math.prod(s) for s in SHAPES]
    return [v.reshape(s).clone().requires_grad_() for v, s in zip(values.split(sizes), SHAPES)]


def rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def pytorch(parts):
    return torch.optim.Adafactor([
        dict(params=[parts[i] for i in g["parameters"]], lr=g["learning_rate"], beta2_decay=g["beta2_decay"], eps=(g["epsilon1"], g["epsilon2"]),
             d=g["clip_threshold"], weight_decay=g["weight_decay"]) for g in GROUPS])


def transformers_plain(parts):
    from transformers.optimization import Adafactor
    # Its first epsilon is added to the squares; this one is too small to be seen, as PyTorch's is here.
    return Adafactor([
        dict(params=[parts[i] for i in g["parameters"]], lr=g["learning_rate"], decay_rate=g["beta2_decay"], eps=(1e-30, g["epsilon2"]),
             clip_threshold=g["clip_threshold"], weight_decay=g["weight_decay"]) for g in PLAIN],
        lr=0.01, relative_step=False, scale_parameter=False)


def flat(t):
    return t.detach().flatten().tolist()


def run(make, names, noise=0.0):
    torch.manual_seed(1)
    parts = start()
    optimizer = make(parts)
    losses, states = [], []
    for step in range(1, STEPS + 1):
        optimizer.zero_grad()
        loss = rosenbrock(torch.cat([p.flatten() for p in parts]))
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
        with torch.no_grad():
            for p in parts:
                p.mul_(1 + noise * torch.randn_like(p))
        if step in KEPT:
            memory = [{ours: flat(optimizer.state[p][theirs]) for ours, theirs in names.items() if theirs in optimizer.state[p]} for p in parts]
            states.append(dict(step=step, weights=sum([flat(p) for p in parts], []), memory=memory))
    return dict(losses=losses, states=states)


def stable(make, names):
    here, there = run(make, names), run(make, names, 4e-16)
    gap = max(math.dist(a["weights"], b["weights"]) for a, b in zip(here["states"], there["states"]))
    if gap > 1e-11:
        raise SystemExit(f"roundings grow to {gap}: nothing can be told at 1e-10")
    return here


out = dict(
    torch=torch.__version__, steps=STEPS, shapes=SHAPES, start=sum([flat(p) for p in start()], []),
    pytorch=dict(groups=GROUPS, relative=True) | stable(pytorch, dict(row="row_var", column="col_var", variance="variance")),
    transformers=dict(groups=PLAIN, relative=False) | stable(transformers_plain, dict(row="exp_avg_sq_row", column="exp_avg_sq_col", variance="exp_avg_sq")))
path = pathlib.Path(__file__).with_name("adafactor.json")
path.write_text(json.dumps(out) + "\n")
print(path.stat().st_size, [[out[k]["losses"][i] for i in (0, 1, 9, 49, 199)] for k in ("pytorch", "transformers")])
