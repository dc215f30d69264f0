//! The README's C program compiles without warnings, links and prints what it should.

#[path = "c/natives.rs"]
mod natives;

use natives::{archive, root, run, scratch};
use std::fs;
use std::process::Command;

#[test]
fn the_c_program_runs() {
    let readme = fs::read_to_string(root().join("README.md")).expect("a README");
    let program =
        readme.split("```c\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a C program");
    let (source, binary) = (scratch().join("readme.c"), scratch().join("readme"));
    fs::write(&source, program).expect("a writable folder");
    let mut compiler = Command::new("cc");
    compiler
        .args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I"])
        .arg(root().join("include"));
    compiler.args(["-o".as_ref(), binary.as_os_str(), source.as_os_str()]).arg(archive(false)).arg("-lm");
    run(&mut compiler);
    let output = run(&mut Command::new(binary));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "23 39 53\n");
}
