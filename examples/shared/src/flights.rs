//! The departures from New York in 2013 and the file they are kept in.

mod columns;
mod container;
mod tables;
mod tsv;

use std::path::{Path, PathBuf};

pub use container::{FORMAT, FORMAT_VERSION, MAGIC, pack, unpack};
pub use tables::{Flight, Flights, InvalidFlights, Plane, Route, Weather};
pub use tsv::{TsvError, import_tsv};

use crate::packed::DataError;

/// Where the packed flights lie in the source tree.
pub fn default_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/flights.bin")
}

/// Loads the packed flights from `path`, or from [`default_path`].
pub fn load(path: Option<&Path>) -> Result<Flights, DataError> {
    FORMAT.load(&path.map_or_else(default_path, Path::to_path_buf), unpack)
}
