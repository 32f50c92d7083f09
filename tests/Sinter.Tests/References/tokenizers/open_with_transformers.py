"""Says whether transformers gives the ids and texts of the tokenizers that Write_tokenizers_for_transformers wrote:

    SINTER_TRANSFORMERS_CHECK=FOLDER Sinter.Tests --explicit only --filter-method '*.Write_tokenizers_for_transformers'
    python open_with_transformers.py FOLDER
"""
import json, os, sys

from transformers import AutoTokenizer, PreTrainedTokenizerFast

failed = 0
for name in sorted(os.listdir(sys.argv[1])):
    folder = os.path.join(sys.argv[1], name)
    fast = PreTrainedTokenizerFast(tokenizer_file=os.path.join(folder, "tokenizer.json"))
    tokenizers = [fast]
    # A model's folder is opened with the class that tokenizer_config.json names, whatever the model's own.
    for model_type in ("gpt2", "llama"):
        with open(os.path.join(folder, "config.json"), "w") as f: json.dump({"model_type": model_type}, f)
        tokenizers.append(AutoTokenizer.from_pretrained(folder))
    cases = [json.loads(line) for line in open(os.path.join(folder, "cases.jsonl"), encoding="utf-8")]
    wrong = sum(t(c["text"])["input_ids"] != c["ids"] or t.decode(c["ids"]) != c["decoded"] for c in cases for t in tokenizers)
    print(f"{name}: {len(cases)} texts, {wrong} wrong of {len(cases) * len(tokenizers)}, eos {tokenizers[-1].eos_token}")
    failed += wrong
sys.exit(failed > 0)
