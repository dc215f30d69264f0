//! `softmax_loss` on small graphs: no panic and the same bits on every tier for any values; for finite moderate ones a
//! finite loss and finite gradients, the loss equal to a reference in f64; gradient rows that no edge and no negative
//! reaches keep their bits; without gradients the same loss.

#![no_main]

use avocet::score::{Softmax, SoftmaxLoss, softmax_loss};
use avocet::{Indices, Matrix, MatrixMut, Workspace};
use avocet_fuzz::{Source, Values, bits, on_every_tier};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let source = &mut Source::new(data);
    let kind = source.kind();
    let (r, c, d) = (source.below(80), source.below(24), source.below(24));
    let positives = source.graph(r, c, 4, false);
    let transposed = positives.transpose().unwrap();
    let n = if c == 0 { 0 } else { source.below(90) };
    let negatives: Vec<u32> = (0..n).map(|_| source.below(c) as u32).collect();
    let (sources, targets) = (source.values(r * d, kind), source.values(c * d, kind));
    let sources = Matrix::new(&sources, r, d).unwrap();
    let targets = Matrix::new(&targets, c, d).unwrap();
    let weights = source.maybe(positives.edges(), kind);
    let temperature = [0.05, 1.0, 4.0, 30.0][source.below(4)];
    let options = Softmax { temperature, weight: source.value(kind), edge_weights: weights.as_deref() };
    if options.weight.is_nan() {
        return;
    }
    let (source_before, target_before) = (source.values(r * d, kind), source.values(c * d, kind));

    let run = |wanted: bool| {
        let (mut source_gradient, mut target_gradient) = (source_before.clone(), target_before.clone());
        // Without a workspace that is large enough the outputs must stay as they are: `fit` calls twice.
        let call = |workspace: &mut Workspace| {
            let gradients = wanted.then(|| {
                (
                    MatrixMut::new(&mut source_gradient, r, d).unwrap(),
                    MatrixMut::new(&mut target_gradient, c, d).unwrap(),
                )
            });
            let (source_gradient, target_gradient) = gradients.unzip();
            softmax_loss(
                &positives,
                &transposed,
                sources,
                targets,
                Indices::U32(&negatives),
                options,
                source_gradient,
                target_gradient,
                None,
                workspace,
            )
        };
        let SoftmaxLoss { loss, temperature_gradient } = Workspace::new().fit(call).unwrap();
        // NaN of an f64 sum has no canonical bits: it only has to be NaN everywhere.
        let same = |v: f64| if v.is_nan() { f64::NAN.to_bits() } else { v.to_bits() };
        (same(loss), same(temperature_gradient), bits(&source_gradient), bits(&target_gradient))
    };
    let (loss, slope, source_gradient, target_gradient) = on_every_tier(|| run(true));
    assert_eq!(run(false), (loss, slope, bits(&source_before), bits(&target_before)), "without gradients");

    for u in (0..r).filter(|&u| positives.row(u).is_empty()) {
        let row = u * d..(u + 1) * d;
        assert_eq!(source_gradient[row.clone()], bits(&source_before[row]), "source {u} has no edges");
    }
    for v in (0..c).filter(|&v| transposed.row(v).is_empty() && !negatives.contains(&(v as u32))) {
        let row = v * d..(v + 1) * d;
        assert_eq!(target_gradient[row.clone()], bits(&target_before[row]), "target {v} is not reached");
    }
    if kind == Values::Bits {
        return;
    }

    let (loss, slope) = (f64::from_bits(loss), f64::from_bits(slope));
    assert!(loss.is_finite() && slope.is_finite(), "loss {loss}, temperature gradient {slope}");
    let finite = |gradient: &[u32]| gradient.iter().all(|&v| f32::from_bits(v).is_finite());
    assert!(finite(&source_gradient) && finite(&target_gradient), "a gradient is not finite");
    let (mut wanted, mut tolerance) = (0.0, 1e-30);
    for u in 0..r {
        let logit = |v: u32| {
            let terms = sources.row(u).iter().zip(targets.row(v as usize));
            let terms = terms.map(|(&a, &b)| f64::from(a) * f64::from(b));
            let (sum, all) = terms.fold((0.0, 0.0), |(sum, all), t| (sum + t, all + t.abs()));
            (sum * f64::from(temperature), all * f64::from(temperature))
        };
        let all: Vec<_> = negatives.iter().map(|&k| logit(k)).collect();
        for edge in positives.offsets()[u]..positives.offsets()[u + 1] {
            let v = positives.indices()[edge];
            let (x, mut magnitude) = logit(v);
            let mut rest = 0.0;
            let mut top = x;
            for (&k, &(y, all)) in negatives.iter().zip(&all) {
                if k != v {
                    top = top.max(y);
                    magnitude = magnitude.max(all);
                }
            }
            for (&k, &(y, _)) in negatives.iter().zip(&all) {
                if k != v {
                    rest += (y - top).exp();
                }
            }
            let loss = if x == top { rest.ln_1p() } else { (rest + (x - top).exp()).ln() + (top - x) };
            let weight = f64::from(options.weight)
                * options.edge_weights.map_or(1.0, |weights| f64::from(weights[edge]));
            wanted += weight * loss;
            let steps = (d + 8) as f64 * f64::from(f32::EPSILON);
            tolerance += weight.abs() * (2.0 * magnitude * steps + 1e-5 * (1.0 + loss));
        }
    }
    assert!((loss - wanted).abs() <= tolerance, "loss {loss} for {wanted}, tolerance {tolerance}");
});
