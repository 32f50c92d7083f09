"""Opens the model folders that Sinter wrote and fails if transformers loses or invents anything.

    SINTER_TRANSFORMERS_CHECK=out/ Sinter.Tests --explicit only --filter-method '*.Write_models_for_transformers'
    python3 open_with_transformers.py out/
"""
import hashlib, json, sys, os, logging
import torch, transformers
from safetensors.torch import load_file
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, GenerationConfig

reference = transformers.PreTrainedTokenizerFast(tokenizer_file=os.path.join(os.path.dirname(__file__), "tokenizer.json"))
text = "The tensor's shape [2, 3] größe 中文 🙂\n  and two  spaces"
for name in sorted(os.listdir(sys.argv[1])):
    folder = os.path.join(sys.argv[1], name)
    raw = json.load(open(folder + "/config.json"))
    model, info = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    assert not any(info[k] for k in info), info
    state, stored = model.state_dict(), load_file(folder + "/model.safetensors")
    assert {n for n in state if not (n == "lm_head.weight" and model.config.tie_word_embeddings)} == set(stored)
    assert all(torch.equal(state[n], t) and state[n].dtype == torch.float32 for n, t in stored.items())
    config = model.config
    if config.model_type == "llama":
        assert config.rope_parameters == {"rope_type": "default", "rope_theta": raw["rope_theta"]}, config.rope_parameters
    assert (config.eos_token_id, config.bos_token_id) == (raw["eos_token_id"], raw["bos_token_id"])
    assert model.generation_config.eos_token_id == raw["eos_token_id"]
    tokenizer = AutoTokenizer.from_pretrained(folder)
    ids = tokenizer(text)["input_ids"]
    assert tokenizer.is_fast and ids == reference(text)["input_ids"] and tokenizer.decode(ids) == text, (tokenizer, ids, tokenizer.decode(ids))
    logits = model(torch.tensor([[1, 2, 3]])).logits
    assert torch.isfinite(logits).all()
    model.generate(torch.tensor([[1, 2]]), max_new_tokens=3, do_sample=False, pad_token_id=0)
    model.save_pretrained("/tmp/resaved")
    again = json.load(open("/tmp/resaved/config.json"))
    assert again.get("sinter") == raw.get("sinter"), "the mark does not survive"
    print(name, type(model).__name__, type(tokenizer).__name__, tokenizer.eos_token, "ok", transformers.__version__)
