"""Writes initializers.json: PyTorch's gains, fans, and the bounds and deviations with which its initializers draw, for matrices of outputs x inputs.

The numbers are those that torch.nn.init hands to uniform_ and normal_, so they are its own, not a formula repeated here.
"""
import json, pathlib
import torch
from torch.nn import init

drawn = []
for name in ("uniform_", "normal_"):
    def record(self, *args, original=getattr(torch.Tensor, name), **kwargs):
        drawn.append(args)
        return original(self, *args, **kwargs)
    setattr(torch.Tensor, name, record)


def numbers(initialize, weight, *args, **kwargs):
    """The two numbers of the one draw: bounds, or mean and deviation."""
    drawn.clear()
    initialize(weight, *args, **kwargs)
    assert len(drawn) == 1, drawn
    return [float(x) for x in drawn[0]]


gains = {name: init.calculate_gain(name) for name in ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu")}
cases = []
for outputs, inputs in ((37, 91), (91, 37), (256, 256), (1, 7)):
    weight = torch.empty(outputs, inputs)
    fans = init._calculate_fan_in_and_fan_out(weight)
    case = dict(outputs=outputs, inputs=inputs, fan_in=fans[0], fan_out=fans[1])
    case["xavier_uniform"] = numbers(init.xavier_uniform_, weight)
    case["xavier_uniform_tanh"] = numbers(init.xavier_uniform_, weight, gain=init.calculate_gain("tanh"))
    case["xavier_normal"] = numbers(init.xavier_normal_, weight)
    for kind in ("uniform", "normal"):
        for fan in ("in", "out"):
            he = getattr(init, f"kaiming_{kind}_")
            case[f"he_{kind}_{fan}"] = numbers(he, weight, mode=f"fan_{fan}", nonlinearity="relu")
            case[f"he_{kind}_{fan}_leaky"] = numbers(he, weight, a=0.3, mode=f"fan_{fan}", nonlinearity="leaky_relu")
    case["sparse_zeros"] = [int((init.sparse_(weight, 0.3) == 0).sum(0).min()), int((init.sparse_(weight, 0.3) == 0).sum(0).max())]
    identity = init.eye_(weight)
    case["identity_ones"] = [int(identity.sum()), int(identity.diagonal().sum())]
    cases.append(case)
path = pathlib.Path(__file__).with_name("initializers.json")
path.write_text(json.dumps(dict(torch=torch.__version__, gains=gains, leaky_gain=init.calculate_gain("leaky_relu", 0.3), cases=cases), indent=1) + "\n")
path.chmod(0o644)
print(path.read_text())
