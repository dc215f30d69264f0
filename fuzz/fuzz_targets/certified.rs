//! Certified search of random rows: the ids and the bits of a search in f32, whatever is left out, allowed or too low.

#![no_main]

use avocet::score::index::{Found, Index, IndexOptions, Search, Storage};
use avocet::{Matrix, Workspace};
use avocet_fuzz::{Source, Values, bits, on_every_tier};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let source = &mut Source::new(data);
    let kind = source.kind();
    let (q, n, d) = (1 + source.below(9), source.below(5000), source.below(40));
    let k = source.below(20);
    let queries = source.values(q * d, kind);
    // One small value in a row or a panel of large ones is what bytes lose.
    let scale = if source.one_in(2) { 2f32.powi(source.below(200) as i32 - 100) } else { 1.0 };
    let mut rows = source.values(n * d, if kind == Values::Bits { Values::Moderate } else { kind });
    rows.iter_mut().step_by(1 + source.below(7)).for_each(|v| *v *= scale);
    let exclude = source.one_in(2).then(|| source.graph(q, n, 64, true));
    let allow = source.one_in(3).then(|| source.graph(q, n, 2 * n.min(200), true));
    let least = if source.one_in(3) { source.value(Values::Coarse) } else { f32::NEG_INFINITY };
    let search = Search { exclude: exclude.as_ref(), allow: allow.as_ref(), least };

    let found = |storage: Storage| {
        let options = IndexOptions { skip_not_finite: true, ..IndexOptions::new(storage) };
        let index = Index::new(Matrix::new(&rows, n, d).unwrap(), options, None).unwrap();
        let (mut ids, mut scores) = (vec![77; q * k], vec![7.5; q * k]);
        let (mut counts, mut nans) = (vec![77; q], vec![77; q]);
        let call = |workspace: &mut Workspace| {
            let found = Found {
                k,
                ids: &mut ids,
                scores: &mut scores,
                counts: &mut counts,
                nan_counts: Some(&mut nans),
                survivors: None,
            };
            index.search(Matrix::new(&queries, q, d).unwrap(), search, found, None, workspace)
        };
        Workspace::new().fit(call).unwrap();
        (ids, bits(&scores), counts, nans)
    };
    assert_eq!(on_every_tier(|| found(Storage::Certified)), on_every_tier(|| found(Storage::F32)));
});
