#!/usr/bin/env python3
"""Does the steps that `sinter bench step --record DIR` recorded, from the same weights and tokens, and compares the losses.

    check_step.py DIR [--mode fp32|bf16|fast] [--tolerance X]

A step: forward, cross entropy, backward, clip the global gradient norm to 1, AdamW. The loss of a step depends on all that the steps
before it did to the weights, so equal losses mean equal gradients and updates too.
Prints one line of JSON. Exit code 0: every loss is within the tolerance, relative; 1: one is not.
"""
import argparse, json, os, pathlib, sys

os.environ["HF_HUB_OFFLINE"] = "1"  # a mistyped folder must not be looked for on the network
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM
from gpt import adamw, precision

# Float32 sums in other orders; bfloat16 rounds each factor of a product by up to 2^-9.
TOLERANCES = {"fp32": 2e-5, "bf16": 5e-3, "fast": 5e-3}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("folder")
    p.add_argument("--mode", choices=TOLERANCES, default="fp32")
    p.add_argument("--tolerance", type=float)
    a = p.parse_args()
    steps = load_file(pathlib.Path(a.folder) / "steps.safetensors")
    model = AutoModelForCausalLM.from_pretrained(a.folder, dtype=torch.float32, local_files_only=True, use_cache=False).train()
    optimizer, context, losses = adamw(model, 1e-4, (0.9, 0.95), 0.1), precision(a.mode), []
    for x, y in zip(steps["tokens"].long(), steps["targets"].long()):
        with context():
            loss = torch.nn.functional.cross_entropy(model(input_ids=x).logits.flatten(0, 1).float(), y.flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.item())
    wanted = steps["losses"].tolist()
    far = max(abs(x - y) / y for x, y in zip(losses, wanted))
    tolerance = a.tolerance or TOLERANCES[a.mode]
    print(json.dumps(dict(steps=len(losses), mode=a.mode, largest_relative_difference=far, tolerance=tolerance, agrees=far <= tolerance,
                          losses=[round(x, 6) for x in losses], theirs=[round(x, 6) for x in wanted])))
    sys.exit(0 if far <= tolerance else 1)


main()
