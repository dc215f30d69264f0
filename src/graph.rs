//! A sparse matrix that was checked once and is then used unchecked: the validated graph.

use crate::error::{Error, Status};
use crate::pages::allocate;
use crate::view::{Csr, Indices};

/// A checked sparse matrix by rows, with its own copy of the structure (4 bytes an edge, 8 a row).
///
/// Edges are numbered by their position. A transposed, sampled or selected graph remembers the number that each of
/// its edges had in the graph it came from ([`Graph::edge_ids`]), so that weights by edge serve both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    cols: usize,
    offsets: Vec<usize>,
    indices: Vec<u32>,
    edge_ids: Option<Vec<u32>>,
    /// Edges of the graph that the edge numbers refer to.
    edge_id_limit: usize,
}

impl Graph {
    /// Checks `csr` and copies it.
    ///
    /// Errors: `csr.cols` and the number of edges must be below 2^32 ([`Status::SizeOverflow`]); offsets must be
    /// `rows + 1` values from 0 up to the number of edges ([`Status::ShapeMismatch`],
    /// [`Status::InvalidOffsets`] with the first bad position); indices must be below `cols`
    /// ([`Status::IndexOutOfRange`] with the first bad position). Time: one pass.
    pub fn new(csr: Csr<'_>) -> Result<Graph, Error> {
        let too_many = |n: usize, argument| match u32::try_from(n) {
            Ok(_) => Ok(()),
            Err(_) => Err(Error::new(Status::SizeOverflow, argument).size(n)),
        };
        too_many(csr.cols, c"csr.cols")?;
        too_many(csr.indices.len(), c"csr.edges")?;
        csr.check()?;
        let (wanted, edges) = (csr.offsets.len(), csr.indices.len());
        let mut offsets = allocate(wanted, c"csr.offsets")?;
        offsets.extend((0..wanted).map(|at| csr.offsets.get(at) as usize));
        let mut indices = allocate(edges, c"csr.indices")?;
        match csr.indices {
            Indices::U32(v) => indices.extend_from_slice(v),
            Indices::I32(v) => indices.extend(v.iter().map(|&i| i as u32)),
            Indices::I64(v) => indices.extend(v.iter().map(|&i| i as u32)),
        }
        Ok(Graph::from_parts(csr.cols, offsets, indices))
    }

    /// The graph with every edge turned round: `cols x rows`, each row in ascending order of its source. Edges
    /// between the same two nodes keep their order. Time and memory: linear.
    pub fn transpose(&self) -> Result<Graph, Error> {
        if u32::try_from(self.rows()).is_err() {
            return Err(Error::new(Status::SizeOverflow, c"graph.rows").size(self.rows()));
        }
        let edges = self.indices.len();
        let mut offsets = allocate(self.cols + 1, c"graph")?;
        offsets.resize(self.cols + 1, 0);
        for &i in &self.indices {
            offsets[i as usize + 1] += 1;
        }
        for i in 0..self.cols {
            offsets[i + 1] += offsets[i];
        }
        let mut next = allocate(self.cols, c"graph")?;
        next.extend_from_slice(&offsets[..self.cols]);
        let (mut indices, mut edge_ids) = (allocate(edges, c"graph")?, allocate(edges, c"graph")?);
        indices.resize(edges, 0);
        edge_ids.resize(edges, 0);
        for row in 0..self.rows() {
            for edge in self.offsets[row]..self.offsets[row + 1] {
                let slot = &mut next[self.indices[edge] as usize];
                indices[*slot] = row as u32;
                edge_ids[*slot] = self.edge_ids.as_ref().map_or(edge as u32, |ids| ids[edge]);
                *slot += 1;
            }
        }
        let edge_id_limit = self.edge_id_limit;
        Ok(Graph { cols: self.rows(), offsets, indices, edge_ids: Some(edge_ids), edge_id_limit })
    }

    /// The graph of the given rows, in that order (a row may be taken more than once); the edges keep their numbers.
    ///
    /// Errors: [`Status::IndexOutOfRange`] with the first bad position; [`Status::SizeOverflow`] for 2^32 edges or
    /// more. Time and memory: linear in the rows and their edges.
    pub fn select_rows(&self, rows: Indices<'_>) -> Result<Graph, Error> {
        rows.check(self.rows(), c"rows")?;
        let mut offsets = allocate(rows.len() + 1, c"rows")?;
        offsets.push(0);
        let mut end = 0usize;
        for at in 0..rows.len() {
            end = end.saturating_add(self.row(rows.get(at) as usize).len());
            offsets.push(end);
        }
        if u32::try_from(end).is_err() {
            return Err(Error::new(Status::SizeOverflow, c"rows").size(end));
        }
        let mut edges = allocate(end, c"rows")?;
        for at in 0..rows.len() {
            let row = rows.get(at) as usize;
            edges.extend(self.offsets[row] as u32..self.offsets[row + 1] as u32);
        }
        self.with_edges(offsets, edges)
    }

    /// A graph of valid parts, its edges numbered by position.
    pub(crate) fn from_parts(cols: usize, offsets: Vec<usize>, indices: Vec<u32>) -> Graph {
        let edge_id_limit = indices.len();
        Graph { cols, offsets, indices, edge_ids: None, edge_id_limit }
    }

    /// A graph of some of the edges: of row i those in `edges[offsets[i] .. offsets[i + 1]]`, which keep their
    /// numbers.
    pub(crate) fn with_edges(&self, offsets: Vec<usize>, mut edges: Vec<u32>) -> Result<Graph, Error> {
        let mut indices = allocate(edges.len(), c"graph")?;
        indices.extend(edges.iter().map(|&edge| self.indices[edge as usize]));
        if let Some(ids) = &self.edge_ids {
            edges.iter_mut().for_each(|edge| *edge = ids[*edge as usize]);
        }
        let (edge_ids, edge_id_limit) = (Some(edges), self.edge_id_limit);
        Ok(Graph { cols: self.cols, offsets, indices, edge_ids, edge_id_limit })
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Number of columns.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Number of edges.
    pub fn edges(&self) -> usize {
        self.indices.len()
    }

    /// `rows + 1` offsets.
    pub fn offsets(&self) -> &[usize] {
        &self.offsets
    }

    /// The column of each edge.
    pub fn indices(&self) -> &[u32] {
        &self.indices
    }

    /// The number of values that an array by edge number has: the edges of the graph that was first created.
    pub fn edge_id_limit(&self) -> usize {
        self.edge_id_limit
    }

    /// For a transposed, sampled or selected graph, the number of each edge in the graph that was first created.
    pub fn edge_ids(&self) -> Option<&[u32]> {
        self.edge_ids.as_deref()
    }

    /// The columns of row `i`.
    pub fn row(&self, i: usize) -> &[u32] {
        &self.indices[self.offsets[i]..self.offsets[i + 1]]
    }

    /// Refuses a graph whose shape is not that of this one's transpose.
    /// `names` are those of its rows, columns and edges.
    pub(crate) fn check_turned(
        &self,
        turned: &Graph,
        names: [&'static std::ffi::CStr; 3],
    ) -> Result<(), Error> {
        crate::error::check_size(turned.rows(), self.cols(), names[0])?;
        crate::error::check_size(turned.cols(), self.rows(), names[1])?;
        crate::error::check_size(turned.edges(), self.edges(), names[2])
    }

    /// Refuses the first edge whose column is below the one before it in the same row.
    pub(crate) fn check_sorted(&self, argument: &'static std::ffi::CStr) -> Result<(), Error> {
        for row in 0..self.rows() {
            let start = self.offsets[row];
            if let Some(at) = self.row(row).windows(2).position(|w| w[1] < w[0]) {
                let value = i64::from(self.indices[start + at + 1]);
                return Err(Error::new(Status::NotSorted, argument).at(start + at + 1).integer(value));
            }
        }
        Ok(())
    }
}
