//! The Rust example and the C program serve the same recommendations with the same score bits.

#[path = "c/natives.rs"]
mod natives;

use natives::{archive, root, run, scratch};
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// The example, trained for so short a time that only the serving matters.
fn train(embeddings: &Path, json: &Path) {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root()).args(["run", "--quiet", "--release", "-p", "related_products", "--"]);
    cargo.args(["--epochs", "2", "--query", "gimp", "--query", "gimp-data", "--save"]).arg(embeddings);
    run(cargo.arg("--json").arg(json));
}

fn goes_with() -> std::path::PathBuf {
    let binary = scratch().join("goes_with");
    let mut compiler = Command::new("cc");
    compiler.args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O1", "-I"]);
    compiler.arg(root().join("include")).arg(root().join("examples/c/goes_with.c")).arg(archive(false));
    run(compiler.args(["-lm".as_ref(), "-o".as_ref(), binary.as_os_str()]));
    binary
}

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

#[test]
fn c_serves_the_bits_of_rust() {
    let (embeddings, json) = (scratch().join("serving.emb"), scratch().join("serving.json"));
    train(&embeddings, &json);
    let json = fs::read_to_string(json).expect("figures");
    let program = goes_with();
    for query in ["gimp", "gimp-data"] {
        let output = run(Command::new(&program).arg(&embeddings).arg(query));
        let text = String::from_utf8(output.stdout).expect("text");
        // Each line is the score, its bits and the name.
        let lines = text.lines().map(|line| line.split_once(' ').expect("a score").1.to_owned());
        let (c, rust) = (lines.collect::<Vec<String>>(), from_json(&json, query));
        assert_eq!(rust.len(), 10);
        assert_eq!(c, rust);
    }

    let refused = |file: &OsStr, query: &str| -> Output {
        let output = Command::new(&program).arg(file).arg(query).output().expect("the program starts");
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stderr.starts_with(b"goes_with: "), "{output:?}");
        output
    };
    refused(embeddings.as_os_str(), "no such package");
    refused("no such file".as_ref(), "gimp");
    let mut bytes = fs::read(&embeddings).expect("the embeddings");
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
