"""Makes folders.jsonl beside it with transformers (5.12.1, tokenizers 0.23.1): python folders.py

Small model folders without a tokenizer.json, and the tokenizer.json that transformers makes of each: {"name", "files": {name: content}, "tokenizer": {...}}.
"""
import json, os, tempfile

from tokenizers import pre_tokenizers, processors
from transformers import AutoTokenizer
from transformers.models.roberta import tokenization_roberta

here = os.path.dirname(os.path.abspath(__file__))


class Processors:
    """transformers 5.12 names an argument of RobertaProcessing as tokenizers 0.23 does not."""
    RobertaProcessing = staticmethod(lambda sep, cls, **options: processors.RobertaProcessing(sep, cls, **options))


tokenization_roberta.processors = Processors
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "h", "##e", "##l", "##o", "w", "##r", "##d", "x", "[", "]", "hello", "ö", "##ö"]
MERGES = "#version: 0.2\nh e\nl l\nhe ll\nĠ w\n"


def letters(first, last=()):
    tokens = list(first) + sorted(pre_tokenizers.ByteLevel.alphabet()) + ["he", "ll", "hell", "Ġw"] + list(last)
    return json.dumps({t: i for i, t in enumerate(tokens)}, ensure_ascii=False)


def added(content, **flags): return {"content": content, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False} | flags


def bert(words=WORDS, end="\n", **files): return {"vocab.txt": "".join(w + end for w in words)} | {k.replace("__", "."): v for k, v in files.items()}
def gpt2(first=(), last=("<|endoftext|>",), merges=MERGES, **files): return {"vocab.json": letters(first, last), "merges.txt": merges} | {k.replace("__", "."): v for k, v in files.items()}
def roberta(**files): return gpt2(["<s>", "<pad>", "</s>", "<unk>"], ["<mask>"], **files)


BERT, DISTILBERT, GPT2, ROBERTA = ({"model_type": t} for t in ("bert", "distilbert", "gpt2", "roberta"))
FOLDERS = {
    "bert": bert(config__json=BERT),
    "bert cased": bert(config__json=BERT, tokenizer_config__json={"do_lower_case": False, "model_max_length": 512}),
    "bert lines of Windows, tokens twice, an empty one": bert(WORDS + ["x", "", "y z \u3000", "hello"], "\r\n", config__json=BERT),
    "bert all options": bert(tokenizer_config__json={"do_lower_case": True, "strip_accents": False, "tokenize_chinese_chars": False, "tokenizer_class": "BertTokenizer",
                                                     "do_basic_tokenize": True, "never_split": None, "unk_token": "[UNK]"}),
    "distilbert": bert(config__json=DISTILBERT, tokenizer_config__json={"do_lower_case": False, "tokenizer_class": "DistilBertTokenizer"}),
    "bert fast": bert(tokenizer_config__json={"tokenizer_class": "BertTokenizerFast", "strip_accents": True}),
    "bert older files": bert(config__json=BERT, added_tokens__json={"newtok": 18, "Second": 19, "[X]": 20}, special_tokens_map__json={
        "unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]", "mask_token": added("[MASK]", lstrip=True), "additional_special_tokens": ["[X]"]}),
    "bert without special tokens": bert(["a", "b", "##b", "[UNK]"], config__json=BERT),
    "bert other names": bert(["<u>", "<c>", "<s>", "a"], tokenizer_config__json={"tokenizer_class": "BertTokenizer", "unk_token": "<u>", "cls_token": "<c>", "sep_token": "<s>", "pad_token": "<u>", "mask_token": "<m>"}),
    "bert decoder": bert(tokenizer_config__json={"tokenizer_class": "BertTokenizer", "added_tokens_decoder": {
        "18": added("new tok", lstrip=True, normalized=True, single_word=True, special=False), "0": added("[PAD]", special=True), "4": added("[MASK]", lstrip=True, special=True)},
        "additional_special_tokens": ["[X]"], "mask_token": "[MASK]"}),
    "gpt2": gpt2(config__json=GPT2),
    "gpt2 options": gpt2(tokenizer_config__json={"tokenizer_class": "GPT2Tokenizer", "add_prefix_space": True, "add_bos_token": True, "pad_token": "<pad>", "model_max_length": 1024}),
    "gpt2 both ends": gpt2(tokenizer_config__json={"tokenizer_class": "GPT2TokenizerFast", "add_bos_token": True, "add_eos_token": True, "eos_token": "<|end|>", "bos_token": {
        "__type": "AddedToken", **added("<|endoftext|>", normalized=True)}}),
    "gpt2 without end of text": gpt2(last=(), config__json=GPT2),
    "gpt2 no version line": gpt2(merges=MERGES.split("\n", 1)[1].replace("\n", "\r\n"), config__json=GPT2),
    "roberta": roberta(config__json=ROBERTA),
    "roberta options": roberta(tokenizer_config__json={"tokenizer_class": "RobertaTokenizer", "add_prefix_space": True, "trim_offsets": False, "mask_token": {
        "__type": "AddedToken", **added("<mask>", lstrip=True, normalized=True)}}),
    "roberta older files": roberta(config__json=ROBERTA, special_tokens_map__json={"bos_token": "<s>", "eos_token": "</s>", "mask_token": added("<mask>", lstrip=True)}),
}
with open(os.path.join(here, "folders.jsonl"), "w", encoding="utf-8", newline="") as out:
    for name, files in FOLDERS.items():
        files = {k: v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for k, v in files.items()}
        with tempfile.TemporaryDirectory() as folder:
            for file, content in files.items():
                with open(os.path.join(folder, file), "w", encoding="utf-8", newline="") as f: f.write(content)
            made = json.loads(AutoTokenizer.from_pretrained(folder).backend_tokenizer.to_str())
        out.write(json.dumps({"name": name, "files": files, "tokenizer": made}, ensure_ascii=False, separators=(",", ":")) + "\n")
print(len(FOLDERS), "folders")
