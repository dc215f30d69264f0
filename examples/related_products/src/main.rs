//! What goes with this? Dual embeddings on a directed graph of packages.

fn main() {}
