//! The libraries in programs of every kind: static, position-independent and shared, with gcc and clang, beside another
//! Rust library, and as an installed package.

#![cfg(target_os = "linux")]

#[path = "c/natives.rs"]
mod natives;

use natives::{Natives, natives, root, run, scratch};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

static HOOKS: LazyLock<Natives> = LazyLock::new(|| natives(true));

/// A compiler with the options of every program.
fn compiler(name: &str, standard: &str) -> Command {
    let mut command = Command::new(name);
    command.args(["-D_POSIX_C_SOURCE=200809L", "-O1", "-Wall", "-Wextra", "-Wpedantic", "-Werror", standard]);
    command.arg("-I").arg(root().join("include"));
    command
}

/// Runs a program that prints no errors; what it prints otherwise.
fn output_of(command: &mut Command) -> String {
    let output = run(command.env_remove("AVOCET_ISA"));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{command:?}");
    String::from_utf8(output.stdout).expect("text")
}

/// How programs are linked: a name, and options.
const KINDS: [(&str, &[&str]); 4] = [
    ("plain", &[]),
    ("static-libgcc", &["-static-libgcc"]),
    ("static-pie", &["-static-pie", "-fPIE"]),
    ("static", &["-static"]),
];

/// A caught panic in a C program of each kind: the unwinder is the part that linking can break.
#[test]
fn programs_of_every_kind() {
    let source = root().join("tests/c/panic.c");
    for compiler_name in ["gcc", "clang"] {
        for (kind, options) in KINDS {
            let program = scratch().join(format!("panic-{compiler_name}-{kind}"));
            let mut command = compiler(compiler_name, "-std=c99");
            command.args(options).arg(&source).arg(HOOKS.archive()).arg("-o").arg(&program);
            run(command.args(["-lpthread", "-ldl", "-lm"]));
            assert_eq!(output_of(&mut Command::new(&program)), "", "{program:?}");
        }
        let program = scratch().join(format!("panic-{compiler_name}-shared"));
        let mut command = compiler(compiler_name, "-std=c99");
        run(command.arg(&source).arg(HOOKS.shared()).arg("-o").arg(&program));
        let mut program = Command::new(&program);
        assert_eq!(output_of(program.env("LD_LIBRARY_PATH", HOOKS.folder.join("lib"))), "");
    }
}

/// The other Rust library: optimised as ours is, so that its copies of the standard library's symbols would clash.
fn neighbour() -> PathBuf {
    let library = scratch().join("libneighbour.a");
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition", "2024", "--crate-type", "staticlib", "-C", "opt-level=3", "-C", "lto=fat"]);
    run(rustc
        .args(["-C", "codegen-units=1"])
        .arg(root().join("tests/c/neighbour.rs"))
        .arg("-o")
        .arg(&library));
    library
}

#[test]
fn beside_another_rust_library() {
    let (source, other) = (root().join("tests/c/neighbours.cpp"), neighbour());
    for compiler_name in ["g++", "clang++"] {
        for (kind, options) in KINDS {
            for ours_first in [true, false] {
                let program = scratch().join(format!("neighbours-{compiler_name}-{kind}-{ours_first}"));
                let mut command = compiler(compiler_name, "-std=c++17");
                command.args(options).arg(&source);
                let (first, second) = if ours_first {
                    (HOOKS.archive(), other.clone())
                } else {
                    (other.clone(), HOOKS.archive())
                };
                command.arg(first).arg(second).arg("-o").arg(&program);
                run(command.args(["-lpthread", "-ldl", "-lm"]));
                // The neighbour prints its panics; ours must not.
                let output = run(&mut Command::new(&program));
                assert_eq!(String::from_utf8_lossy(&output.stdout), "both\n", "{program:?}");
                let errors = String::from_utf8_lossy(&output.stderr).into_owned();
                assert!(!errors.contains("avocet"), "{errors}");
            }
        }
    }
}

/// Header, libraries, pkg-config file and CMake package, used from another place than they were installed to.
#[test]
fn the_installed_package_can_be_moved() {
    let base = scratch().join("package");
    let _ = std::fs::remove_dir_all(&base);
    let plain = natives(false);
    let mut install = Command::new(root().join("packaging/install"));
    run(install.env("DESTDIR", base.join("destination")).arg(&plain.folder).arg("/usr/somewhere"));
    let prefix = base.join("moved to");
    std::fs::rename(base.join("destination/usr/somewhere"), &prefix).expect("the installed files");

    let build = base.join("build");
    let mut cmake = Command::new("cmake");
    cmake.arg("-S").arg(root().join("tests/c/package")).arg("-B").arg(&build);
    let mut option = std::ffi::OsString::from("-DCMAKE_PREFIX_PATH=");
    option.push(&prefix);
    run(cmake.arg(option));
    run(Command::new("cmake").arg("--build").arg(&build));
    for program in ["consumer_static", "consumer_shared"] {
        assert_eq!(output_of(&mut Command::new(build.join(program))), "", "{program}");
    }

    for options in [&["--libs", "--static"][..], &["--libs"]] {
        let program = base.join(options.len().to_string());
        let words = package_words(&prefix, options);
        let mut command = compiler("cc", "-std=c99");
        command.args(package_words(&prefix, &["--cflags"])).arg(root().join("tests/c/text.c"));
        command.arg("-o").arg(&program).args(words).arg("-lm");
        if options.contains(&"--static") {
            command.arg("-static");
        }
        run(&mut command);
        let mut program = Command::new(program);
        assert_eq!(output_of(program.env("LD_LIBRARY_PATH", prefix.join("lib"))), "");
    }
    let version = package_words(&prefix, &["--modversion"]);
    assert_eq!(version, [env!("CARGO_PKG_VERSION")]);
}

/// What pkg-config says of the package, in words; it puts a backslash before spaces.
fn package_words(prefix: &Path, options: &[&str]) -> Vec<String> {
    let mut command = Command::new("pkg-config");
    command.env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig")).args(options).arg("avocet");
    let text = output_of(&mut command).replace("\\ ", "\0");
    text.split_whitespace().map(|word| word.replace('\0', " ")).collect()
}
