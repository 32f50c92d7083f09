"""Shared by the scripts of this folder: random weights, training in float32 and float64, and writing the files.

Two computations stand behind every number. One is the transformers model in float32. The other is the formula of
`formulas.py` in float64; what it gives is rounded to float32 and stored under the same name with `.exact` appended.
Writing fails when the two differ by more than float32 can explain.
"""
import json, pathlib
import torch
import transformers
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
IGNORED = -100
NOISE = 3e-6

transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)


def randomize(model, seed, std=0.2):
    """Fills every parameter with values large enough that each of them matters: norm weights around 1, the rest around 0."""
    rng = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, p in model.named_parameters():
            noise = torch.randn(p.shape, generator=rng)
            is_norm = name.endswith("weight") and p.dim() == 1
            p.copy_(1 + 0.2 * noise if is_norm else std * noise)
    return model.eval()


def tokens(seed, shape, vocab):
    return torch.randint(0, vocab, shape, generator=torch.Generator().manual_seed(seed))


def cross_entropy(logits, targets):
    """The mean over the targets that are not ignored; targets[b, t] belongs to logits[b, t]."""
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED)


def as_exact(model):
    """The model's parameters by name, as float64 leaves."""
    return {n: p.detach().double().requires_grad_() for n, p in model.named_parameters()}


def gradients(forward, params, ids, targets):
    loss = cross_entropy(forward(ids), targets)
    return loss.detach(), dict(zip(params, torch.autograd.grad(loss, list(params.values()))))


def train(forward, params, ids, targets, steps=10, clip=None, noise=None):
    """AdamW on one batch: the loss before each update, the loss after the last one, and the gradient norms before clipping.

    `noise` disturbs each gradient tensor by about what float32 rounding does, drawn from the given generator.
    """
    matrices = [p for p in params.values() if p.dim() >= 2]
    vectors = [p for p in params.values() if p.dim() < 2]
    groups = [dict(params=matrices, weight_decay=0.1), dict(params=vectors, weight_decay=0.0)]
    optimizer = torch.optim.AdamW(groups, lr=1e-2, betas=(0.9, 0.95), eps=1e-8)
    losses, norms = [], []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = cross_entropy(forward(ids), targets)
        loss.backward()
        for p in params.values() if noise else ():
            p.grad.add_(torch.randn(p.shape, generator=noise) * p.grad.square().mean().sqrt() * NOISE)
        norms.append(torch.nn.utils.clip_grad_norm_(list(params.values()), clip or float("inf")).double())
        optimizer.step()
        losses.append(loss.detach().double())
    with torch.no_grad():
        last = cross_entropy(forward(ids), targets).double()
    return torch.stack(losses), last, torch.stack(norms)


def greedy(forward, prompt, count):
    """The likeliest continuation without a cache, and the smallest lead that a chosen token had over the second."""
    ids, lead = prompt.clone(), float("inf")
    with torch.no_grad():
        for _ in range(count):
            best = forward(ids[None])[0, -1].topk(2)
            lead = min(lead, (best.values[0] - best.values[1]).item())
            ids = torch.cat([ids, best.indices[:1]])
    return ids[len(prompt):], lead


def difference(got, want):
    """The distance relative to the norm of what is wanted."""
    got, want = got.double(), want.double()
    return ((got - want).norm() / want.norm().clamp_min(1e-30)).item()


def require(name, got, want, tolerance, floor=0.0):
    distance = (got.double() - want.double()).norm().item()
    limit = tolerance * want.double().norm().item() + floor
    if not distance <= limit:
        raise SystemExit(f"{name}: float32 and float64 differ by {distance:.3g}, more than {limit:.3g}")


def save_tensors(path, values):
    save_file({k: v.contiguous() for k, v in values.items()}, path, metadata={"torch": torch.__version__})


def forward_reference(model, exact_forward, ids):
    """Logits only: of the transformers model, and of the formula."""
    with torch.no_grad():
        logits, exact = model(input_ids=ids).logits, exact_forward(as_exact(model), ids)
    require("logits", logits, exact, 1e-5)
    return {"input_ids": ids.int(), "logits": logits, "logits.exact": exact.float()}


def full_reference(make_model, exact_forward, ids, targets, prompt, new_tokens=12, use_cache=True):
    """Logits, loss, gradients, two series of ten AdamW steps and a greedy continuation, which transformers makes with its cache or without."""
    model = make_model()
    out = forward_reference(model, exact_forward, ids)
    out["targets"] = targets.int()

    params, exact = dict(model.named_parameters()), as_exact(model)
    out["loss"], grads = gradients(lambda x: model(input_ids=x).logits, params, ids, targets)
    loss64, grads64 = gradients(lambda x: exact_forward(exact, x), exact, ids, targets)
    out["loss.exact"] = loss64.float()
    for name, grad in grads.items():
        # The floor is for the parameters whose true gradient is zero (the key part of an attention bias).
        require(name, grad, grads64[name], 1e-5, floor=1e-7)
        out[f"grad.{name}"], out[f"grad.{name}.exact"] = grad, grads64[name].float()

    for series, clip in ("losses", None), ("losses_clipped", 1.0):
        model, exact = make_model(), as_exact(make_model())
        names = series, f"{series}.after", f"{series}.gradient_norms"
        fast = train(lambda x: model(input_ids=x).logits, dict(model.named_parameters()), ids, targets, clip=clip)
        true = train(lambda x: exact_forward(exact, x), exact, ids, targets, clip=clip)
        for name, a, b in zip(names, fast, true):
            require(name, a, b, 2e-5)
            out[name], out[f"{name}.exact"] = a, b
        check_steady(series, exact_forward, make_model, ids, targets, clip, true)

    model = make_model()
    chosen, lead = greedy(lambda x: model(input_ids=x).logits, prompt, new_tokens)
    cached = model.generate(prompt[None], attention_mask=torch.ones_like(prompt[None]), do_sample=False, max_new_tokens=new_tokens,
                            use_cache=use_cache)
    if cached[0, len(prompt):].tolist() != chosen.tolist() or lead < 1e-2 or len(set(chosen.tolist())) < 8:
        raise SystemExit(f"greedy continuation is not settled: {chosen.tolist()}, {cached.tolist()}, lead {lead:.3g}")
    out["prompt"], out["greedy"] = prompt.int(), chosen.int()
    return out


def check_steady(series, exact_forward, make_model, ids, targets, clip, true):
    """AdamW divides by a gradient's own size, so weights whose gradient is nearly zero can turn rounding into another path.

    Fails for weights with which other roundings than torch's would give other losses: take another seed then.
    """
    for draw in range(4):
        exact = as_exact(make_model())
        noise = torch.Generator().manual_seed(draw)
        for a, b in zip(train(lambda x: exact_forward(exact, x), exact, ids, targets, clip=clip, noise=noise), true):
            require(f"{series}, disturbed", a, b, 5e-5)


def write(folder, model, values, **options):
    """Saves the Hugging Face folder and the values beside it, then opens the folder again, with the options, and compares."""
    target = HERE / folder
    model.save_pretrained(target)
    save_tensors(target / "reference.safetensors", values)
    check_opens(folder, type(model), values, **options)


def check_opens(folder, model_class, values, **options):
    target = HERE / folder
    for path in target.iterdir():
        path.chmod(0o644)
    model, info = model_class.from_pretrained(target, dtype=torch.float32, output_loading_info=True, **options)
    problems = {k: v for k, v in info.items() if v}
    with torch.no_grad():
        same = torch.equal(model.eval()(input_ids=values["input_ids"].long()).logits, values["logits"])
    if problems or not same:
        raise SystemExit(f"{folder}: reading it back gives other logits, or {problems}")
    report(target, values)


def report(target, values):
    out = {"folder": target.name, "bytes": {p.name: p.stat().st_size for p in sorted(target.iterdir())}}
    for name in ("loss", "losses", "losses.after", "losses_clipped", "losses_clipped.gradient_norms", "greedy"):
        if name in values:
            out[name] = values[name].tolist()
    pairs = [(difference(v, values[k + ".exact"]), k) for k, v in values.items() if k + ".exact" in values and values[k + ".exact"].norm() > 1e-6]
    out["largest difference of float32"] = max(pairs)
    print(json.dumps(out, indent=1))
