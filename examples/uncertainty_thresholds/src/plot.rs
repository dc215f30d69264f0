//! The picture: how many flights are late by score and uncertainty, with the boundaries, and precision against recall.

use std::error::Error;
use std::path::Path;

use avocet::Workspace;
use avocet::threshold::{Edges, Grid, Missing, ScoreEdges, Table};
use plotters::coord::Shift;
use plotters::prelude::*;

use crate::buckets::Buckets;
use crate::comparison::{Outcome, Sets};
use crate::method::Method;
use crate::scored::Scored;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

const SIZE: (u32, u32) = (1100, 960);
const FONT: &str = "sans-serif";
/// Bins of scores in the picture.
const BINS: usize = 50;
/// Cells of fewer rows stay blank.
const FEWEST: u64 = 10;
/// Colours of the required precisions (Okabe and Ito).
const COLOURS: [RGBColor; 4] =
    [RGBColor(0, 158, 115), RGBColor(230, 159, 0), RGBColor(213, 94, 0), RGBColor(204, 121, 167)];
const SINGLE: RGBColor = RGBColor(90, 90, 90);
const EXACT: RGBColor = RGBColor(0, 114, 178);

/// Draws both periods: the positivity of the levels of `buckets` by score, the boundaries of `outcomes` on that grid, and
/// the precisions and recalls of a `frontier` of more precisions.
pub fn draw(
    path: &Path,
    sets: &Sets,
    buckets: &Buckets,
    outcomes: &[Outcome],
    frontier: &[Outcome],
) -> Result<(), Box<dyn Error>> {
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let (maps, curves) = root.split_vertically(SIZE.1 * 11 / 20);
    let [first, second] = ["July to September, thresholds chosen", "October to December"];
    for (area, title, rows) in maps
        .split_evenly((1, 2))
        .iter()
        .zip([first, second])
        .zip([&sets.fit, &sets.report])
        .map(|((a, b), c)| (a, b, c))
    {
        positivity(area, title, rows, buckets, outcomes)?;
    }
    for (at, area) in curves.split_evenly((1, 2)).iter().enumerate() {
        precision_recall(area, [first, second][at], at, frontier)?;
    }
    root.present()?;
    Ok(())
}

/// From white to blue.
fn shade(share: f64) -> RGBColor {
    let mix = |low: f64, high: f64| (low + (high - low) * share.sqrt()) as u8;
    RGBColor(mix(255.0, 8.0), mix(255.0, 48.0), mix(255.0, 107.0))
}

fn positivity(
    area: &Area<'_>,
    title: &str,
    rows: &Scored,
    buckets: &Buckets,
    outcomes: &[Outcome],
) -> Result<(), Box<dyn Error>> {
    let levels = buckets.grid.levels();
    let scores = ScoreEdges::Shared(Edges::Uniform { low: 0.0, high: 1.0, bins: BINS });
    let grid = Grid::new(Edges::Given(buckets.grid.level_edges()), scores, None, None)?;
    let mut table = Table::new(&grid, 1)?;
    Workspace::new().fit(|workspace| table.add(rows.rows(), Missing::Refuse, None, workspace))?;
    let cells = table.counts(0);
    let mut chart = ChartBuilder::on(area)
        .caption(format!("Share of late flights: {title}"), (FONT, 15))
        .margin(10)
        .x_label_area_size(38)
        .y_label_area_size(46)
        .build_cartesian_2d(0.0..1.0, 0.0..levels as f64)?;
    let counts = cells.positive().iter().zip(cells.negative()).enumerate();
    chart.draw_series(counts.filter(|(_, (p, n))| *p + *n >= FEWEST).map(
        |(at, (&positive, &negative))| {
            let share = positive as f64 / (positive + negative) as f64;
            let (level, bin) = ((at / BINS) as f64, (at % BINS) as f64 / BINS as f64);
            let corners = [(bin, level), (bin + 1.0 / BINS as f64, level + 1.0)];
            Rectangle::new(corners, shade(share).filled())
        },
    ))?;
    chart
        .configure_mesh()
        .disable_mesh()
        .x_desc("score (negatives were under-sampled in training)")
        .y_desc("level of uncertainty, each with as many flights")
        .axis_desc_style((FONT, 13))
        .label_style((FONT, 11))
        .y_label_formatter(&|level| format!("{level:.0}"))
        .draw()?;
    let drawn = |method: Method| {
        outcomes.iter().filter(move |outcome| {
            outcome.method == method && (method.single || outcome.layout == buckets.layout)
        })
    };
    for (at, (single, exact)) in drawn(Method::SINGLE).zip(drawn(Method::EXACT)).enumerate() {
        let colour = COLOURS[at % COLOURS.len()];
        let line = |outcome: &Outcome| -> Vec<(f64, f64)> {
            let Some(chosen) = &outcome.chosen else { return Vec::new() };
            let all = chosen.thresholds.iter().cycle().take(levels).enumerate();
            all.flat_map(|(level, &threshold)| {
                let x = f64::from(threshold).clamp(0.0, 1.0);
                [(x, level as f64), (x, level as f64 + 1.0)]
            })
            .collect()
        };
        chart.draw_series(LineSeries::new(line(exact), colour.stroke_width(3)))?;
        chart.draw_series(DashedLineSeries::new(line(single), 5, 4, colour.stroke_width(2)))?;
        let name = format!("precision {:.2}", f64::from(exact.precision_required) / 100.0);
        let y = 16 + 18 * at as i32;
        let plane = chart.plotting_area().strip_coord_spec();
        plane.draw(&PathElement::new([(10, y), (30, y)], colour.stroke_width(3)))?;
        plane.draw(&Text::new(name, (36, y - 6), (FONT, 12).into_font().color(&BLACK)))?;
    }
    let note = format!("solid: exact, {}; dashed: one threshold", buckets.layout.name());
    let y = 10 + 18 * COLOURS.len() as i32;
    let plane = chart.plotting_area().strip_coord_spec();
    plane.draw(&Text::new(note, (10, y), (FONT, 12).into_font().color(&BLACK)))?;
    Ok(())
}

/// One panel; `at` is 0 where thresholds were chosen, 1 on the rows that follow.
fn precision_recall(
    area: &Area<'_>,
    title: &str,
    at: usize,
    frontier: &[Outcome],
) -> Result<(), Box<dyn Error>> {
    let points = |method: Method| -> Vec<(f64, f64)> {
        let of = frontier.iter().filter(|outcome| outcome.method == method);
        of.filter_map(|outcome| match at {
            0 => outcome.recall.fit.zip(outcome.precision.fit),
            _ => outcome.recall.report.zip(outcome.precision.report),
        })
        .collect()
    };
    let lines = [("one threshold", SINGLE, points(Method::SINGLE)), ("exact", EXACT, points(Method::EXACT))];
    let most = lines.iter().flat_map(|line| &line.2).fold(0.1, |most: f64, point| most.max(point.0));
    let mut chart = ChartBuilder::on(area)
        .caption(format!("Precision and recall: {title}"), (FONT, 15))
        .margin(10)
        .x_label_area_size(38)
        .y_label_area_size(46)
        .build_cartesian_2d(0.0..most * 1.05, 0.25..1.0)?;
    chart
        .configure_mesh()
        .x_desc("recall")
        .y_desc("precision")
        .axis_desc_style((FONT, 13))
        .label_style((FONT, 11))
        .light_line_style(TRANSPARENT)
        .draw()?;
    for (name, colour, points) in lines {
        let legend = move |(x, y)| PathElement::new([(x, y), (x + 20, y)], colour.stroke_width(2));
        let line = LineSeries::new(points, colour.stroke_width(2)).point_size(2);
        chart.draw_series(line)?.label(name).legend(legend);
    }
    chart.configure_series_labels().label_font((FONT, 12)).border_style(BLACK.mix(0.3)).draw()?;
    Ok(())
}
