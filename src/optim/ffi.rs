//! C entry points of the family.
