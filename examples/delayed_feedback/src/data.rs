//! The departures from New York in 2013 and the file they are kept in.

mod columns;
mod container;
mod error;
mod flights;
mod tsv;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

pub use container::{FORMAT_VERSION, HEADER_BYTES, MAGIC, pack, unpack};
pub use error::{DataError, DataErrorKind};
pub use flights::{Flight, Flights, InvalidFlights, Plane, Route, Weather};
pub use tsv::{TsvError, import_tsv};

/// Largest file that is read. The packed flights are an eighth of it.
const MAX_FILE_BYTES: u64 = 16 << 20;

/// Where the packed flights lie in the source tree.
pub fn default_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/flights.bin")
}

/// Loads the packed flights from `path`, or from [`default_path`].
pub fn load(path: Option<&Path>) -> Result<Flights, DataError> {
    let path = path.map_or_else(default_path, Path::to_path_buf);
    read_bounded(&path).and_then(|bytes| unpack(&bytes)).map_err(|kind| DataError { path, kind })
}

fn read_bounded(path: &Path) -> Result<Vec<u8>, DataErrorKind> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(DataErrorKind::TooLarge { limit: MAX_FILE_BYTES });
    }
    Ok(bytes)
}
