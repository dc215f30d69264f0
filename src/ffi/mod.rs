//! What every C entry point shares.
