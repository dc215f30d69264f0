//! A different Rust library, with a standard library of its own, for programs that link two.

use std::panic::catch_unwind;

/// Panics inside and returns how many of `threads` threads caught theirs.
#[unsafe(no_mangle)]
pub extern "C" fn neighbour_catches(threads: usize) -> usize {
    let caught = |at: usize| catch_unwind(|| std::hint::black_box(vec![1, 2])[2 + at]).is_err();
    let threads: Vec<_> = (0..threads).map(|at| std::thread::spawn(move || caught(at))).collect();
    threads.into_iter().map(|thread| usize::from(thread.join().unwrap_or(false))).sum()
}
