//! Import of the tab-separated files that `make_debian_graph.py` writes.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use super::graph::{Edge, InvalidGraph, PackageGraph, Parts};
use super::sets::TokenSets;

/// Why a directory of tab-separated files could not be imported.
#[derive(Debug)]
pub enum TsvError {
    /// A file could not be read.
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file does not name a column in its first line.
    Column {
        /// The file.
        path: PathBuf,
        /// The column.
        column: &'static str,
    },
    /// A line is not what it should be.
    Line {
        /// The file.
        path: PathBuf,
        /// Number of the line, the first is 1.
        line: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The files together do not make a graph.
    Graph(InvalidGraph),
}

impl fmt::Display for TsvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, error } => write!(f, "{}: {error}", path.display()),
            Self::Column { path, column } => write!(f, "{}: no column {column:?}", path.display()),
            Self::Line { path, line, what } => write!(f, "{}, line {line}: {what}", path.display()),
            Self::Graph(what) => write!(f, "the files do not make a graph: {what}"),
        }
    }
}

impl std::error::Error for TsvError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { error, .. } => Some(error),
            Self::Graph(what) => Some(what),
            Self::Column { .. } | Self::Line { .. } => None,
        }
    }
}

/// Reads the graph from the files in `directory`.
pub fn import_tsv(directory: &Path) -> Result<PackageGraph, TsvError> {
    let mut names = Vec::new();
    let mut sections = Vec::new();
    read_table(directory, "nodes.tsv.gz", ["id", "package", "section"], |[id, name, section]| {
        if parse_id(id)? as usize != names.len() {
            return Err("ids do not count up from 0");
        }
        names.push(name.to_owned());
        sections.push(vec![section.to_owned()]);
        Ok(())
    })?;
    let len = names.len();
    let parts = Parts {
        names,
        sections: TokenSets::from_lists(&sections),
        words: read_tokens(directory, "node_words.tsv.gz", "words", ' ', len)?,
        tags: read_tokens(directory, "node_features.tsv.gz", "debtags", ',', len)?,
        edges: [
            read_edges(directory, "edges_recommends.tsv.gz")?,
            read_edges(directory, "edges_depends.tsv.gz")?,
            read_edges(directory, "edges_suggests.tsv.gz")?,
        ],
    };
    PackageGraph::new(parts).map_err(TsvError::Graph)
}

fn read_tokens(
    directory: &Path,
    file: &str,
    column: &'static str,
    separator: char,
    len: usize,
) -> Result<TokenSets, TsvError> {
    let mut lists = vec![Vec::new(); len];
    read_table(directory, file, ["id", column], |[id, tokens]| {
        let list = lists.get_mut(parse_id(id)? as usize).ok_or("the id is no package")?;
        list.extend(tokens.split(separator).filter(|token| !token.is_empty()).map(str::to_owned));
        Ok(())
    })?;
    Ok(TokenSets::from_lists(&lists))
}

fn read_edges(directory: &Path, file: &str) -> Result<Vec<Edge>, TsvError> {
    let mut edges = Vec::new();
    read_table(directory, file, ["src", "dst"], |[source, target]| {
        edges.push((parse_id(source)?, parse_id(target)?));
        Ok(())
    })?;
    edges.sort_unstable();
    edges.dedup();
    Ok(edges)
}

/// Calls `each` with the named columns of every line after the first.
fn read_table<const N: usize>(
    directory: &Path,
    file: &str,
    columns: [&'static str; N],
    mut each: impl FnMut([&str; N]) -> Result<(), &'static str>,
) -> Result<(), TsvError> {
    let path = directory.join(file);
    let io_error = |error| TsvError::Io { path: path.clone(), error };
    let mut lines = BufReader::new(GzDecoder::new(File::open(&path).map_err(io_error)?)).lines();
    let header = lines.next().transpose().map_err(io_error)?.unwrap_or_default();
    let mut positions = [0; N];
    for (position, column) in positions.iter_mut().zip(columns) {
        *position = header
            .split('\t')
            .position(|name| name == column)
            .ok_or_else(|| TsvError::Column { path: path.clone(), column })?;
    }
    for (line, text) in (2..).zip(lines) {
        let text = text.map_err(io_error)?;
        let fields: Vec<&str> = text.split('\t').collect();
        let row = if positions.iter().all(|&position| position < fields.len()) {
            each(positions.map(|position| fields[position]))
        } else {
            Err("a column is missing")
        };
        row.map_err(|what| TsvError::Line { path: path.clone(), line, what })?;
    }
    Ok(())
}

fn parse_id(field: &str) -> Result<u32, &'static str> {
    field.parse().map_err(|_| "an id is not a number")
}
