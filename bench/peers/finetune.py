#!/usr/bin/env python3
"""Fine-tunes a GPT-2 with transformers' Trainer on a CPU, as bench/finetune measures it.

    finetune.py MODEL TEXT (full|lora) (fp32|bf16|fast) [--batch N] [--context N] [--steps N] [--rank N] [--threads N]

MODEL  a Hugging Face folder with tokenizer.json
TEXT   a text; windows of it begin at random tokens
full   all weights;  lora  A and B of rank N beside every linear layer of the blocks, in place of the model (Hu et al., 2021), written by hand: PEFT is not needed
fp32 | bf16 (Trainer's bf16: autocast) | fast (float32 storage, bfloat16 matrix products)

A step is Trainer's: batch, forward, backward, clipping to 1.0, fused AdamW, constant rate. Two steps warm up. Prints one line of JSON: tokens per second of the median
step, the first and the last loss, trained parameters and the peak resident memory.
"""
import argparse, json, math, pathlib, resource, statistics, tempfile, time
import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM, Trainer, TrainerCallback, TrainingArguments
import transformers

WARMUP = 2


class Lora(torch.nn.Module):
    """y = base(x) + x Aᵀ Bᵀ; alpha is the rank."""

    def __init__(self, base, rank):
        super().__init__()
        inputs, outputs = base.weight.shape   # transformers' Conv1D
        self.base, self.a, self.b = base, torch.nn.Parameter(torch.empty(rank, inputs)), torch.nn.Parameter(torch.zeros(outputs, rank))
        torch.nn.init.kaiming_uniform_(self.a, a=math.sqrt(5))

    def forward(self, x):
        linear = torch.nn.functional.linear
        return self.base(x) + linear(linear(x, self.a), self.b)


class Windows(torch.utils.data.Dataset):
    def __init__(self, ids, context, count):
        self.ids, self.context = ids, context
        self.starts = torch.randint(len(ids) - context, (count,), generator=torch.Generator().manual_seed(1))

    def __len__(self):
        return len(self.starts)

    def __getitem__(self, i):
        row = self.ids[self.starts[i]:self.starts[i] + self.context]
        return {"input_ids": row, "labels": row}


class Clock(TrainerCallback):
    def __init__(self):
        self.ends, self.losses = [], []

    def on_train_begin(self, *args, **kwargs):
        self.ends.append(time.perf_counter())

    def on_step_end(self, *args, **kwargs):
        self.ends.append(time.perf_counter())

    def on_log(self, args, state, control, logs=None, **kwargs):
        if "loss" in logs:
            self.losses.append(float(logs["loss"]))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("model")
    p.add_argument("text")
    p.add_argument("kind", choices=("full", "lora"))
    p.add_argument("mode", choices=("fp32", "bf16", "fast"))
    p.add_argument("--batch", type=int, default=4)
    p.add_argument("--context", type=int, default=256)
    p.add_argument("--steps", type=int, default=8)
    p.add_argument("--rank", type=int, default=8)
    p.add_argument("--threads", type=int, default=0)
    a = p.parse_args()
    if a.threads:
        torch.set_num_threads(a.threads)
    if a.mode == "fast":
        torch.set_float32_matmul_precision("medium")
    transformers.logging.set_verbosity_error()
    ids = torch.tensor(Tokenizer.from_file(str(pathlib.Path(a.model) / "tokenizer.json")).encode(pathlib.Path(a.text).read_text(encoding="utf-8")).ids)
    model = AutoModelForCausalLM.from_pretrained(a.model, dtype=torch.float32)
    model.config.use_cache = False
    if a.kind == "lora":
        model.requires_grad_(False)
        for block in model.transformer.h:
            for module, name in (block.attn, "c_attn"), (block.attn, "c_proj"), (block.mlp, "c_fc"), (block.mlp, "c_proj"):
                setattr(module, name, Lora(getattr(module, name), a.rank))
    clock = Clock()
    with tempfile.TemporaryDirectory() as out:
        arguments = TrainingArguments(
            output_dir=out, use_cpu=True, bf16=a.mode == "bf16", per_device_train_batch_size=a.batch, max_steps=a.steps + WARMUP, learning_rate=5e-5,
            lr_scheduler_type="constant", weight_decay=0.01, max_grad_norm=1.0, optim="adamw_torch_fused", save_strategy="no", logging_steps=1, report_to=[],
            disable_tqdm=True, seed=1)
        trainer = Trainer(model=model, args=arguments, train_dataset=Windows(ids, a.context, a.batch * (a.steps + WARMUP)), callbacks=[clock])
        trainer.pop_callback(transformers.PrinterCallback)
        trainer.train()
    times = [b - a for a, b in zip(clock.ends, clock.ends[1:])][WARMUP:]
    print(json.dumps(dict(
        program="transformers", kind=a.kind, mode=a.mode, tokens_per_second=round(a.batch * a.context / statistics.median(times), 1),
        first_loss=clock.losses[0], last_loss=clock.losses[-1], trained=sum(p.numel() for p in model.parameters() if p.requires_grad),
        peak_mib=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1), threads=torch.get_num_threads(),
        versions=f"torch {torch.__version__}, transformers {transformers.__version__}")))


if __name__ == "__main__":
    main()
