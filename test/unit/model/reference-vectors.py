"""Makes reference-vectors.json: what numpy and scikit-learn compute, for the tests of model/. Run once: python3 reference-vectors.py (numpy 2.4.6, scikit-learn 1.9.1)"""

import json
import pathlib

import numpy as np
from sklearn import metrics
from sklearn.preprocessing import MinMaxScaler, StandardScaler

rng = np.random.default_rng(7)
mask = 0xFFFFFFFF


def sfc32(seed, count):
    """PractRand's sfc32: a, b from the seed, c = 0, counter = 1, 12 rounds thrown away."""
    a, b, c, counter = seed & mask, seed >> 32, 0, 1
    out = []
    for _ in range(12 + count):
        value = (a + b + counter) & mask
        counter = (counter + 1) & mask
        a = b ^ (b >> 9)
        b = (c + (c << 3)) & mask
        c = (((c << 21) | (c >> 11)) + value) & mask
        out.append(value)
    return out[12:]


def class_case(rows, classes, answered_classes):
    truth = rng.integers(0, classes, rows)
    scores = rng.dirichlet(np.ones(answered_classes), rows)
    scores = np.pad(scores, ((0, 0), (0, classes - answered_classes)))
    hit = rng.random(rows) < 0.5
    scores[hit] = 0.6 * np.eye(classes)[truth[hit]] + 0.4 * scores[hit]
    answered = scores.argmax(axis=1)
    clipped = np.clip(scores, 1e-15, 1)
    return {
        "classes": classes,
        "truth": truth.tolist(),
        "answered": answered.tolist(),
        "scores": scores.ravel().tolist(),
        "accuracy": metrics.accuracy_score(truth, answered),
        "balancedAccuracy": metrics.balanced_accuracy_score(truth, answered),
        "macroF1": metrics.f1_score(truth, answered, average="macro"),
        "logLoss": float(-np.log(clipped[np.arange(rows), truth]).mean()),
        "confusion": metrics.confusion_matrix(truth, answered, labels=range(classes)).tolist(),
    }


def value_case(rows):
    truth = rng.normal(20, 5, rows)
    answered = truth + rng.normal(0.3, 2, rows)
    return {
        "truth": truth.tolist(),
        "answered": answered.tolist(),
        "mae": metrics.mean_absolute_error(truth, answered),
        "rmse": metrics.root_mean_squared_error(truth, answered),
        "r2": metrics.r2_score(truth, answered),
    }


def scaling():
    data = np.column_stack([rng.normal(300, 4, 30), rng.exponential(2, 30), rng.integers(0, 2, 30).astype(float)])
    train = data[5:25]
    return {
        "columns": data.T.tolist(),
        "train": list(range(5, 25)),
        "standardise": StandardScaler().fit(train).transform(data).tolist(),
        "minmax": MinMaxScaler().fit(train).transform(data).tolist(),
    }


def relu(z):
    return np.maximum(z, 0)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


CURVES = {
    "relu": (relu, lambda a: (a > 0).astype(float)),
    "tanh": (np.tanh, lambda a: 1 - a * a),
    "sigmoid": (sigmoid, lambda a: a * (1 - a)),
    "linear": (lambda z: z, np.ones_like),
}


def training(activation, optimiser, loss, rate, decay, epochs=25):
    """A whole training in matrices, all rows in one batch: 3 inputs, 5 and 4 hidden neurons, 2 outputs."""
    curve, slope = CURVES[activation]
    widths = [3, 5, 4, 2]
    x = rng.normal(size=(40, 3))
    labels = (x[:, 0] * x[:, 1] > 0.2).astype(int)
    y = np.eye(2)[labels] if loss == "crossEntropy" else np.column_stack([x[:, 0] - x[:, 2], np.sin(x[:, 1])])
    w = [rng.normal(0, 0.6, size=(o, i)) for i, o in zip(widths, widths[1:])]
    b = [rng.normal(0, 0.1, size=o) for o in widths[1:]]
    start = {"weights": [m.ravel().tolist() for m in w], "bias": [m.tolist() for m in b]}
    moments = [[np.zeros_like(p), np.zeros_like(p)] for layer in zip(w, b) for p in layer]
    losses = []
    for step in range(1, epochs + 1):
        a = [x]
        for k in range(3):
            z = a[-1] @ w[k].T + b[k]
            a.append(curve(z) if k < 2 else softmax(z) if loss == "crossEntropy" else z)
        out = a[-1]
        losses.append(-np.log(out[y == 1]).mean() if loss == "crossEntropy" else 0.5 * ((out - y) ** 2).sum(axis=1).mean())
        delta = (out - y) / len(x)
        gradients = []
        for k in (2, 1, 0):
            gradients = [delta.T @ a[k], delta.sum(axis=0)] + gradients
            delta = (delta @ w[k]) * slope(a[k]) if k else None
        for k in range(3):
            w[k] *= 1 - rate * decay
        for p, g, m in zip([p for layer in zip(w, b) for p in layer], gradients, moments):
            if optimiser == "sgd":
                p -= rate * g
                continue
            m[0] = 0.9 * m[0] + 0.1 * g
            m[1] = 0.999 * m[1] + 0.001 * g * g
            p -= rate * (m[0] / (1 - 0.9**step)) / (np.sqrt(m[1] / (1 - 0.999**step)) + 1e-8)
    return {
        "activation": activation,
        "optimiser": optimiser,
        "loss": loss,
        "learningRate": rate,
        "weightDecay": decay,
        "widths": widths,
        "x": x.ravel().tolist(),
        "targets": y.ravel().tolist(),
        "start": start,
        "losses": losses,
        "end": {"weights": [m.ravel().tolist() for m in w], "bias": [m.tolist() for m in b]},
    }


references = {
    "sfc32": [{"seed": s, "values": sfc32(s, 5)} for s in (0, 1, 42, 2**32 - 1, 2**32, 2**53 - 1)],
    "classMetrics": [class_case(60, 2, 2), class_case(200, 5, 5), class_case(80, 4, 3)],
    "valueMetrics": [value_case(50)],
    "scaling": scaling(),
    "training": [
        training("relu", "adam", "crossEntropy", 0.05, 0.2),
        training("tanh", "sgd", "crossEntropy", 0.5, 0),
        training("sigmoid", "adam", "mse", 0.02, 0.01),
        training("linear", "sgd", "mse", 0.1, 0.1),
    ],
}
pathlib.Path(__file__).with_name("reference-vectors.json").write_text(json.dumps(references, indent=None, separators=(",", ":")) + "\n")
