"""Opens with transformers what scripts/open-with-transformers had trained, and fails where transformers finds other weights or computes other numbers.

    python3 open_runs.py FOLDER 7,11,23
"""
import csv, importlib.util, json, math, os, pathlib, sys

os.environ["HF_HUB_OFFLINE"] = "1"
import torch, transformers
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForMaskedLM, AutoModelForSequenceClassification, AutoTokenizer, PreTrainedTokenizerFast

TOLERANCE = 1e-5  # of the norm: float32 sums in another order


def opener(folder, config):
    name = config["architectures"][0]
    return AutoModelForSequenceClassification if name.endswith("SequenceClassification") else AutoModelForMaskedLM if name.endswith("MaskedLM") else AutoModelForCausalLM


def load(folder):
    # Gemma 2's cap on attention is in the eager form only.
    model, info = opener(folder, json.load(open(folder / "config.json"))).from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", output_loading_info=True)
    assert not any(info.values()), f"{folder}: {info}"
    return model.eval()


def adapted(folder):
    """The base with PEFT's change beside the chosen layers: y = W x + s B A x, s = alpha / r (or its root); DoRA: rows of W + s B A at trained lengths."""
    config, weights = json.load(open(folder / "adapter_config.json")), load_file(folder / "adapter_model.safetensors")
    base = pathlib.Path(config["base_model_name_or_path"])
    base = folder.parents[1].joinpath(*base.parts[-2:])  # the same folders, wherever they are mounted
    if config["task_type"] == "SEQ_CLS":
        labels = AutoConfig.from_pretrained(folder)
        model = AutoModelForSequenceClassification.from_pretrained(base, config=labels, dtype=torch.float32, attn_implementation="eager")
    else:
        model = load(base)
    weights = {n.removeprefix("base_model.model."): w for n, w in weights.items()}
    scale = config["lora_alpha"] / (math.sqrt(config["r"]) if config["use_rslora"] else config["r"])
    used = set()
    for name, module in model.named_modules():
        if f"{name}.lora_A.weight" in weights:
            a, b = weights[f"{name}.lora_A.weight"], weights[f"{name}.lora_B.weight"]
            used |= {f"{name}.lora_A.weight", f"{name}.lora_B.weight"}
            old = module.weight.data.T if config["fan_in_fan_out"] else module.weight.data
            new = old + scale * b @ a
            if config["use_dora"]:
                new = new * (weights[f"{name}.lora_magnitude_vector"] / new.norm(dim=1))[:, None]
                used.add(f"{name}.lora_magnitude_vector")
            module.weight.data = (new.T if config["fan_in_fan_out"] else new).contiguous()
    parameters = dict(model.named_parameters())
    for name in weights.keys() - used:
        parameters[name].data.copy_(weights[name])
    chosen = {n.rsplit(".", 1)[-1] for n in (u.split(".lora_")[0] for u in used)}
    assert used and chosen <= set(config["target_modules"]), (chosen, config["target_modules"])
    return model.eval(), base


def with_peft(folder, base, tokens, want):
    if importlib.util.find_spec("peft") is None:
        return ""
    from peft import PeftModel
    config = json.load(open(folder / "adapter_config.json"))
    if config["task_type"] == "SEQ_CLS":
        return ""
    model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32, attn_implementation="eager"), folder).eval()
    compare("peft", model(input_ids=torch.tensor([tokens])).logits[0], want)
    return "PEFT "


def compare(what, got, want):
    far = ((got.double() - want.double()).norm() / want.double().norm()).item()
    assert got.shape == want.shape and far < TOLERANCE, f"{what}: {list(got.shape)} beside {list(want.shape)}, {far:.1e} of the norm apart"
    return far


def tokenizer_of(folder, texts):
    """AutoTokenizer takes no notice of what a qwen2 folder says of its tokenizer, and gives any vocabulary Qwen's own pattern."""
    auto = AutoTokenizer.from_pretrained(folder)
    plain = Tokenizer.from_file(str(folder / "tokenizer.json"))
    same = all(auto(text)["input_ids"] == plain.encode(text).ids for text in texts)
    assert same or auto.__class__.__name__ == "Qwen2Tokenizer", f"{folder}: {type(auto).__name__} gives other ids"
    return (auto, "") if same else (PreTrainedTokenizerFast.from_pretrained(folder), f" (PreTrainedTokenizerFast; a {type(auto).__name__} gives other ids)")


def predictions(run, model):
    """Every row's probabilities or numbers, through the tokenizer that transformers makes of the folder."""
    got, rows = [json.loads(line) for line in open(run / "predictions.jsonl")], list(csv.DictReader(open(run.parent / "rows.csv")))
    assert len(got) == len(rows)
    (tokenizer, note), worst = tokenizer_of(run / "model", [row["text"] for row in rows]), 0
    for said, row in zip(got, rows):
        logits = model(**tokenizer(row["text"], return_tensors="pt")).logits[0]
        if "values" in said:
            mine = said["values"] if isinstance(said["values"], list) else list(said["values"].values())
            worst = max(worst, (torch.tensor(mine) - logits).abs().max().item())
            continue
        probabilities = logits.softmax(-1)
        names = [model.config.id2label[i] for i in range(len(probabilities))]
        assert sorted(names) == sorted(said["probabilities"]), (names, said)
        worst = max(worst, max(abs(said["probabilities"][n] - p.item()) for n, p in zip(names, probabilities)))
    assert worst < 1e-5, f"{run}: predictions differ by {worst}"
    return f"{len(rows)} predictions {worst:.0e}{note}"


def main(folder, tokens):
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    runs = sorted(p for p in pathlib.Path(folder).resolve().iterdir() if (p / "logits.safetensors").exists())
    assert runs
    for run in runs:
        want, beside = load_file(run / "logits.safetensors")["logits"], ""
        if (run / "model" / "adapter_config.json").exists():
            model, base = adapted(run / "model")
            beside = with_peft(run / "model", base, tokens, want)
        else:
            model = load(run / "model")
        far = compare(run.name, model(input_ids=torch.tensor([tokens])).logits[0], want)
        if (run / "predictions.jsonl").exists():
            beside += predictions(run, model)
        print(f"{run.name}: {type(model).__name__}, logits {far:.0e} {beside}", flush=True)
    print(f"{len(runs)} runs agree with transformers {transformers.__version__}")


with torch.no_grad():
    main(sys.argv[1], [int(t) for t in sys.argv[2].split(",")])
