"""Writes averages.json: torch.optim.swa_utils.AveragedModel over a walk of eleven numbers in float64, updated after every step.

`ema` with get_ema_avg_fn, `warm` with the same rule under min(decay, (1 + n) / (10 + n)), n the averages made before, `swa` with the default.
"""
import json, math, pathlib
import torch
from torch.optim.swa_utils import AveragedModel, get_ema_avg_fn

torch.set_default_dtype(torch.float64)
STEPS, SIZE, DECAY = 60, 11, 0.9


def walk(step):
    return [math.sin(0.37 * step * (i + 1)) + 0.1 * i for i in range(SIZE)]


def warm(average, weight, n):
    decay = min(DECAY, (1 + n.item()) / (10 + n.item()))
    return decay * average + (1 - decay) * weight


def run(rule, first=1, every=1):
    model = torch.nn.Linear(SIZE, 1, bias=False)
    averaged, values = AveragedModel(model, avg_fn=rule), []
    for step in range(1, STEPS + 1):
        with torch.no_grad():
            model.weight.copy_(torch.tensor([walk(step)]))
        if step >= first and (step - first) % every == 0:
            averaged.update_parameters(model)
        if step % 10 == 0 and averaged.n_averaged > 0:
            values.append(dict(step=step, averages=averaged.n_averaged.item(), weights=averaged.module.weight.detach().flatten().tolist()))
    return values


out = dict(torch=torch.__version__, steps=STEPS, size=SIZE, decay=DECAY, walk=[walk(s) for s in range(1, STEPS + 1)],
           ema=run(get_ema_avg_fn(DECAY)), warm=run(warm), swa=run(None), swa_late=run(None, first=31, every=4))
path = pathlib.Path(__file__).with_name("averages.json")
path.write_text(json.dumps(out) + "\n")
print(path.stat().st_size, [v["weights"][0] for v in out["ema"]], [v["averages"] for v in out["swa_late"]])
