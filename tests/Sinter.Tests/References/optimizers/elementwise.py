"""Writes elementwise.json: PyTorch's element-wise optimizers in float64 on the chained Rosenbrock function of eighteen variables.

    f(x) = sum over i = 0..16 of 100 (x[i+1] - x[i]^2)^2 + (1 - x[i])^2

The variables are the elements of the parameters `parameters`, one after the other; the gradient's formula is that of ../models/adamw.py.
`optimizer` and `parameter_groups` are what a recipe says: the first bias has no weight decay, what matches `second.*` half the learning rate and
a weight decay of its own. What PyTorch does not have is written out below from the papers' formulas: the classical momentum, epsilon under
Adagrad's root, Adam without bias correction, Lion. `weights` stand after the step they belong to; `states` hold weights and memory after a
step, and the weights after the next one. Where a case has a `schedule`, again as in a recipe, learning rate and momentum (Adam's and Lion's first beta)
are those of PyTorch's OneCycleLR, with the groups' learning rates as peaks. A case is refused where a nudge of the start by 1e-14 grows so that 1e-10 could not be told.
"""
import json, math, pathlib
import torch

torch.set_default_dtype(torch.float64)
STEPS = 200
KEPT = [1, 2, 3, 5, 10, 20, 50, 100, 200]
RECORDED = [1, 20, 120]
PARAMETERS = {"first.weight": [2, 3], "first.bias": [4], "second.weight": [1, 5], "second.norm": [3]}
GROUPS = [dict(match="second.*", learning_rate_factor=0.5, weight_decay=0.02)]
FACTORS = dict(zip(PARAMETERS, [1, 1, 0.5, 0.5]))


class Formula(torch.optim.Optimizer):
    """An optimizer from its formula: step(p, g, state, lr, wd, t) changes p; what a schedule may move, momentum or betas, it gets by name."""

    def __init__(self, groups, step, defaults):
        super().__init__(groups, defaults)
        self.update, self.t = step, 0

    @torch.no_grad()
    def step(self):
        self.t += 1
        for g in self.param_groups:
            for p in g["params"]:
                self.update(p, p.grad, self.state[p], g["lr"], g["weight_decay"], self.t, **{name: g[name] for name in self.defaults})


def classical(nesterov):
    def step(p, g, state, lr, wd, t, momentum):
        g = g + wd * p
        v = state["momentum"] = momentum * state.get("momentum", torch.zeros_like(p)) + lr * g
        p -= momentum * v + lr * g if nesterov else v
    return step


def adagrad_root(eps, decay):
    def step(p, g, state, lr, wd, t):
        g = g + wd * p
        s = state["sum"] = state.get("sum", torch.zeros_like(p)) + g * g
        p -= lr / (1 + (t - 1) * decay) * g / torch.sqrt(s + eps)
    return step


def adam_plain(beta1, beta2, eps):
    def step(p, g, state, lr, wd, t):
        g = g + wd * p
        m = state["first"] = beta1 * state.get("first", torch.zeros_like(p)) + (1 - beta1) * g
        v = state["second"] = beta2 * state.get("second", torch.zeros_like(p)) + (1 - beta2) * g * g
        p -= lr * m / (torch.sqrt(v) + eps)
    return step


def lion(p, g, state, lr, wd, t, betas):
    m = state.get("momentum", torch.zeros_like(p))
    c = betas[0] * m + (1 - betas[0]) * g
    p -= lr * (torch.sign(c) + wd * p)
    state["momentum"] = betas[1] * m + (1 - betas[1]) * g


def torch_case(kind, names, **arguments):
    return lambda groups: kind(groups, foreach=False, **arguments), names


def formula(step, *names, **defaults):
    return lambda groups: Formula(groups, step, defaults), {n: n for n in names}


def one_cycle(optimizer, name, momentum, rise_share=0.3, start_factor=1 / 25, end_factor=1e-4, shape="cosine", three_phase=False, cycle_momentum=True):
    return torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [g["lr"] for g in optimizer.param_groups], STEPS, pct_start=rise_share, div_factor=1 / start_factor, final_div_factor=1 / end_factor,
        anneal_strategy=dict(cosine="cos", linear="linear")[shape], three_phase=three_phase, cycle_momentum=cycle_momentum,
        base_momentum=momentum[0], max_momentum=momentum[1])


O = torch.optim
MOMENTUM, MOMENTS = {"momentum": "momentum_buffer"}, {"first": "exp_avg", "second": "exp_avg_sq"}
CASES = [
    (dict(name="sgd", learning_rate=2e-4), torch_case(O.SGD, {})),
    (dict(name="sgd", learning_rate=2e-4, weight_decay=0.3), torch_case(O.SGD, {})),
    (dict(name="sgd", learning_rate=1e-4, momentum=0.9, weight_decay=0.3), torch_case(O.SGD, MOMENTUM, momentum=0.9)),
    (dict(name="sgd", learning_rate=2e-4, momentum=0.8, dampening=0.4), torch_case(O.SGD, MOMENTUM, momentum=0.8, dampening=0.4)),
    (dict(name="sgd", learning_rate=1e-4, momentum=0.9, nesterov=True), torch_case(O.SGD, MOMENTUM, momentum=0.9, nesterov=True)),
    (dict(name="sgd", learning_rate=1e-4, momentum=0.9, momentum_form="classical"), formula(classical(False), "momentum", momentum=0.9)),
    (dict(name="sgd", learning_rate=1e-4, momentum=0.8, momentum_form="classical", nesterov=True, weight_decay=0.2),
     formula(classical(True), "momentum", momentum=0.8)),
    (dict(name="adagrad", learning_rate=0.1), torch_case(O.Adagrad, {"sum": "sum"})),
    (dict(name="adagrad", learning_rate=0.2, lr_decay=0.01, initial_accumulator=0.5, epsilon=1e-4, weight_decay=0.1),
     torch_case(O.Adagrad, {"sum": "sum"}, lr_decay=0.01, initial_accumulator_value=0.5, eps=1e-4)),
    (dict(name="adagrad", learning_rate=0.1, epsilon=0.5, epsilon_in_root=True, lr_decay=0.02), formula(adagrad_root(0.5, 0.02), "sum")),
    (dict(name="adadelta"), torch_case(O.Adadelta, {"gradients": "square_avg", "updates": "acc_delta"})),
    (dict(name="adadelta", learning_rate=0.3, rho=0.95, epsilon=1e-4, weight_decay=0.1),
     torch_case(O.Adadelta, {"gradients": "square_avg", "updates": "acc_delta"}, rho=0.95, eps=1e-4)),
    (dict(name="rmsprop", learning_rate=0.002, beta=0.95), torch_case(O.RMSprop, {"square": "square_avg"}, alpha=0.95)),
    (dict(name="rmsprop", learning_rate=0.001, beta=0.95, centered=True, epsilon=1e-2),
     torch_case(O.RMSprop, {"square": "square_avg", "mean": "grad_avg"}, alpha=0.95, centered=True, eps=1e-2)),
    (dict(name="rmsprop", learning_rate=0.001, momentum=0.8, epsilon=1e-2, weight_decay=0.1),
     torch_case(O.RMSprop, {"square": "square_avg", "momentum": "momentum_buffer"}, alpha=0.99, momentum=0.8, eps=1e-2)),
    (dict(name="rmsprop", learning_rate=0.0005, beta=0.95, centered=True, momentum=0.9, epsilon=1e-2),
     torch_case(O.RMSprop, {"square": "square_avg", "mean": "grad_avg", "momentum": "momentum_buffer"}, alpha=0.95, centered=True, momentum=0.9, eps=1e-2)),
    (dict(name="adam", learning_rate=0.02), torch_case(O.Adam, MOMENTS)),
    (dict(name="adam", learning_rate=0.02, betas=[0.8, 0.95], epsilon=1e-4, weight_decay=0.5, amsgrad=True),
     torch_case(O.Adam, {**MOMENTS, "largest": "max_exp_avg_sq"}, betas=(0.8, 0.95), eps=1e-4, amsgrad=True)),
    (dict(name="adam", learning_rate=0.005, bias_correction=False, weight_decay=0.1), formula(adam_plain(0.9, 0.999, 1e-8), "first", "second")),
    (dict(name="adamw", learning_rate=0.02, betas=[0.9, 0.95]), torch_case(O.AdamW, MOMENTS, betas=(0.9, 0.95))),
    (dict(name="adamw", learning_rate=0.02, weight_decay=0.3, amsgrad=True), torch_case(O.AdamW, {**MOMENTS, "largest": "max_exp_avg_sq"}, amsgrad=True)),
    (dict(name="nadam", learning_rate=0.02), torch_case(O.NAdam, MOMENTS)),
    (dict(name="nadam", learning_rate=0.01, betas=[0.8, 0.99], momentum_decay=0.02, weight_decay=0.3), torch_case(O.NAdam, MOMENTS, betas=(0.8, 0.99), momentum_decay=0.02)),
    (dict(name="nadam", learning_rate=0.01, weight_decay=0.3, decoupled_weight_decay=True), torch_case(O.NAdam, MOMENTS, decoupled_weight_decay=True)),
    (dict(name="radam", learning_rate=0.0003), torch_case(O.RAdam, MOMENTS)),
    (dict(name="radam", learning_rate=0.0003, betas=[0.8, 0.9], epsilon=1e-3, weight_decay=0.3), torch_case(O.RAdam, MOMENTS, betas=(0.8, 0.9), eps=1e-3)),
    (dict(name="radam", learning_rate=0.0003, weight_decay=0.3, decoupled_weight_decay=True), torch_case(O.RAdam, MOMENTS, decoupled_weight_decay=True)),
    (dict(name="adamax", learning_rate=0.02), torch_case(O.Adamax, {"first": "exp_avg", "largest": "exp_inf"})),
    (dict(name="adamax", learning_rate=0.01, betas=[0.8, 0.98], epsilon=1e-2, weight_decay=0.3),
     torch_case(O.Adamax, {"first": "exp_avg", "largest": "exp_inf"}, betas=(0.8, 0.98), eps=1e-2)),
    (dict(name="lion", learning_rate=0.005), formula(lion, "momentum", betas=(0.9, 0.99))),
    (dict(name="lion", learning_rate=0.005, betas=[0.95, 0.98], weight_decay=0.5), formula(lion, "momentum", betas=(0.95, 0.98))),
]
CYCLE = dict(name="one_cycle", cycle_momentum=True, momentum=[0.85, 0.95])
SHARP = dict(name="one_cycle", cycle_momentum=True, momentum=[0.6, 0.9], shape="linear", three_phase=True, rise_share=0.4, start_factor=0.1, end_factor=0.01)
SCHEDULED = [
    (dict(name="sgd", learning_rate=1e-4, momentum=0.9, weight_decay=0.3), torch_case(O.SGD, MOMENTUM, momentum=0.9), CYCLE),
    (dict(name="sgd", learning_rate=1e-4, momentum=0.5, nesterov=True), torch_case(O.SGD, MOMENTUM, momentum=0.5, nesterov=True), SHARP),
    (dict(name="sgd", learning_rate=1e-4, momentum=0.9, momentum_form="classical"), formula(classical(False), "momentum", momentum=0.9), SHARP),
    (dict(name="rmsprop", learning_rate=0.001, momentum=0.8, epsilon=1e-2, weight_decay=0.1),
     torch_case(O.RMSprop, {"square": "square_avg", "momentum": "momentum_buffer"}, alpha=0.99, momentum=0.8, eps=1e-2), SHARP),
    (dict(name="adam", learning_rate=0.02), torch_case(O.Adam, MOMENTS), CYCLE),
    (dict(name="adam", learning_rate=0.02, betas=[0.8, 0.95], epsilon=1e-4, weight_decay=0.5, amsgrad=True),
     torch_case(O.Adam, {**MOMENTS, "largest": "max_exp_avg_sq"}, betas=(0.8, 0.95), eps=1e-4, amsgrad=True), SHARP),
    (dict(name="adamw", learning_rate=0.02, betas=[0.9, 0.95]), torch_case(O.AdamW, MOMENTS, betas=(0.9, 0.95)), CYCLE),
    (dict(name="radam", learning_rate=0.0003), torch_case(O.RAdam, MOMENTS), SHARP),
    (dict(name="adamax", learning_rate=0.02), torch_case(O.Adamax, {"first": "exp_avg", "largest": "exp_inf"}), CYCLE),
    (dict(name="lion", learning_rate=0.005), formula(lion, "momentum", betas=(0.9, 0.99)), CYCLE),
]
DEFAULT_RATES = dict(adadelta=1.0)
DEFAULT_DECAYS = dict(adamw=0.01)


def rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def flat(tensors):
    return torch.cat([t.detach().flatten() for t in tensors]).tolist()


def run(options, make, names, schedule, nudge=0.0):
    sizes = [math.prod(s) for s in PARAMETERS.values()]
    values = torch.tensor([math.sin(1.7 * i + 0.3) * 1.2 for i in range(sum(sizes))])
    values[0] += nudge
    parts = {n: v.reshape(s).clone().requires_grad_() for (n, s), v in zip(PARAMETERS.items(), values.split(sizes))}
    rate = options.get("learning_rate", DEFAULT_RATES.get(options["name"]))
    decay = options.get("weight_decay", DEFAULT_DECAYS.get(options["name"], 0.0))
    decays = [decay, 0.0, 0.02, 0.02]
    optimizer = make([dict(params=[p], lr=rate * FACTORS[n], weight_decay=d) for (n, p), d in zip(parts.items(), decays)])
    scheduler = one_cycle(optimizer, **schedule) if schedule else None
    weights, states = [], []
    for step in range(1, STEPS + 1):
        optimizer.zero_grad()
        loss = rosenbrock(torch.cat([p.flatten() for p in parts.values()]))
        loss.backward()
        optimizer.step()
        if scheduler and step < STEPS:
            scheduler.step()
        if not math.isfinite(loss.item()):
            raise SystemExit(f"{options}: the loss of step {step} is {loss.item()}")
        if step - 1 in RECORDED:
            states[-1]["next"] = flat(parts.values())
        if step in RECORDED:
            memory = {ours: flat(optimizer.state[p][theirs] for p in parts.values()) for ours, theirs in names.items()}
            states.append(dict(step=step, weights=flat(parts.values()), memory=memory))
        if step in KEPT:
            weights.append(dict(step=step, values=flat(parts.values())))
    return loss.item(), weights, states


cases = []
for options, (make, names), *schedule in CASES + SCHEDULED:
    schedule = schedule[0] if schedule else None
    loss, weights, states = run(options, make, names, schedule)
    nudged = run(options, make, names, schedule, 1e-14)[1]
    grown = max(math.dist(a["values"], b["values"]) / math.hypot(*a["values"]) for a, b in zip(weights, nudged))
    if grown > 2e-12:
        raise SystemExit(f"{options}: a nudge of 1e-14 grows to {grown}")
    print(f"{loss:12.4f} {grown:8.1e} {options} {schedule or ''}")
    cases.append(dict(optimizer=options, **(dict(schedule=schedule) if schedule else {}), weights=weights, states=states))
out = dict(torch=torch.__version__, steps=STEPS, parameters=PARAMETERS, parameter_groups=GROUPS,
           start=[math.sin(1.7 * i + 0.3) * 1.2 for i in range(sum(math.prod(s) for s in PARAMETERS.values()))], cases=cases)
path = pathlib.Path(__file__).with_name("elementwise.json")
path.write_text(json.dumps(out) + "\n")
print(path.stat().st_size, "bytes")
