//! The command: its JSON, its picture, and the same figures on any number of threads.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn run(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_delayed_feedback"));
    let output = command.args(["--days", "44"]).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn figures_and_picture() {
    let [json, again, picture] = ["figures.json", "again.json", "picture.svg"].map(file);
    let [json, again, picture] = [&json, &again, &picture].map(|path| path.to_str().unwrap());
    let printed = run(&["--threads", "1", "--json", json, "--plot", picture]);
    assert_eq!(run(&["--threads", "2", "--json", again]), printed);
    let text = fs::read_to_string(json).unwrap();
    assert_eq!(fs::read_to_string(again).unwrap(), text);

    let all: Value = serde_json::from_str(&text).unwrap();
    for (stream, methods) in [("return", 21), ("late", 25)] {
        let of = all["streams"][stream].as_object().unwrap();
        assert_eq!(of.len(), methods);
        for (method, figures) in of {
            for figure in ["auc", "pr_auc", "log_loss", "calibration"] {
                assert!(figures[figure].as_f64().unwrap() > 0.0, "{stream}.{method}.{figure}");
            }
        }
    }
    let simulated = all["simulated"].as_object().unwrap();
    assert_eq!(simulated.len(), 26);
    for (method, figures) in simulated {
        let absent = method == "defer_no_clip";
        assert_eq!(figures["bias"].is_null(), absent, "{method}");
        assert_eq!(figures["standard_error"].is_null(), absent, "{method}");
    }
    for line in ["  help: ", "  are level with waiting: ", "  do not help, waiting is better: "] {
        assert_eq!(printed.matches(line).count(), 2, "{line}");
    }
    // Seven methods are drawn for Return and nine for Late, each once in its panel and once in the legend.
    let picture = fs::read_to_string(picture).unwrap();
    assert!(picture.contains("return: cumulative log loss above Oracle"));
    assert!(picture.contains("DEFUSE, signal, joint: "));
    assert_eq!(picture.matches("stroke-width=\"2\"").count(), 2 * (7 + 9));
}

#[test]
fn a_missing_file_is_named() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_delayed_feedback"));
    let output = command.args(["--data", "absent.bin"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("absent.bin: there is no such file"));
}
