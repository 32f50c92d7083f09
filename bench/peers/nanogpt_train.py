#!/usr/bin/env python3
"""Trains nanoGPT's character-level model with its recipe for a CPU, to compare loss and time with.

    nanogpt_train.py TEXT [--seed N] [--threads N] [--steps N] [--precision fp32|bf16|fast] [--no-eval] [--json]

TEXT's first 90 % of characters train, the rest validates. 4 layers, 4 heads, width 128, context 64, no dropout, no biases,
windows of 64 at random offsets, batch 12, AdamW 1e-3 (betas 0.9, 0.99, decay 0.1 on matrices), 100 warm-up steps, cosine to
1e-4 at the last step, gradient norm clipped to 1. Before the first step, every 250 steps and at the end 20 random batches of
each part are evaluated, as nanoGPT's recipe does, unless --no-eval says otherwise.

val_loss          mean over every character of the validation part, in windows that do not overlap
val_loss_random   mean of 200 random batches, as nanoGPT estimates it
train_seconds     the steps, their evaluations, and the checkpoints that nanoGPT writes where the validation loss is the best so far
wall_seconds      from the start of the process until the last step is done and saved;  process_seconds: until the validation is done
"""
import argparse, json, math, os, tempfile, time
import torch
from gpt import Gpt, adamw, precision, seconds_since_process_start

CONTEXT, BATCH, WARMUP, PEAK, FLOOR = 64, 12, 100, 1e-3, 1e-4
EVAL_EVERY, EVAL_BATCHES = 250, 20


def learning_rate(step, steps):
    if step < WARMUP:
        return PEAK * (step + 1) / (WARMUP + 1)
    progress = (step - WARMUP) / max(1, steps - WARMUP)
    return FLOOR + (PEAK - FLOOR) * 0.5 * (1 + math.cos(math.pi * progress))


def random_windows(data):
    starts = torch.randint(len(data) - CONTEXT, (BATCH, 1))
    at = starts + torch.arange(CONTEXT)
    return data[at], data[at + 1]


@torch.no_grad()
def whole_loss(model, data):
    """Each character but the first is predicted once; the last window may be shorter."""
    inputs, targets = data[:-1], data[1:]
    whole = len(inputs) // CONTEXT * CONTEXT
    pieces = list(zip(inputs[:whole].view(-1, CONTEXT).split(64), targets[:whole].view(-1, CONTEXT).split(64)))
    if whole < len(inputs):
        pieces.append((inputs[None, whole:], targets[None, whole:]))
    return sum(model(x, y).item() * y.numel() for x, y in pieces) / len(inputs)


@torch.no_grad()
def random_loss(model, data, batches=200):
    return sum(model(*random_windows(data)).item() for _ in range(batches)) / batches


def train(model, data, validation, steps, context, file):
    optimizer = adamw(model, PEAK, (0.9, 0.99), 0.1)
    best = math.inf
    for step in range(steps):
        if validation is not None and step % EVAL_EVERY == 0:
            loss = evaluate(model, data, validation)
            if loss < best and step > 0:
                save(model, optimizer, step, file)
            best = min(best, loss)
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, steps)
        with context():
            loss = model(*random_windows(data))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        last = loss.item()   # nanoGPT's recipe logs every step
    if validation is not None:
        evaluate(model, data, validation)
    save(model, optimizer, steps, file)
    return last


def evaluate(model, *parts):
    """The loss of the last part."""
    model.eval()
    losses = [random_loss(model, part, EVAL_BATCHES) for part in parts]
    model.train()
    return losses[-1]


def save(model, optimizer, step, file):
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "iter_num": step}, file)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("text")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=0, help="0 is torch's choice")
    p.add_argument("--steps", type=int, default=2000)
    p.add_argument("--precision", choices=("fp32", "bf16", "fast"), default="fp32")
    p.add_argument("--no-eval", action="store_true", help="evaluate nothing until the end")
    p.add_argument("--json", action="store_true")
    a = p.parse_args()
    if a.threads:
        torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    context = precision(a.precision)

    with open(a.text, encoding="utf-8", newline="") as file:
        text = file.read()
    characters = sorted(set(text))
    number = {c: i for i, c in enumerate(characters)}
    data = torch.tensor([number[c] for c in text])
    cut = int(len(data) * 0.9)
    model = Gpt(4, 4, 128, CONTEXT, len(characters), bias=False)

    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        last = train(model, data[:cut], None if a.no_eval else data[cut:], a.steps, context, os.path.join(folder, "ckpt.pt"))
    seconds = time.perf_counter() - began
    wall = seconds_since_process_start()
    model.eval()
    validation = whole_loss(model, data[cut:])
    process = seconds_since_process_start()
    out = dict(seed=a.seed, steps=a.steps, threads=torch.get_num_threads(), precision=a.precision,
               parameters=sum(x.numel() for x in model.parameters()), val_loss=round(validation, 4),
               val_loss_random=round(random_loss(model, data[cut:]), 4), last_batch_loss=round(last, 4),
               train_seconds=round(seconds, 2), wall_seconds=round(wall, 2), process_seconds=round(process, 2),
               tokens_per_second=round(a.steps * BATCH * CONTEXT / seconds, 1), torch=torch.__version__)
    print(json.dumps(out) if a.json else "\n".join(f"{k:18} {v}" for k, v in out.items()))


main()
