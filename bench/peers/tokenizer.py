#!/usr/bin/env python3
"""Trains a byte-level BPE tokenizer with Hugging Face's library, and encodes the text with a tokenizer that another program wrote.

    tokenizer.py TEXT TOKENIZER.json [--vocab-size 4096] [--threads 2] [--runs 5]

Prints one line of JSON: medians of train_seconds and encode_seconds, megabytes_per_second, tokens, the SHA-256 of the ids as four bytes each, and whether
both trainings learned the same merges.
"""
import argparse, array, hashlib, json, os, statistics, time

p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
p.add_argument("text")
p.add_argument("tokenizer")
p.add_argument("--vocab-size", type=int, default=4096)
p.add_argument("--threads", type=int, default=os.cpu_count())
p.add_argument("--runs", type=int, default=5)
a = p.parse_args()
os.environ["RAYON_NUM_THREADS"], os.environ["TOKENIZERS_PARALLELISM"] = str(a.threads), "true" if a.threads > 1 else "false"
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

text = open(a.text, encoding="utf-8", newline="").read()
pieces, start = [], 0
while start < len(text):
    line = text.find("\n", start + 4096) if start + 4096 < len(text) else -1
    end = len(text) if line < 0 else line + 1
    pieces.append(text[start:end])
    start = end


def train():
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    began = time.perf_counter()
    t.train_from_iterator([text], trainers.BpeTrainer(vocab_size=a.vocab_size, min_frequency=2, special_tokens=["<|endoftext|>"],
                          initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    return t, time.perf_counter() - began


def encode(t):
    began = time.perf_counter()
    made = t.encode_batch_fast(pieces, add_special_tokens=False)  # without places, as fast as it goes
    return made, time.perf_counter() - began


def merges(t): return [m if isinstance(m, str) else " ".join(m) for m in json.loads(t)["model"]["merges"]]


own, _ = train()
theirs = Tokenizer.from_file(a.tokenizer)
made, _ = encode(theirs)
ids = array.array("i", [i for e in made for i in e.ids])
trainings, encodings = [train()[1] for _ in range(a.runs)], [encode(theirs)[1] for _ in range(a.runs)]
seconds, size = statistics.median(encodings), len(text.encode())
print(json.dumps({"bytes": size, "threads": a.threads, "train_seconds": statistics.median(trainings), "encode_seconds": seconds, "megabytes_per_second": size / seconds / 1e6,
                  "tokens": len(ids), "sha256": hashlib.sha256(ids.tobytes()).hexdigest(),
                  "same_merges": merges(own.to_str()) == merges(open(a.tokenizer, encoding="utf-8").read())}))
