//! The package graph in memory.

use std::fmt;

use super::sets::TokenSets;

/// A directed edge (source, target) between package ids.
pub type Edge = (u32, u32);

/// A relation between packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// The source recommends the target: the labels.
    Recommends,
    /// The source needs the target.
    Depends,
    /// The source suggests the target.
    Suggests,
}

impl Relation {
    /// All relations, in the order they are packed in.
    pub const ALL: [Self; 3] = [Self::Recommends, Self::Depends, Self::Suggests];
}

/// What a [`PackageGraph`] is made of.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Package names, strictly ascending in byte order; the position is the id.
    pub names: Vec<String>,
    /// One section per package.
    pub sections: TokenSets,
    /// The words of the one-line description.
    pub words: TokenSets,
    /// The debtags.
    pub tags: TokenSets,
    /// Edges per relation in the order of [`Relation::ALL`], strictly ascending by (source, target).
    pub edges: [Vec<Edge>; 3],
}

/// Parts that do not make a graph: what is wrong with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidGraph(pub &'static str);

impl fmt::Display for InvalidGraph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for InvalidGraph {}

/// Packages with their section, words and debtags, and typed edges between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageGraph {
    names: Vec<String>,
    sections: TokenSets,
    words: TokenSets,
    tags: TokenSets,
    edges: [Vec<Edge>; 3],
}

impl PackageGraph {
    /// Checks the parts and makes the graph.
    pub fn new(parts: Parts) -> Result<Self, InvalidGraph> {
        let Parts { names, sections, words, tags, edges } = parts;
        let len = names.len();
        if u32::try_from(len).is_err() {
            return Err(InvalidGraph("more packages than 32 bits count"));
        }
        if !names.is_sorted_by(|a, b| a < b) {
            return Err(InvalidGraph("package names are not strictly ascending"));
        }
        if [&sections, &words, &tags].iter().any(|tokens| tokens.sets.len() != len) {
            return Err(InvalidGraph("a token column does not have one row per package"));
        }
        if sections.sets.rows().any(|row| row.len() != 1) {
            return Err(InvalidGraph("a package does not have exactly one section"));
        }
        for list in &edges {
            if !list.is_sorted_by(|a, b| a < b) {
                return Err(InvalidGraph("edges are not strictly ascending"));
            }
            if list.iter().any(|&(u, v)| u as usize >= len || v as usize >= len) {
                return Err(InvalidGraph("an edge has an end that is no package"));
            }
        }
        Ok(Self { names, sections, words, tags, edges })
    }

    /// Number of packages.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are no packages.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// All package names, in byte order; the position is the id.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The id of the package called `name`.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.names.binary_search_by(|entry| entry.as_str().cmp(name)).ok().map(|id| id as u32)
    }

    /// The section of package `package`.
    pub fn section(&self, package: usize) -> &str {
        &self.sections.vocabulary()[self.sections.ids(package)[0] as usize]
    }

    /// The sections as token sets with one token per package.
    pub fn sections(&self) -> &TokenSets {
        &self.sections
    }

    /// The words of the one-line descriptions.
    pub fn words(&self) -> &TokenSets {
        &self.words
    }

    /// The debtags.
    pub fn tags(&self) -> &TokenSets {
        &self.tags
    }

    /// The edges of a relation, strictly ascending by (source, target).
    pub fn edges(&self, relation: Relation) -> &[Edge] {
        match relation {
            Relation::Recommends => &self.edges[0],
            Relation::Depends => &self.edges[1],
            Relation::Suggests => &self.edges[2],
        }
    }
}
