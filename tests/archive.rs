//! What is in the static library, and what must not be.

#![cfg(target_os = "linux")]

#[path = "c/natives.rs"]
mod natives;

use natives::{archive, root, run};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

static ARCHIVE: LazyLock<std::path::PathBuf> = LazyLock::new(|| archive(false));

fn output_of(tool: &str, options: &[&str]) -> String {
    let output = run(Command::new(tool).args(options).arg(Path::new(&*ARCHIVE)));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// An intrinsic that was not inlined into its wrapper is a call for each vector: right results, tens of times
/// slower. Only those that detection uses may be functions.
#[test]
fn no_intrinsic_is_left() {
    let symbols = output_of("nm", &["-C"]);
    assert!(symbols.contains("avocet::"), "nm shows no names: {} bytes", symbols.len());
    let left: Vec<&str> = symbols
        .lines()
        .filter(|line| line.contains("core_arch"))
        .filter(|line| !line.contains("xgetbv") && !line.contains("cpuid"))
        .collect();
    assert!(left.is_empty(), "{left:#?}");
}

/// A symbol of `readelf --symbols`.
struct Symbol<'a> {
    kind: &'a str,
    binding: &'a str,
    visibility: &'a str,
    section: &'a str,
    name: &'a str,
}

fn symbols(table: &str) -> Vec<Symbol<'_>> {
    let rows = table.lines().map(|line| line.split_whitespace().collect::<Vec<&str>>());
    rows.filter(|row| row.len() == 8 && row[0].ends_with(':') && row[0] != "Num:")
        .map(|row| Symbol {
            kind: row[3],
            binding: row[4],
            visibility: row[5],
            section: row[6],
            name: row[7],
        })
        .collect()
}

/// What other objects see is the header's functions; and of the standard library, what link-time optimisation does not
/// hide: the personality routine of unwinding and two statics.
#[test]
fn exports_are_the_header_s_functions() {
    let table = output_of("readelf", &["--symbols", "--wide"]);
    let visible: BTreeSet<&str> = symbols(&table)
        .into_iter()
        .filter(|s| s.binding != "LOCAL" && s.visibility == "DEFAULT" && s.section != "UND")
        .map(|s| s.name)
        .filter(|&name| name != "rust_eh_personality" && !(name.starts_with("_R") && name.contains("3std")))
        .collect();
    let header = std::fs::read_to_string(root().join("include/avocet.h")).expect("the header");
    let declared: BTreeSet<&str> = header
        .lines()
        .filter(|line| !line.starts_with(['/', '#', ' ']))
        .filter_map(|line| line.split_once('('))
        .filter_map(|(before, _)| before.rsplit([' ', '*']).next())
        .collect();
    assert!(declared.len() > 20, "{declared:?}");
    assert_eq!(visible, declared);
}

/// Nothing runs before `main` but the standard library's look at the program's arguments.
#[test]
fn the_only_constructor_is_the_standard_library_s() {
    let sections = output_of("readelf", &["--sections", "--wide"]);
    let constructors: Vec<&str> = sections
        .split_whitespace()
        .filter(|word| word.starts_with(".init_array") || word.starts_with(".ctors"))
        .collect();
    assert_eq!(constructors, [".init_array.00099"]);
    let table = output_of("readelf", &["--symbols", "--wide"]);
    let owners: Vec<&str> =
        symbols(&table).into_iter().map(|s| s.name).filter(|name| name.contains("INIT_ARRAY")).collect();
    assert!(!owners.is_empty() && owners.iter().all(|name| name.contains("3std3sys4args")), "{owners:?}");
}

/// Thread-local variables are the standard library's and, touched only where a pool is used, rayon's.
#[test]
fn thread_locals_are_not_ours() {
    let table = output_of("readelf", &["--symbols", "--wide"]);
    let names: BTreeSet<&str> =
        symbols(&table).into_iter().filter(|s| s.kind == "TLS").map(|s| s.name).collect();
    let known = |name: &&&str| {
        ["3std", "10rayon_core", "15crossbeam_epoch"].iter().any(|owner| name.contains(owner))
            && !name.contains("6avocet")
    };
    let unknown: Vec<&&str> = names.iter().filter(|name| !known(name)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    assert!(names.len() <= 8, "{names:#?}");
}

/// What Go programs carry in their repositories has a budget.
#[test]
fn the_archive_is_small() {
    let bytes = std::fs::metadata(&*ARCHIVE).expect("the archive").len();
    assert!(bytes < 12 << 20, "{bytes} bytes");
}
