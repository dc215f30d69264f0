//! How far a command is.

use indicatif::style::TemplateError;
use indicatif::{ProgressBar, ProgressStyle};

/// A bar of so many steps, with the time that is left.
pub fn bar(name: &'static str, steps: u64, unit: &str) -> Result<ProgressBar, TemplateError> {
    let template = format!("{{msg}} [{{bar:40}}] {{pos}}/{{len}} {unit}, {{eta}} left");
    let style = ProgressStyle::with_template(&template)?.progress_chars("=> ");
    Ok(ProgressBar::new(steps).with_style(style).with_message(name))
}

/// The threads of a command that was told no number.
pub fn default_threads() -> u16 {
    std::thread::available_parallelism().map_or(1, |n| n.get().min(1024) as u16)
}
