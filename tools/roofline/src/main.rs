//! Draws `docs/roofline.svg`: every kernel under this machine's ceilings, from the results of `cargo bench`.
//!
//! The benches list what a call does ([`results`]), criterion has its time, and the ceilings are measured here
//! ([`ceilings`]), by loops that share nothing with the kernels. A kernel of `src/simd/registry.rs` without a point is an
//! error ([`registry`]).

mod ceilings;
mod picture;
mod registry;
mod results;

use ceilings::Machine;
use results::Point;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The root of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the tool is two folders deep").into()
}

/// Cargo's target directory: `CARGO_TARGET_DIR`, or `target` at the root.
fn target() -> PathBuf {
    root().join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or("target".into()))
}

fn run() -> Result<(), Box<dyn Error>> {
    let points = results::read(&target())?;
    let kernels = registry::kernels(&std::fs::read_to_string(root().join(registry::PATH))?);
    registry::check(&kernels, points.iter().flat_map(|point| &point.kernels))?;

    let machine = Machine::measure();
    print(&machine, &points);
    let path = root().join("docs/roofline.svg");
    std::fs::create_dir_all(root().join("docs"))?;
    picture::draw(&path, &machine, &points)?;
    println!("\nwritten: docs/roofline.svg");
    Ok(())
}

fn print(machine: &Machine, points: &[Point]) {
    println!("{}, {}, one thread: {:.0} GFLOP/s fused", machine.model, machine.tier, machine.fused / 1e9);
    for level in &machine.levels {
        println!("  {}: {:.0} GB/s read", level.name, level.bandwidth / 1e9);
    }
    let width = points.iter().map(|point| point.name.len()).max().unwrap_or(0);
    println!("\n     {:width$}  GFLOP/s  flop/byte  of its roof  kernels", "call");
    for (point, number) in points.iter().zip(1..) {
        let (share, roof) = machine.share(point);
        println!(
            "{number:3}  {:width$}  {:7.1}  {:9.2}  {:5.0} % {roof:4}  {}",
            point.name,
            point.rate() / 1e9,
            point.intensity(),
            100.0 * share,
            point.kernels.join(" ")
        );
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("roofline: {error}");
            ExitCode::FAILURE
        }
    }
}
