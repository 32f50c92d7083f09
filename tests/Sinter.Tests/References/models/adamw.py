"""Writes adamw.json: torch.optim.AdamW in float64 on the chained Rosenbrock function of ten variables, and gradient clipping.

    f(x) = sum over i = 0..8 of 100 (x[i+1] - x[i]^2)^2 + (1 - x[i])^2

Its gradient, from which a reader recomputes everything:
    df/dx[i] = -400 x[i] (x[i+1] - x[i]^2) - 2 (1 - x[i])   for i < 9,   plus   200 (x[i] - x[i-1]^2)   for i > 0
Numbers are written so that reading them gives the same float64.
"""
import json, pathlib
import torch

torch.set_default_dtype(torch.float64)
STEPS = 200
KEPT = [1, 2, 3, 5, 10, 20, 50, 100, 150, 200]
START = [-1.2, 1.0, 0.5, -0.7, 1.3, 0.1, -0.4, 0.9, -1.1, 0.25]
GROUPS = [
    dict(first=0, count=6, learning_rate=0.02, beta1=0.9, beta2=0.95, epsilon=1e-8, weight_decay=0.1),
    dict(first=6, count=4, learning_rate=0.005, beta1=0.8, beta2=0.999, epsilon=1e-6, weight_decay=0.0),
]


def rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def formula_gradient(x):
    g = torch.zeros_like(x)
    g[:-1] += -400 * x[:-1] * (x[1:] - x[:-1] ** 2) - 2 * (1 - x[:-1])
    g[1:] += 200 * (x[1:] - x[:-1] ** 2)
    return g


def run(clip):
    start = torch.tensor(START)
    parts = [start[g["first"] : g["first"] + g["count"]].clone().requires_grad_() for g in GROUPS]
    optimizer = torch.optim.AdamW([
        dict(params=[p], lr=g["learning_rate"], betas=(g["beta1"], g["beta2"]), eps=g["epsilon"], weight_decay=g["weight_decay"])
        for p, g in zip(parts, GROUPS)], foreach=False)
    losses, norms, kept = [], [], []
    for step in range(1, STEPS + 1):
        optimizer.zero_grad()
        x = torch.cat(parts)
        loss = rosenbrock(x)
        loss.backward()
        gradient = torch.cat([p.grad for p in parts])
        if not torch.allclose(gradient, formula_gradient(x.detach()), rtol=1e-12, atol=1e-10):
            raise SystemExit(f"step {step}: the formula of the gradient is wrong")
        losses.append(loss.item())
        norms.append(gradient.norm().item())
        if clip:
            torch.nn.utils.clip_grad_norm_(parts, clip)
        optimizer.step()
        if step in KEPT:
            moment = lambda name: torch.cat([optimizer.state[p][name] for p in parts]).tolist()
            kept.append(dict(step=step, weights=torch.cat(parts).tolist(), moment1=moment("exp_avg"), moment2=moment("exp_avg_sq")))
    return dict(max_norm=clip, losses=losses, gradient_norms=norms, states=kept)


def clip_case(tensors, max_norm):
    parts = [torch.zeros(len(t)).requires_grad_() for t in tensors]
    for p, t in zip(parts, tensors):
        p.grad = torch.tensor(t)
    norm = torch.nn.utils.clip_grad_norm_(parts, max_norm).item()
    return dict(max_norm=max_norm, gradients=tensors, norm=norm, clipped=[p.grad.tolist() for p in parts])


out = dict(
    torch=torch.__version__, variables=len(START), steps=STEPS, start=START, groups=GROUPS,
    plain=run(None), clipped=run(5.0),
    clipping=[
        clip_case([[3.0, 4.0]], 1.0),
        clip_case([[3.0, 4.0]], 5.0),
        clip_case([[0.3, -0.4], [0.25]], 1.0),
        clip_case([[1e-3, -2e3, 0.5], [7.0], [-1.25, 40.0, 0.0, 3.5, -9.0]], 2.5),
        clip_case([[0.0, 0.0], [0.0]], 1.0),
        clip_case([[1e-9, -2e-9]], 1e-9),
    ])
path = pathlib.Path(__file__).with_name("adamw.json")
path.write_text(json.dumps(out, indent=1) + "\n")
print(path.name, path.stat().st_size, "bytes;", "losses", [out["plain"]["losses"][i] for i in (0, 1, 49, 199)],
      "clipped", [out["clipped"]["losses"][i] for i in (0, 1, 49, 199)], [c["norm"] for c in out["clipping"]])
