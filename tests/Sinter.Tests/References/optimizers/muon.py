"""Writes muon.json: torch.optim.Muon on the chained Rosenbrock function of sixty-four variables, with its iteration in float64.

PyTorch rounds the Newton-Schulz iteration to bfloat16 whatever the parameters are; here `exact` below takes its place, the same iteration without
the rounding. Everything else (momentum, learning rates, weight decay, the choice of shapes) is PyTorch's own code. Vectors have torch.optim.AdamW.
The variables are the elements of the parameters, one after the other; the gradient's formula is that of ../models/adamw.py.

`orthogonalizations`: matrices from the generator that `numbers` shows, and how far PyTorch's bfloat16 iteration ends from the exact one.
"""
import json, math, pathlib
import torch
import torch.optim._muon as code

torch.set_default_dtype(torch.float64)
STEPS = 200
KEPT = [1, 2, 3, 5, 10, 20, 50, 100, 150, 200]
SHAPES = [[4, 6], [6, 4], [5], [3, 2], [5]]
GROUPS = [
    dict(parameters=[0], learning_rate=0.005, weight_decay=0.1, momentum=0.95, nesterov=True, ns_steps=5, adjust_learning_rate="original"),
    dict(parameters=[1], learning_rate=0.0025, weight_decay=0.0, momentum=0.9, nesterov=False, ns_steps=3, adjust_learning_rate="match_rms_adamw"),
    dict(parameters=[3], learning_rate=0.005, weight_decay=0.05, momentum=0.8, nesterov=True, ns_steps=5, adjust_learning_rate="spectral_unclamped"),
]
ADAMW = dict(parameters=[2, 4], learning_rate=0.00125, beta1=0.9, beta2=0.95, epsilon=1e-8, weight_decay=0.0)
ROUNDED = code._zeropower_via_newtonschulz


def exact(g, coefficients, steps, eps):
    a, b, c = coefficients
    x = g.T if g.size(0) > g.size(1) else g
    x = x / x.norm().clamp(min=eps)
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if g.size(0) > g.size(1) else x


def start():
    sizes = [math.prod(s) for s in SHAPES]
    values = torch.tensor([math.sin(1.7 * i + 0.3) * 1.2 for i in range(sum(sizes))], dtype=torch.float64)
    return [v.reshape(s).clone().requires_grad_() for v, s in zip(values.split(sizes), SHAPES)]


def rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def flat(t):
    return t.detach().flatten().tolist()


def run(noise=0.0):
    torch.manual_seed(1)
    parts = start()
    code._zeropower_via_newtonschulz = exact
    muon = torch.optim.Muon([
        dict(params=[parts[i] for i in g["parameters"]], lr=g["learning_rate"], weight_decay=g["weight_decay"], momentum=g["momentum"],
             nesterov=g["nesterov"], ns_steps=g["ns_steps"], adjust_lr_fn=g["adjust_learning_rate"]) for g in GROUPS])
    adamw = torch.optim.AdamW([parts[i] for i in ADAMW["parameters"]], lr=ADAMW["learning_rate"], betas=(ADAMW["beta1"], ADAMW["beta2"]),
                              eps=ADAMW["epsilon"], weight_decay=ADAMW["weight_decay"], foreach=False)
    losses, states = [], []
    for step in range(1, STEPS + 1):
        muon.zero_grad()
        adamw.zero_grad()
        loss = rosenbrock(torch.cat([p.flatten() for p in parts]))
        loss.backward()
        losses.append(loss.item())
        muon.step()
        adamw.step()
        with torch.no_grad():
            for p in parts:
                p.mul_(1 + noise * torch.randn_like(p))
        if step in KEPT:
            memory = [{n: flat(v) for n, v in (muon.state[p] if p in muon.state else adamw.state[p]).items() if n != "step"} for p in parts]
            states.append(dict(step=step, weights=sum([flat(p) for p in parts], []), memory=memory))
    code._zeropower_via_newtonschulz = ROUNDED
    return dict(losses=losses, states=states)


def numbers(rows, columns, seed):
    state, values = seed, []
    for _ in range(rows * columns):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append((state >> 8) / 2**24 - 0.5)
    return torch.tensor(values, dtype=torch.float64).reshape(rows, columns)


def orthogonalization(rows, columns, seed):
    g = numbers(rows, columns, seed)
    options = ((code.DEFAULT_A, code.DEFAULT_B, code.DEFAULT_C), code.DEFAULT_NS_STEPS, code.EPS)
    want, got = exact(g, *options), ROUNDED(g.float(), *options).double()
    singular = torch.linalg.svdvals(want)
    return dict(rows=rows, columns=columns, seed=seed, error=((got - want).norm() / want.norm()).item(), norm=want.norm().item(),
                smallest=singular.min().item(), largest=singular.max().item(), first=flat(want)[:8])


here, there = run(), run(4e-16)
gap = max(math.dist(a["weights"], b["weights"]) for a, b in zip(here["states"], there["states"]))
if gap > 1e-11:
    raise SystemExit(f"roundings grow to {gap}: nothing can be told at 1e-10")
out = dict(
    torch=torch.__version__, steps=STEPS, shapes=SHAPES, start=sum([flat(p) for p in start()], []), groups=GROUPS, adamw=ADAMW,
    coefficients=[code.DEFAULT_A, code.DEFAULT_B, code.DEFAULT_C], epsilon=code.EPS, **here,
    orthogonalizations=[orthogonalization(*c) for c in ((33, 47, 1), (47, 33, 2), (64, 64, 3), (17, 200, 4), (128, 96, 5))])
path = pathlib.Path(__file__).with_name("muon.json")
path.write_text(json.dumps(out) + "\n")
print(path.stat().st_size, [out["losses"][i] for i in (0, 1, 9, 49, 199)], gap)
for o in out["orthogonalizations"]:
    print(o["rows"], o["columns"], o["error"], o["smallest"], o["largest"])
