//! The Debian package graph and the file it is kept in.
//!
//! ```no_run
//! use related_products::data::{self, Relation};
//!
//! let graph = data::load(None)?;
//! println!("{} packages, {} recommendations", graph.len(), graph.edges(Relation::Recommends).len());
//! # Ok::<(), data::DataError>(())
//! ```

mod columns;
mod container;
mod graph;
mod sets;
mod tsv;

use std::path::{Path, PathBuf};

pub use container::{FORMAT, FORMAT_VERSION, MAGIC, pack, unpack};
pub use graph::{Edge, InvalidGraph, PackageGraph, Parts, Relation};
pub use sets::TokenSets;
pub use shared::packed::{DataError, DataErrorKind, HEADER_BYTES};
pub use tsv::{TsvError, import_tsv};

/// Where the packed graph lies in the source tree.
pub fn default_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/debian_graph.bin")
}

/// Loads the packed graph from `path`, or from [`default_path`].
pub fn load(path: Option<&Path>) -> Result<PackageGraph, DataError> {
    FORMAT.load(&path.map_or_else(default_path, Path::to_path_buf), unpack)
}
