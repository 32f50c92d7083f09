#!/usr/bin/env python3
"""Opens a model folder with transformers and compares it with what another program computed from it.

    check_export.py DIR [--tokens 1,2,3] [--logits FILE] [--greedy N [--expect 4,5,6]] [--text FILE --ids FILE]

DIR               a folder with config.json and model.safetensors; a weight that is missing or not used is a failure
--tokens          token ids of one sequence
--logits          a safetensors file whose tensor `logits` [tokens, vocabulary] belongs to --tokens
--greedy N        continues --tokens by N likeliest tokens; --expect are the ones wanted
--text, --ids     a UTF-8 text, and its token ids without special tokens: JSON (an array, or an object with `ids` or `tokens`)
                  or numbers separated by spaces, commas or lines. Compared with AutoTokenizer and with tokenizer.json itself.

Prints one line of JSON. Exit code 0: all that was asked for agrees; 1: something differs, or logits by more than 1e-4 of their
norm; 2: wrong usage or unreadable files.
"""
import argparse, json, os, pathlib, re, sys, traceback

os.environ["HF_HUB_OFFLINE"] = "1"  # a mistyped folder must not be looked for on the network
import torch
import transformers
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM, AutoTokenizer

TOLERANCE = 1e-4


def numbers(text):
    return [int(x) for x in re.findall(r"-?\d+", text)]


def read_ids(path):
    text = pathlib.Path(path).read_text(encoding="utf-8")
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        return numbers(text)
    if isinstance(value, dict):
        value = value["ids"] if "ids" in value else value["tokens"]
    return value if isinstance(value, list) else [value]


def open_model(folder, out):
    model, info = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, local_files_only=True, output_loading_info=True)
    out["model"] = type(model).__name__
    out["parameters"] = sum(p.numel() for p in model.parameters())
    out["loading"] = {k: sorted(map(str, v)) for k, v in info.items() if v}
    return model.eval(), not out["loading"]


def compare_logits(model, tokens, path, out):
    got = load_file(path)["logits"].double()
    with torch.no_grad():
        want = model(input_ids=torch.tensor([tokens])).logits[0].double()
    if got.shape != want.shape:
        out["logits"] = {"shape": list(got.shape), "wanted_shape": list(want.shape)}
        return False
    far = (got - want).abs()
    relative = ((got - want).norm() / want.norm()).item()
    out["logits"] = {"max_absolute": far.max().item(), "max_relative_to_largest": (far.max() / want.abs().max()).item(),
                     "relative_norm": relative, "norm": want.norm().item(), "same_argmax": torch.equal(got.argmax(-1), want.argmax(-1))}
    return relative <= TOLERANCE


def continue_greedily(model, tokens, count, expected, out):
    ids, leads = list(tokens), []
    limit = model.config.max_position_embeddings
    with torch.no_grad():
        for _ in range(count):
            best = model(input_ids=torch.tensor([ids[-limit:]])).logits[0, -1].topk(2)
            ids.append(best.indices[0].item())
            leads.append((best.values[0] - best.values[1]).item())
    chosen = ids[len(tokens):]
    out["greedy"] = {"tokens": chosen, "smallest_lead": min(leads)}
    if expected is None:
        return True
    first = next((i for i, (a, b) in enumerate(zip(chosen, expected)) if a != b), min(len(chosen), len(expected)))
    out["greedy"].update(expected=expected, same=chosen == expected)
    if chosen != expected:
        out["greedy"].update(first_difference=first, lead_there=leads[first] if first < len(leads) else None)
    return chosen == expected


def compare_ids(folder, text_path, ids_path, out):
    text = pathlib.Path(text_path).read_bytes().decode("utf-8")
    expected, fine = read_ids(ids_path), True
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    raw = Tokenizer.from_file(str(pathlib.Path(folder) / "tokenizer.json"))
    raw_decode = lambda ids: raw.decode(ids, skip_special_tokens=False)
    ways = {
        "auto_tokenizer": (tokenizer.encode(text, add_special_tokens=False), type(tokenizer).__name__, tokenizer.decode),
        "tokenizer_json": (raw.encode(text, add_special_tokens=False).ids, type(raw.model).__name__, raw_decode),
    }
    for name, (ids, kind, decode) in ways.items():
        same = ids == expected
        out[name] = {"kind": kind, "count": len(ids), "expected_count": len(expected), "same": same, "decodes_back": decode(ids) == text}
        if not same:
            first = next((i for i, (a, b) in enumerate(zip(ids, expected)) if a != b), min(len(ids), len(expected)))
            out[name].update(first_difference=first, got=ids[first : first + 8], expected=expected[first : first + 8])
        fine &= same
    return fine


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("dir")
    p.add_argument("--tokens", type=numbers)
    p.add_argument("--logits")
    p.add_argument("--greedy", type=int, default=0)
    p.add_argument("--expect", type=numbers)
    p.add_argument("--text")
    p.add_argument("--ids")
    a = p.parse_args()
    if not a.tokens and (a.logits or a.greedy):
        p.error("--logits and --greedy need --tokens")
    if a.expect is not None and not a.greedy:
        p.error("--expect needs --greedy")
    if (a.text is None) != (a.ids is None):
        p.error("--text and --ids come together")
    return a


def check(a, out):
    model, fine = open_model(a.dir, out)
    if a.logits:
        fine &= compare_logits(model, a.tokens, a.logits, out)
    if a.greedy:
        fine &= continue_greedily(model, a.tokens, a.greedy, a.expect, out)
    if a.text:
        fine &= compare_ids(a.dir, a.text, a.ids, out)
    return fine


def main():
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    a = arguments()
    out = {"folder": a.dir, "versions": {"torch": torch.__version__, "transformers": transformers.__version__}}
    try:
        if not (pathlib.Path(a.dir) / "config.json").is_file():
            raise FileNotFoundError(f"{a.dir} has no config.json")
        out["agrees"] = check(a, out)
    except Exception as e:
        traceback.print_exc()
        out.update(agrees=False, error=f"{type(e).__name__}: {e}")
    print(json.dumps(out))
    sys.exit(2 if "error" in out else 0 if out["agrees"] else 1)


main()
