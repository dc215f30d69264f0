"""The model of the example in plain torch: dual embeddings by a two-layer directed graph network.

Rows S say how a package asks, rows T how it is found; both have length 1. A layer is
    S' = rownorm(S Ws + sum_r out_r T W_r + sum_c in_c S U_c)
    T' = rownorm(T Wt + sum_r in_r S W_r + sum_c out_c T U_c)
over the relations r and the context relations c.
"""
import warnings

import numpy as np
import scipy.sparse as sp
import torch
import torch.nn.functional as functional

RELATION_SCALE = 0.3
FIRST_TEMPERATURE = 10.0


def csr(matrix: sp.csr_matrix) -> torch.Tensor:
    """A sparse tensor."""
    arrays = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data.astype(np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tensors = map(torch.from_numpy, arrays)
        return torch.sparse_csr_tensor(*tensors, size=matrix.shape, check_invariants=False)


class Operator:
    """A sparse matrix with its transpose."""

    def __init__(self, matrix: sp.csr_matrix) -> None:
        self.forward, self.backward = csr(matrix), csr(matrix.T.tocsr())


class _Product(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, operator):
        ctx.operator = operator
        return operator.forward @ x

    @staticmethod
    def backward(ctx, gradient):
        return ctx.operator.backward @ gradient.contiguous(), None


def product(operator: Operator, x: torch.Tensor) -> torch.Tensor:
    """operator @ x; the gradient reads the stored transpose."""
    return _Product.apply(x, operator)


class Model(torch.nn.Module):
    """Parameters and the forward pass."""

    def __init__(self, buckets: int, width: int, layers: int, relations: list[str],
                 context: list[str]) -> None:
        super().__init__()
        parameter = torch.nn.Parameter
        self.layers, self.relations, self.context = layers, relations, context
        self.table = parameter(torch.randn(buckets, width) / width**0.5)
        identity = torch.eye(width)

        def weights(scale: float) -> torch.nn.Parameter:
            return parameter(scale * identity + torch.randn(width, width) * 0.1 / width**0.5)

        self.weights = torch.nn.ParameterDict()
        for layer in range(layers):
            for name in ("S", "T"):
                self.weights[f"{name}{layer}"] = weights(1.0)
            for name in [*relations, *(f"back_{name}" for name in context)]:
                self.weights[f"{name}{layer}"] = weights(RELATION_SCALE)
        self.log_temperature = parameter(torch.tensor(float(np.log(FIRST_TEMPERATURE))))

    def forward(self, features: Operator, graphs: dict[str, tuple[Operator, Operator]]):
        """S and T; `graphs` holds each relation's matrix and its reverse, both with scaled rows."""
        S = T = functional.normalize(product(features, self.table), dim=1)
        for layer in range(self.layers):
            s = S @ self.weights[f"S{layer}"]
            t = T @ self.weights[f"T{layer}"]
            for name in self.relations:
                out, back = graphs[name]
                s = s + product(out, T) @ self.weights[f"{name}{layer}"]
                t = t + product(back, S) @ self.weights[f"{name}{layer}"]
            for name in self.context:
                out, back = graphs[name]
                s = s + product(back, S) @ self.weights[f"back_{name}{layer}"]
                t = t + product(out, T) @ self.weights[f"back_{name}{layer}"]
            S, T = functional.normalize(s, dim=1), functional.normalize(t, dim=1)
        return S, T


def softmax_loss(S, T, temperature, u, v, negatives, chunk=4096):
    """Mean of -log softmax of the target against shared negatives, those that are the target masked."""
    Tn = T[negatives]
    total = 0
    for begin in range(0, len(u), chunk):
        uu, vv = u[begin:begin + chunk], v[begin:begin + chunk]
        su = S[uu]
        positive = (su * T[vv]).sum(1) * temperature
        negative = su @ Tn.T * temperature
        negative = negative.masked_fill(negatives[None, :] == vv[:, None], -1e9)
        m = torch.logsumexp(torch.cat([positive[:, None], negative], 1), 1)
        total = total + (m - positive).sum()
    return total / len(u)


def one_way_loss(S, T, temperature, u, v, margin):
    """Mean over one-way edges of softplus(-x_uv) + softplus(x_vu - margin)."""
    along = (S[u] * T[v]).sum(1) * temperature
    against = (S[v] * T[u]).sum(1) * temperature
    return (functional.softplus(-along) + functional.softplus(against - margin)).mean()
