//! The names of all kernels, read from the source that lists them.

use std::collections::BTreeSet;

/// Where the kernels are listed, from the root of the workspace.
pub const PATH: &str = "src/simd/registry.rs";

/// The kernels of the registry's text: entries `path: name(arguments);` of `for_each_kernel`.
pub fn kernels(text: &str) -> BTreeSet<String> {
    let list = text.split_once("$callback! { [$($extra)*]").map_or("", |(_, list)| list);
    let list = list.split_once('}').map_or(list, |(list, _)| list);
    let name = |entry: &str| Some(entry.split_once('(')?.0.rsplit(':').next()?.trim().to_owned());
    list.split(';').filter_map(name).collect()
}

/// Refuses points that leave kernels out, or that name what is not a kernel.
pub fn check<'a>(
    kernels: &BTreeSet<String>,
    measured: impl Iterator<Item = &'a String>,
) -> Result<(), String> {
    let measured: BTreeSet<_> = measured.cloned().collect();
    let list = |names: Vec<&str>| names.join(", ");
    let missing: Vec<_> = kernels.difference(&measured).map(String::as_str).collect();
    let unknown: Vec<_> = measured.difference(kernels).map(String::as_str).collect();
    if kernels.is_empty() {
        return Err(format!("{PATH} lists no kernels in the form that is known here"));
    }
    if !missing.is_empty() {
        return Err(format!("no bench measures {} (`Work::roof` in benches)", list(missing)));
    }
    if !unknown.is_empty() {
        return Err(format!("{PATH} does not list {}, which the benches name", list(unknown)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn registry() -> BTreeSet<String> {
        kernels(&fs::read_to_string(crate::root().join(PATH)).expect("the registry"))
    }

    #[test]
    fn the_registry_is_understood() {
        let found = registry();
        for name in ["map", "add", "aggregate_rows", "softmax_row", "adagrad"] {
            assert!(found.contains(name), "{name} of {found:?}");
        }
        let text = fs::read_to_string(crate::root().join("src/conformance/mod.rs")).expect("readable");
        assert!(text.contains("for_each_kernel"), "the conformance tests use the same list");
        assert!(
            found
                .iter()
                .all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')),
            "{found:?}"
        );
    }

    #[test]
    fn every_kernel_is_named_by_a_bench() {
        let mut text = String::new();
        for entry in fs::read_dir(crate::root().join("benches")).expect("benches") {
            let path = entry.expect("a readable entry").path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                text += &fs::read_to_string(path).expect("readable");
            }
        }
        let missing: Vec<_> =
            registry().into_iter().filter(|name| !text.contains(&format!("\"{name}\""))).collect();
        assert!(missing.is_empty(), "no bench names {missing:?} in `Work::roof`");
    }

    #[test]
    fn what_is_missing_or_unknown_is_named() {
        let kernels = BTreeSet::from(["add".to_owned(), "map".to_owned()]);
        let check =
            |names: &[&str]| check(&kernels, names.iter().map(|&n| n.to_owned()).collect::<Vec<_>>().iter());
        assert_eq!(check(&["map", "add"]), Ok(()));
        assert!(check(&["map"]).unwrap_err().contains("add"));
        assert!(check(&["map", "add", "mop"]).unwrap_err().contains("mop"));
    }
}
