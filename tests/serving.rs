//! The Rust example and the programs in C, C++, Java and Go serve the same recommendations with the same score bits,
//! and refuse what is not a file of embeddings.

#[path = "c/natives.rs"]
mod natives;

use natives::{archive, root, run, scratch};
use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

/// The example's embeddings and figures, trained for so short a time that only the serving matters.
static TRAINED: LazyLock<(PathBuf, String)> = LazyLock::new(|| {
    let (embeddings, json) = (scratch().join("serving.emb"), scratch().join("serving.json"));
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root()).args(["run", "--quiet", "--release", "-p", "related_products", "--"]);
    cargo.args(["--epochs", "2", "--query", "gimp", "--query", "gimp-data", "--save"]).arg(&embeddings);
    run(cargo.arg("--json").arg(&json));
    (embeddings, fs::read_to_string(json).expect("figures"))
});

/// `bits name` of each recommendation, as the JSON has them.
fn from_json(text: &str, query: &str) -> Vec<String> {
    let goes_with = text.split("\"goes_with\": {").nth(1).expect("recommendations");
    let list = goes_with.split(&format!("\"{query}\": [")).nth(1).and_then(|rest| rest.split(']').next());
    let value = |entry: &str, key: &str| {
        let rest = entry.split(&format!("\"{key}\": \"")).nth(1).expect("the key");
        rest.split('"').next().expect("a string").to_owned()
    };
    let entries = list.expect("the query").split('}').filter(|entry| entry.contains("bits"));
    entries.map(|entry| format!("{} {}", value(entry, "bits"), value(entry, "name"))).collect()
}

/// A program that takes a file and a name, and what the Rust example says: the same lines, or a refusal.
fn serves_the_bits_of_rust(program: impl Fn() -> Command) {
    let (embeddings, json) = &*TRAINED;
    for query in ["gimp", "gimp-data"] {
        let output = run(program().arg(embeddings).arg(query));
        let text = String::from_utf8(output.stdout).expect("text");
        // Each line is the score, its bits and the name.
        let lines = text.lines().map(|line| line.split_once(' ').expect("a score").1.to_owned());
        let (found, rust) = (lines.collect::<Vec<String>>(), from_json(json, query));
        assert_eq!(rust.len(), 10);
        assert_eq!(found, rust);
    }

    let refused = |file: &OsStr, query: &str| {
        let output = program().arg(file).arg(query).output().expect("the program starts");
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(output.stderr.starts_with(b"goes_with: "), "{output:?}");
        assert!(output.stdout.is_empty(), "{output:?}");
    };
    refused(embeddings.as_os_str(), "no such package");
    refused("no such file".as_ref(), "gimp");
    let mut bytes = fs::read(embeddings).expect("the embeddings");
    let damaged = scratch().join("damaged.emb");
    for cut in [0, 31, 32, 1000, bytes.len() - 1] {
        fs::write(&damaged, &bytes[..cut]).expect("a writable folder");
        refused(damaged.as_os_str(), "gimp");
    }
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&damaged, &bytes).expect("a writable folder");
    refused(damaged.as_os_str(), "gimp");
}

/// Compiles a program with the archive; folders of headers are relative to the project.
fn compiled(compiler: &str, standard: &str, source: &str, headers: &[&str]) -> PathBuf {
    let binary = scratch().join(format!("goes_with_{}", standard.trim_start_matches("-std=")));
    let mut command = Command::new(compiler);
    command.args([standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O1"]);
    for folder in headers {
        command.arg("-I").arg(root().join(folder));
    }
    command.arg(root().join(source)).arg(archive(false)).arg("-o").arg(&binary);
    run(command.args(["-lpthread", "-ldl", "-lm"]));
    binary
}

#[test]
fn c_and_cpp() {
    let c = compiled("cc", "-std=c99", "examples/c/goes_with.c", &["include"]);
    serves_the_bits_of_rust(|| Command::new(&c));
    let headers = ["include", "bindings/cpp/include"];
    let cpp = compiled("c++", "-std=c++17", "bindings/cpp/examples/goes_with.cpp", &headers);
    serves_the_bits_of_rust(|| Command::new(&cpp));
}

#[test]
#[ignore = "needs the jar: make test-serving builds it"]
fn java() {
    let binding = root().join("bindings/java");
    let jar = binding.join("target").join(format!("avocet-{}.jar", env!("CARGO_PKG_VERSION")));
    assert!(jar.exists(), "{jar:?} is missing: make java");
    serves_the_bits_of_rust(|| {
        let mut java = Command::new("java");
        java.arg("-cp").arg(&jar).arg(binding.join("examples/GoesWith.java"));
        java
    });
}

#[test]
#[ignore = "needs the prepared module: make test-serving prepares it"]
fn go() {
    let binary = scratch().join("goes_with_go");
    let mut go = Command::new("go");
    go.current_dir(root().join("bindings/go")).args(["build", "-o"]).arg(&binary).arg("./examples/goes_with");
    run(&mut go);
    serves_the_bits_of_rust(|| Command::new(&binary));
}
