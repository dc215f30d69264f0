//! `aggregate` and `edge_dots` on small graphs with every option: equal to a reference in f64 within the error of f32,
//! the same bits on every tier for any values, nothing written beside the rows, wrong sizes refused.

#![no_main]

use avocet::aggregate::{Options, Reduce, edge_dots};
use avocet::{Matrix, MatrixMut, Status, aggregate};
use avocet_fuzz::{Source, Values, bits, on_every_tier};
use libfuzzer_sys::fuzz_target;

/// Between the rows of an output.
const GAP: f32 = 7.5;

fn close(found: f32, wanted: f64, magnitude: f64, steps: usize) -> bool {
    let tolerance = magnitude * (steps + 4) as f64 * f64::from(f32::EPSILON) + 1e-30;
    (f64::from(found) - wanted).abs() <= tolerance
}

fuzz_target!(|data: &[u8]| {
    let source = &mut Source::new(data);
    let kind = source.kind();
    // Either many small rows or a few whose edges fill several leaves of the fixed tree.
    let long = source.one_in(8);
    let (rows, degree, d) = if long {
        (1 + source.below(2), 2_200, source.below(20))
    } else {
        (source.below(8), 12, source.below(150))
    };
    let cols = source.below(16);
    let original = source.graph(rows, cols, degree, false);
    let transposed = original.transpose().unwrap();
    let graph = if source.one_in(2) { &transposed } else { &original };
    let (rows, cols) = (graph.rows(), graph.cols());

    let x_stride = d + source.below(3);
    let stride = d + source.below(3);
    let x = source.values(cols * x_stride, kind);
    let before = {
        let mut values = source.values(rows * stride, kind);
        values.chunks_mut(stride.max(1)).for_each(|row| row[d..].fill(GAP));
        values
    };
    let weights = source.maybe(graph.edges(), kind);
    let source_scale = source.maybe(cols, kind);
    let row_scale = source.maybe(rows, kind);
    let options = Options {
        reduce: [Reduce::Sum, Reduce::Mean][source.below(2)],
        accumulate: source.one_in(2),
        edge_weights: weights.as_deref(),
        source_scale: source_scale.as_deref(),
        row_scale: row_scale.as_deref(),
    };
    let x = Matrix::with_stride(&x, cols, d, x_stride).unwrap();

    if source.one_in(16) {
        let mut out = before.clone();
        let one_more = vec![1.0; graph.edges() + 1];
        let wrong = Options { edge_weights: Some(&one_more), ..options };
        let view = MatrixMut::with_stride(&mut out, rows, d, stride).unwrap();
        let error = aggregate(graph, x, wrong, view, None).unwrap_err();
        assert_eq!(error.status, Status::ShapeMismatch);
        assert_eq!(bits(&out), bits(&before));
    }

    let out = on_every_tier(|| {
        let mut out = before.clone();
        let view = MatrixMut::with_stride(&mut out, rows, d, stride).unwrap();
        aggregate(graph, x, options, view, None).unwrap();
        bits(&out)
    });
    for i in 0..rows {
        let edges = graph.offsets()[i]..graph.offsets()[i + 1];
        let row = &out[i * stride..][..stride];
        assert!(row[d..].iter().all(|&v| v == GAP.to_bits()), "the gap was written");
        if edges.is_empty() {
            let unchanged = bits(&before[i * stride..][..d]);
            let wanted = if options.accumulate { unchanged } else { vec![0; d] };
            assert_eq!(row[..d], wanted, "a row without edges");
        }
        if kind == Values::Bits {
            let nans = row[..d].iter().filter(|&&v| f32::from_bits(v).is_nan());
            let untouched = edges.is_empty() && options.accumulate;
            assert!(untouched || nans.into_iter().all(|&v| v == 0x7fc0_0000), "a NaN that is not canonical");
            continue;
        }
        for c in 0..d {
            let (mut sum, mut magnitude) = (0.0, 0.0);
            for edge in edges.clone() {
                let id = graph.edge_ids().map_or(edge, |ids| ids[edge] as usize);
                let j = graph.indices()[edge] as usize;
                let factor = options.edge_weights.map_or(1.0, |w| f64::from(w[id]))
                    * options.source_scale.map_or(1.0, |s| f64::from(s[j]));
                let term = factor * f64::from(x.row(j)[c]);
                sum += term;
                magnitude += term.abs();
            }
            let mut scale = options.row_scale.map_or(1.0, |s| f64::from(s[i]));
            if options.reduce == Reduce::Mean && !edges.is_empty() {
                scale /= edges.len() as f64;
            }
            let held = if options.accumulate { f64::from(before[i * stride + c]) } else { 0.0 };
            let (wanted, magnitude) = (held + sum * scale, held.abs() + magnitude * scale.abs());
            let found = f32::from_bits(row[c]);
            assert!(close(found, wanted, magnitude, edges.len()), "row {i}, {c}: {found} for {wanted}");
        }
    }

    let left = source.values(rows * d, kind);
    let left = Matrix::new(&left, rows, d).unwrap();
    let dots = on_every_tier(|| {
        let mut dots = vec![GAP; graph.edges()];
        edge_dots(graph, left, x, &mut dots, None).unwrap();
        bits(&dots)
    });
    for i in 0..rows {
        let edges = graph.offsets()[i]..graph.offsets()[i + 1];
        for (&j, &dot) in graph.row(i).iter().zip(&dots[edges]) {
            let found = f32::from_bits(dot);
            let terms = left.row(i).iter().zip(x.row(j as usize)).map(|(&a, &b)| f64::from(a) * f64::from(b));
            let (wanted, magnitude) = terms.fold((0.0, 0.0), |(sum, all), t| (sum + t, all + t.abs()));
            match kind {
                Values::Bits => assert!(!found.is_nan() || dot == 0x7fc0_0000, "a NaN that is not canonical"),
                _ => assert!(close(found, wanted, magnitude, d), "edge {i} to {j}: {found} for {wanted}"),
            }
        }
    }
});
