#!/usr/bin/env python3
"""Times greedy generation of GPT-2 124M with random weights in transformers: batch 1, a key-value cache, one prompt.

    generate.py fp32|bf16 [--prompt-tokens 32] [--new-tokens 128] [--runs 5] [--threads N] [--json]

fp32 is torch's default; bf16 is model.to(torch.bfloat16): weights, cache and products in bfloat16. One run warms up. The seconds of a run are those of
`generate` whole; `tokens_per_second` is new tokens ÷ the median of them, and `decode_tokens_per_second` leaves the prompt out, which is timed as a run of
one new token. `weight_bytes` is what one token reads of the weights: all but the positions' table.
"""
import argparse, json, statistics, time
import torch
from transformers import GPT2Config, GPT2LMHeadModel


def seconds(model, prompt, new_tokens):
    began = time.perf_counter()
    out = model.generate(prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=new_tokens, min_new_tokens=new_tokens, do_sample=False, use_cache=True)
    took = time.perf_counter() - began
    if out.shape[1] != prompt.shape[1] + new_tokens:
        raise SystemExit(f"{out.shape[1]} tokens came out, not {prompt.shape[1] + new_tokens}: nothing was timed")
    return took


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("mode", choices=("fp32", "bf16"))
    p.add_argument("--prompt-tokens", type=int, default=32)
    p.add_argument("--new-tokens", type=int, default=128)
    p.add_argument("--runs", type=int, default=5)
    p.add_argument("--threads", type=int, default=0, help="0 is torch's choice")
    p.add_argument("--json", action="store_true")
    a = p.parse_args()
    if a.threads:
        torch.set_num_threads(a.threads)
    torch.manual_seed(0)
    model = GPT2LMHeadModel(GPT2Config(bos_token_id=None, eos_token_id=None)).eval()
    if a.mode == "bf16":
        model = model.to(torch.bfloat16)
    prompt = torch.randint(model.config.vocab_size, (1, a.prompt_tokens))
    with torch.no_grad():
        seconds(model, prompt, a.new_tokens)
        first = statistics.median(seconds(model, prompt, 1) for _ in range(a.runs))
        times = [seconds(model, prompt, a.new_tokens) for _ in range(a.runs)]
    parameters = sum(x.numel() for x in model.parameters()) - model.transformer.wpe.weight.numel()
    median = statistics.median(times)
    out = dict(mode=a.mode, prompt_tokens=a.prompt_tokens, new_tokens=a.new_tokens, threads=torch.get_num_threads(),
               tokens_per_second=round(a.new_tokens / median, 2), best=round(a.new_tokens / min(times), 2),
               decode_tokens_per_second=round((a.new_tokens - 1) / (median - first), 2), prompt_seconds=round(first, 4),
               weight_bytes=parameters * (4 if a.mode == "fp32" else 2), torch=torch.__version__)
    print(json.dumps(out) if a.json else "  ".join(f"{k} {v}" for k, v in out.items()))


main()
