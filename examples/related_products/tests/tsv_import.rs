//! Importing the tab-separated files.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use related_products::data::{Relation, TsvError, import_tsv};

const TABLES: [(&str, &str); 6] = [
    ("nodes", "id\tpackage\tsection\n0\tbash\tshells\n1\tbash-doc\tdoc\n2\tzsh\tshells\n"),
    ("node_words", "id\twords\n0\tshell\n1\tdocumentation shell\n2\t\n"),
    ("node_features", "id\tkb\tdebtags\n0\t12\trole::program,scope::utility\n1\t3\t\n2\t4\trole::program\n"),
    ("edges_recommends", "src\tdst\talt\n0\t1\t0\n"),
    ("edges_depends", "src\tdst\n1\t0\n"),
    ("edges_suggests", "src\tdst\n2\t1\n2\t0\n2\t0\n"),
];

fn directory(name: &str) -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&directory).unwrap();
    for (table, text) in TABLES {
        write(&directory, table, text);
    }
    directory
}

fn write(directory: &Path, table: &str, text: &str) {
    let file = File::create(directory.join(format!("{table}.tsv.gz"))).unwrap();
    let mut encoder = GzEncoder::new(file, Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap();
}

#[test]
fn tables_make_a_graph() {
    let graph = import_tsv(&directory("tables")).unwrap();
    assert_eq!(graph.names(), ["bash", "bash-doc", "zsh"]);
    assert_eq!(graph.section(1), "doc");
    assert_eq!(graph.words().tokens(1).collect::<Vec<_>>(), ["documentation", "shell"]);
    assert_eq!(graph.tags().tokens(0).collect::<Vec<_>>(), ["role::program", "scope::utility"]);
    assert_eq!(graph.tags().tokens(1).count(), 0);
    assert_eq!(graph.edges(Relation::Recommends), [(0, 1)]);
    assert_eq!(graph.edges(Relation::Depends), [(1, 0)]);
    assert_eq!(graph.edges(Relation::Suggests), [(2, 0), (2, 1)]);
}

#[test]
fn a_missing_table_is_named() {
    let directory = directory("missing_table");
    fs::remove_file(directory.join("node_words.tsv.gz")).unwrap();
    let error = import_tsv(&directory).unwrap_err();
    assert!(matches!(&error, TsvError::Io { path, .. } if path.ends_with("node_words.tsv.gz")), "{error}");
}

#[test]
fn a_missing_column_is_named() {
    let directory = directory("missing_column");
    write(&directory, "edges_depends", "src\ttarget\n1\t0\n");
    let error = import_tsv(&directory).unwrap_err();
    assert!(matches!(&error, TsvError::Column { column: "dst", .. }), "{error}");
}

#[test]
fn a_bad_line_is_named() {
    for (table, text) in [
        ("nodes", "id\tpackage\tsection\n0\tbash\tshells\n2\tbash-doc\tdoc\n"),
        ("node_words", "id\twords\n0\tshell\n3\tshell\n"),
        ("edges_suggests", "src\tdst\n2\t1\n2\n"),
        ("edges_depends", "src\tdst\n2\t1\n2\tone\n"),
    ] {
        let directory = directory(&format!("bad_line_{table}"));
        write(&directory, table, text);
        let error = import_tsv(&directory).unwrap_err();
        assert!(matches!(&error, TsvError::Line { line: 3, .. }), "{table}: {error}");
    }
}

#[test]
fn an_edge_to_no_package_is_refused() {
    let directory = directory("bad_edge");
    write(&directory, "edges_depends", "src\tdst\n2\t3\n");
    assert!(matches!(import_tsv(&directory), Err(TsvError::Graph(_))));
}
