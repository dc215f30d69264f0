//! What is in the libraries for other languages, and what must not be.

#![cfg(target_os = "linux")]

#[path = "c/natives.rs"]
mod natives;

use natives::{Natives, natives, root, run};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

static NATIVES: LazyLock<Natives> = LazyLock::new(|| natives(false));

/// What readelf says; unlike nm it needs no plugins for objects that hold bitcode.
fn readelf(option: &str, file: &Path) -> String {
    let output = run(Command::new("readelf").args([option, "--wide"]).arg(file));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A line of a symbol table.
struct Symbol<'a> {
    kind: &'a str,
    binding: &'a str,
    visibility: &'a str,
    section: &'a str,
    name: &'a str,
}

fn symbols(table: &str) -> Vec<Symbol<'_>> {
    let rows = table.lines().map(|line| line.split_whitespace().collect::<Vec<&str>>());
    let symbols: Vec<Symbol> = rows
        .filter(|row| row.len() >= 8 && row[0].ends_with(':') && row[0] != "Num:")
        .map(|row| Symbol {
            kind: row[3],
            binding: row[4],
            visibility: row[5],
            section: row[6],
            name: row[7],
        })
        .collect();
    assert!(symbols.len() > 50, "{table}");
    symbols
}

/// The functions that the header declares.
fn declared() -> BTreeSet<String> {
    let header = std::fs::read_to_string(root().join("include/avocet.h")).expect("the header");
    let declared: BTreeSet<String> = header
        .lines()
        .filter(|line| !line.starts_with(['/', '#', ' ']))
        .filter_map(|line| line.split_once('('))
        .filter_map(|(before, _)| before.rsplit([' ', '*']).next())
        .map(String::from)
        .collect();
    assert!(declared.len() > 20, "{declared:?}");
    declared
}

/// An intrinsic that was not inlined into its wrapper is a call for each vector: right results, tens of times
/// slower. Only those that detection uses may be functions.
#[test]
fn no_intrinsic_is_left() {
    let table = readelf("--symbols", &NATIVES.raw);
    let names: Vec<&str> = symbols(&table).into_iter().map(|symbol| symbol.name).collect();
    assert!(names.iter().any(|name| name.contains("6avocet")), "{} names, none of avocet", names.len());
    let left: Vec<&&str> = names
        .iter()
        .filter(|name| name.contains("core_arch"))
        .filter(|name| !name.contains("xgetbv") && !name.contains("cpuid"))
        .collect();
    assert!(left.is_empty(), "{left:#?}");
}

/// What other objects see is the header's functions, each once, and nothing else, weak or strong.
#[test]
fn exports_are_the_header_s_functions() {
    let table = readelf("--symbols", &NATIVES.archive());
    let visible: Vec<&str> = symbols(&table)
        .into_iter()
        .filter(|s| s.binding != "LOCAL" && s.section != "UND")
        .inspect(|s| {
            assert_eq!((s.binding, s.visibility, s.kind), ("GLOBAL", "DEFAULT", "FUNC"), "{}", s.name)
        })
        .map(|s| s.name)
        .collect();
    let declared = declared();
    assert_eq!(visible.len(), declared.len(), "{visible:?}");
    assert_eq!(visible.into_iter().map(String::from).collect::<BTreeSet<_>>(), declared);
}

/// The shared library has the same list, each with the version that it came with.
#[test]
fn the_shared_library_exports_the_same() {
    let table = readelf("--dyn-syms", &NATIVES.shared());
    let visible: BTreeSet<(String, String)> = symbols(&table)
        .into_iter()
        .filter(|s| s.binding != "LOCAL" && s.section != "UND" && s.kind == "FUNC")
        .filter_map(|s| s.name.split_once("@@"))
        .map(|(name, version)| (name.to_string(), version.to_string()))
        .collect();
    let map = std::fs::read_to_string(root().join("packaging/avocet.map")).expect("the version script");
    let mut version = String::new();
    let mut listed = BTreeSet::new();
    for line in map.lines() {
        if let Some(name) = line.strip_suffix(" {") {
            version = name.to_string();
        } else if let Some(name) = line.strip_prefix("    avocet_").and_then(|rest| rest.strip_suffix(';')) {
            assert!(listed.insert((format!("avocet_{name}"), version.clone())), "{name} twice");
        }
    }
    assert_eq!(visible, listed);
    assert_eq!(listed.into_iter().map(|(name, _)| name).collect::<BTreeSet<_>>(), declared());
}

/// The C library is all that it needs, and its name tells the binary interface.
#[test]
fn the_shared_library_needs_only_the_c_library() {
    let table = readelf("--dynamic", &NATIVES.shared());
    let entries = |kind: &str| -> BTreeSet<String> {
        let lines = table.lines().filter(|line| line.contains(kind));
        lines.filter_map(|line| Some(line.split_once('[')?.1.split_once(']')?.0.to_string())).collect()
    };
    let needed = entries("(NEEDED)");
    let known =
        |name: &String| ["libc.so", "libm.so", "ld-linux"].iter().any(|known| name.starts_with(known));
    assert!(!needed.is_empty() && needed.iter().all(known), "{needed:?}");
    let header = std::fs::read_to_string(root().join("include/avocet.h")).expect("the header");
    let abi =
        header.lines().find_map(|line| line.strip_prefix("#define AVOCET_ABI_VERSION ")).expect("the ABI");
    assert_eq!(entries("(SONAME)"), BTreeSet::from([format!("libavocet.so.{abi}")]));
    assert!(!table.contains("TEXTREL"), "{table}");
}

/// Nothing runs before `main` but the standard library's look at the program's arguments.
#[test]
fn the_only_constructor_is_the_standard_library_s() {
    let sections = readelf("--sections", &NATIVES.archive());
    let constructors: Vec<&str> = sections
        .split_whitespace()
        .filter(|word| word.starts_with(".init_array") || word.starts_with(".ctors"))
        .collect();
    assert_eq!(constructors, [".init_array.00099"]);
    let table = readelf("--symbols", &NATIVES.raw);
    let owners: Vec<&str> =
        symbols(&table).into_iter().map(|s| s.name).filter(|name| name.contains("INIT_ARRAY")).collect();
    assert!(!owners.is_empty() && owners.iter().all(|name| name.contains("3std3sys4args")), "{owners:?}");
}

/// Thread-local variables are the standard library's and, touched only where a pool is used, rayon's.
#[test]
fn thread_locals_are_not_ours() {
    let table = readelf("--symbols", &NATIVES.raw);
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

/// The static library is one object, and both have a budget: programs carry them.
#[test]
fn the_libraries_are_small() {
    let members = run(Command::new("ar").arg("t").arg(NATIVES.archive()));
    assert_eq!(String::from_utf8_lossy(&members.stdout), "avocet.o\n");
    for (file, budget) in [(NATIVES.archive(), 23 << 18), (NATIVES.shared(), 7 << 19)] {
        let bytes = std::fs::metadata(&file).expect("a library").len();
        assert!(bytes < budget, "{file:?}: {bytes} bytes");
    }
}
