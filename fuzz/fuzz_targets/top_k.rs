//! `top_k` and `rank_counts` on any bit patterns, any k and any exclusion: equal, bit for bit and on every tier, to a
//! plain fused sum for each score and a plain sort.

#![no_main]

use avocet::score::{NO_ID, TopK, rank_counts, top_k};
use avocet::{Matrix, Workspace};
use avocet_fuzz::{Source, bits, on_every_tier};
use libfuzzer_sys::fuzz_target;
use std::cmp::Ordering;

fuzz_target!(|data: &[u8]| {
    let source = &mut Source::new(data);
    let kind = source.kind();
    let (q, n, d) = (source.below(9), source.below(200), source.below(40));
    let k = source.below(n + 4);
    let (query_stride, target_stride) = (d + source.below(3), d + source.below(3));
    let queries = source.values(q * query_stride, kind);
    let targets = source.values(n * target_stride, kind);
    let queries = Matrix::with_stride(&queries, q, d, query_stride).unwrap();
    let targets = Matrix::with_stride(&targets, n, d, target_stride).unwrap();
    let exclude = source.one_in(2).then(|| source.graph(q, n, 2 * n.min(64), true));
    let given = source.graph(q, n, 6, false);

    let score = |i: usize, j: usize| {
        queries.row(i).iter().zip(targets.row(j)).fold(0.0f32, |sum, (&a, &b)| a.mul_add(b, sum))
    };
    let excluded = |i: usize, j: usize| {
        exclude.as_ref().is_some_and(|graph| graph.row(i).binary_search(&(j as u32)).is_ok())
    };

    let (ids, scores, counts, nans) = on_every_tier(|| {
        let (mut ids, mut scores) = (vec![77; q * k], vec![7.5; q * k]);
        let (mut counts, mut nans) = (vec![77; q], vec![77; q]);
        let mut call = |workspace: &mut Workspace| {
            let out = TopK {
                k,
                ids: &mut ids,
                scores: &mut scores,
                counts: &mut counts,
                nan_counts: Some(&mut nans),
            };
            top_k(queries, targets, exclude.as_ref(), out, None, workspace)
        };
        Workspace::new().fit(&mut call).unwrap();
        (ids, bits(&scores), counts, nans)
    });
    let (better, equal) = on_every_tier(|| {
        let (mut better, mut equal) = (vec![77; given.edges()], vec![77; given.edges()]);
        let call = |workspace: &mut Workspace| {
            let exclude = exclude.as_ref();
            rank_counts(queries, targets, &given, exclude, &mut better, &mut equal, None, workspace)
        };
        Workspace::new().fit(call).unwrap();
        (better, equal)
    });

    for i in 0..q {
        let all: Vec<f32> = (0..n).map(|j| score(i, j)).collect();
        let mut ranked: Vec<usize> = (0..n).filter(|&j| !excluded(i, j)).collect();
        let all_counted = ranked.len();
        ranked.retain(|&j| !all[j].is_nan());
        assert_eq!(nans[i] as usize, all_counted - ranked.len(), "NaN scores of query {i}");
        ranked.sort_by(|&a, &b| all[b].partial_cmp(&all[a]).unwrap_or(Ordering::Equal).then(a.cmp(&b)));
        let used = k.min(ranked.len());
        assert_eq!(counts[i] as usize, used, "places of query {i}");
        for place in 0..k {
            let (id, bits) = (ids[i * k + place], scores[i * k + place]);
            let wanted = match ranked.get(place) {
                Some(&j) => (j as u32, all[j].to_bits()),
                None => (NO_ID, f32::NEG_INFINITY.to_bits()),
            };
            assert_eq!((id, bits), wanted, "query {i}, place {place}");
        }
        for edge in given.offsets()[i]..given.offsets()[i + 1] {
            let itself = given.indices()[edge] as usize;
            let limit = all[itself];
            let others = || ranked.iter().filter(|&&j| j != itself);
            let above = others().filter(|&&j| limit.is_nan() || all[j] > limit).count();
            let same = others().filter(|&&j| all[j] == limit).count();
            assert_eq!(
                (better[edge] as usize, equal[edge] as usize),
                (above, same),
                "query {i}, edge {edge}"
            );
        }
    }
});
