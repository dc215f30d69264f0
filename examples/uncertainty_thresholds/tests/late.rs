//! The periods do not mix, and the ensemble says something.

use std::sync::LazyLock;

use avocet::metrics::ranking;
use shared::flights::load;
use uncertainty_thresholds::ensemble::{Training, scored};
use uncertainty_thresholds::late::{Late, PERIODS};
use uncertainty_thresholds::scored::Scored;

static LATE: LazyLock<Late> = LazyLock::new(|| Late::new(&load(None).unwrap()));

fn scores(late: &Late) -> Scored {
    let [train, fit, _] = PERIODS.map(|days| late.rows_of(days));
    let training = Training { members: 3, ..Training::default() };
    scored(late, train, fit, &training, 2, || ()).unwrap()
}

#[test]
fn periods_follow_each_other() {
    let rows = PERIODS.map(|days| LATE.rows_of(days));
    assert_eq!((rows[0].start, rows[2].end), (0, LATE.labels.len()));
    assert!(rows[0].end == rows[1].start && rows[1].end == rows[2].start);
    assert_eq!(rows.map(|rows| rows.len()), [160_678, 84_059, 82_609]);
    assert_eq!(LATE.labels.iter().filter(|&&label| label == 1).count(), 77_630);
}

#[test]
fn scores_know_no_later_label() {
    let before = scores(&LATE);
    let mut other = LATE.clone();
    let first = LATE.rows_of(PERIODS[1].clone()).start;
    other.labels[first..].iter_mut().for_each(|label| *label ^= 1);
    let after = scores(&other);
    assert!(before.scores == after.scores && before.uncertainties == after.uncertainties);
    assert!(before.labels != after.labels);
}

#[test]
fn scores_rank_and_uncertainties_differ() {
    let rows = scores(&LATE);
    let labels: Vec<f32> = rows.labels.iter().map(|&label| label.into()).collect();
    assert!(ranking(&rows.scores, &labels, None).unwrap().auc > 0.68);
    let mut uncertainties = rows.uncertainties.clone();
    uncertainties.sort_unstable_by(f32::total_cmp);
    let [low, high] = [1, 9].map(|tenth| uncertainties[uncertainties.len() * tenth / 10]);
    assert!(low > 0.0 && high > 2.0 * low, "{low} {high}");
}
