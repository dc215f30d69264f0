//! Every function of the header is in every binding, called by its code and by its tests. `docs/bindings.md` is the
//! table of names; `AVOCET_BLESS=1 cargo test --test bindings` writes it.
//!
//! In each binding the last line of a public item's comment names the C functions that it serves: `C: avocet_map`. The
//! declaration below it gives the name.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{path:?}: {e}"))
}

/// The functions of the header, in its order.
fn functions() -> Vec<String> {
    let header = read(&root().join("include/avocet.h"));
    let declarations = header.lines().filter(|line| !line.starts_with(['/', '#', ' ']));
    let functions: Vec<String> = declarations
        .filter_map(|line| line.split_once('('))
        .filter_map(|(before, _)| before.rsplit([' ', '*']).next())
        .map(String::from)
        .collect();
    assert!(functions.len() > 50, "{functions:?}");
    functions
}

/// All files below a folder whose names end so, in order.
fn sources(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|e| panic!("{folder:?}: {e}")) {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_str().is_some_and(|name| endings.iter().any(|ending| name.ends_with(ending))) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

struct Binding {
    language: &'static str,
    folder: &'static str,
    /// Where public items are, and the endings of their files.
    api: (&'static str, &'static [&'static str]),
    /// Where C is called.
    calls: (&'static str, &'static [&'static str]),
    tests: (&'static str, &'static [&'static str]),
    /// The name that a declaration in a file declares.
    name: fn(declaration: &str, owner: &str) -> String,
}

const BINDINGS: [Binding; 3] = [
    Binding {
        language: "C++",
        folder: "bindings/cpp",
        api: ("include", &[".hpp"]),
        calls: ("include", &[".hpp"]),
        tests: ("tests", &[".cpp", ".hpp"]),
        name: cpp_name,
    },
    Binding {
        language: "Java",
        folder: "bindings/java",
        api: ("src/main/java", &[".java"]),
        calls: ("src/main/c", &[".c", ".h"]),
        tests: ("src/test/java", &[".java"]),
        name: java_name,
    },
    Binding {
        language: "Go",
        folder: "bindings/go",
        api: (".", &[".go"]),
        calls: (".", &["bridge.h"]),
        tests: (".", &["_test.go"]),
        name: go_name,
    },
];

/// The word that ends a text: of "static float* f" it is f.
fn last_word(text: &str) -> &str {
    let start = text.trim_end().rfind(|c: char| !c.is_alphanumeric() && c != '_' && c != '~');
    text.trim_end()[start.map_or(0, |at| at + 1)..].trim()
}

fn word_after<'a>(text: &'a str, keyword: &str) -> Option<&'a str> {
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    words.find(|&word| word == keyword)?;
    words.next()
}

fn cpp_name(declaration: &str, owner: &str) -> String {
    match declaration.split_once('(') {
        Some((before, _)) if owner.is_empty() => last_word(before).to_string(),
        Some((before, _)) => format!("{owner}::{}", last_word(before)),
        None => {
            let class = word_after(declaration, "class").or_else(|| word_after(declaration, "struct"));
            class.unwrap_or_else(|| panic!("no name in {declaration:?}")).to_string()
        }
    }
}

fn java_name(declaration: &str, owner: &str) -> String {
    match declaration.split_once('(') {
        Some((before, _)) => format!("{owner}.{}", last_word(before)),
        None => owner.to_string(),
    }
}

fn go_name(declaration: &str, _: &str) -> String {
    if let Some(method) = declaration.strip_prefix("func (") {
        let (receiver, rest) = method.split_once(") ").expect("a method");
        format!("{}.{}", last_word(receiver), last_word(rest.split(['(', '[']).next().expect("a name")))
    } else {
        let rest = declaration.trim_start_matches("func ").trim_start_matches("type ");
        last_word(rest.split(['(', '[', ' ']).next().expect("a name")).to_string()
    }
}

/// The C functions that a comment line names as served, if it is such a line or goes on with one that ended in a comma.
fn tag(line: &str, goes_on: bool) -> Option<Vec<String>> {
    let text = line.trim().trim_start_matches(['/', '*']).trim();
    let text = if goes_on { text } else { text.strip_prefix("C: ")? };
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    let names: Vec<String> =
        names.map(|name| name.trim_start_matches("{@code ").trim_end_matches('}').to_string()).collect();
    names.iter().all(|name| name.starts_with("avocet_")).then_some(names)
}

fn is_comment(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("//") || line.starts_with('*') || line.starts_with("/*")
}

/// Which names serve each C function, by the tags of a binding.
fn tagged(binding: &Binding) -> BTreeMap<String, Vec<String>> {
    let mut served: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (folder, endings) = binding.api;
    for path in sources(&root().join(binding.folder).join(folder), endings) {
        if path.to_str().is_some_and(|name| name.ends_with("_test.go")) {
            continue;
        }
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let mut owner = if binding.language == "Java" { stem } else { String::new() };
        let mut pending: Option<Vec<String>> = None;
        let mut goes_on = false;
        for line in read(&path).lines() {
            if binding.language == "C++" {
                if line.starts_with("class ") || line.starts_with("struct ") {
                    let head = line.split([':', '{', '<']).next().expect("a head");
                    owner = last_word(head.trim_end_matches("final ").trim()).to_string();
                } else if line.starts_with("};") {
                    owner.clear();
                }
            }
            if let Some(names) = tag(line, goes_on) {
                assert!(goes_on || pending.is_none(), "{path:?}: two tags before one declaration: {line}");
                pending.get_or_insert_default().extend(names);
                goes_on = line.trim_end().ends_with(',');
                continue;
            }
            assert!(!goes_on, "{path:?}: a tag that does not go on: {line}");
            let code = line.trim();
            let skipped = code.is_empty() || is_comment(code) || code.starts_with(['@', '#']);
            if skipped || code.starts_with("template") || code == "[[nodiscard]]" {
                continue;
            }
            for function in pending.take().unwrap_or_default() {
                let name = (binding.name)(code, &owner);
                assert!(!name.is_empty(), "{path:?}: no name in {code:?}");
                served.entry(function).or_default().push(name);
            }
        }
        assert!(pending.is_none(), "{path:?}: a tag without a declaration");
    }
    served
}

/// The words of code, without comments.
fn words(folder: &Path, endings: &[&str]) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for path in sources(folder, endings) {
        let text = read(&path);
        for line in text.lines().filter(|line| !is_comment(line)) {
            let found =
                line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
            words.extend(found.map(String::from));
        }
    }
    words
}

/// Every constant of the header, by its own name where C is called or, in Java, by the end of its name.
#[test]
fn every_constant_is_in_every_binding() {
    let header = read(&root().join("include/avocet.h"));
    let defined = header.lines().filter_map(|line| line.strip_prefix("#define AVOCET_")?.split_once(' '));
    let constants: Vec<&str> = defined
        .map(|(name, _)| name)
        .filter(|name| !name.starts_with("VERSION_M") && *name != "VERSION_PATCH")
        .collect();
    assert!(constants.len() > 50, "{constants:?}");
    let mut missing = Vec::new();
    for binding in &BINDINGS {
        let folder = root().join(binding.folder);
        let mut code = words(&folder.join(binding.calls.0), binding.calls.1);
        code.extend(words(&folder.join(binding.api.0), binding.api.1));
        for constant in &constants {
            let ends = constant.match_indices('_').map(|(at, _)| &constant[at + 1..]).chain([*constant]);
            let by_end = binding.language == "Java" && ends.into_iter().any(|end| code.contains(end));
            if !by_end && !code.contains(&format!("AVOCET_{constant}")) {
                missing.push(format!("{}: AVOCET_{constant}", binding.language));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_function_is_in_every_binding() {
    let functions = functions();
    let mut missing = Vec::new();
    let mut names = Vec::new();
    for binding in &BINDINGS {
        let (language, folder) = (binding.language, root().join(binding.folder));
        let served = tagged(binding);
        let calls = words(&folder.join(binding.calls.0), binding.calls.1);
        let tests = words(&folder.join(binding.tests.0), binding.tests.1);
        for function in &functions {
            let Some(served) = served.get(function) else {
                missing.push(format!("{language}: no comment says C: {function}"));
                continue;
            };
            if !calls.contains(function) {
                missing.push(format!("{language}: nothing calls {function}"));
            }
            for name in served {
                let last = name.rsplit([':', '.']).next().expect("a name");
                // Destructors run without being named.
                if !last.starts_with('~') && !tests.contains(last) {
                    missing.push(format!("{language}: no test names {name} ({function})"));
                }
            }
        }
        for function in served.keys().filter(|name| !functions.contains(name)) {
            missing.push(format!("{language}: {function} is not in the header"));
        }
        names.push(served);
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));

    let mut page = String::from(
        "# The interface in each language\n\nWritten by `AVOCET_BLESS=1 cargo test --test bindings`, which also fails if a \
         function is missing somewhere.\n\n| C | C++ | Java | Go |\n|---|---|---|---|\n",
    );
    for function in &functions {
        let cells = names.iter().map(|served| {
            let items = served[function].iter().map(|name| format!("`{name}`"));
            items.collect::<Vec<_>>().join(", ")
        });
        page += &format!("| `{function}` | {} |\n", cells.collect::<Vec<_>>().join(" | "));
    }
    let path = root().join("docs/bindings.md");
    if std::env::var_os("AVOCET_BLESS").is_some() {
        fs::write(&path, &page).expect("docs/bindings.md");
    }
    assert!(
        read(&path) == page,
        "docs/bindings.md is out of date: AVOCET_BLESS=1 cargo test --test bindings"
    );
}
