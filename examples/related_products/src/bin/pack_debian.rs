//! Packs the files that `make_debian_graph.py` writes into one: `pack_debian TSV_DIR OUT`.

use std::error::Error;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use related_products::data::{Relation, import_tsv, pack};

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let [directory, out] = arguments.as_slice() else {
        eprintln!("usage: pack_debian TSV_DIR OUT");
        return ExitCode::from(2);
    };
    match run(directory.as_ref(), out.as_ref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pack_debian: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(directory: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let graph = import_tsv(directory)?;
    let file = pack(&graph);
    std::fs::write(out, &file).map_err(|error| format!("{}: {error}", out.display()))?;
    let [recommends, depends, suggests] = Relation::ALL.map(|relation| graph.edges(relation).len());
    println!(
        "{}: {} bytes; {} packages, {recommends} recommends, {depends} depends, {suggests} suggests",
        out.display(),
        file.len(),
        graph.len()
    );
    Ok(())
}
