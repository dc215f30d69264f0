//! The threshold search against exhaustive enumeration, in exact arithmetic.

mod common;

use avocet::threshold::search::{
    Cells, Method, Objective, Options, Outcome, Ratio, Shape, Solution, Sums, Utility, search,
};
use avocet::{Error, Status, Workspace};
use common::Random;
use common::grids::{self, Grid};
use std::cmp::Ordering;

/// Some grid of few cells: counts, weights of a wide range, zeros, levels without weight or without positives.
fn small(random: &mut Random, most: usize) -> Grid {
    let levels = random.below(5);
    let mut bins = random.below(6);
    while (bins + 1).pow(levels as u32) > most {
        bins -= 1;
    }
    let kind = random.below(8);
    let scale = [3, 20, 1000, 1 << 20, 1 << 40, 1 << 56][random.below(6)];
    let equal = 1 + random.below(scale) as u64;
    let (mut positive, mut negative) = (Vec::new(), Vec::new());
    for _ in 0..levels {
        let empty = random.below(6) == 0;
        for bin in 0..bins {
            let mut p = random.below(scale) as u64;
            let mut n = random.below(scale) as u64;
            match kind {
                0 => (p, n) = (0, if random.below(3) == 0 { 0 } else { n }),
                1 => n = 0,
                // Positivity rises with the score.
                2 | 3 => (p, n) = (p * (bin as u64 + 1) / 8, n / (bin as u64 + 1)),
                4 => {
                    p %= equal + 1;
                    n = equal - p;
                }
                _ => {}
            }
            if kind != 4 && (empty || random.below(5) == 0) {
                (p, n) = (0, 0);
            }
            if kind == 5 && random.below(2) == 0 {
                p = 0;
            }
            positive.push(p);
            negative.push(n);
        }
    }
    Grid { levels, bins, positive, negative }
}

/// An unsigned number of any size, as digits of 32 bits, the least first: an arithmetic that shares nothing with the
/// library's.
fn product(factors: &[u128]) -> Vec<u64> {
    let mut digits = vec![1u64];
    for &factor in factors {
        let mut result = vec![0u64; digits.len() + 5];
        for (i, &x) in digits.iter().enumerate() {
            let mut carry = 0u64;
            for j in 0..5 {
                let y = if j < 4 { (factor >> (32 * j)) as u32 } else { 0 };
                let sum = result[i + j] + x * u64::from(y) + carry;
                (result[i + j], carry) = (sum & 0xffff_ffff, sum >> 32);
            }
        }
        digits = result;
    }
    digits.resize(24, 0);
    digits.reverse();
    digits
}

/// Whether a selection is feasible, by the words of the objective.
fn feasible(objective: &Objective, sums: Sums, total: Sums) -> bool {
    let (p, t) = (u128::from(sums.positive), u128::from(sums.positive + sums.negative));
    let parts = |ratio: Ratio| (u128::from(ratio.numerator), u128::from(ratio.denominator));
    match *objective {
        Objective::RecallUnderPrecision { precision } => {
            let (g, c) = parts(precision);
            t > 0 && product(&[c, p]) >= product(&[g, t])
        }
        Objective::PrecisionUnderRecall { recall } => {
            let (g, c) = parts(recall);
            t > 0 && product(&[c, p]) >= product(&[g, total.positive.into()])
        }
        Objective::FBeta { .. } | Objective::Utility(_) => true,
        Objective::AtMost { selected } => t <= selected.into(),
        Objective::RecallUnderWilson { precision, z_squared } => {
            let ((g, c), (n, d)) = (parts(precision), parts(z_squared));
            t > 0 && c * p >= g * t && {
                let margin = c * p - g * t;
                product(&[d, margin, margin]) >= product(&[n, g, c - g, t])
            }
        }
    }
}

/// How two feasible selections compare, by the words of the objective.
fn compare(objective: &Objective, a: Sums, b: Sums, total: Sums) -> Ordering {
    let all = |sums: Sums| u128::from(sums.positive + sums.negative);
    let (pa, pb) = (u128::from(a.positive), u128::from(b.positive));
    match *objective {
        Objective::PrecisionUnderRecall { .. } => product(&[pa, all(b)]).cmp(&product(&[pb, all(a)])),
        Objective::FBeta { beta_squared } => {
            let (n, d) = (u128::from(beta_squared.numerator), u128::from(beta_squared.denominator));
            let below = |sums| (d * all(sums) + n * u128::from(total.positive)).max(1);
            product(&[pa, below(b)]).cmp(&product(&[pb, below(a)]))
        }
        Objective::Utility(u) => {
            let value = |sums: Sums| {
                let stay = |all: u64, passes: u64| i128::from(all - passes);
                i128::from(u.positive_passes) * i128::from(sums.positive)
                    + i128::from(u.negative_passes) * i128::from(sums.negative)
                    + i128::from(u.positive_stays) * stay(total.positive, sums.positive)
                    + i128::from(u.negative_stays) * stay(total.negative, sums.negative)
            };
            value(a).cmp(&value(b))
        }
        _ => pa.cmp(&pb),
    }
}

/// Every vector of thresholds that has the shape.
fn every(grid: &Grid, shape: Shape, mut visit: impl FnMut(&[u32])) {
    let mut thresholds = vec![0; grid.levels];
    loop {
        if has_shape(&thresholds, shape) {
            visit(&thresholds);
        }
        let Some(at) = thresholds.iter().position(|&t| (t as usize) < grid.bins) else { break };
        thresholds[..at].fill(0);
        thresholds[at] += 1;
    }
}

fn has_shape(thresholds: &[u32], shape: Shape) -> bool {
    match shape {
        Shape::Free => true,
        Shape::NonDecreasing => thresholds.is_sorted(),
        Shape::NonIncreasing => thresholds.iter().rev().is_sorted(),
    }
}

fn ratio(random: &mut Random, most: Option<u32>) -> Ratio {
    let denominator = [1, 2, 3, 10, 100, 1000, 65537, u32::MAX][random.below(8)];
    let denominator = most.map_or(denominator, |most| most.min(denominator));
    let limit = denominator as usize;
    let numerator = if random.below(10) == 0 { limit } else { random.below(limit + 1) };
    Ratio::new(numerator as u32, denominator)
}

fn objective(random: &mut Random, number: usize, total: Sums) -> Objective {
    match number {
        0 => Objective::RecallUnderPrecision { precision: ratio(random, None) },
        1 => Objective::PrecisionUnderRecall { recall: ratio(random, None) },
        2 => Objective::FBeta {
            beta_squared: Ratio::new(random.below(5) as u32, [1, 2, 100, u32::MAX][random.below(4)]),
        },
        3 => {
            let large = random.below(4) == 0;
            let mut gain = || {
                let bits = random.u64() as i64;
                if large { bits >> 7 } else { bits >> 58 }
            };
            Objective::Utility(Utility {
                positive_passes: gain(),
                negative_passes: gain(),
                positive_stays: gain(),
                negative_stays: gain(),
            })
        }
        4 => {
            let all = total.positive + total.negative;
            Objective::AtMost { selected: random.below(all as usize + 2) as u64 }
        }
        // Larger denominators may leave no room for a proof.
        _ => Objective::RecallUnderWilson {
            precision: ratio(random, Some(1000)),
            z_squared: [Ratio::new(27055, 10000), Ratio::new(0, 1), Ratio::new(384, 100), Ratio::new(3, 7)]
                [random.below(4)],
        },
    }
}

fn run(
    grid: &Grid,
    objective: &Objective,
    options: &Options,
    workspace: &mut Workspace,
) -> (Solution, Vec<u32>) {
    let mut thresholds = vec![7; grid.levels];
    let solution =
        workspace.fit(|space| search(&grid.cells(), objective, options, &mut thresholds, space)).unwrap();
    assert_eq!(solution.passing, grid.passing(&thresholds), "{grid:?} {objective:?}");
    (solution, thresholds)
}

/// The best of what `every` visits.
fn brute(grid: &Grid, objective: &Objective, shape: Shape) -> Option<Sums> {
    let total = grid.total();
    let mut best: Option<Sums> = None;
    every(grid, shape, |thresholds| {
        let sums = grid.passing(thresholds);
        let better = |old| compare(objective, sums, old, total) == Ordering::Greater;
        if feasible(objective, sums, total) && best.is_none_or(better) {
            best = Some(sums);
        }
    });
    best
}

/// Refuses an exact answer that is not the best.
fn check_exact(grid: &Grid, objective: &Objective, shape: Shape, workspace: &mut Workspace) {
    let options = Options { method: Method::Exact, shape, ..Options::default() };
    let (solution, thresholds) = run(grid, objective, &options, workspace);
    let what = format!("{grid:?} {objective:?} {shape:?} {solution:?} {thresholds:?}");
    let total = grid.total();
    assert!(solution.proven && has_shape(&thresholds, shape), "{what}");
    match brute(grid, objective, shape) {
        Some(best) => {
            assert_eq!(solution.outcome, Outcome::Feasible, "{what}: {best:?}");
            assert!(feasible(objective, solution.passing, total), "{what}");
            assert_eq!(
                compare(objective, solution.passing, best, total),
                Ordering::Equal,
                "{what}: {best:?}"
            );
            assert_eq!(solution.bound, solution.passing, "{what}");
        }
        None => {
            assert_eq!(solution.outcome, Outcome::Infeasible, "{what}");
            assert!(thresholds.iter().all(|&t| t as usize == grid.bins), "{what}");
            let any = Objective::PrecisionUnderRecall { recall: Ratio::new(0, 1) };
            match brute(grid, &any, shape) {
                Some(best) => {
                    assert_eq!(compare(&any, solution.bound, best, total), Ordering::Equal, "{what}")
                }
                None => assert_eq!(solution.bound, Sums::default(), "{what}"),
            }
        }
    }
}

#[test]
fn exact_is_the_best_of_all() {
    let mut random = Random::new(1);
    let mut workspace = Workspace::new();
    for round in 0..12_000 {
        let mut grid = small(&mut random, 400);
        if round % 6 == 5 && grid.total().positive.max(grid.total().negative) > 1 << 30 {
            // Counts of rows.
            grid.positive.iter_mut().chain(&mut grid.negative).for_each(|cell| *cell >>= 32);
        }
        let objective = objective(&mut random, round % 6, grid.total());
        check_exact(&grid, &objective, Shape::Free, &mut workspace);
    }
}

#[test]
fn exact_is_the_best_of_each_shape() {
    let mut random = Random::new(7);
    let mut workspace = Workspace::new();
    for round in 0..12_000 {
        let mut grid = small(&mut random, 400);
        if round % 6 == 5 && grid.total().positive.max(grid.total().negative) > 1 << 30 {
            grid.positive.iter_mut().chain(&mut grid.negative).for_each(|cell| *cell >>= 32);
        }
        let mut objective = objective(&mut random, round % 6, grid.total());
        if let Objective::FBeta { beta_squared } = &mut objective {
            beta_squared.denominator = 1 + beta_squared.denominator % 2;
        }
        let shape = if round % 7 < 4 { Shape::NonDecreasing } else { Shape::NonIncreasing };
        check_exact(&grid, &objective, shape, &mut workspace);
    }
}

#[test]
fn single_is_the_best_threshold_for_all_levels() {
    let mut random = Random::new(2);
    let mut workspace = Workspace::new();
    for round in 0..6_000 {
        let grid = small(&mut random, 400);
        let (objective, total) = (objective(&mut random, round % 6, grid.total()), grid.total());
        let options = Options { method: Method::Single, ..Options::default() };
        let (solution, thresholds) = run(&grid, &objective, &options, &mut workspace);
        let all = (0..=grid.bins as u32).rev().map(|t| vec![t; grid.levels]);
        let feasible = all.filter(|all| feasible(&objective, grid.passing(all), total));
        // Of equals the greatest threshold.
        let best = feasible.reduce(|best, new| {
            match compare(&objective, grid.passing(&new), grid.passing(&best), total) {
                Ordering::Greater => new,
                _ => best,
            }
        });
        assert_eq!(solution.outcome == Outcome::Feasible, best.is_some(), "{grid:?} {objective:?}");
        assert_eq!(thresholds, best.unwrap_or(vec![grid.bins as u32; grid.levels]), "{grid:?} {objective:?}");
        assert!(solution.proven);
        if solution.outcome == Outcome::Infeasible {
            let precision = |sums: Sums| sums.positive as f64 / (sums.positive + sums.negative) as f64;
            let all = (0..grid.bins as u32).map(|t| precision(grid.passing(&vec![t; grid.levels])));
            let greatest = all.fold(f64::NAN, f64::max);
            let bound = precision(solution.bound);
            assert!(bound == greatest || bound.is_nan() && greatest.is_nan(), "{grid:?} {objective:?}");
        }
    }
}

#[test]
fn mist_is_below_exact_and_both_below_the_bound() {
    let mut random = Random::new(3);
    let mut workspace = Workspace::new();
    let mut proven = 0;
    for round in 0..4_000 {
        let grid = small(&mut random, 4_000);
        let (objective, total) = (objective(&mut random, round % 2, grid.total()), grid.total());
        let mist = Options { method: Method::Mist, ..Options::default() };
        let (mist, _) = run(&grid, &objective, &mist, &mut workspace);
        let (exact, _) = run(&grid, &objective, &Options::default(), &mut workspace);
        let what = format!("{grid:?} {objective:?} {mist:?} {exact:?}");
        assert_eq!(mist.outcome, exact.outcome, "{what}");
        if mist.outcome == Outcome::Feasible {
            assert!(feasible(&objective, mist.passing, total), "{what}");
            assert!(compare(&objective, mist.passing, exact.passing, total) != Ordering::Greater, "{what}");
            assert!(compare(&objective, exact.passing, mist.bound, total) != Ordering::Greater, "{what}");
            if mist.proven {
                assert!(compare(&objective, exact.passing, mist.passing, total) == Ordering::Equal, "{what}");
                proven += 1;
            }
        }
    }
    assert!(proven > 500, "{proven}");
}

/// Cells of one weight.
fn equal(random: &mut Random, levels: usize, bins: usize) -> Grid {
    let most = [4, 100, 1 << 20, 1 << 40][random.below(4)];
    let weight = 1 + random.below(most) as u64;
    let shift = random.below(2) * 8;
    let unit = 1 + random.below(2);
    let mut positive = Vec::new();
    for _ in 0..levels {
        let base = random.unit();
        for bin in 0..bins {
            let positivity = (base + bin as f64 / bins as f64 + random.unit()) / 3.0;
            let p = (positivity * weight as f64) as u64;
            positive.push((p / unit as u64 * unit as u64).min(weight) << shift);
        }
    }
    let negative = positive.iter().map(|p| (weight << shift) - p).collect();
    Grid { levels, bins, positive, negative }
}

#[test]
fn dp_is_exact_on_cells_of_equal_weight() {
    let mut random = Random::new(6);
    let mut workspace = Workspace::new();
    for round in 0..1_500 {
        let (levels, bins) = (random.below(7), random.below(40));
        let grid = equal(&mut random, levels, bins);
        let total = grid.total();
        let objective = objective(&mut random, [0, 1, 4][round % 3], total);
        let by = |method| Options { method, ..Options::default() };
        let (dp, _) = run(&grid, &objective, &by(Method::Dp), &mut workspace);
        let (exact, _) = run(&grid, &objective, &by(Method::Exact), &mut workspace);
        let what = format!("{grid:?} {objective:?} {dp:?} {exact:?}");
        assert!(dp.proven && exact.proven, "{what}");
        assert_eq!(dp.outcome, exact.outcome, "{what}");
        let ratio = |a: Sums, b: Sums| {
            let any = Objective::PrecisionUnderRecall { recall: Ratio::new(0, 1) };
            compare(&any, a, b, total)
        };
        match dp.outcome {
            Outcome::Feasible => {
                assert!(feasible(&objective, dp.passing, total), "{what}");
                assert_eq!(compare(&objective, dp.passing, exact.passing, total), Ordering::Equal, "{what}");
            }
            _ => assert_eq!(ratio(dp.bound, exact.bound), Ordering::Equal, "{what}"),
        }
        if round % 3 < 2 {
            let (mist, _) = run(&grid, &objective, &by(Method::Mist), &mut workspace);
            assert_eq!(mist.outcome, dp.outcome, "{what}");
            let feasible = mist.outcome == Outcome::Feasible;
            assert!(!feasible || compare(&objective, mist.passing, dp.passing, total).is_le(), "{what}");
        }
        // Every point of the frontier is what `AtMost` finds.
        let mut frontier = vec![0; levels * bins + 1];
        let weight = workspace
            .fit(|space| avocet::threshold::search::frontier(&grid.cells(), &mut frontier, space))
            .unwrap();
        let passing = random.below(levels * bins + 1);
        let most = Objective::AtMost { selected: weight * passing as u64 };
        let (most, _) = run(&grid, &most, &by(Method::Exact), &mut workspace);
        assert_eq!(most.passing.positive, frontier[passing], "{what}");
    }
}

/// Within a work limit too small for a proof the answer is feasible and the bound holds.
#[test]
fn a_work_limit_leaves_a_feasible_answer_and_a_bound() {
    let mut random = Random::new(4);
    let mut workspace = Workspace::new();
    let mut open = 0;
    for round in 0..6_000 {
        let mut grid = small(&mut random, 4_000);
        if round % 6 == 5 {
            grid.positive.iter_mut().chain(&mut grid.negative).for_each(|cell| *cell &= 0xffff);
        }
        let (objective, total) = (objective(&mut random, round % 6, grid.total()), grid.total());
        let limited = Options { work_limit: 1 + random.below(8) as u64, ..Options::default() };
        let (limited, _) = run(&grid, &objective, &limited, &mut workspace);
        let (exact, _) = run(&grid, &objective, &Options::default(), &mut workspace);
        let what = format!("{grid:?} {objective:?} {limited:?} {exact:?}");
        assert!(exact.proven, "{what}");
        open += usize::from(!limited.proven);
        match limited.outcome {
            Outcome::Feasible => {
                assert!(feasible(&objective, limited.passing, total), "{what}");
                assert!(
                    compare(&objective, limited.passing, exact.passing, total) != Ordering::Greater,
                    "{what}"
                );
                assert!(
                    compare(&objective, exact.passing, limited.bound, total) != Ordering::Greater,
                    "{what}"
                );
                let reached = compare(&objective, limited.passing, limited.bound, total) == Ordering::Equal;
                assert_eq!(reached, limited.proven, "{what}");
                assert!(
                    !limited.proven || compare(&objective, limited.passing, exact.passing, total).is_eq()
                );
            }
            Outcome::Infeasible => assert_eq!(exact.outcome, Outcome::Infeasible, "{what}"),
            Outcome::Unknown => assert!(exact.passing.positive <= limited.bound.positive, "{what}"),
        }
    }
    assert!(open > 200, "{open}");
}

#[test]
fn the_peers_data_set_is_proven() {
    let grid = grids::large(50, 500, true);
    let (total, mut workspace) = (grid.total(), Workspace::new());
    for objective in [
        Objective::RecallUnderPrecision { precision: Ratio::new(5, 10) },
        Objective::RecallUnderPrecision { precision: Ratio::new(9, 10) },
        Objective::RecallUnderPrecision { precision: Ratio::new(99, 100) },
        Objective::PrecisionUnderRecall { recall: Ratio::new(5, 10) },
        Objective::FBeta { beta_squared: Ratio::new(1, 1) },
        Objective::AtMost { selected: 100_000 << 20 },
    ] {
        let (exact, thresholds) = run(&grid, &objective, &Options::default(), &mut workspace);
        assert!(exact.proven && feasible(&objective, exact.passing, total), "{objective:?} {exact:?}");
        assert_eq!(grid.cells().passing(&thresholds), Ok(exact.passing));
        for shape in [Shape::NonDecreasing, Shape::NonIncreasing] {
            let options = Options { shape, ..Options::default() };
            let (shaped, thresholds) = run(&grid, &objective, &options, &mut workspace);
            let what = format!("{objective:?} {shape:?} {shaped:?}");
            assert!(shaped.proven && has_shape(&thresholds, shape), "{what}");
            if shaped.outcome == Outcome::Feasible {
                assert!(feasible(&objective, shaped.passing, total), "{what}");
                assert!(compare(&objective, shaped.passing, exact.passing, total).is_le(), "{what}");
            }
        }
    }
    // The recall that the same distribution gave peers, on other random numbers.
    let objective = Objective::RecallUnderPrecision { precision: Ratio::new(9, 10) };
    let (exact, _) = run(&grid, &objective, &Options::default(), &mut workspace);
    assert!((exact.passing.positive as f64 / total.positive as f64 - 0.5705).abs() < 0.002, "{exact:?}");

    let grid = grids::large(50, 500, false);
    let (precision, z_squared) = (Ratio::new(9, 10), Ratio::new(27055, 10000));
    let objective = Objective::RecallUnderWilson { precision, z_squared };
    let (wilson, _) = run(&grid, &objective, &Options::default(), &mut workspace);
    assert!(wilson.proven && feasible(&objective, wilson.passing, grid.total()), "{wilson:?}");
}

/// The relative distance of a value from its bound.
fn gap(objective: &Objective, solution: &Solution) -> f64 {
    let value = |sums: Sums| match objective {
        Objective::PrecisionUnderRecall { .. } => {
            sums.positive as f64 / (sums.positive as f64 + sums.negative as f64)
        }
        _ => sums.positive as f64,
    };
    value(solution.bound) / value(solution.passing) - 1.0
}

#[test]
fn random_grids_of_all_kinds_are_proven() {
    let mut random = Random::new(5);
    let mut workspace = Workspace::new();
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..if cfg!(debug_assertions) { 120 } else { 1_000 } {
        let grid = grids::random(&mut random, round % 12, 200, 2_000);
        let bound = Ratio::new([50, 70, 80, 90, 95, 99][random.below(6)], 100);
        for objective in [
            Objective::RecallUnderPrecision { precision: bound },
            Objective::PrecisionUnderRecall { recall: bound },
        ] {
            // Nothing found with a shape is better than the best of all.
            let mut best: Option<Sums> = None;
            for (shape, times) in [Shape::Free, Shape::NonDecreasing].into_iter().zip(&mut times) {
                let start = std::time::Instant::now();
                let options = Options { shape, ..Options::default() };
                let (solution, _) = run(&grid, &objective, &options, &mut workspace);
                times.push(start.elapsed());
                if solution.outcome == Outcome::Feasible {
                    let most = *best.get_or_insert(solution.passing);
                    let order = compare(&objective, solution.passing, most, grid.total());
                    assert!(order.is_le(), "{round} {objective:?} {shape:?}");
                    assert!(feasible(&objective, solution.passing, grid.total()));
                }
                assert!(solution.proven, "{round} {} x {} {objective:?} {shape:?}", grid.levels, grid.bins);
            }
        }
    }
    for (shape, times) in ["free", "monotone"].into_iter().zip(&mut times) {
        times.sort();
        let at = |share: f64| times[(share * (times.len() - 1) as f64) as usize];
        println!("{shape}: 50 % {:?} 90 % {:?} 99 % {:?} most {:?}", at(0.5), at(0.9), at(0.99), at(1.0));
    }
}

/// Positivity that is the same everywhere makes a subset-sum problem: a bound is enough.
#[test]
fn flat_grids_have_a_small_gap() {
    let mut random = Random::new(8);
    let mut workspace = Workspace::new();
    for round in 0..20 {
        let (levels, bins) = ([50, 10, 200, 3][round % 4], [500, 100, 50, 20][round % 4]);
        let cells = levels * bins;
        let weights: Vec<u64> = (0..cells).map(|_| (random.unit() * 1e9) as u64).collect();
        let positive: Vec<u64> = weights.iter().map(|w| (*w as f64 * 0.3).round() as u64).collect();
        let negative = weights.iter().zip(&positive).map(|(w, p)| w - p).collect();
        let grid = Grid { levels, bins, positive, negative };
        let objective = match round % 3 {
            0 => Objective::AtMost { selected: grid.total().negative / 2 },
            1 => Objective::RecallUnderPrecision { precision: Ratio::new(300_000_001, 1_000_000_000) },
            _ => Objective::PrecisionUnderRecall { recall: Ratio::new(1, 2) },
        };
        let start = std::time::Instant::now();
        let (solution, _) = run(&grid, &objective, &Options::default(), &mut workspace);
        let (time, gap) = (start.elapsed(), gap(&objective, &solution));
        println!("{levels} x {bins}: {time:?}, gap {gap:e}, proven {}", solution.proven);
        if solution.outcome == Outcome::Feasible {
            assert!(feasible(&objective, solution.passing, grid.total()));
            assert!((0.0..1e-7).contains(&gap), "{levels} x {bins} {objective:?} {gap:e}");
        }
    }
}

#[test]
fn bad_arguments_are_refused() {
    let (status, at) = (|error: Error| (error.status, error.argument.to_str().unwrap()), [1, 2, 3, 4]);
    let cells = |p: &[u64], n: &[u64]| Cells::new(2, 2, p, n).map(|_| ()).map_err(status);
    assert_eq!(cells(&at, &at[..3]), Err((Status::ShapeMismatch, "cells.negative")));
    assert_eq!(cells(&at[..3], &at), Err((Status::ShapeMismatch, "cells.positive")));
    let half = 1 << 61;
    assert_eq!(cells(&[0, half - 1, 0, 0], &[0, 0, half, 0]), Ok(()));
    assert_eq!(cells(&[0, half, 0, 0], &[0, 0, half, 0]), Err((Status::SizeOverflow, "cells.negative")));
    assert_eq!(cells(&[u64::MAX, 0, 0, 0], &[u64::MAX; 4]), Err((Status::SizeOverflow, "cells.positive")));
    assert_eq!(Cells::new(usize::MAX, 1, &[], &[]).unwrap_err().status, Status::SizeOverflow);
    assert_eq!(Cells::new(1, usize::MAX, &[], &[]).unwrap_err().status, Status::SizeOverflow);

    let grid = Cells::new(2, 2, &at, &at).unwrap();
    assert_eq!(grid.passing(&[0, 3]).map_err(status), Err((Status::IndexOutOfRange, "thresholds")));
    let mut workspace = Workspace::new();
    let mut refused = |objective: Objective, method, shape| {
        let options = Options { method, shape, ..Options::default() };
        let mut thresholds = [7; 2];
        let refused = workspace.fit(|space| search(&grid, &objective, &options, &mut thresholds, space));
        assert_eq!(thresholds, [7; 2]);
        refused.map(|_| ()).map_err(status)
    };
    let recall = |n, d| Objective::RecallUnderPrecision { precision: Ratio::new(n, d) };
    let argument = |name| Err((Status::InvalidArgument, name));
    let (exact, free) = (Method::Exact, Shape::Free);
    assert_eq!(refused(recall(1, 0), exact, free), argument("objective.precision"));
    assert_eq!(refused(recall(3, 2), exact, free), argument("objective.precision"));
    let precision = Objective::PrecisionUnderRecall { recall: Ratio::new(2, 1) };
    assert_eq!(refused(precision, exact, free), argument("objective.recall"));
    let f = |d| Objective::FBeta { beta_squared: Ratio::new(1, d) };
    assert_eq!(refused(f(0), exact, free), argument("objective.beta_squared"));
    assert_eq!(refused(f(1), Method::Mist, free), argument("options.method"));
    assert_eq!(refused(f(1), Method::Dp, free), argument("options.method"));
    for (passes, stays) in [((1 << 56) + 1, 0), (0, -(1 << 56) - 1), (i64::MIN, 0)] {
        let gains = [passes, 0, stays, 0];
        let [positive_passes, negative_passes, positive_stays, negative_stays] = gains;
        let utility = Utility { positive_passes, negative_passes, positive_stays, negative_stays };
        let name = if stays == 0 { "objective.positive_passes" } else { "objective.positive_stays" };
        assert_eq!(refused(Objective::Utility(utility), exact, free), Err((Status::SizeOverflow, name)));
    }
    assert_eq!(refused(recall(1, 2), Method::Mist, Shape::NonDecreasing), argument("options.shape"));
    assert_eq!(refused(recall(1, 2), Method::Dp, free), argument("cells"));
    let mut thresholds = [7; 3];
    let long = search(&grid, &recall(1, 2), &Options::default(), &mut thresholds, &mut workspace);
    assert_eq!(long.map_err(status), Err((Status::ShapeMismatch, "thresholds")));
}

/// Values that are multiples of a number leave gaps between them, in which no bound need be closed.
#[test]
fn multiples_are_proven() {
    let mut random = Random::new(25);
    for (levels, bins) in [(10, 300), (20, 150)] {
        let mut draw = |most: usize, unit: u64| -> Vec<u64> {
            (0..levels * bins).map(|_| unit * random.below(most) as u64).collect()
        };
        let (positive, negative) = (draw(4, 25), draw(50, 1));
        let cells = Cells::new(levels, bins, &positive, &negative).unwrap();
        let total: u64 = positive.iter().chain(&negative).sum();
        for (objective, shape) in [
            (Objective::AtMost { selected: total / 2 }, Shape::Free),
            (Objective::RecallUnderPrecision { precision: Ratio::new(3, 5) }, Shape::Free),
            (Objective::AtMost { selected: total / 2 }, Shape::NonDecreasing),
        ] {
            let options = Options { shape, ..Options::default() };
            let mut thresholds = vec![0; levels];
            let mut workspace = Workspace::new();
            let found =
                workspace.fit(|space| search(&cells, &objective, &options, &mut thresholds, space)).unwrap();
            assert!(found.proven, "{levels} x {bins} {objective:?} {shape:?}: {found:?}");
        }
    }
}
