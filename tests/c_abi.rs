//! The library as C programs see it: `tests/c`, compiled with warnings as errors and linked with the archive.

#![cfg(target_os = "linux")]

#[path = "c/natives.rs"]
mod natives;

use natives::{archive, root, run, scratch};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

static ARCHIVE: LazyLock<PathBuf> = LazyLock::new(|| archive(false));

/// What `tests/c/wrap.h` stands in for.
const WRAPPED: [&str; 5] = ["malloc", "calloc", "realloc", "posix_memalign", "pthread_create"];

/// Compiles `tests/c/<name>.c` with the archive, to an executable that no other test uses.
fn program(name: &str, archive: &Path) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let executable = scratch().join(format!("{name}-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
    let source = root().join("tests/c").join(name).with_extension("c");
    let text = std::fs::read_to_string(&source).expect("a C source");
    let mut cc = Command::new("cc");
    cc.args(["-std=c99", "-D_POSIX_C_SOURCE=200809L", "-O1", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]);
    cc.arg("-I").arg(root().join("include")).arg(&source).arg(archive).arg("-o").arg(&executable);
    if text.contains("\"wrap.h\"") {
        cc.args(WRAPPED.map(|name| format!("-Wl,--wrap={name}")));
    }
    run(cc.args(["-static-libgcc", "-lpthread", "-ldl", "-lm"]));
    executable
}

/// Runs a program that must succeed and print no errors; what it prints otherwise.
fn output_of(executable: &Path, environment: &[(&str, &str)]) -> String {
    let mut command = Command::new(executable);
    command.env_remove("AVOCET_ISA").envs(environment.iter().copied());
    let output = run(&mut command);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{command:?}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn results() {
    output_of(&program("results", &ARCHIVE), &[]);
}

#[test]
fn golden_vectors() {
    let mut program = Command::new(program("golden", &ARCHIVE));
    run(program.env_remove("AVOCET_ISA").arg(root().join("tests/golden/vectors.txt")));
}

#[test]
fn texts_versions_and_tiers() {
    output_of(&program("text", &ARCHIVE), &[]);
}

#[test]
fn pools_do_not_change_results_and_end() {
    output_of(&program("pool", &ARCHIVE), &[]);
}

#[test]
fn calls_allocate_nothing() {
    output_of(&program("allocation", &ARCHIVE), &[]);
}

/// With the hook that panics; nothing may appear on the standard error.
#[test]
fn panics_become_a_status() {
    output_of(&program("panic", &archive(true)), &[]);
}

/// `AVOCET_ISA` lowers the tier, never raises it, and changes no bit.
#[test]
fn tiers_give_the_same_bits() {
    let program = program("tiers", &ARCHIVE);
    let run = |environment: &[(&str, &str)]| {
        let line = output_of(&program, environment);
        let words: Vec<String> = line.split_whitespace().map(String::from).collect();
        let [detected, active, hash] = <[String; 3]>::try_from(words).expect("three words");
        (detected.parse::<i32>().expect("a tier"), active.parse::<i32>().expect("a tier"), hash)
    };
    let (detected, active, wanted) = run(&[]);
    assert_eq!(active, detected);
    let best = i32::MAX;
    for (name, cap) in
        [("portable", 0), ("avx2", 1), ("avx512", 2), ("nonsense", best), ("AVX2", best), ("", best)]
    {
        let found = run(&[("AVOCET_ISA", name)]);
        assert_eq!(found, (detected, cap.min(detected), wanted.clone()), "AVOCET_ISA={name}");
    }
}

/// No byte outside of what was given is read or written, no value is used before it is set, and nothing is leaked.
/// (valgrind does not know AVX-512.)
#[test]
fn memory_is_used_properly() {
    for name in ["results", "errors"] {
        let mut valgrind = Command::new("valgrind");
        valgrind.args([
            "--quiet",
            "--error-exitcode=1",
            "--leak-check=full",
            "--errors-for-leak-kinds=definite",
        ]);
        run(valgrind.env("AVOCET_ISA", "avx2").arg(program(name, &ARCHIVE)));
    }
}

/// The header alone is C99 and later, and C++11 and later.
#[test]
fn header_stands_alone() {
    let header = root().join("include/avocet.h");
    let languages = [
        ("cc", "c", &["c99", "c11", "c17"][..]),
        ("c++", "c++", &["c++11", "c++14", "c++17", "c++20", "c++23"]),
    ];
    for (compiler, language, standards) in languages {
        for standard in standards {
            let mut command = Command::new(compiler);
            command.args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"]);
            run(command.arg(format!("-std={standard}")).args(["-x", language]).arg(&header));
        }
    }
}

/// A function of the header.
struct Function {
    name: String,
    /// Its parameters, `error` included.
    parameters: Vec<String>,
    /// The statuses after "Errors" in its comment, without their prefix; also "those of" a function before it, "without" some.
    errors: BTreeSet<String>,
}

fn functions() -> Vec<Function> {
    let header = std::fs::read_to_string(root().join("include/avocet.h")).expect("the header");
    let known: BTreeSet<&str> = header
        .lines()
        .filter_map(|line| line.strip_prefix("#define AVOCET_ERROR_"))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let mut functions = Vec::new();
    let mut comment = String::new();
    let mut lines = header.lines();
    while let Some(line) = lines.next() {
        if let Some(text) = line.strip_prefix("///") {
            comment += text;
            comment.push('\n');
        } else if line.starts_with(|c: char| c.is_ascii_lowercase()) && line.contains('(') {
            let mut declaration = line.to_string();
            while !declaration.ends_with(';') {
                declaration += lines.next().expect("the end of a declaration");
            }
            let (before, parameters) = declaration.split_once('(').expect("parameters");
            let last_word = |text: &str| text.rsplit([' ', '*']).next().unwrap_or_default().to_string();
            let parameters = parameters.trim_end_matches(");").split(',').map(|text| last_word(text.trim()));
            let errors = comment.split("Errors").nth(1).unwrap_or_default();
            let errors = errors.split_whitespace().collect::<Vec<_>>().join(" ");
            let statuses = |text: &str| -> BTreeSet<String> {
                let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
                words.filter(|word| known.contains(word)).map(String::from).collect()
            };
            let errors = match errors.split_once("those of `") {
                Some((before, after)) => {
                    let (other, after) = after.split_once('`').expect("the end of a name");
                    let other = functions.iter().find(|function: &&Function| function.name == other);
                    let (clause, after) = after.split_once(';').unwrap_or((after, ""));
                    let without = statuses(clause.split_once("without").unwrap_or_default().1);
                    let others = &other.expect("a function before this one").errors - &without;
                    &(&statuses(before) | &others) | &statuses(after)
                }
                None => statuses(&errors),
            };
            functions.push(Function {
                name: last_word(before),
                parameters: parameters.filter(|name| name != "void").collect(),
                errors,
            });
            comment.clear();
        } else {
            comment.clear();
        }
    }
    assert!(functions.len() > 20, "only {} functions found", functions.len());
    functions
}

#[test]
fn every_function_is_called() {
    let read = |name: &str| std::fs::read_to_string(root().join("tests/c").join(name)).expect("a C source");
    let sources = read("results.c") + &read("index_results.h") + &read("text.c");
    let missing: Vec<String> = functions()
        .into_iter()
        .map(|function| function.name)
        .filter(|name| !sources.contains(&format!("{name}(")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Each error that a comment names is provoked, no other is, and each argument is at fault at least once.
#[test]
fn every_error_is_provoked() {
    // A graph of 2^32 rows takes 32 GiB, one of 2^32 edges 16 GiB.
    let too_large =
        [("avocet_graph_transpose", "SIZE_OVERFLOW"), ("avocet_walk_neighbours", "SIZE_OVERFLOW")];
    // Of two bounds in the wrong order the first is named.
    let never_blamed = ("avocet_adaptive_fanout", "max");
    let output = output_of(&program("errors", &ARCHIVE), &[]);
    let provoked: Vec<(&str, &str, usize)> = output
        .lines()
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let status = words[1].strip_prefix("AVOCET_ERROR_").expect("an error");
            (words[0], status, words[2].parse().expect("the number of an argument"))
        })
        .collect();
    let mut fallible = 0;
    for Function { name, parameters, errors } in functions() {
        let Some((last, parameters)) = parameters.split_last() else { continue };
        if last != "error" || name == "avocet_error_format" {
            assert!(errors.is_empty(), "{name} cannot fail");
            continue;
        }
        fallible += 1;
        let found = provoked.iter().filter(|(function, _, _)| *function == name);
        let statuses: BTreeSet<String> = found.clone().map(|(_, status, _)| status.to_string()).collect();
        let mut wanted = errors;
        wanted.retain(|status| !too_large.contains(&(name.as_str(), status.as_str())));
        assert_eq!(statuses, wanted, "{name}");
        for (at, parameter) in parameters.iter().enumerate() {
            let blamed = found.clone().any(|(_, _, argument)| *argument == at + 1);
            assert!(
                blamed || never_blamed == (name.as_str(), parameter.as_str()),
                "{name}: nothing is ever wrong with `{parameter}`"
            );
        }
    }
    assert!(fallible > 20, "only {fallible} functions that can fail");
}
