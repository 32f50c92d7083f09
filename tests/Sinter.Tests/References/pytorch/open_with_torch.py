"""Opens what Sinter wrote and fails if torch or transformers see anything else than was meant.

    SINTER_PYTORCH_CHECK=out/ Sinter.Tests --explicit only --filter-method '*.Write_files_for_PyTorch'
    python3 open_with_torch.py out/
"""
import os, sys, warnings
import torch, transformers
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

warnings.filterwarnings("ignore")
out = sys.argv[1]
state = torch.load(out + "/types.pt", weights_only=True)
for name, tensor in state.items():
    if tensor.shape == (2, 3) and name not in ("a", "tied"):
        raw = tensor.contiguous().view(torch.uint8).flatten()
        want = [i % 2 if tensor.dtype == torch.bool else 40 + i for i in range(raw.numel())]
        assert raw.tolist() == want, (name, raw.tolist())
        assert name.lower().replace("fnuz", "").replace("uint", "u").replace("int", "i")[0] == str(tensor.dtype)[6:][0], (name, tensor.dtype)
assert state["tied"].data_ptr() == state["a"].data_ptr() and state["a"].tolist() == [[1, 2], [3, 4]]
assert state["größe.中"].shape == () and state["größe.中"].item() == 5
assert state["zeros"].shape == (70000,) and not state["zeros"].any() and state["empty"].shape == (0, 3)
same = load_file(out + "/types.safetensors")
for name, tensor in same.items():
    a, b = tensor.contiguous(), state[name].contiguous()
    assert a.dtype == b.dtype and a.shape == b.shape and torch.equal(a.flatten().view(torch.uint8), b.flatten().view(torch.uint8)), name
print("types", len(state), "in .pt,", len(same), "in safetensors, equal")

reference = None
for name in sorted(os.listdir(out)):
    folder = os.path.join(out, name)
    if not os.path.isdir(folder):
        continue
    files = sorted(f for f in os.listdir(folder) if "model" in f)
    model, info = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    assert not any(info[k] for k in info), info
    want = {"Float32": torch.float32, "BFloat16": torch.bfloat16, "Float16": torch.float16}[name.rsplit("-", 1)[1]]
    assert model.dtype == want, (model.dtype, want)
    if want == torch.float32:
        state = {k: v.clone() for k, v in model.state_dict().items()}
        assert reference is None or all(torch.equal(state[k], reference[k]) for k in reference)
        reference = state
for name in sorted(os.listdir(out)):
    folder = os.path.join(out, name)
    if os.path.isdir(folder):
        model = AutoModelForCausalLM.from_pretrained(folder)
        assert all(torch.equal(v, reference[k].to(v.dtype)) for k, v in model.state_dict().items()), name
        print(name, [f for f in sorted(os.listdir(folder)) if "model" in f], "ok", torch.__version__, transformers.__version__)
