//! Packs the file that `make_flights.py` writes: `pack_flights FLIGHTS.tsv.gz OUT`.

use std::error::Error;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use shared::flights::{import_tsv, pack};

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let [from, out] = arguments.as_slice() else {
        eprintln!("usage: pack_flights FLIGHTS.tsv.gz OUT");
        return ExitCode::from(2);
    };
    match run(from.as_ref(), out.as_ref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pack_flights: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(from: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let flights = import_tsv(from)?;
    let file = pack(&flights);
    std::fs::write(out, &file).map_err(|error| format!("{}: {error}", out.display()))?;
    println!(
        "{}: {} bytes; {} flights, {} routes, {} aircraft",
        out.display(),
        file.len(),
        flights.flights.len(),
        flights.routes.len(),
        flights.planes.len()
    );
    Ok(())
}
