"""Writes schedules.tsv: what PyTorch's and transformers' schedulers, nanoGPT's formula and the papers' equations give, update by update.

    python schedules.py

Columns: source, the schedule as a recipe writes it, steps, peak, learning rates, momenta (or nothing), observed values (or nothing).
"""
import math
import random
import warnings

import torch
import transformers
from torch.optim import lr_scheduler as lr

warnings.filterwarnings("ignore", message=".*lr_scheduler.step.*|.*optimizer.step.*|.*epoch parameter.*")


def optimizer_at(peak):
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=peak, momentum=0.9)


def run(make, steps, peak, every=1):
    """The learning rates and momenta of a scheduler that is stepped after every so many updates."""
    optimizer = optimizer_at(peak)
    scheduler = make(optimizer)
    rates, momenta = [], []
    for i in range(steps):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        momenta.append(float(optimizer.param_groups[0]["momentum"]))
        optimizer.step()
        if (i + 1) % every == 0 and i + 1 < steps:
            scheduler.step()
    return rates, momenta


def observe(make, values, peak):
    """The learning rates of updates, each followed by one of the values."""
    optimizer = optimizer_at(peak)
    scheduler = make(optimizer)
    rates = []
    for value in values:
        rates.append(float(optimizer.param_groups[0]["lr"]))
        scheduler.step(value)
    return rates


def after(warmup, rise, body):
    """A PyTorch scheduler after a warm-up of PyTorch's."""
    return lambda o: lr.SequentialLR(o, [rise(o), body(o)], milestones=[warmup])


def rising(warmup):
    return lambda o: lr.LinearLR(o, start_factor=1 / (warmup + 1), total_iters=warmup)


def numbers(values):
    return " ".join(f"{v:.12g}" for v in values)


def write(source, schedule, steps, peak, rates, momenta=(), values=()):
    print("\t".join([source, schedule, str(steps), repr(peak), numbers(rates), numbers(momenta), numbers(values)]), file=file)


def torch_case(schedule, steps, peak, make, momentum=False, every=1):
    rates, momenta = run(make, steps, peak, every)
    write("torch", schedule, steps, peak, rates, momenta if momentum else ())


def transformers_case(schedule, steps, peak, make):
    write("transformers", schedule, steps, peak, run(make, steps, peak)[0])


def nanogpt(total, warmup, peak, floor):
    """get_lr of nanoGPT's train.py with lr_decay_iters = total."""
    for it in range(total):
        if it < warmup:
            yield peak * (it + 1) / (warmup + 1)
        else:
            yield floor + 0.5 * (1.0 + math.cos(math.pi * (it - warmup) / (total - warmup))) * (peak - floor)


def torch_cases():
    for total, warmup, peak, floor in [(10, 0, 1e-3, 0.0), (17, 5, 1e-3, 1e-4), (100, 10, 3e-4, 0.0), (64, 63, 0.1, 0.01), (40, 1, 1.0, 1.0)]:
        bodies = {
            "name: constant": lambda o: lr.ConstantLR(o, factor=1.0, total_iters=0),
            f"name: linear, min_learning_rate: {floor}": lambda o: lr.LinearLR(o, 1.0, floor / peak, total_iters=total - warmup),
            f"name: cosine, min_learning_rate: {floor}": lambda o: lr.CosineAnnealingLR(o, T_max=total - warmup, eta_min=floor),
        }
        for keys, body in bodies.items():
            torch_case(f"{{ {keys}, warmup_steps: {warmup} }}", total, peak, after(warmup, rising(warmup), body) if warmup else body)

    torch_case("{ name: polynomial, power: 1.7 }", 211, 0.03, lambda o: lr.PolynomialLR(o, total_iters=211, power=1.7))
    torch_case("{ name: step, step_size: 37, gamma: 0.3 }", 211, 0.03, lambda o: lr.StepLR(o, 37, gamma=0.3))
    torch_case("{ name: step }", 211, 0.03, lambda o: lr.StepLR(o, 71))
    torch_case("{ name: multi_step, milestones: [150, 30, 77, 77], gamma: 0.6 }", 211, 0.03, lambda o: lr.MultiStepLR(o, [30, 77, 77, 150], gamma=0.6))
    torch_case("{ name: exponential, gamma: 0.983 }", 211, 0.03, lambda o: lr.ExponentialLR(o, 0.983))
    torch_case("{ name: exponential, gamma: 0.9, every: 7 }", 211, 0.03, lambda o: lr.ExponentialLR(o, 0.9), every=7)
    torch_case("{ name: cosine_restarts, period: 23, min_learning_rate: 0.002 }", 211, 0.03,
               lambda o: lr.CosineAnnealingWarmRestarts(o, 23, eta_min=0.002))
    torch_case("{ name: cosine_restarts, period: 11, period_factor: 3 }", 211, 0.03, lambda o: lr.CosineAnnealingWarmRestarts(o, 11, T_mult=3))
    torch_case("{ name: increasing }", 211, 0.03, lambda o: lr.LinearLR(o, total_iters=211))
    torch_case("{ name: increasing, shape: linear, start_factor: 0.01 }", 211, 0.03, lambda o: lr.LinearLR(o, 0.01, total_iters=211))

    def exponential_rise(factor, steps):
        return run(lambda o: lr.ExponentialLR(o, factor ** (-1 / steps)), steps, 0.03 * factor)[0]

    write("torch", "{ name: increasing, shape: exponential, start_factor: 1e-5 }", 211, 0.03, exponential_rise(1e-5, 211))

    torch_case("{ name: cyclic, min_learning_rate: 0.004, steps_up: 17, cycle_momentum: true }", 211, 0.03,
               lambda o: lr.CyclicLR(o, 0.004, 0.03, step_size_up=17), momentum=True)
    torch_case("{ name: cyclic, min_learning_rate: 0.004, steps_up: 17, steps_down: 30, mode: triangular2, cycle_momentum: true, momentum: [0.7, 0.99] }",
               211, 0.03, lambda o: lr.CyclicLR(o, 0.004, 0.03, 17, 30, mode="triangular2", base_momentum=0.7, max_momentum=0.99), momentum=True)
    torch_case("{ name: cyclic, min_learning_rate: 0.004, steps_up: 17, steps_down: 30, mode: exp_range, gamma: 0.99, cycle_momentum: true }", 211, 0.03,
               lambda o: lr.CyclicLR(o, 0.004, 0.03, 17, 30, mode="exp_range", gamma=0.99), momentum=True)

    torch_case("{ name: one_cycle, cycle_momentum: true }", 211, 0.03, lambda o: lr.OneCycleLR(o, 0.03, total_steps=211), momentum=True)
    torch_case("{ name: one_cycle, rise_share: 0.17, start_factor: 0.1, end_factor: 0.05, shape: linear, cycle_momentum: true, momentum: [0.6, 0.9] }", 211, 0.03,
               lambda o: lr.OneCycleLR(o, 0.03, total_steps=211, pct_start=0.17, anneal_strategy="linear", div_factor=10, final_div_factor=20,
                                       base_momentum=0.6, max_momentum=0.9), momentum=True)
    torch_case("{ name: one_cycle, rise_share: 0.37, three_phase: true, cycle_momentum: true }", 211, 0.03,
               lambda o: lr.OneCycleLR(o, 0.03, total_steps=211, pct_start=0.37, three_phase=True), momentum=True)

    def cosine(steps):
        return lambda o: lr.CosineAnnealingLR(o, T_max=steps)

    torch_case("{ name: cosine, warmup: { name: linear, steps: 31, start_factor: 0.2 } }", 211, 0.03,
               after(31, lambda o: lr.LinearLR(o, 0.2, total_iters=31), cosine(180)))
    torch_case("{ name: cosine, warmup: { name: constant, steps: 31 } }", 211, 0.03, after(31, lambda o: lr.ConstantLR(o, total_iters=31), cosine(180)))
    write("torch", "{ name: cosine, warmup: { name: exponential, share: 0.1, start_factor: 0.003 } }", 211, 0.03,
          exponential_rise(0.003, 22) + run(cosine(189), 189, 0.03)[0])

    torch_case("{ name: sequence, schedules: [{ name: constant, factor: 0.3 }, { name: step, step_size: 19, gamma: 0.7 }, cosine], milestones: [40, 133] }",
               211, 0.03, lambda o: lr.SequentialLR(o, [lr.ConstantLR(o, 0.3, total_iters=1000), lr.StepLR(o, 19, gamma=0.7), lr.CosineAnnealingLR(o, T_max=78)],
                                                    milestones=[40, 133]))


def plateau_cases():
    noise = random.Random(5)
    falling = [4 * math.exp(-i / 40) + 1 + 0.4 * noise.random() for i in range(300)]
    rising_ = [1 - v / 6 for v in falling]
    for keys, values, arguments in [
            ("metric: validation_loss", falling, {}),
            ("factor: 0.5, patience: 3, threshold: 0.01, cooldown: 5, min_learning_rate: 0.001", falling,
             dict(factor=0.5, patience=3, threshold=0.01, cooldown=5, min_lr=0.001)),
            ("metric: validation_accuracy, mode: max, factor: 0.7, patience: 4, threshold: 0.02, threshold_mode: absolute", rising_,
             dict(mode="max", factor=0.7, patience=4, threshold=0.02, threshold_mode="abs")),
            ("metric: validation_accuracy, mode: max, factor: 0.8, patience: 0, threshold: 0.001, least_change: 1e-3", rising_,
             dict(mode="max", factor=0.8, patience=0, threshold=0.001, eps=1e-3)),
            ("mode: min, threshold_mode: absolute, patience: 2, factor: 0.9", falling, dict(patience=2, factor=0.9, threshold_mode="abs"))]:
        rounded = [float(f"{v:.12g}") for v in values]
        rates = observe(lambda o: lr.ReduceLROnPlateau(o, **arguments), rounded, 0.03)
        write("torch", f"{{ name: plateau, {keys} }}", len(values), 0.03, rates, (), rounded)


def transformers_cases():
    get = transformers.optimization
    from_zero = "warmup: { name: linear, steps: 23, start_factor: 0 }"
    transformers_case(f"{{ name: constant, {from_zero} }}", 211, 0.03, lambda o: get.get_constant_schedule_with_warmup(o, 23))
    transformers_case(f"{{ name: linear, {from_zero} }}", 211, 0.03, lambda o: get.get_linear_schedule_with_warmup(o, 23, 211))
    transformers_case(f"{{ name: cosine, {from_zero} }}", 211, 0.03, lambda o: get.get_cosine_schedule_with_warmup(o, 23, 211))
    transformers_case(f"{{ name: cosine, min_learning_rate: 0.003, {from_zero} }}", 211, 0.03,
                      lambda o: get.get_cosine_with_min_lr_schedule_with_warmup(o, 23, 211, min_lr_rate=0.1))
    transformers_case(f"{{ name: polynomial, power: 2.5, min_learning_rate: 1e-7, {from_zero} }}", 211, 0.03,
                      lambda o: get.get_polynomial_decay_schedule_with_warmup(o, 23, 211, power=2.5))
    transformers_case(f"{{ name: cosine_restarts, period: 47, {from_zero} }}", 211, 0.03,
                      lambda o: get.get_cosine_with_hard_restarts_schedule_with_warmup(o, 23, 211, num_cycles=4))
    transformers_case(f"{{ name: inverse_sqrt, {from_zero} }}", 211, 0.03, lambda o: get.get_inverse_sqrt_schedule(o, 23))
    transformers_case(f"{{ name: inverse_sqrt, timescale: 50, {from_zero} }}", 211, 0.03, lambda o: get.get_inverse_sqrt_schedule(o, 23, timescale=50))
    transformers_case("{ name: inverse_sqrt }", 211, 0.03, lambda o: get.get_inverse_sqrt_schedule(o, 0))
    for shape in ("cosine", "linear", "1-sqrt"):
        transformers_case(f"{{ name: wsd, decay: {shape}, decay_steps: 67, min_learning_rate: 0.003, {from_zero} }}", 211, 0.03,
                          lambda o: wsd_after_zero(o, get.get_wsd_schedule(o, 23, 67, 211, decay_type=shape, min_lr_ratio=0.1)))
    transformers_case("{ name: wsd, warmup: { name: cosine, steps: 23, start_factor: 0 } }", 211, 0.03,
                      lambda o: get.get_wsd_schedule(o, 23, 22, 211, warmup_type="cosine"))


def wsd_after_zero(optimizer, scheduler):
    """transformers' warm-up rises from the floor where there is one; Sinter's from the start factor."""
    whole = scheduler.lr_lambdas[0]
    return lr.LambdaLR(optimizer_reset(optimizer), lambda i: i / 23 if i < 23 else whole(i))


def optimizer_reset(optimizer):
    for group in optimizer.param_groups:
        group["lr"] = group.pop("initial_lr")
    return optimizer


def formula_cases():
    for case in [(17, 5, 1e-3, 1e-4), (300, 63, 0.1, 0.01)]:
        total, warmup, peak, floor = case
        write("nanogpt", f"{{ name: cosine, warmup_steps: {warmup}, min_learning_rate: {floor} }}", total, peak, nanogpt(*case))
    # Vaswani et al. (2017), equation 3, with d = 512 and 40 warm-up steps: the peak is its value at step 40.
    noam = [512 ** -0.5 * min(n ** -0.5, n * 40 ** -1.5) for n in range(1, 301)]
    write("vaswani", "{ name: inverse_sqrt, warmup_steps: 39, timescale: 40 }", 300, noam[39], noam)


with open("schedules.tsv", "w") as file:
    torch_cases()
    plateau_cases()
    transformers_cases()
    formula_cases()
