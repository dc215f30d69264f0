//! Training: the data that it reads, and the epochs.

use std::collections::HashSet;
use std::time::Instant;

use avocet::optim::{self, Adam};
use avocet::{Error, Pool, Workspace};
use rand::distr::weighted::WeightedIndex;
use rand::distr::{Distribution, Uniform};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::data::{Edge, PackageGraph, Relation as RelationKind};
use crate::losses::{Negatives, Supervision, losses, pairs};
use crate::model::{Features, LayerGraphs, Model};
use crate::one_way::one_way_training;
use crate::parameters::{Parameters, Shape};
use crate::recipe::{Loss, Recipe};
use crate::relation::{Relation, graph};
use crate::split::{Split, context_edges, in_degrees};
use crate::table::Table;
use crate::tokens::{FEATURE_BITS, token_features};
use crate::touched::Touched;

/// What training reads: the same for every seed.
#[derive(Debug)]
pub struct TrainingData {
    /// Number of packages.
    pub nodes: usize,
    train: Vec<Edge>,
    /// Token features of every package.
    pub features: Features,
    context: [Vec<Edge>; 2],
    one_way: Vec<Edge>,
}

impl TrainingData {
    /// The edges and features of a split.
    pub fn new(packages: &PackageGraph, split: &Split) -> Result<Self, Error> {
        Self::without(packages, split, &HashSet::new())
    }

    /// The same as if some packages had no edges yet.
    pub fn without(packages: &PackageGraph, split: &Split, new: &HashSet<u32>) -> Result<Self, Error> {
        let known = |edges: Vec<Edge>| -> Vec<Edge> {
            edges.into_iter().filter(|(u, v)| !new.contains(u) && !new.contains(v)).collect()
        };
        let tokens = token_features(packages).matrix;
        let bag = graph(&tokens)?;
        let train = known(split.train.clone());
        Ok(Self {
            nodes: packages.len(),
            features: Features { transposed: bag.transpose()?, graph: bag, weights: tokens.values },
            context: [RelationKind::Depends, RelationKind::Suggests]
                .map(|kind| known(context_edges(packages, kind))),
            one_way: one_way_training(&train),
            train,
        })
    }

    /// The training edges.
    pub fn train(&self) -> &[Edge] {
        &self.train
    }

    /// A relation as a recipe reads it.
    fn relation(&self, edges: &[Edge], recipe: Recipe) -> Result<Relation, Error> {
        if recipe.symmetric {
            Relation::undirected(edges, self.nodes)
        } else {
            Relation::new(edges, self.nodes)
        }
    }
}

/// A finished training.
#[derive(Debug)]
pub struct Trained {
    /// Source rows: how a package asks.
    pub sources: Table,
    /// Target rows: how a package is found.
    pub targets: Table,
    /// The parameters.
    pub parameters: Parameters,
    /// The rows that the last layer read: what a new package's neighbours are.
    pub below: (Table, Table),
    /// Median of the epochs.
    pub seconds_per_epoch: f64,
    /// Loss of the last epoch.
    pub loss: f64,
}

/// Draws of negatives.
struct Draws {
    by_degree: WeightedIndex<f64>,
    any_node: Uniform<u32>,
    random: ChaCha8Rng,
}

impl Draws {
    fn new(data: &TrainingData, seed: u64) -> Self {
        let degrees = in_degrees(&data.train, data.nodes).into_iter().map(|degree| f64::from(degree).sqrt());
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(1);
        Self {
            by_degree: WeightedIndex::new(degrees).expect("there are training edges"),
            any_node: Uniform::new(0, data.nodes as u32).expect("there are packages"),
            random,
        }
    }

    /// Nodes by in-degree^1/2.
    fn popular(&mut self, count: usize) -> Vec<u32> {
        (0..count).map(|_| self.by_degree.sample(&mut self.random) as u32).collect()
    }

    /// Nodes, each as likely as any other.
    fn any(&mut self, count: usize) -> Vec<u32> {
        (0..count).map(|_| self.any_node.sample(&mut self.random)).collect()
    }

    /// A share of the edges.
    fn keep(&mut self, edges: &[Edge], share: f64) -> Vec<Edge> {
        edges.iter().copied().filter(|_| self.random.random_bool(share)).collect()
    }
}

/// Trains from a seed and embeds every package. `progress(epoch, loss)` is called after each epoch.
pub fn train(
    data: &TrainingData,
    recipe: Recipe,
    seed: u64,
    pool: Option<&Pool>,
    mut progress: impl FnMut(usize, f64),
) -> Result<Trained, Error> {
    let shape = Shape {
        dim: recipe.dim,
        tokens: 1 << FEATURE_BITS,
        layers: recipe.layers,
        relations: 1 + data.context.len(),
        symmetric: recipe.symmetric,
    };
    let mut parameters = Parameters::initial(shape, seed);
    let mut gradient = Parameters::zeros(shape);
    let mut moments = [vec![0.0; parameters.values.len()], vec![0.0; parameters.values.len()]];
    let mut draws = Draws::new(data, seed);
    let [depends, suggests] = &data.context;
    let context = [data.relation(depends, recipe)?, data.relation(suggests, recipe)?];

    // Shared negatives touch few rows, negatives of each edge nearly all.
    let (touched, uniform) = match recipe.loss {
        Loss::Softmax { negatives } => (Touched::ends(&data.train, data.nodes)?, negatives / 2),
        Loss::Logistic { .. } => (Touched::everything(data.nodes)?, 0),
    };
    let rows = touched.rows(uniform);
    let supervision = Supervision {
        labels: touched.numbered(&data.train, rows)?,
        one_way: touched.numbered(&data.one_way, rows)?,
    };
    let mut model = Model::new(data.nodes, recipe.dim, recipe.layers, rows);
    let mut workspace = Workspace::new();
    let mut seconds = Vec::new();
    let mut loss = 0.0;
    for epoch in 0..recipe.epochs {
        let start = Instant::now();
        let drawn = data.relation(&draws.keep(&data.train, recipe.keep), recipe)?;
        let sampled = |relation: &Relation| relation.sample(recipe.fanout, seed ^ (epoch as u64 + 1) << 32);
        let relations = [sampled(&drawn)?, sampled(&context[0])?, sampled(&context[1])?];
        let relations = [&relations[0], &relations[1], &relations[2]];

        let (negatives, own, any);
        let negatives = match recipe.loss {
            Loss::Softmax { negatives: count } => {
                let mut ids = touched.numbers(&draws.popular(count - uniform));
                any = draws.any(uniform);
                ids.extend(touched.numbers(&any));
                negatives = ids;
                Negatives::Shared(&negatives)
            }
            Loss::Logistic { negatives: count, margin } => {
                any = Vec::new();
                let each = data.train.iter().flat_map(|&(u, _)| std::iter::repeat_n(u, count));
                let others = draws.any(count * data.train.len());
                own = pairs(each.zip(others).collect(), rows)?;
                Negatives::Pairs(&own, margin)
            }
        };
        let last = touched.graphs(&any, &relations)?;
        let mut graphs = vec![LayerGraphs::whole(&relations); recipe.layers];
        graphs[recipe.layers - 1] = last.layer();

        model.forward(&parameters, &data.features, &graphs, pool)?;
        gradient.values.fill(0.0);
        let temperature = parameters.temperature();
        let sums = losses(&supervision, recipe, temperature, negatives, &mut model, pool, &mut workspace)?;
        loss = sums.loss;
        *gradient.log_temperature_mut() = sums.slope as f32 * temperature;
        model.backward(&parameters, &data.features, &graphs, &mut gradient, pool)?;

        let turn = std::f64::consts::PI * epoch as f64 / recipe.epochs as f64;
        let rate = recipe.rate * (0.5 * (1.0 + turn.cos()) * 0.95 + 0.05) as f32;
        let [first, second] = &mut moments;
        let adam = Adam::new(rate, epoch as u64 + 1);
        optim::adam(adam, &mut parameters.values, &gradient.values, first, second, pool)?;
        seconds.push(start.elapsed().as_secs_f64());
        progress(epoch, loss);
    }
    drop((model, gradient, moments, workspace));

    let labels = data.relation(&data.train, recipe)?;
    let mut relations = [labels, context[0].clone(), context[1].clone()];
    if recipe.sampled_scoring {
        for relation in &mut relations {
            *relation = relation.sample(recipe.fanout, seed)?;
        }
    }
    let relations = [&relations[0], &relations[1], &relations[2]];
    let graphs = vec![LayerGraphs::whole(&relations); recipe.layers];
    let mut model = Model::new(data.nodes, recipe.dim, recipe.layers, data.nodes);
    model.forward(&parameters, &data.features, &graphs, pool)?;
    let (sources, targets) = model.embeddings();
    let below = model.inputs(recipe.layers - 1);
    seconds.sort_by(f64::total_cmp);
    Ok(Trained {
        sources: sources.clone(),
        targets: targets.clone(),
        below: (below.0.clone(), below.1.clone()),
        parameters,
        seconds_per_epoch: seconds.get(seconds.len() / 2).copied().unwrap_or(0.0),
        loss,
    })
}
