"""Writes ops.safetensors: inputs, outputs and gradients of the fused operations, computed in float64 from their definitions.

Inputs are float32 values; outputs are float64 results rounded to float32. An upstream gradient is named `dy`, the gradient of
an input NAME is `dNAME`. Where PyTorch has the operation, its float64 result is compared before anything is written.

Shapes: N rows, C columns, B batch, T tokens, H query heads, K key-value heads, D head size, V vocabulary.
"""
import math, pathlib
import torch
import torch.nn.functional as F
from safetensors.torch import save_file

torch.set_num_threads(1)
rng = torch.Generator().manual_seed(7)
values = {}


def random(*shape, scale=1.0):
    """Values that float32 holds exactly, as float64."""
    return (torch.randn(shape, generator=rng) * scale).double()


def record(op, inputs, formula, peer=None, **constants):
    """Stores one operation under `op.`: inputs, y, dy, and the gradient of every input."""
    inputs = {k: v.float().double() for k, v in inputs.items()}
    leaves = {k: v.clone().requires_grad_() for k, v in inputs.items()}
    y = formula(**leaves)
    if peer is not None:
        torch.testing.assert_close(peer(**leaves), y, rtol=1e-10, atol=1e-12)
    dy = random(*y.shape)
    grads = torch.autograd.grad(y, list(leaves.values()), dy)
    store(op, **inputs, y=y, dy=dy, **{f"d{k}": g for k, g in zip(leaves, grads)})
    store(op, **{k: torch.tensor([v], dtype=torch.float64 if isinstance(v, float) else torch.int32) for k, v in constants.items()})


def store(op, **tensors):
    for name, t in tensors.items():
        t = t.detach()
        constant = t.dtype == torch.float64 and t.shape == (1,)
        values[f"{op}.{name}"] = (t if constant else t.float() if t.is_floating_point() else t.int()).contiguous()


def gelu(x):
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def layer_norm(x, weight, bias):
    centred = x - x.mean(-1, keepdim=True)
    return centred / (centred.square().mean(-1, keepdim=True) + 1e-5).sqrt() * weight + bias


def rms_norm(x, weight):
    return x / (x.square().mean(-1, keepdim=True) + 1e-6).sqrt() * weight


def swiglu(gate, up):
    return gate / (1 + (-gate).exp()) * up


def rotary(start, theta=10000.0):
    """Of (B, T, H, D) at positions start, start + 1, ...; element i of a head turns with element i + D/2."""
    def formula(x):
        size = x.shape[-1]
        frequency = theta ** (-torch.arange(0, size, 2, dtype=x.dtype) / size)
        angle = ((start + torch.arange(x.shape[1], dtype=x.dtype))[:, None] * frequency)[:, None, :]
        a, b = x[..., : size // 2], x[..., size // 2 :]
        return torch.cat([a * angle.cos() - b * angle.sin(), b * angle.cos() + a * angle.sin()], -1)
    return formula


def scores(q, k, causal):
    """(B, H, Tq, Tk): query t stands at position Tk - Tq + t and sees the keys up to there."""
    k = k.repeat_interleave(q.shape[2] // k.shape[2], 2)
    s = torch.einsum("bthd,bshd->bhts", q, k) / math.sqrt(q.shape[-1])
    if causal:
        s = s.masked_fill(torch.ones(s.shape[-2:], dtype=torch.bool).triu(1 + s.shape[-1] - s.shape[-2]), -math.inf)
    return s


def attention(causal):
    def formula(q, k, v):
        v = v.repeat_interleave(q.shape[2] // v.shape[2], 2)
        return torch.einsum("bhts,bshd->bthd", scores(q, k, causal).softmax(-1), v)
    return formula


def torch_attention(q, k, v):
    q, k, v = (x.transpose(1, 2) for x in (q, k, v))
    return F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True).transpose(1, 2)


def record_attention(op, queries, keys, causal, peer=None):
    inputs = dict(q=random(2, queries, 6, 20), k=random(2, keys, 2, 20), v=random(2, keys, 2, 20))
    record(op, inputs, attention(causal), peer)
    store(op, lse=scores(inputs["q"], inputs["k"], causal).logsumexp(-1))


def cross_entropy(logits, targets):
    """The loss of each row, zero where the target is -100."""
    picked = logits.gather(-1, targets.clamp_min(0)[:, None])[:, 0]
    return (logits.logsumexp(-1) - picked) * (targets != -100)


def record_cross_entropy(op, logits, targets, smoothing=0.0, **extra):
    """`losses` of the rows, their sum, the mean over counted rows, and the gradient of the mean."""
    smooth = lambda z: (1 - smoothing) * cross_entropy(z, targets) + smoothing * (z.logsumexp(-1) - z.mean(-1)) * (targets != -100)
    logits = logits.clone().requires_grad_()
    losses, count = smooth(logits), (targets != -100).sum()
    mean = losses.sum() / count
    torch.testing.assert_close(F.cross_entropy(logits, targets, ignore_index=-100, label_smoothing=smoothing), mean, rtol=1e-12, atol=1e-12)
    store(op, logits=logits, targets=targets, losses=losses, count=count.reshape(1), loss_sum=losses.sum(), loss=mean,
          dlogits=torch.autograd.grad(mean, logits)[0])


def record_head():
    """Language-model head and cross entropy together: logits = x · weightᵀ, then the mean loss of the counted rows."""
    x, weight = (t.requires_grad_() for t in (random(13, 20), random(67, 20, scale=0.5)))
    targets = torch.randint(0, 67, (13,), generator=rng)
    logits = x @ weight.T
    targets[[1, 4, 9]] = logits[[1, 4, 9]].argmax(-1)
    targets[[0, 5, 12]] = -100
    losses = cross_entropy(logits, targets)
    mean = losses.sum() / (targets != -100).sum()
    correct = (logits.argmax(-1) == targets).sum().reshape(1)
    dx, dweight = torch.autograd.grad(mean, (x, weight))
    store("head", x=x, weight=weight, targets=targets, losses=losses, loss=mean, correct=correct, dx=dx, dweight=dweight)


def record_head_terms(smoothing=0.1, z=0.01):
    """The head with label smoothing and the z-loss z * logsumexp**2; `losses` are the plain cross entropies, `loss` is all of it."""
    x, weight = (t.requires_grad_() for t in (random(13, 20), random(67, 20, scale=0.5)))
    targets = torch.randint(0, 67, (13,), generator=rng)
    targets[[0, 5, 12]] = -100
    logits = x @ weight.T
    counted = targets != -100
    zs = (z * logits.logsumexp(-1).square() * counted).sum()
    loss = F.cross_entropy(logits, targets, ignore_index=-100, label_smoothing=smoothing) + zs / counted.sum()
    dx, dweight = torch.autograd.grad(loss, (x, weight))
    store("head_terms", x=x, weight=weight, targets=targets, losses=cross_entropy(logits, targets), z_sum=zs, loss=loss, dx=dx, dweight=dweight)
    store("head_terms", smoothing=torch.tensor([smoothing], dtype=torch.float64), z=torch.tensor([z], dtype=torch.float64))


extremes = [0.0, -0.0, 1e-6, -1e-6, 1e-20, -1e-20, 9.0, -9.0, 13.0, -13.0, 40.0, -40.0, 500.0, -500.0, 3e4, -3e4, 1e12]
record("gelu", dict(x=torch.cat([torch.linspace(-6, 6, 106).double(), random(5)]).reshape(3, 37)), gelu, lambda x: F.gelu(x, approximate="tanh"))
record("gelu_extreme", dict(x=torch.tensor(extremes).double()), gelu)
record("layer_norm", dict(x=random(5, 37, scale=2) + 3, weight=1 + random(37, scale=0.3), bias=random(37)), layer_norm,
       lambda x, weight, bias: F.layer_norm(x, (37,), weight, bias, 1e-5), eps=1e-5)
record("rms_norm", dict(x=random(5, 37, scale=2), weight=random(37)), rms_norm, lambda x, weight: F.rms_norm(x, (37,), weight, 1e-6), eps=1e-6)
record("softmax", dict(x=random(5, 37, scale=4) + torch.tensor([0.0, 80, -80, 1e4, 3]).double()[:, None]),
       lambda x: (x - x.logsumexp(-1, keepdim=True)).exp(), lambda x: x.softmax(-1))
record("swiglu", dict(gate=random(5, 37, scale=4), up=random(5, 37)), swiglu, lambda gate, up: F.silu(gate) * up)
record("rotary", dict(x=random(2, 37, 3, 20)), rotary(0), theta=10000.0)
record("rotary_start", dict(x=random(2, 5, 3, 20)), rotary(32, 500.0), theta=500.0, start=32)
record_attention("attention", 37, 37, True, torch_attention)
record_attention("attention_cache", 5, 37, True)
record_attention("attention_full", 9, 37, False)
targets = torch.randint(0, 67, (11,), generator=rng)
targets[[2, 3, 10]] = -100
record_cross_entropy("cross_entropy", random(11, 67, scale=3), targets)
record_cross_entropy("cross_entropy_smoothed", random(11, 67, scale=3), targets, smoothing=0.1)
record_head()
record_head_terms()

for name, t in values.items():
    if not torch.isfinite(t).all():
        raise SystemExit(f"{name} is not finite")
    if t.is_floating_point() and t.shape != (1,) and t.norm() == 0:
        raise SystemExit(f"{name} is all zero")
path = pathlib.Path(__file__).with_name("ops.safetensors")
save_file(values, path, metadata={"torch": torch.__version__})
path.chmod(0o644)
for name, t in values.items():
    print(f"{name:32} {str(t.dtype)[6:]:8} {list(t.shape)} norm {t.double().norm():.6g}")
print(path.stat().st_size, "bytes")
