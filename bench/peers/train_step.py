#!/usr/bin/env python3
"""Times one training step of a GPT-2-shaped model in PyTorch, on random tokens.

    train_step.py SHAPE MODE [--model plain|transformers] [--compile] [--steps N] [--threads N] [--json]

SHAPE   char        4 layers,  4 heads, width 128, context   64, vocabulary    65, batch 12, no biases (nanoGPT on a CPU)
        baby        6 layers,  6 heads, width 384, context  256, vocabulary    65, batch 16, no biases (nanoGPT, characters)
        gpt2-short 12 layers, 12 heads, width 768, context   64, vocabulary 50304, batch  4  (GPT-2 124M)
        gpt2-long  12 layers, 12 heads, width 768, context 1024, vocabulary 50304, batch  1  (GPT-2 124M)
MODE    fp32 | bf16 (autocast) | fast (float32 storage, bfloat16 matrix products)

A step: forward, cross entropy, backward, clip the global gradient norm to 1, fused AdamW, drop the gradients. Two steps warm up
(with --compile, four). `plain` is gpt.py's model; `transformers` is GPT2LMHeadModel, which always has biases.
Prints median and best tokens per second, milliseconds per step, and the peak resident memory.
"""
import argparse, json, resource, statistics, time
import torch
from gpt import Gpt, adamw, precision

#              layers heads width context vocab batch bias  steps
SHAPES = {
    "char":       (4,  4, 128,   64,    65, 12, False, 100),
    "baby":       (6,  6, 384,  256,    65, 16, False, 8),
    "gpt2-short": (12, 12, 768,  64, 50304,  4, True,  8),
    "gpt2-long":  (12, 12, 768, 1024, 50304, 1, True,  4),
}


def build(kind, layers, heads, width, context, vocab, bias):
    """A model, and a function from (model, ids, targets) to its loss."""
    if kind == "plain":
        return Gpt(layers, heads, width, context, vocab, bias=bias), lambda m, x, y: m(x, y)
    from transformers import GPT2Config, GPT2LMHeadModel
    config = GPT2Config(vocab_size=vocab, n_positions=context, n_embd=width, n_layer=layers, n_head=heads, resid_pdrop=0.0,
                        embd_pdrop=0.0, attn_pdrop=0.0, use_cache=False, bos_token_id=0, eos_token_id=0)
    head_loss = lambda m, x, y: torch.nn.functional.cross_entropy(m(input_ids=x).logits.flatten(0, 1).float(), y.flatten())
    return GPT2LMHeadModel(config), head_loss


def time_steps(model, loss_of, context_of, batch, context, vocab, steps, warmup):
    optimizer = adamw(model, 1e-4, (0.9, 0.95), 0.1)
    times, losses = [], []
    for _ in range(steps + warmup):
        x, y = torch.randint(vocab, (2, batch, context))
        began = time.perf_counter()
        with context_of():
            loss = loss_of(model, x, y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        times.append(time.perf_counter() - began)
        losses.append(loss.item())
    if not all(0.5 < x < 20 for x in losses):
        raise SystemExit(f"losses {losses} are not those of random tokens: nothing was timed")
    return times[warmup:], losses[-1]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("shape", choices=SHAPES)
    p.add_argument("mode", choices=("fp32", "bf16", "fast"))
    p.add_argument("--model", choices=("plain", "transformers"), default="plain")
    p.add_argument("--compile", action="store_true")
    p.add_argument("--steps", type=int, default=0)
    p.add_argument("--threads", type=int, default=0, help="0 is torch's choice")
    p.add_argument("--json", action="store_true")
    a = p.parse_args()
    *_, context, vocab, batch, bias, steps = SHAPES[a.shape]
    layers, heads, width = SHAPES[a.shape][:3]
    if a.threads:
        torch.set_num_threads(a.threads)
    torch.manual_seed(0)
    model, loss_of = build(a.model, layers, heads, width, context, vocab, bias)
    model.train()
    timed = torch.compile(model) if a.compile else model
    times, loss = time_steps(timed, loss_of, precision(a.mode), batch, context, vocab, a.steps or steps, 4 if a.compile else 2)
    out = dict(shape=a.shape, mode=a.mode, model=a.model + ("-compile" if a.compile else ""), threads=torch.get_num_threads(),
               tokens_per_second=round(batch * context / statistics.median(times), 1), best=round(batch * context / min(times), 1),
               ms_per_step=round(statistics.median(times) * 1e3, 2), loss=round(loss, 3),
               peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, torch=torch.__version__)
    print(json.dumps(out) if a.json else "  ".join(f"{k} {v}" for k, v in out.items()))


main()
