//! `include/avocet.h` is what cbindgen makes of the sources. `AVOCET_BLESS=1` (`make header`) writes it.

use std::fs;
use std::path::Path;

/// The sources of the header, in its order.
const SOURCES: [&str; 29] = [
    "src/ffi/version.rs",
    "src/ffi/error.rs",
    "src/ffi/views.rs",
    "src/ffi/handles.rs",
    "src/ffi/map.rs",
    "src/convert/ffi.rs",
    "src/aggregate/ffi.rs",
    "src/dense/ffi.rs",
    "src/dual/ffi.rs",
    "src/score/rows/ffi.rs",
    "src/score/ffi.rs",
    "src/score/index/ffi.rs",
    "src/score/index/given/ffi.rs",
    "src/score/index/edit/ffi.rs",
    "src/optim/ffi.rs",
    "src/logistic/ffi.rs",
    "src/logistic/batch/ffi.rs",
    "src/logistic/product/ffi.rs",
    "src/logistic/merge/ffi.rs",
    "src/logistic/sparse/ffi.rs",
    "src/metrics/ffi.rs",
    "src/metrics/binned/ffi.rs",
    "src/threshold/ffi.rs",
    "src/threshold/rows/ffi.rs",
    "src/threshold/bucket/ffi.rs",
    "src/threshold/search/ffi.rs",
    "src/threshold/apply/ffi.rs",
    "src/threshold/uncertainty/ffi.rs",
    "src/threshold/bootstrap/ffi.rs",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn generate() -> String {
    let config = cbindgen::Config::from_file(root().join("cbindgen.toml")).expect("cbindgen.toml");
    let builder = cbindgen::Builder::new().with_config(config);
    let builder = SOURCES.iter().fold(builder, |builder, source| builder.with_src(root().join(source)));
    let mut header = Vec::new();
    builder.generate().expect("sources that cbindgen understands").write(&mut header);
    String::from_utf8(header).expect("UTF-8")
}

#[test]
fn header_is_up_to_date() {
    let path = root().join("include/avocet.h");
    let generated = generate();
    if std::env::var_os("AVOCET_BLESS").is_some() {
        fs::write(&path, &generated).expect("writing the header");
    }
    let committed = fs::read_to_string(&path).expect("include/avocet.h");
    let differs = committed.lines().zip(generated.lines()).position(|(a, b)| a != b);
    assert!(
        committed == generated,
        "out of date (first at line {:?}): make header",
        differs.map(|at| at + 1)
    );
}

/// Every source with entry points is listed, so that none is missing from the header.
#[test]
fn all_entry_points_are_in_the_header() {
    let header = generate();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().is_some_and(|name| name != "test_hooks.rs") {
                let source = fs::read_to_string(&path).expect("a source");
                for (name, _) in entry_points(&source) {
                    assert!(header.contains(&format!(" {name}(")) || header.contains(&format!("*{name}(")));
                }
            }
        }
    }
}

/// The number of an argument in an error is its place in the list that the entry point gives the guard. The list is
/// that of the parameters.
#[test]
fn argument_lists_are_the_parameters() {
    let mut lists = 0;
    for source in SOURCES {
        let source = fs::read_to_string(root().join(source)).expect("a source");
        for (name, text) in entry_points(&source) {
            let (parameters, body) = text.split_once(')').expect("the end of the parameters");
            let parameters: Vec<&str> = parameters
                .split(',')
                .filter_map(|parameter| parameter.split_once(':'))
                .map(|(parameter, _)| parameter.trim())
                .collect();
            let Some((error, parameters)) = parameters.split_last() else { continue };
            if !body.trim_start().starts_with("-> avocet_status") {
                continue;
            }
            assert_eq!(*error, "error", "{name}");
            let list = body.split("names![").nth(1).and_then(|list| list.split(']').next());
            let list: Vec<&str> = list.expect("names![..]").split(',').map(str::trim).collect();
            assert_eq!(list, parameters, "{name}");
            lists += 1;
        }
    }
    assert!(lists > 20, "only {lists} lists found");
}

/// The name of each `extern "C"` function and the text from its parameters on.
fn entry_points(source: &str) -> Vec<(&str, &str)> {
    let starts = source.split("extern \"C\" fn ").skip(1);
    starts.filter_map(|start| start.split_once('(')).collect()
}
