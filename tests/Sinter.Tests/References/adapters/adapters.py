"""Writes a folder for each case: an adapter in PEFT's file format for a model of ../models, and what the model computes with it.

PEFT is not used. Beside each chosen linear layer of the transformers model (float32) stands what Hu et al. (2021, equation 3),
Kalajdzievski (2023) and Liu et al. (2024, equation 5, with the norm detached as in section 4.3) say; the formulas of
../models/formulas.py with the changed weights in float64 check it, and what they give is stored with `.exact` appended.

Run it in the folder above: python3 adapters/adapters.py
"""
import json, math, pathlib, sys
import torch
from transformers import AutoModelForCausalLM, AutoConfig
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "models"))
import formulas, reference

CASES = {
    "gpt2-lora": dict(base="gpt2-tiny", targets=["attn.c_attn", "mlp.c_proj"], rank=4, alpha=8.0, seed=11),
    "gpt2-dora": dict(base="gpt2-tiny", targets=["c_attn", "c_proj", "c_fc"], rank=3, alpha=2.0, rs=True, dora=True, seed=12),
    "llama-rslora": dict(base="llama-tiny", targets=["q_proj", "v_proj"], rank=5, alpha=3.0, rs=True, train=["lm_head"], seed=13),
    "llama-dora": dict(base="llama-tiny", targets=["q_proj", "k_proj", "o_proj", "gate_proj", "up_proj", "down_proj"], rank=2, alpha=3.0, dora=True, seed=14),
}


def scale_of(case):
    return case["alpha"] / (math.sqrt(case["rank"]) if case.get("rs") else case["rank"])


def chosen(model, case):
    return {n: m for n, m in model.named_modules() if any(n.endswith("." + t) for t in case["targets"])}


def make(case, model):
    """The trained tensors by the model's names, all of them large enough to matter."""
    rng, out = torch.Generator().manual_seed(case["seed"]), {}
    for name, module in chosen(model, case).items():
        weight = module.weight.T if case["base"].startswith("gpt2") else module.weight
        outputs, inputs = weight.shape
        out[f"{name}.lora_A.weight"] = torch.empty(case["rank"], inputs).uniform_(-1, 1, generator=rng) / math.sqrt(inputs)
        out[f"{name}.lora_B.weight"] = 0.1 * torch.randn(outputs, case["rank"], generator=rng)
        if case.get("dora"):
            out[f"{name}.lora_magnitude_vector"] = weight.detach().norm(dim=1) * (1 + 0.1 * torch.randn(outputs, generator=rng))
    for name in case.get("train", []):
        out[f"{name}.weight"] = dict(model.named_parameters())[f"{name}.weight"].detach() + 0.05 * torch.randn(
            dict(model.named_parameters())[f"{name}.weight"].shape, generator=rng)
    return out


def changed(case, weight, factors):
    """The weight [outputs, inputs] with its change."""
    total = weight + scale_of(case) * factors["lora_B.weight"] @ factors["lora_A.weight"]
    if not case.get("dora"):
        return total
    return total * (factors["lora_magnitude_vector"] / total.detach().norm(dim=1))[:, None]


def attach(case, model, trained):
    """Each chosen layer computes with its factors beside it."""
    is_turned = case["base"].startswith("gpt2")
    for name, module in chosen(model, case).items():
        def forward(x, module=module, name=name):
            a, b = trained[f"{name}.lora_A.weight"], trained[f"{name}.lora_B.weight"]
            weight = module.weight.T if is_turned else module.weight
            y = x @ weight.T + scale_of(case) * (x @ a.T) @ b.T
            if case.get("dora"):
                norm = (weight + scale_of(case) * b @ a).detach().norm(dim=1)
                y = y * (trained[f"{name}.lora_magnitude_vector"] / norm)
            return y if module.bias is None else y + module.bias
        module.forward = forward
    for name in case.get("train", []):
        model.get_submodule(name).forward = lambda x, name=name: x @ trained[f"{name}.weight"].T
    return lambda ids: model(input_ids=ids).logits


def exact(case, model, trained):
    is_turned = case["base"].startswith("gpt2")
    formula = (formulas.gpt2 if is_turned else formulas.llama)(model.config)
    base = {n: p.detach().double() for n, p in model.named_parameters()}

    def forward(ids):
        params = dict(base)
        for name in chosen(model, case):
            factors = {k[len(name) + 1:]: v for k, v in trained.items() if k.startswith(name + ".")}
            weight = base[name + ".weight"]
            total = changed(case, weight.T if is_turned else weight, factors)
            params[name + ".weight"] = total.T if is_turned else total
        params.update({f"{n}.weight": trained[f"{n}.weight"] for n in case.get("train", [])})
        return formula(params, ids)
    return forward


def write_config(case, folder):
    """As PEFT writes it, with the keys that have no meaning here too."""
    folder.joinpath("adapter_config.json").write_text(json.dumps({
        "alora_invocation_tokens": None, "alpha_pattern": {}, "arrow_config": None, "auto_mapping": None,
        "base_model_name_or_path": f"../../models/{case['base']}", "bias": "none", "corda_config": None, "ensure_weight_tying": False,
        "eva_config": None, "exclude_modules": None, "fan_in_fan_out": case["base"].startswith("gpt2"), "inference_mode": True,
        "init_lora_weights": True, "layer_replication": None, "layers_pattern": None, "layers_to_transform": None, "loftq_config": {},
        "lora_alpha": case["alpha"], "lora_bias": False, "lora_dropout": 0.1, "megatron_config": None, "megatron_core": "megatron.core",
        "modules_to_save": case.get("train"), "peft_type": "LORA", "peft_version": "0.18.0", "qalora_group_size": 16, "r": case["rank"],
        "rank_pattern": {}, "revision": None, "target_modules": case["targets"], "target_parameters": None, "task_type": "CAUSAL_LM",
        "trainable_token_indices": None, "use_dora": case.get("dora", False), "use_qalora": False, "use_rslora": case.get("rs", False),
    }, indent=2) + "\n")


def write(name, case):
    base = HERE.parent / "models" / case["base"]
    load = lambda: AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32).eval()
    ids, targets = reference.tokens(2, (3, 24), 67), reference.tokens(3, (3, 24), 67)
    targets[2, [0, 7, 8, 22, 23]] = reference.IGNORED
    leaves = lambda values, kind: {k: v.detach().clone().to(kind).requires_grad_() for k, v in values.items()}
    model = load()
    begin = make(case, model)
    fast, true = leaves(begin, torch.float32), leaves(begin, torch.float64)
    with_fast, with_true = attach(case, model, fast), exact(case, load(), true)
    with torch.no_grad():
        logits, logits64 = with_fast(ids), with_true(ids)
    reference.require("logits", logits, logits64, 1e-5)
    out = {"input_ids": ids.int(), "targets": targets.int(), "logits.exact": logits64.float()}
    _, grads = reference.gradients(with_fast, fast, ids, targets)
    _, grads64 = reference.gradients(with_true, true, ids, targets)
    for key, grad in grads.items():
        reference.require(key, grad, grads64[key], 1e-5, floor=1e-7)
        out[f"grad.{key}.exact"] = grads64[key].float()
    losses, after, norms = reference.train(with_fast, fast, ids, targets)
    losses64, after64, norms64 = reference.train(with_true, true, ids, targets)
    for key, a, b in ("losses", losses, losses64), ("losses.after", after, after64), ("losses.gradient_norms", norms, norms64):
        reference.require(key, a, b, 2e-5)
        out[key + ".exact"] = b
    for draw in range(4):
        again, noise = leaves(begin, torch.float64), torch.Generator().manual_seed(draw)
        for a, b in zip(reference.train(exact(case, load(), again), again, ids, targets, noise=noise), (losses64, after64, norms64)):
            reference.require("losses, disturbed", a, b, 5e-5)
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    write_config(case, folder)
    save_file({f"base_model.model.{k}": v.contiguous() for k, v in begin.items()}, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    reference.save_tensors(folder / "reference.safetensors", out)
    print(name, {p.name: p.stat().st_size for p in sorted(folder.iterdir())}, losses64.tolist())


for name, case in CASES.items():
    write(name, case)
