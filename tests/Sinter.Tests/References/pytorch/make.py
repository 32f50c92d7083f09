"""Writes the small files of torch.save that the tests of Sinter.Checkpoints.PyTorch read, and expected.safetensors with the values of each.

Run with torch 2.14 and safetensors:  python3 make.py   (in this folder)
"""
import collections, os
import torch
from safetensors.torch import save_file

torch.manual_seed(3)
expected = {}


def save(name, value, state=None, **options):
    torch.save(value, name, **options)
    for key, tensor in (state or value).items():
        tensor = tensor.detach()
        expected[f"{name}/{key}"] = tensor.contiguous().clone()


def every_type():
    state = collections.OrderedDict()
    for dtype in (torch.float32, torch.float64, torch.float16, torch.bfloat16):
        state[str(dtype)[6:]] = torch.randn(3, 5, dtype=torch.float64).to(dtype)
    for dtype in (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.uint16, torch.uint32, torch.uint64):
        state[str(dtype)[6:]] = torch.randint(0, 100, (7,)).to(dtype)
    state["bool"] = torch.tensor([True, False, True])
    state["complex64"] = torch.randn(2, 3, dtype=torch.complex64)
    return state


def eight_bits(into):
    for dtype in (torch.float8_e4m3fn, torch.float8_e5m2, torch.float8_e4m3fnuz, torch.float8_e5m2fnuz, torch.float8_e8m0fnu):
        into[str(dtype)[6:]] = torch.arange(256, dtype=torch.int32).to(torch.uint8).view(dtype)


def views():
    base = torch.randn(6, 8)
    long = torch.randn(4, 3, 5, 2)
    return collections.OrderedDict(
        base=base, transposed=base.t(), column=base[:, 3], rows=base[2:5], step=base[::2, 1::3], permuted=long.permute(2, 0, 3, 1),
        expanded=torch.randn(5, 1).expand(5, 4), half=torch.randn(4, 6).half()[:, ::2], scalar=torch.tensor(2.5), element=base[1, 2],
        empty=torch.zeros(0, 4), empty_view=base[3:3], one=torch.randn(1, 1, 3), flipped=torch.randn(3, 4).flip(0),
        parameter=torch.nn.Parameter(torch.randn(3, 2)), frozen=torch.nn.Parameter(torch.randn(2), requires_grad=False))


types = every_type()
eight_bits(types)
save("types.pt", types)
save("types-legacy.pt", types, _use_new_zipfile_serialization=False)
save("views.pt", views())
save("views-legacy.pt", views(), _use_new_zipfile_serialization=False)
for protocol in (3, 4, 5):
    save(f"protocol-{protocol}.pt", views(), pickle_protocol=protocol)
save("protocol-4-legacy.pt", views(), pickle_protocol=4, _use_new_zipfile_serialization=False)

# What training scripts save: the weights among other things, under DataParallel's prefix.
module = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.BatchNorm1d(3))
optimizer = torch.optim.AdamW(module.parameters())
module(torch.randn(5, 4)).sum().backward()
optimizer.step()
parallel = collections.OrderedDict(("module." + k, v) for k, v in module.state_dict().items())
save("training.pt", {"epoch": 3, "big": 2 ** 70, "negative": -5, "loss": 1.25, "name": "größe", "shape": torch.Size([2, 3]), "device": torch.device("cpu"),
                     "dtype": torch.bfloat16, "seen": {1, 2}, "raw": b"\x00\xff", "state_dict": parallel, "optimizer": optimizer.state_dict(),
                     "rng": torch.get_rng_state()}, state=module.state_dict())
nested = {"encoder": {"w": torch.randn(2)}, "decoder": {"layers": [torch.randn(3), torch.randn(1)]}}
save("nested.pt", nested, state={"encoder.w": nested["encoder"]["w"], "decoder.layers.0": nested["decoder"]["layers"][0],
                                 "decoder.layers.1": nested["decoder"]["layers"][1]})
tensor = torch.randn(3)
save("tensor.pt", tensor, state={"tensor": tensor})

# float8 in a form that safetensors' own types may lack: as float32.
flat = {}
for key, value in expected.items():
    if value.dtype in (torch.float8_e4m3fn, torch.float8_e5m2, torch.float8_e4m3fnuz, torch.float8_e5m2fnuz, torch.float8_e8m0fnu):
        flat[key + ".float32"] = value.float()
        value = value.view(torch.uint8)
    elif value.dtype == torch.complex64:
        value = torch.view_as_real(value).contiguous()
    flat[key] = value
save_file(flat, "expected.safetensors")

# Refused: a module itself, a TorchScript program, a compressed archive.
torch.save(module, "module.pt")
torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), "script.pt")
import zipfile
source = zipfile.ZipFile("tensor.pt")
with zipfile.ZipFile("compressed.pt", "w", zipfile.ZIP_DEFLATED) as target:
    for item in source.infolist():
        target.writestr(item.filename, source.read(item))
# Written anew by another program: without descriptors, and without zip64.
with zipfile.ZipFile("repacked.pt", "w", zipfile.ZIP_STORED) as target:
    for item in zipfile.ZipFile("views.pt").infolist():
        target.writestr(item.filename, zipfile.ZipFile("views.pt").read(item))
print({f: os.path.getsize(f) for f in sorted(os.listdir("."))})
