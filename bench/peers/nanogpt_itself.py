#!/usr/bin/env python3
"""Runs nanoGPT's own program, from a checkout of it, as its README trains the character model on a CPU.

    nanogpt_itself.py TEXT CHECKOUT [--json]

TEXT is prepared as nanoGPT's data/shakespeare_char does: the first 90 % of characters train, the rest validates. The program runs in a folder of its own with
copies of the checkout's files; its seed is its own, 1337.

val_loss       mean over every character of the validation part, in windows that do not overlap, of the checkpoint that the program left
val_loss_said  what the program said last, of 20 random batches
wall_seconds   the program's process, from start to end
"""
import argparse, json, os, pickle, re, shutil, subprocess, sys, tempfile, time
import numpy as np

CONTEXT = 64
RECIPE = ["--device=cpu", "--compile=False", "--eval_iters=20", "--log_interval=1", f"--block_size={CONTEXT}", "--batch_size=12", "--n_layer=4", "--n_head=4",
          "--n_embd=128", "--max_iters=2000", "--lr_decay_iters=2000", "--dropout=0.0", "--out_dir=out"]


def prepare(text, folder):
    """Token ids of both parts and the characters, where the program looks for them; returns the validation part."""
    with open(text, encoding="utf-8", newline="") as file:
        characters = file.read()
    names = sorted(set(characters))
    number = {c: i for i, c in enumerate(names)}
    ids = np.array([number[c] for c in characters], dtype=np.uint16)
    parts = np.split(ids, [int(len(ids) * 0.9)])
    data = os.path.join(folder, "data", "shakespeare_char")
    os.makedirs(data)
    for name, part in zip(("train", "val"), parts):
        part.tofile(os.path.join(data, name + ".bin"))
    with open(os.path.join(data, "meta.pkl"), "wb") as file:
        pickle.dump(dict(vocab_size=len(names), itos=dict(enumerate(names)), stoi=number), file)
    return parts[1]


def whole_loss(folder, ids):
    """Each character but the first is predicted once; the last window may be shorter."""
    import torch
    sys.path.insert(0, folder)
    from model import GPT, GPTConfig
    saved = torch.load(os.path.join(folder, "out", "ckpt.pt"), map_location="cpu", weights_only=False)
    model = GPT(GPTConfig(**saved["model_args"]))
    model.load_state_dict(saved["model"])
    model.eval()
    data = torch.from_numpy(ids.astype(np.int64))
    inputs, targets = data[:-1], data[1:]
    whole = len(inputs) // CONTEXT * CONTEXT
    pieces = list(zip(inputs[:whole].view(-1, CONTEXT).split(64), targets[:whole].view(-1, CONTEXT).split(64)))
    if whole < len(inputs):
        pieces.append((inputs[None, whole:], targets[None, whole:]))
    with torch.no_grad():
        return saved["iter_num"], sum(model(x, y)[1].item() * y.numel() for x, y in pieces) / len(inputs)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("text")
    p.add_argument("checkout")
    p.add_argument("--json", action="store_true")
    a = p.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("train.py", "model.py", "configurator.py"):
            shutil.copy(os.path.join(a.checkout, name), folder)
        shutil.copytree(os.path.join(a.checkout, "config"), os.path.join(folder, "config"))
        validation = prepare(a.text, folder)
        began = time.perf_counter()
        run = subprocess.run([sys.executable, "train.py", "config/train_shakespeare_char.py", *RECIPE], cwd=folder, stdout=subprocess.PIPE, text=True)
        wall = time.perf_counter() - began
        if run.returncode != 0:
            sys.exit(f"nanogpt_itself: {a.checkout}/train.py ended with {run.returncode}")
        steps, loss = whole_loss(folder, validation)
    said = re.findall(r"val loss ([0-9.]+)", run.stdout)[-1]
    out = dict(steps=steps, val_loss=round(loss, 4), val_loss_said=float(said), wall_seconds=round(wall, 2))
    print(json.dumps(out) if a.json else "\n".join(f"{k:14} {v}" for k, v in out.items()))


main()
