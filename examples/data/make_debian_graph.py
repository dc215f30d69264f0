#!/usr/bin/env python3
"""Turn a Debian Packages index into tab-separated files for pack_debian.

    apt-get update
    python3 make_debian_graph.py --out DIR                  # asks apt where the index is
    python3 make_debian_graph.py --out DIR --packages FILE  # or a Packages file (.lz4 .xz .gz .zst or plain)

Written to DIR (UTF-8, one header line, gzip without a time stamp):
    nodes.tsv.gz             id, package, section    ids are 0..n-1, packages in byte order
    node_words.tsv.gz        id, words               of the one-line description: a sorted set, lower case, no stop words
    node_features.tsv.gz     id, debtags
    edges_recommends.tsv.gz  src, dst                Recommends
    edges_depends.tsv.gz     src, dst                Depends and Pre-Depends
    edges_suggests.tsv.gz    src, dst                Suggests

Every alternative of "a | b" is an edge. A name that is no package but is provided by exactly one package is
followed to that provider; other virtual names and names outside the index are left out, as are loops and repeats.
Nothing but the index is read, so the same index gives the same bytes.
"""
import argparse
import collections
import gzip
import io
import os
import re
import subprocess
import sys

RELATIONS = {"recommends": ("Recommends",), "depends": ("Pre-Depends", "Depends"), "suggests": ("Suggests",)}
STOP_WORDS = set(
    "a an and are as at be by for from in into is it its of on or that the this to using via with your you "
    "not no can other used use some based".split()
)
WORD = re.compile(r"[a-z][a-z0-9+]+")
PACKAGE = re.compile(r"\s*([a-z0-9][a-z0-9+.\-]*)(?::[a-z0-9-]+)?\s*(?:\(([^)]*)\))?")
DECOMPRESSORS = {".lz4": "lz4", ".xz": "xz", ".gz": "gzip", ".zst": "zstd"}


def find_index(codename, component, arch):
    filters = ["Created-By: Packages", "Codename: " + codename, "Component: " + component, "Architecture: " + arch]
    command = ["apt-get", "indextargets", "--format", "$(FILENAME)", *filters]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    if len(found) != 1:
        wanted = "/".join((codename, component, arch))
        sys.exit("expected one index for %s, got %d: give --packages" % (wanted, len(found)))
    return found[0]


def read_text(path):
    command = DECOMPRESSORS.get(os.path.splitext(path)[1])
    if command:
        data = subprocess.run([command, "-dc", path], capture_output=True, check=True).stdout
    else:
        with open(path, "rb") as file:
            data = file.read()
    return data.decode("utf-8", "replace")


def stanzas(text):
    for block in text.split("\n\n"):
        fields, key = {}, None
        for line in block.split("\n"):
            if line[:1] in (" ", "\t"):
                if key:
                    fields[key] += " " + line.strip()
            elif ":" in line:
                key, _, value = line.partition(":")
                fields[key] = value.strip()
        if "Package" in fields:
            yield fields


def clauses(field):
    for clause in field.split(","):
        names = [m.group(1) for m in map(PACKAGE.match, clause.split("|")) if m]
        if names:
            yield names


def words(description):
    return sorted(set(WORD.findall(description.lower())) - STOP_WORDS)


def debtags(field):
    return sorted({tag.strip() for tag in field.split(",")} - {""})


def edges(packages, ids, providers, fields):
    found = set()
    for name in ids:
        for field in fields:
            for clause in clauses(packages[name].get(field, "")):
                for target in clause:
                    if target not in ids and len(providers[target]) == 1:
                        (target,) = providers[target]
                    if target in ids and target != name:
                        found.add((ids[name], ids[target]))
    return sorted(found)


def write_table(directory, name, header, rows):
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, compresslevel=9, mtime=0) as file:
        for row in [header, *rows]:
            file.write(("\t".join(map(str, row)) + "\n").encode())
    with open(os.path.join(directory, name + ".tsv.gz"), "wb") as file:
        file.write(buffer.getvalue())


def main():
    parser = argparse.ArgumentParser(description="Turn a Debian Packages index into tab-separated files.")
    parser.add_argument("--out", default=".", help="directory for the files")
    parser.add_argument("--packages", help="the index; without it, the one that apt has")
    parser.add_argument("--codename", default="bookworm")
    parser.add_argument("--component", default="main")
    parser.add_argument("--arch", default="amd64")
    args = parser.parse_args()

    packages = {}
    for fields in stanzas(read_text(args.packages or find_index(args.codename, args.component, args.arch))):
        packages.setdefault(fields["Package"], fields)
    ids = {name: i for i, name in enumerate(sorted(packages))}
    providers = collections.defaultdict(set)
    for name, fields in packages.items():
        for clause in clauses(fields.get("Provides", "")):
            providers[clause[0]].add(name)

    os.makedirs(args.out, exist_ok=True)
    fields = [(i, packages[name]) for name, i in ids.items()]
    write_table(args.out, "nodes", ["id", "package", "section"],
                [(i, f["Package"], f.get("Section", "")) for i, f in fields])
    write_table(args.out, "node_words", ["id", "words"],
                [(i, " ".join(words(f.get("Description", "")))) for i, f in fields])
    write_table(args.out, "node_features", ["id", "debtags"],
                [(i, ",".join(debtags(f.get("Tag", "")))) for i, f in fields])
    print("%d packages" % len(ids))
    for relation, names in RELATIONS.items():
        rows = edges(packages, ids, providers, names)
        write_table(args.out, "edges_" + relation, ["src", "dst"], rows)
        print("%d %s" % (len(rows), relation))


if __name__ == "__main__":
    main()
