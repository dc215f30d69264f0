//! What the tests of the C side share: the libraries, and programs linked with them.

#![allow(dead_code)] // Each test binary uses its part.

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

/// The libraries for other languages, as `make natives` builds them.
#[derive(Clone)]
pub struct Natives {
    /// What `packaging/natives` wrote to: `lib/libavocet.a`, `lib/libavocet.so`.
    pub folder: PathBuf,
    /// The static library as cargo made it, with all symbols.
    pub raw: PathBuf,
}

impl Natives {
    pub fn archive(&self) -> PathBuf {
        self.folder.join("lib/libavocet.a")
    }

    pub fn shared(&self) -> PathBuf {
        self.folder.join("lib/libavocet.so")
    }
}

/// Builds the libraries; those with test hooks have a folder of their own.
pub fn natives(test_hooks: bool) -> Natives {
    let folder = scratch().join(if test_hooks { "hooks" } else { "plain" });
    let mut script = Command::new(root().join("packaging/natives"));
    script.env("CARGO", env!("CARGO")).env("CARGO_TARGET_DIR", &folder).arg(&folder);
    if test_hooks {
        script.args(["--features", "test_hooks"]);
    }
    run(&mut script);
    Natives { raw: folder.join("archive/libavocet.a"), folder }
}

/// The static library of [`natives`].
pub fn archive(test_hooks: bool) -> PathBuf {
    natives(test_hooks).archive()
}
