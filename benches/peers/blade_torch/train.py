"""The recipe of the example: full-batch epochs with dropped label edges in the message graph."""
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
import torch

import debian
from blade_torch.model import Model, Operator, one_way_loss, softmax_loss


@dataclass(frozen=True)
class Recipe:
    """The numbers of the recipe."""

    width: int = 64
    layers: int = 2
    bits: int = 16
    rate: float = 0.01
    last_rate: float = 0.05
    keep: float = 0.5
    negatives: int = 2048
    popularity_power: float = 0.5
    degree_power: float = 0.5
    one_way: float = 0.3
    margin: float = 1.0


CONTEXT = ["depends", "suggests"]


def features(data: debian.Debian, bits: int) -> sp.csr_matrix:
    """Packages by token buckets, weighted by rarity, rows of length 1."""
    rows, columns = [], []
    for prefix, vocabulary, sets in data.tokens:
        buckets = np.array([debian.bucket(prefix.encode() + token, bits) for token in vocabulary])
        pairs = sets.pairs()
        rows.append(pairs[:, 0])
        columns.append(buckets[pairs[:, 1]])
    pairs = np.stack([np.concatenate(rows), np.concatenate(columns)], axis=1)
    matrix = adjacency(pairs, data.packages, 1 << bits)
    frequency = np.bincount(matrix.indices, minlength=1 << bits)
    matrix.data = np.log(data.packages / np.maximum(frequency[matrix.indices], 1)).astype(np.float32)
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(1))).ravel()
    scale = sp.diags((1 / np.maximum(norms, 1e-9)).astype(np.float32))
    return sp.csr_matrix(scale @ matrix, dtype=np.float32)


def adjacency(pairs: np.ndarray, rows: int, columns: int) -> sp.csr_matrix:
    """Ones at the pairs."""
    ones = np.ones(len(pairs), np.float32)
    matrix = sp.csr_matrix((ones, (pairs[:, 0], pairs[:, 1])), shape=(rows, columns))
    matrix.data[:] = 1.0
    return matrix


def both_ways(matrix: sp.csr_matrix, power: float) -> tuple[Operator, Operator]:
    """A relation and its reverse, each with rows scaled by degree^-power."""
    def scaled(one: sp.csr_matrix) -> Operator:
        degrees = np.maximum(np.asarray(one.sum(1)).ravel(), 1.0) ** -power
        return Operator(sp.csr_matrix(sp.diags(degrees.astype(np.float32)) @ one, dtype=np.float32))
    return scaled(matrix), scaled(matrix.T.tocsr())


class Training:
    """The state of a training of so many epochs."""

    def __init__(self, data: debian.Debian, epochs: int, recipe: Recipe = Recipe(), seed: int = 0) -> None:
        torch.manual_seed(seed)
        self.recipe, self.nodes = recipe, data.packages
        self.random = np.random.default_rng(seed)
        self.generator = torch.Generator().manual_seed(seed)
        self.train, _ = debian.split(data)
        self.edges = torch.from_numpy(self.train)
        self.features = Operator(features(data, recipe.bits))
        labels = set(map(tuple, data.edges["recommends"].tolist()))
        self.graphs = {}
        for name in CONTEXT:
            pairs = np.array([pair for pair in data.edges[name].tolist() if tuple(pair) not in labels])
            self.graphs[name] = both_ways(adjacency(pairs, self.nodes, self.nodes), recipe.degree_power)
        known = set(map(tuple, self.train.tolist()))
        self.one_way = torch.tensor([(v, u) not in known and u != v for u, v in self.train.tolist()])
        popularity = np.bincount(self.train[:, 1], minlength=self.nodes) ** recipe.popularity_power
        self.popularity = torch.from_numpy(popularity / popularity.sum())
        self.model = Model(1 << recipe.bits, recipe.width, recipe.layers, ["labels", *CONTEXT], CONTEXT)
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=recipe.rate, foreach=True)

        def rate(epoch: int) -> float:
            cosine = 0.5 * (1 + np.cos(np.pi * min(epoch, epochs) / epochs))
            return cosine * (1 - recipe.last_rate) + recipe.last_rate

        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimiser, rate)

    def epoch(self) -> float:
        """One step; returns the loss."""
        recipe = self.recipe
        kept = self.train[self.random.random(len(self.train)) < recipe.keep]
        self.graphs["labels"] = both_ways(adjacency(kept, self.nodes, self.nodes), recipe.degree_power)
        S, T = self.model(self.features, self.graphs)
        Sd, Td = S.detach().requires_grad_(), T.detach().requires_grad_()
        temperature = self.model.log_temperature.exp()
        u, v = self.edges[:, 0], self.edges[:, 1]
        popular = recipe.negatives // 2
        negatives = torch.cat([
            torch.multinomial(self.popularity, popular, True, generator=self.generator),
            torch.randint(self.nodes, (recipe.negatives - popular,), generator=self.generator),
        ])
        loss = softmax_loss(Sd, Td, temperature, u, v, negatives)
        o = self.one_way
        loss = loss + recipe.one_way * one_way_loss(Sd, Td, temperature, u[o], v[o], recipe.margin)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.autograd.backward([S, T], [Sd.grad, Td.grad])
        self.optimiser.step()
        self.schedule.step()
        return loss.item()
