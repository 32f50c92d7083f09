#!/usr/bin/env python3
"""Times one matrix product in PyTorch, and in numpy where there is one.

    matmul.py --m M --n N --k K [--form forward|input-gradient|weight-gradient] [--threads N] [--seconds S]

The result is M x N, each element a sum of K products. Forms, as in a linear layer: [M,K].[K,N], [M,K].[N,K]^T, [K,M]^T.[K,N].
Modes: fp32; fast, float32 in and out with bfloat16 products inside; bf16, bfloat16 in and out; numpy, float32 through numpy's BLAS.
Prints one line of JSON: `gflops` (median) and `best` by mode.
"""
import argparse, json, os, statistics, time


def timed(product, operations, seconds):
    product()
    times, began = [], time.perf_counter()
    while len(times) < 10 or time.perf_counter() - began < seconds:
        start = time.perf_counter()
        product()
        times.append(time.perf_counter() - start)
    return round(operations / statistics.median(times) / 1e9, 2), round(operations / min(times) / 1e9, 2)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--m", "--n", "--k"):
        p.add_argument(name, type=int, required=True)
    p.add_argument("--form", choices=("forward", "input-gradient", "weight-gradient"), default="forward")
    p.add_argument("--threads", type=int, default=0, help="0 is the libraries' own choice")
    p.add_argument("--seconds", type=float, default=0.5)
    a = p.parse_args()
    if a.threads:
        os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(a.threads)  # read when the libraries load
    import torch
    if a.threads:
        torch.set_num_threads(a.threads)
    torch.manual_seed(0)
    turn_a, turn_b = a.form == "weight-gradient", a.form == "input-gradient"
    x = torch.rand((a.k, a.m) if turn_a else (a.m, a.k)) - 0.5
    y = torch.rand((a.n, a.k) if turn_b else (a.k, a.n)) - 0.5
    operations, results = 2 * a.m * a.n * a.k, {}

    def factors(x, y):
        return (x.T if turn_a else x), (y.T if turn_b else y)

    left, right = factors(x, y)
    results["fp32"] = timed(lambda: torch.matmul(left, right), operations, a.seconds)
    torch.set_float32_matmul_precision("medium")
    results["fast"] = timed(lambda: torch.matmul(left, right), operations, a.seconds)
    narrow_left, narrow_right = factors(x.bfloat16(), y.bfloat16())
    results["bf16"] = timed(lambda: torch.matmul(narrow_left, narrow_right), operations, a.seconds)
    try:
        import numpy
        array_left, array_right = factors(x.numpy(), y.numpy())
        results["numpy"] = timed(lambda: numpy.matmul(array_left, array_right), operations, a.seconds)
    except ImportError:
        pass
    print(json.dumps(dict(m=a.m, n=a.n, k=a.k, form=a.form, gflops={k: v[0] for k, v in results.items()},
                          best={k: v[1] for k, v in results.items()}, threads=torch.get_num_threads(), torch=torch.__version__)))


main()
