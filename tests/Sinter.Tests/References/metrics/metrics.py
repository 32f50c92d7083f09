"""Writes metrics.json: what scikit-learn's definitions give, by numpy formulas, for random truths and predictions.

    python metrics.py

The definitions are those of sklearn.metrics: precision_recall_fscore_support (labels: those that occur in either; zero_division 0),
accuracy_score, matthews_corrcoef, hamming_loss, r2_score (uniform_average, force_finite), mean_squared_error, mean_absolute_error.
Informedness and markedness of a class are TPR + TNR - 1 and PPV + NPV - 1, 0 where one of their denominators is; those of all classes
are the slopes of the linear regressions between the one-hot matrices of truth and prediction.
"""
import json

import numpy as np

rng = np.random.default_rng(7)


def ratio(a, b):
    return float(a / b) if b else 0.0


def scores(t, p):
    """Precision, recall and F1 of two boolean vectors."""
    both = np.sum(t & p)
    return [ratio(both, np.sum(p)), ratio(both, np.sum(t)), ratio(2 * both, np.sum(t) + np.sum(p))]


def informedness(t, p):
    return float(np.mean(p[t]) + np.mean(~p[~t]) - 1) if t.any() and (~t).any() else 0.0


def averages(columns):
    """Macro, micro and weighted scores of pairs of boolean vectors."""
    each = np.array([scores(t, p) for t, p in columns])
    support = np.array([t.sum() for t, _ in columns])
    t, p = (np.concatenate([c[i] for c in columns]) for i in (0, 1))
    weighted = (each * support[:, None]).sum(0) / support.sum() if support.sum() else np.zeros(3)
    return {"macro": each.mean(0).tolist(), "micro": scores(t, p), "weighted": weighted.tolist()}


def classes(truth, prediction, k):
    one = np.eye(k, dtype=bool)
    t, p = one[truth], one[prediction]
    seen = [i for i in range(k) if t[:, i].any() or p[:, i].any()]
    ct, cp = t - t.mean(0), p - p.mean(0)
    cov, vt, vp = (ct * cp).sum(), (ct * ct).sum(), (cp * cp).sum()
    vt, vp = (0 if v < 1e-12 else v for v in (vt, vp))
    return {
        "kind": "classes", "classes": k, "truth": truth.tolist(), "prediction": prediction.tolist(),
        "matrix": [[int(np.sum((truth == i) & (prediction == j))) for j in range(k)] for i in range(k)],
        "accuracy": float(np.mean(truth == prediction)),
        "each": [scores(t[:, i], p[:, i]) for i in range(k)],
        "informedness_each": [informedness(t[:, i], p[:, i]) for i in range(k)],
        "markedness_each": [informedness(p[:, i], t[:, i]) for i in range(k)],
        **averages([(t[:, i], p[:, i]) for i in seen]),
        "matthews": ratio(cov, np.sqrt(vt * vp)), "informedness": ratio(cov, vt), "markedness": ratio(cov, vp),
    }


def sets(t, p):
    each = np.array([scores(a, b) for a, b in zip(t, p)])
    return {
        "kind": "sets", "truth": t.astype(int).tolist(), "prediction": p.astype(int).tolist(),
        "exact": float(np.mean((t == p).all(1))), "hamming": float(np.mean(t != p)), "samples": each.mean(0).tolist(),
        **averages([(t[:, i], p[:, i]) for i in range(t.shape[1])]),
    }


def numbers(t, p):
    t, p = t.astype(np.float32).astype(float), p.astype(np.float32).astype(float)
    residual, total = ((t - p) ** 2).sum(0), ((t - t.mean(0)) ** 2).sum(0)
    r2 = np.where(total > 0, 1 - residual / np.where(total > 0, total, 1), np.where(residual == 0, 1.0, 0.0))
    return {"kind": "numbers", "truth": t.tolist(), "prediction": p.tolist(), "r2": float(r2.mean()), "r2_each": r2.tolist(),
            "mse": float(np.mean((t - p) ** 2)), "mae": float(np.mean(np.abs(t - p)))}


def noisy(truth, k, share):
    wrong = rng.random(len(truth)) < share
    return np.where(wrong, rng.integers(0, k, len(truth)), truth)


cases = []
for k, n, share in [(2, 40, 0.3), (3, 60, 0.5), (7, 90, 0.4), (12, 30, 0.7)]:
    truth = np.minimum(rng.geometric(0.4, n) - 1, k - 1)
    cases.append(classes(truth, noisy(truth, k, share), k))
cases.append(classes(np.array([1, 1, 1]), np.array([1, 1, 1]), 3))        # right, and there is but one class
cases.append(classes(np.array([0, 0, 1]), np.array([0, 0, 0]), 2))        # always the majority
cases.append(classes(np.array([0, 0, 0]), np.array([0, 1, 0]), 4))        # the truth is always the same
for k, n in [(1, 20), (5, 50)]:
    t = rng.random((n, k)) < np.linspace(0.6, 0.1, k)
    cases.append(sets(t, t ^ (rng.random((n, k)) < 0.2)))
cases.append(sets(np.zeros((4, 3), bool), np.zeros((4, 3), bool)))        # no label at all
cases.append(sets(np.array([[1, 0], [0, 1]], bool), np.array([[0, 1], [1, 0]], bool)))
for k, n in [(1, 30), (4, 25)]:
    t = rng.normal(3, 2, (n, k))
    cases.append(numbers(t, t + rng.normal(0.2, 1, (n, k))))
cases.append(numbers(np.full((5, 1), 2.0), np.full((5, 1), 2.0)))
cases.append(numbers(np.full((5, 1), 2.0), np.array([[2.0], [2.5], [2], [1], [2]])))
cases.append(numbers(1e4 + rng.normal(0, 1, (50, 1)), 1e4 + rng.normal(0, 1, (50, 1))))   # a mean far from 0

with open("metrics.json", "w", encoding="utf-8", newline="\n") as file:
    json.dump(cases, file, indent=None, separators=(",", ":"))
    file.write("\n")
