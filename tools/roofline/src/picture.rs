//! The picture: logarithmic axes, a slope for each level of memory, the ceiling of fused operations, numbered points and
//! the list of what they are.

use crate::ceilings::Machine;
use crate::results::Point;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::error::Error;
use std::path::Path;

const WIDTH: u32 = 1040;
const CHART_HEIGHT: u32 = 620;
const ROW_HEIGHT: u32 = 19;
const FONT: &str = "sans-serif";
const GREY: RGBColor = RGBColor(90, 90, 90);
/// Colours that stay apart for those who see red and green alike (Okabe and Ito).
const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(166, 118, 0),
    RGBColor(80, 80, 80),
];

/// A box in pixels: left, top, right, bottom.
#[derive(Clone, Copy)]
struct Frame(i32, i32, i32, i32);

impl Frame {
    fn around((x, y): (i32, i32), (width, height): (i32, i32)) -> Frame {
        Frame(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    }

    fn overlaps(&self, other: &Frame) -> bool {
        self.0 < other.2 && other.0 < self.2 && self.1 < other.3 && other.1 < self.3
    }
}

/// The place of each number: as near to its point as it can be without covering another number or a point.
fn places(points: &[(i32, i32)], sizes: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let dots: Vec<_> = points.iter().map(|&at| Frame::around(at, (8, 8))).collect();
    let mut taken: Vec<Frame> = Vec::new();
    let place = |(&(x, y), &size): (&(i32, i32), &(i32, i32))| {
        let candidates = (12..120).step_by(5).flat_map(|radius| {
            (0..16).map(move |turn| {
                let angle = std::f64::consts::TAU * (f64::from(turn) / 16.0 - 0.125);
                let shift = |part: f64| (f64::from(radius) * part).round() as i32;
                (x + shift(angle.cos()), y + shift(angle.sin()))
            })
        });
        let free = |at: &(i32, i32)| {
            let frame = Frame::around(*at, size);
            !taken.iter().chain(&dots).any(|other| frame.overlaps(other))
        };
        let at = { candidates }.find(free).unwrap_or((x, y - 12));
        taken.push(Frame::around(at, size));
        at
    };
    points.iter().zip(sizes).map(place).collect()
}

/// Draws the picture to `path`.
pub fn draw(path: &Path, machine: &Machine, points: &[Point]) -> Result<(), Box<dyn Error>> {
    let rows = points.len().div_ceil(2) as u32;
    let size = (WIDTH, CHART_HEIGHT + (rows + 3) * ROW_HEIGHT);
    let root = SVGBackend::new(path, size).into_drawing_area();
    root.fill(&WHITE)?;
    let (chart, legend) = root.split_vertically(CHART_HEIGHT);
    let mut families: Vec<_> = points.iter().map(|point| &*point.family).collect();
    families.dedup();
    let colour = |family: &str| {
        let at = families.iter().position(|&known| known == family).unwrap_or(0);
        COLOURS[at % COLOURS.len()]
    };

    draw_chart(&chart, machine, points, &colour)?;
    draw_legend(&legend, machine, points, &families, &colour)?;
    root.present()?;
    Ok(())
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

fn style(size: u32, colour: RGBColor, horizontal: HPos) -> TextStyle<'static> {
    (FONT, size).into_font().color(&colour).pos(Pos::new(horizontal, VPos::Center))
}

fn draw_chart(
    area: &Area<'_>,
    machine: &Machine,
    points: &[Point],
    colour: &dyn Fn(&str) -> RGBColor,
) -> Result<(), Box<dyn Error>> {
    let of = |value: fn(&Point) -> f64| points.iter().map(value);
    let rates = of(Point::rate).fold(f64::INFINITY, f64::min) / 1e9;
    let (low, high) = (rates.min(1.0) / 2.0, machine.fused / 1e9 * 2.0);
    let left = of(Point::intensity).fold(0.1, f64::min) / 3.0;
    let right = of(Point::intensity).fold(10.0, f64::max) * 2.0;
    let title = format!("Roofline: {}, {}, one thread", machine.model, machine.tier);
    let mut chart = ChartBuilder::on(area)
        .caption(title, (FONT, 20))
        .margin(12)
        .x_label_area_size(46)
        .y_label_area_size(60)
        .build_cartesian_2d((left..right).log_scale(), (low..high).log_scale())?;
    let number = |value: &f64| format!("{value}");
    chart
        .configure_mesh()
        .x_desc("flop/byte")
        .y_desc("GFLOP/s")
        .axis_desc_style((FONT, 15))
        .label_style((FONT, 13))
        .x_label_formatter(&number)
        .y_label_formatter(&number)
        .bold_line_style(BLACK.mix(0.18))
        .light_line_style(BLACK.mix(0.05))
        .draw()?;

    let fused = machine.fused / 1e9;
    let mut first_ridge = right;
    for level in &machine.levels {
        let bandwidth = level.bandwidth / 1e9;
        let (start, ridge) = (left.max(low / bandwidth), fused / bandwidth);
        first_ridge = first_ridge.min(ridge);
        let line = [(start, start * bandwidth), (ridge, fused)];
        chart.draw_series(LineSeries::new(line, GREY.stroke_width(2)))?;
    }
    chart.draw_series(LineSeries::new([(first_ridge, fused), (right, fused)], GREY.stroke_width(2)))?;

    let pixel = |x: f64, y: f64| chart.backend_coord(&(x, y));
    let (right_edge, ceiling) = pixel(right, fused);
    let text = format!("{fused:.0} GFLOP/s in fused operations");
    area.draw(&Text::new(text, (right_edge - 6, ceiling - 11), style(14, GREY, HPos::Right)))?;
    for level in &machine.levels {
        let bandwidth = level.bandwidth / 1e9;
        // Right of the line's left end, below the line.
        let (x, y) = pixel(left.max(low / bandwidth), left.max(low / bandwidth) * bandwidth);
        let text = format!("{} {bandwidth:.0} GB/s", level.name);
        let backing = [(x + 14, y - 15), (x + 18 + 7 * text.len() as i32, y)];
        area.draw(&Rectangle::new(backing, WHITE.mix(0.85).filled()))?;
        area.draw(&Text::new(text, (x + 16, y - 8), style(14, GREY, HPos::Left)))?;
    }

    let dots: Vec<_> = points.iter().map(|point| pixel(point.intensity(), point.rate() / 1e9)).collect();
    let sizes: Vec<_> = (1..=dots.len()).map(|number| (if number < 10 { 12 } else { 19 }, 14)).collect();
    for ((point, number), (&dot, at)) in points.iter().zip(1..).zip(dots.iter().zip(places(&dots, &sizes))) {
        let colour = colour(&point.family);
        area.draw(&PathElement::new([dot, at], colour.mix(0.5)))?;
        area.draw(&Circle::new(dot, 4, colour.filled()))?;
        let (width, height) = (sizes[number - 1].0, 14);
        let Frame(x0, y0, x1, y1) = Frame::around(at, (width, height));
        area.draw(&Rectangle::new([(x0, y0), (x1, y1)], WHITE.mix(0.85).filled()))?;
        area.draw(&Text::new(number.to_string(), at, style(14, colour, HPos::Center)))?;
    }
    Ok(())
}

fn draw_legend(
    area: &Area<'_>,
    machine: &Machine,
    points: &[Point],
    families: &[&str],
    colour: &dyn Fn(&str) -> RGBColor,
) -> Result<(), Box<dyn Error>> {
    let mut x = 40;
    for family in families {
        area.draw(&Circle::new((x, 8), 5, colour(family).filled()))?;
        area.draw(&Text::new((*family).to_owned(), (x + 12, 8), style(15, colour(family), HPos::Left)))?;
        x += 40 + 9 * family.len() as i32;
    }
    let rows = points.len().div_ceil(2);
    for (column, points) in points.chunks(rows.max(1)).enumerate() {
        let left = 20 + column as i32 * (WIDTH as i32 / 2 - 8);
        let line = |row: usize| (row as i32 + 2) * ROW_HEIGHT as i32 - 4;
        let text = |text: String, x: i32, y: i32, colour: RGBColor, horizontal: HPos| {
            area.draw(&Text::new(text, (left + x, y), style(13, colour, horizontal)))
        };
        text("GFLOP/s".into(), 356, line(0), GREY, HPos::Right)?;
        text("flop/byte".into(), 416, line(0), GREY, HPos::Right)?;
        text("of its roof".into(), 492, line(0), GREY, HPos::Right)?;
        for (at, point) in points.iter().enumerate() {
            let (y, colour) = (line(at + 1), colour(&point.family));
            let (share, roof) = machine.share(point);
            text((column * rows + at + 1).to_string(), 18, y, colour, HPos::Right)?;
            text(point.name.clone(), 26, y, BLACK, HPos::Left)?;
            text(format!("{:.1}", point.rate() / 1e9), 356, y, BLACK, HPos::Right)?;
            text(format!("{:.2}", point.intensity()), 416, y, BLACK, HPos::Right)?;
            text(format!("{:.0} % {roof}", 100.0 * share), 492, y, BLACK, HPos::Right)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_do_not_cover_each_other() {
        let points = vec![(100, 100); 30];
        let sizes = vec![(19, 14); 30];
        let places = places(&points, &sizes);
        for (at, &a) in places.iter().enumerate() {
            for &b in &places[..at] {
                assert!(!Frame::around(a, (19, 14)).overlaps(&Frame::around(b, (19, 14))));
            }
        }
    }
}
