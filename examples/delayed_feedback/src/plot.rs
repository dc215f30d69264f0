//! The picture: how much more log loss each method has had than Oracle, day by day.

use std::error::Error;
use std::path::Path;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::comparison::{Outcome, StreamOutcomes};

const WIDTH: u32 = 1000;
const PANEL: u32 = 480;
const LEGEND: u32 = 260;
const FONT: &str = "sans-serif";
/// Methods that are drawn: one of each idea.
const DRAWN: [&str; 9] =
    ["vanilla", "fnw", "fsiw", "es_dfm", "defer", "defuse", "es_dfm_signal", "defuse_signal_joint", "wait"];
/// Colours that stay apart for those who see red and green alike (Okabe and Ito), and two greys.
const COLOURS: [RGBColor; 9] = [
    RGBColor(150, 150, 150),
    RGBColor(86, 180, 233),
    RGBColor(204, 121, 167),
    RGBColor(0, 114, 178),
    RGBColor(0, 158, 115),
    RGBColor(166, 118, 0),
    RGBColor(213, 94, 0),
    RGBColor(230, 159, 0),
    RGBColor(40, 40, 40),
];

/// A method's cumulative gap to Oracle, day by day.
fn gap(outcome: &Outcome, oracle: &Outcome) -> Vec<f64> {
    let mut sum = 0.0;
    let days = outcome.days.iter().zip(&oracle.days);
    days.map(|(of, best)| {
        sum += of.loss - best.loss;
        sum
    })
    .collect()
}

/// Draws a panel for each stream, with a logarithmic axis of nats; a gap below 10 is drawn as 10. `first` is the day of
/// the first figure.
pub fn draw(path: &Path, streams: &[StreamOutcomes], first: i64) -> Result<(), Box<dyn Error>> {
    let root = SVGBackend::new(path, (WIDTH, PANEL * streams.len() as u32)).into_drawing_area();
    root.fill(&WHITE)?;
    for (area, stream) in root.split_evenly((streams.len(), 1)).iter().zip(streams) {
        let StreamOutcomes { name, outcomes } = stream;
        let (panel, legend) = area.split_horizontally(WIDTH - LEGEND);
        let oracle = outcomes.iter().find(|outcome| outcome.key == "oracle").ok_or("there is no Oracle")?;
        let mut lines = Vec::new();
        for (key, colour) in DRAWN.into_iter().zip(COLOURS) {
            if let Some(outcome) = outcomes.iter().find(|outcome| outcome.key == key) {
                lines.push((outcome.name, colour, gap(outcome, oracle)));
            }
        }
        let greatest = lines.iter().flat_map(|line| &line.2).fold(100.0, |a: f64, &b| a.max(b));
        let days = first..first + oracle.days.len() as i64;
        let mut chart = ChartBuilder::on(&panel)
            .caption(format!("{name}: cumulative log loss above Oracle"), (FONT, 18))
            .margin(12)
            .x_label_area_size(40)
            .y_label_area_size(70)
            .build_cartesian_2d(days.clone(), (10.0..greatest * 1.5).log_scale())?;
        chart
            .configure_mesh()
            .x_desc("day of the year")
            .y_desc("nats")
            .axis_desc_style((FONT, 14))
            .label_style((FONT, 12))
            .bold_line_style(BLACK.mix(0.15))
            .light_line_style(TRANSPARENT)
            .y_label_formatter(&|value| format!("{value:.0}"))
            .draw()?;
        for (at, (name, colour, gap)) in lines.into_iter().enumerate() {
            let y = 60 + 22 * at as i32;
            let style = (FONT, 14).into_font().color(&colour).pos(Pos::new(HPos::Left, VPos::Center));
            let last = gap.last().copied().unwrap_or(0.0);
            legend.draw(&PathElement::new([(0, y), (22, y)], colour.stroke_width(2)))?;
            legend.draw(&Text::new(format!("{name}: {last:.0}"), (28, y), style))?;
            let line = days.clone().zip(gap.into_iter().map(|nats| nats.max(10.0)));
            chart.draw_series(LineSeries::new(line, colour.stroke_width(2)))?;
        }
    }
    root.present()?;
    Ok(())
}
