#!/usr/bin/env python3
"""Times matrix products in PyTorch, and in numpy where there is one.

    matmul.py --m M --n N --k K [--form forward|input-gradient|weight-gradient] [--threads N] [--seconds S]
    matmul.py --list FILE [--threads N] [--seconds S]      a product in each line of the file: M N K FORM; - is standard input, answered line by line

The result is M x N, each element a sum of K products. Forms, as in a linear layer: [M,K].[K,N], [M,K].[N,K]^T, [K,M]^T.[K,N].
Modes: fp32; fast, float32 in and out with bfloat16 products inside; bf16, bfloat16 in and out; numpy, float32 through numpy's BLAS.
Prints a line of JSON for each product: `gflops` (median) and `best` by mode, and `blas`, the library that numpy multiplies with.
"""
import argparse, json, os, statistics, sys, time


def timed(product, operations, seconds):
    product()
    times, began = [], time.perf_counter()
    while len(times) < 10 or time.perf_counter() - began < seconds:
        start = time.perf_counter()
        product()
        times.append(time.perf_counter() - start)
    return round(operations / statistics.median(times) / 1e9, 2), round(operations / min(times) / 1e9, 2)


def blas():
    """The file of the BLAS that numpy has loaded; numpy's own wheels have OpenBLAS, a system's may have the slow reference."""
    try:
        with open("/proc/self/maps") as maps:
            names = [line.split()[-1] for line in maps if "blas" in line.rsplit("/", 1)[-1]]
        return os.path.realpath(names[0]) if names else None
    except OSError:
        return None


def product(m, n, k, form, seconds):
    import torch
    turn_a, turn_b = form == "weight-gradient", form == "input-gradient"
    x = torch.rand((k, m) if turn_a else (m, k)) - 0.5
    y = torch.rand((n, k) if turn_b else (k, n)) - 0.5
    operations, results = 2 * m * n * k, {}

    def factors(x, y):
        return (x.T if turn_a else x), (y.T if turn_b else y)

    left, right = factors(x, y)
    torch.set_float32_matmul_precision("highest")
    results["fp32"] = timed(lambda: torch.matmul(left, right), operations, seconds)
    torch.set_float32_matmul_precision("medium")
    results["fast"] = timed(lambda: torch.matmul(left, right), operations, seconds)
    narrow_left, narrow_right = factors(x.bfloat16(), y.bfloat16())
    results["bf16"] = timed(lambda: torch.matmul(narrow_left, narrow_right), operations, seconds)
    try:
        import numpy
        array_left, array_right = factors(x.numpy(), y.numpy())
        results["numpy"] = timed(lambda: numpy.matmul(array_left, array_right), operations, seconds)
    except ImportError:
        pass
    print(json.dumps(dict(m=m, n=n, k=k, form=form, gflops={k: v[0] for k, v in results.items()}, best={k: v[1] for k, v in results.items()},
                          threads=torch.get_num_threads(), torch=torch.__version__, blas=blas())), flush=True)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--m", "--n", "--k"):
        p.add_argument(name, type=int)
    p.add_argument("--form", choices=("forward", "input-gradient", "weight-gradient"), default="forward")
    p.add_argument("--list")
    p.add_argument("--threads", type=int, default=0, help="0 is the libraries' own choice")
    p.add_argument("--seconds", type=float, default=0.5)
    a = p.parse_args()
    if a.threads:
        os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(a.threads)  # read when the libraries load
    import torch
    if a.threads:
        torch.set_num_threads(a.threads)
    torch.manual_seed(0)
    if a.list:
        lines = sys.stdin if a.list == "-" else open(a.list)
        products = ((*map(int, words[:3]), words[3]) for words in map(str.split, lines) if words)
    elif None in (a.m, a.n, a.k):
        p.error("give --m, --n and --k, or --list")
    else:
        products = [(a.m, a.n, a.k, a.form)]
    for m, n, k, form in products:
        product(m, n, k, form, a.seconds)


main()
