"""Writes the folders of encoders and of task heads: masked language models of BERT, RoBERTa and DistilBERT, and sequence
classifiers of every architecture, with padded batches.

Each folder is what save_pretrained writes, and reference.safetensors beside it. Every value comes from the transformers model in
float64; the script fails when the same model in float32 differs by more than 1e-5 of the norm (2e-5 for training), or when
training would go elsewhere under another float32 rounding.

`python3 heads.py` writes all, `python3 heads.py NAME ...` some. README.md lists the tensors.

What Sinter writes is opened by `--check`, which fails unless transformers gives the reference's logits:

    SINTER_TRANSFORMERS_CHECK=out/ Sinter.Tests --explicit only --filter-method '*.Write_heads_for_transformers'
    python3 heads.py --check out/
"""
import pathlib, sys
import torch
import transformers as t
import reference
from safetensors.torch import load_file

LABELS = {0: "animal", 1: "plant", 2: "stone"}
PAD, VOCAB, ROWS, LENGTH = 1, 53, 4, 11
LENGTHS = 11, 7, 9, 4

ENCODER = dict(vocab_size=VOCAB, hidden_size=18, num_hidden_layers=2, num_attention_heads=3, intermediate_size=26,
               max_position_embeddings=15, pad_token_id=PAD)
DECODER = dict(vocab_size=VOCAB, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
               intermediate_size=22, max_position_embeddings=14, pad_token_id=PAD, bos_token_id=2, eos_token_id=3)
ROPE = dict(rope_parameters={"rope_type": "default", "rope_theta": 10000.0})


def bert(**more):
    return t.BertConfig(**ENCODER | more)


def roberta(**more):
    return t.RobertaConfig(**ENCODER | dict(max_position_embeddings=17, layer_norm_eps=1e-5) | more)


def distilbert(**more):
    return t.DistilBertConfig(vocab_size=VOCAB, dim=18, n_layers=2, n_heads=3, hidden_dim=26, max_position_embeddings=15,
                              pad_token_id=PAD, **more)


def gpt2(**more):
    return t.GPT2Config(vocab_size=VOCAB, n_embd=16, n_layer=2, n_head=2, n_positions=14, pad_token_id=PAD, bos_token_id=2,
                        eos_token_id=3, **more)


DECODERS = {
    "gpt2": gpt2,
    "llama": lambda **more: t.LlamaConfig(**DECODER | ROPE | more),
    "mistral": lambda **more: t.MistralConfig(**DECODER | ROPE | dict(sliding_window=5) | more),
    "qwen2": lambda **more: t.Qwen2Config(**DECODER | ROPE | more),
    "qwen3": lambda **more: t.Qwen3Config(**DECODER | ROPE | dict(head_dim=6) | more),
    "gemma2": lambda **more: t.Gemma2Config(**DECODER | ROPE | dict(head_dim=6, query_pre_attn_scalar=9, sliding_window=5, attn_logit_softcapping=None) | more),
    "phi3": lambda **more: t.Phi3Config(**DECODER | ROPE | more),
}
ENCODERS = {"bert": bert, "roberta": roberta, "distilbert": distilbert}


def batch(seed):
    """Rows of ids with padding on the right, and the mask that says which are real."""
    ids = reference.tokens(seed, (ROWS, LENGTH), VOCAB - 4) + 4
    mask = torch.arange(LENGTH) < torch.tensor(LENGTHS)[:, None]
    return torch.where(mask, ids, PAD), mask.long()


def series(model, loss_of, steps=10, noise=None):
    """AdamW: the loss before each update, and after the last one."""
    params = dict(model.named_parameters())
    groups = [dict(params=[p for p in params.values() if p.dim() >= 2], weight_decay=0.1),
              dict(params=[p for p in params.values() if p.dim() < 2], weight_decay=0.0)]
    optimizer, losses = torch.optim.AdamW(groups, lr=5e-3, betas=(0.9, 0.95), eps=1e-8), []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_of(model)
        losses.append(loss.detach().double())
        loss.backward()
        for p in params.values() if noise else ():
            if p.grad is not None:
                # What no rounding makes other than 0 stays 0.
                p.grad.add_(torch.randn(p.shape, generator=noise) * p.grad.square().mean().sqrt() * reference.NOISE * (p.grad != 0))
        optimizer.step()
    with torch.no_grad():
        losses.append(loss_of(model).double())
    return torch.stack(losses)


def write(name, make_with, logits_of, loss_of, extra, real=None):
    """Takes the first seed of weights with which training is steady. `make_with` gives the model of a seed; both functions take it."""
    for seed in range(20):
        try:
            return attempt(name, lambda: make_with(seed), logits_of, loss_of, extra, real)
        except SystemExit as unsteady:
            if "disturbed" not in str(unsteady):
                raise
    raise SystemExit(f"{name}: no seed gives a steady training")


def attempt(name, make, logits_of, loss_of, extra, real):
    """`real` chooses the logits that mean something."""
    model, exact, out = make(), make().double(), dict(extra)
    with torch.no_grad():
        fast, true = logits_of(model), logits_of(exact)
    chosen = torch.ones(true.shape[:1], dtype=torch.bool) if real is None else real
    reference.require(f"{name} logits", fast[chosen], true[chosen], 1e-5)
    out["logits"] = true.float()
    for m in model, exact:
        loss_of(m).backward()
    out["loss"] = loss_of(exact).detach().float()
    for (key, p), q in zip(exact.named_parameters(), model.parameters()):
        if p.grad is None:
            continue
        reference.require(f"{name} {key}", q.grad, p.grad, 1e-5, floor=1e-6)
        out[f"grad.{key}"] = p.grad.float()
    true = series(make().double(), loss_of)
    reference.require(f"{name} losses", series(make(), loss_of), true, 2e-5)
    for draw in range(3):
        noise = torch.Generator().manual_seed(draw)
        reference.require(f"{name} losses, disturbed", series(make().double(), loss_of, noise=noise), true, 5e-5)
    out["losses"] = true
    folder = reference.HERE / name
    make().save_pretrained(folder)
    for path in folder.iterdir():
        path.chmod(0o644)
    reference.save_tensors(folder / "reference.safetensors", out)
    opened, info = type(model).from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    with torch.no_grad():
        if not torch.equal(logits_of(opened.eval()), fast) or any(v for v in info.values()):
            raise SystemExit(f"{name}: reading it back gives other logits, or {info}")
    print(name, {p.name: p.stat().st_size for p in sorted(folder.iterdir())}, [round(x, 4) for x in true.tolist()])


def masked(name, config, model_class, seed):
    ids, mask = batch(seed)
    labels = torch.where((reference.tokens(seed + 1, ids.shape, 3) == 0) & (mask == 1), reference.tokens(seed + 2, ids.shape, VOCAB), reference.IGNORED)
    inputs = dict(input_ids=ids, attention_mask=mask)
    write(f"{name}-masked", lambda other: reference.randomize(model_class(config()), seed + 3 + 1000 * other), lambda m: m(**inputs).logits,
          lambda m: m(**inputs, labels=labels).loss, {k: v.int() for k, v in (inputs | dict(targets=labels)).items()}, mask == 1)


def classifier(name, config, model_class, seed, labels, suffix="labels", loss=None, **more):
    ids, mask = batch(seed)
    inputs = dict(input_ids=ids, attention_mask=mask)
    loss = loss or (lambda m: m(**inputs, labels=labels.to(m.dtype) if labels.is_floating_point() else labels).loss)
    values = dict(values=labels.reshape(ROWS, -1)) if labels.is_floating_point() else dict(labels=labels.int())
    write(f"{name}-{suffix}", lambda other: reference.randomize(model_class(config(**more)), seed + 3 + 1000 * other), lambda m: m(**inputs).logits, loss,
          {k: v.int() for k, v in inputs.items()} | values)


def check(folder):
    """Opens each folder as AutoModel... does and compares with the reference of its name."""
    for path in sorted(pathlib.Path(folder).iterdir()):
        opener = t.AutoModelForMaskedLM if path.name.endswith("masked") else t.AutoModelForSequenceClassification
        model, info = opener.from_pretrained(path, dtype=torch.float32, output_loading_info=True)
        original = type(model).from_pretrained(reference.HERE / path.name, dtype=torch.float32)
        values = load_file(reference.HERE / path.name / "reference.safetensors")
        inputs = dict(input_ids=values["input_ids"].long())
        if "attention_mask" in values:
            inputs["attention_mask"] = values["attention_mask"].long()
        if "token_types" in values:
            inputs["token_type_ids"] = values["token_types"].long()
        with torch.no_grad():
            got, want = model.eval()(**inputs).logits, original.eval()(**inputs).logits
        different = [k for k, v in original.config.to_dict().items() if k not in ("dtype", "use_cache", "transformers_version", "problem_type", "classifier_dropout",
                     "_name_or_path") and model.config.to_dict().get(k, v) != v]
        if not torch.equal(got, want) or any(v for v in info.values()):
            raise SystemExit(f"{path.name}: other logits, or {info}")
        print(path.name, type(model).__name__, "ok", "other in config: " + ", ".join(different) if different else "")


def main(names):
    jobs = {}
    labels, named = torch.tensor([2, 0, 1, 2]), dict(id2label=LABELS, label2id={v: k for k, v in LABELS.items()})
    for i, (name, config) in enumerate(ENCODERS.items()):
        stem = type(config()).__name__.removesuffix("Config")
        jobs[f"{name}-masked"] = lambda name=name, config=config, stem=stem, i=i: masked(name, config, getattr(t, stem + "ForMaskedLM"), 100 + 10 * i)
    for i, (name, config) in enumerate((ENCODERS | DECODERS).items()):
        stem = type(config()).__name__.removesuffix("Config")
        jobs[f"{name}-labels"] = lambda name=name, config=config, stem=stem, i=i: classifier(
            name, config, getattr(t, stem + "ForSequenceClassification"), 200 + 10 * i, labels, **named)
    values = torch.tensor([[1.0, 0, 1], [0, 0, 0], [0, 1, 1], [1, 1, 1]])
    jobs["bert-many"] = lambda: classifier("bert", bert, t.BertForSequenceClassification, 300, values, "many",
                                           problem_type="multi_label_classification", **named)
    numbers = torch.tensor([0.5, -1.25, 2.0, 0.75])
    jobs["bert-number"] = lambda: classifier("bert", bert, t.BertForSequenceClassification, 310, numbers, "number", num_labels=1,
                                             problem_type="regression", hidden_act="relu")

    def weighted():
        weight = torch.tensor([0.5, 1.0, 2.0])
        ids, mask = batch(320)

        def loss(m):
            smoothed = torch.nn.CrossEntropyLoss(weight=weight.to(m.dtype), label_smoothing=0.1, reduction="sum")
            return smoothed(m(input_ids=ids, attention_mask=mask).logits, labels) / ROWS
        classifier("distilbert", distilbert, t.DistilBertForSequenceClassification, 320, labels, "weighted", loss, activation="relu", **named)
    jobs["distilbert-weighted"] = weighted

    def types():
        """BERT over two texts, with token types and the tanh form of GELU, and no padding."""
        ids = reference.tokens(330, (ROWS, LENGTH), VOCAB - 4) + 4
        kinds = (torch.arange(LENGTH) >= 4).long().expand(ROWS, -1).contiguous()
        make = lambda other: reference.randomize(t.BertForSequenceClassification(bert(hidden_act="gelu_new", classifier_dropout=0.25, **named)), 333 + other)
        write("bert-types", make, lambda m: m(input_ids=ids, token_type_ids=kinds).logits, lambda m: m(input_ids=ids, token_type_ids=kinds, labels=labels).loss,
              dict(input_ids=ids.int(), token_types=kinds.int(), labels=labels.int()))
    jobs["bert-types"] = types
    for name, job in jobs.items():
        if not names or name in names:
            job()


if __name__ == "__main__":
    check(sys.argv[2]) if sys.argv[1:2] == ["--check"] else main(sys.argv[1:])
