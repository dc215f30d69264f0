//! The command: its JSON, its picture, and the same figures on any number of threads.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn run(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_uncertainty_thresholds"));
    let few = ["--members", "4", "--replicates", "20", "--rows", "100000"];
    let output = command.args(few).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn check(table: &Value, precisions: &[&str], methods: &[&str], intervals: bool) {
    assert_eq!(table.as_object().unwrap().len(), precisions.len());
    for precision in precisions {
        let of = table[precision].as_object().unwrap();
        assert_eq!(of.len(), methods.len(), "{precision}");
        for method in methods {
            let of = &of[*method];
            for figure in ["recall", "precision"] {
                let figure = &of[figure];
                for period in ["fit", "report"] {
                    let absent = figure[period].is_null();
                    // In few rows nothing may reach a high precision.
                    assert!(absent || (0.0..=1.0).contains(&figure[period].as_f64().unwrap()), "{of}");
                }
                let value = figure["report"].as_f64();
                if let (true, Some(value)) = (intervals, value) {
                    let [low, high] = [0, 1].map(|at| figure["interval"][at].as_f64().unwrap());
                    assert!(low <= value && value <= high, "{of}");
                }
            }
        }
        let recall = |method: &str| of.get(method).and_then(|of| of["recall"]["fit"].as_f64());
        if methods.contains(&"mist") {
            assert!(recall("mist") <= recall("exact"), "{precision}");
            assert!(recall("single").is_some_and(|recall| recall > 0.0), "{precision}");
        }
    }
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
    let methods = ["single", "mist", "dp", "exact", "single_wilson", "exact_wilson"];
    let shared = ["single", "mist", "exact", "single_wilson", "exact_wilson"];
    let precisions = ["0.4", "0.5", "0.6", "0.7"];
    check(&all["real"], &precisions, &methods, true);
    for (grid, table) in all["real_grids"].as_object().unwrap() {
        let methods = if grid.ends_with('s') { &shared[..] } else { &methods };
        check(table, &precisions, methods, true);
    }
    assert_eq!(all["real_grids"].as_object().unwrap().len(), 4);
    assert_eq!(all["real_grids"]["8x100"], all["real"]);
    let known = &all["synthetic_known"];
    for grid in ["3x500", "8x200", "16x200"] {
        check(&all["synthetic_grids"][grid], &["0.6", "0.7", "0.8"], &methods, false);
        assert!(known["0.7"][grid].as_f64().unwrap() > known["0.7"]["single"].as_f64().unwrap());
    }
    assert_eq!(all["synthetic_grids"]["3x500"], all["synthetic"]);
    assert_eq!(all["frontier"].as_object().unwrap().len(), 26);

    let picture = fs::read_to_string(picture).unwrap();
    assert_eq!(picture.matches("Share of late flights: ").count(), 2);
    assert_eq!(picture.matches("Precision and recall: ").count(), 2);
    // Each boundary in both periods, and once in the legend.
    assert_eq!(picture.matches("stroke-width=\"3\"").count(), 2 * 2 * 4);
}

#[test]
fn a_missing_file_is_named() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_uncertainty_thresholds"));
    let output = command.args(["--data", "absent.bin"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("absent.bin: there is no such file"));
}
