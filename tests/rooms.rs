//! The rooms of the code and who may use what in them.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder exists") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Every line of code (comments left out) that contains one of the words and is not in an allowed place.
fn strays(words: &[&str], allowed: impl Fn(&str) -> bool) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 20, "the sources are where the test looks");
    let mut strays = Vec::new();
    for file in files {
        let name = file.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
        if allowed(&name) {
            continue;
        }
        let text = fs::read_to_string(&file).expect("readable");
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if words.iter().any(|word| code.contains(word)) {
                strays.push(format!("src/{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    strays
}

fn is_ffi(name: &str) -> bool {
    name.starts_with("ffi/") || name.ends_with("/ffi.rs")
}

#[test]
fn instructions_are_named_in_simd_only() {
    let found = strays(&["core::arch", "std::arch", "_mm256_", "_mm512_"], |name| name.starts_with("simd/"));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn threads_come_from_the_pool_only() {
    let words = ["rayon", "thread::spawn", "thread::scope", "thread_local!"];
    let found = strays(&words, |name| name == "pool.rs");
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_c_boundary_is_in_the_ffi_rooms_only() {
    let found = strays(&["extern \"C\"", "no_mangle"], is_ffi);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn unsafe_code_is_in_simd_and_ffi_only() {
    // The guard pages of the conformance tests need the operating system.
    let places = ["simd/", "conformance/", "shared.rs"];
    let allowed = |name: &str| is_ffi(name) || places.iter().any(|place| name.starts_with(place));
    let found = strays(&["unsafe {", "unsafe fn", "unsafe impl"], allowed);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn families_reach_each_other_through_their_safe_api() {
    for family in ["aggregate", "optim", "threshold"] {
        let from_outside = |name: &str| {
            name.starts_with(family) || name.starts_with("simd/") || name.starts_with("conformance/")
        };
        let found = strays(&[&format!("{family}::kernel")], from_outside);
        assert!(found.is_empty(), "{found:#?}");
    }
}

/// The dual layer has no kernels of its own: it joins those of other families as their `mod.rs` gives them out.
#[test]
fn the_dual_layer_names_no_kernel_room() {
    let found = strays(&["kernel::"], |name| !name.starts_with("dual/"));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn kernels_do_not_reach_up() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for family in ["aggregate", "dense", "score", "score/index", "optim", "threshold", "threshold/search"] {
        let text =
            fs::read_to_string(root.join(family).join("kernel.rs")).expect("a family has a kernel room");
        for word in ["crate::pool", "crate::ffi", "crate::graph", "dispatch"] {
            assert!(!text.contains(word), "src/{family}/kernel.rs uses {word}");
        }
    }
}
