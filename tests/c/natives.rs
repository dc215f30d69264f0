//! What the tests of the C side share: the static library, and programs linked with it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder that tests may write to, below the target directory.
pub fn scratch() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("natives");
    std::fs::create_dir_all(&folder).expect("a folder below the target directory");
    folder
}

/// Runs a command that must succeed.
pub fn run(command: &mut Command) -> Output {
    let output = command.output();
    let output = output.unwrap_or_else(|e| panic!("{:?} is needed: {e}", command.get_program()));
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    output
}

/// Builds the static library as `make static` does. The one with test hooks has a folder of its own.
pub fn archive(test_hooks: bool) -> PathBuf {
    let folder = scratch().join(if test_hooks { "hooks" } else { "plain" });
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root()).args(["rustc", "--quiet", "-p", "avocet", "--lib", "--profile", "archive"]);
    cargo.args(["--crate-type", "staticlib", "--target-dir"]).arg(&folder);
    if test_hooks {
        cargo.args(["--features", "test_hooks"]);
    }
    run(&mut cargo);
    folder.join("archive/libavocet.a")
}
