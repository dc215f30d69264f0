//! What the benches say about their calls, joined with the times that criterion measured.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::path::Path;

/// One measured call.
pub struct Point {
    /// The bench that it is from.
    pub family: String,
    /// What is called, and the shape.
    pub name: String,
    /// The kernels in which the call spends its time.
    pub kernels: Vec<String>,
    /// Flops of one call.
    pub flops: f64,
    /// Bytes that it must read and write.
    pub bytes: f64,
    /// Bytes that stay in a cache from call to call if they fit.
    pub working_set: f64,
    /// The median.
    pub seconds: f64,
}

impl Point {
    /// Flops a second.
    pub fn rate(&self) -> f64 {
        self.flops / self.seconds
    }

    /// Flops a byte.
    pub fn intensity(&self) -> f64 {
        self.flops / self.bytes
    }
}

#[derive(Deserialize)]
struct Benchmark {
    full_id: String,
}

#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    /// Nanoseconds.
    point_estimate: f64,
}

fn json<T: DeserializeOwned>(path: &Path) -> Result<T, Box<dyn Error>> {
    let text = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", path.display()))?)
}

/// The median times below `folder` by criterion's names.
fn medians(folder: &Path, found: &mut HashMap<String, f64>) -> Result<(), Box<dyn Error>> {
    let latest = folder.join("new");
    if latest.join("benchmark.json").exists() {
        let benchmark: Benchmark = json(&latest.join("benchmark.json"))?;
        let estimates: Estimates = json(&latest.join("estimates.json"))?;
        found.insert(benchmark.full_id, estimates.median.point_estimate * 1e-9);
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            medians(&path, found)?;
        }
    }
    Ok(())
}

/// The points of one bench's list: a line of names, then a line for each call.
fn list(family: &str, text: &str, medians: &HashMap<String, f64>) -> Result<Vec<Point>, Box<dyn Error>> {
    let point = |line: &str| -> Result<Point, Box<dyn Error>> {
        let fields: Vec<_> = line.split('\t').collect();
        let &[id, kernels, name, flops, bytes, working_set] = &fields[..] else {
            return Err(format!("{family}: a line of six fields, not {line:?}").into());
        };
        let seconds = medians.get(id).ok_or(format!("criterion has no result of {id:?}"))?;
        Ok(Point {
            family: family.into(),
            name: name.into(),
            kernels: kernels.split(' ').map(Into::into).collect(),
            flops: flops.parse()?,
            bytes: bytes.parse()?,
            working_set: working_set.parse()?,
            seconds: *seconds,
        })
    };
    text.lines().skip(1).map(point).collect()
}

/// All points of the benches that ran with this target directory, family by family.
pub fn read(target: &Path) -> Result<Vec<Point>, Box<dyn Error>> {
    let hint = |error| format!("no results in {} ({error}): run `cargo bench` first", target.display());
    let mut times = HashMap::new();
    let lists = fs::read_dir(target.join("roofline")).map_err(hint)?;
    medians(&target.join("criterion"), &mut times)?;
    let mut paths = lists.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, std::io::Error>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "tsv"));
    paths.sort();
    let mut points = Vec::new();
    for path in paths {
        let family = path.file_stem().unwrap_or_default().to_string_lossy();
        points.extend(list(&family, &fs::read_to_string(&path)?, &times)?);
    }
    Ok(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_points() {
        let times = HashMap::from([("sum/d64/avx2 1t".to_owned(), 2e-3)]);
        let text = "head\nsum/d64/avx2 1t\tadd map\tsum d64\t4000000\t1000000\t64\n";
        let points = list("dense", text, &times).unwrap();
        assert_eq!(points[0].kernels, ["add", "map"]);
        assert_eq!(points[0].rate(), 2e9);
        assert_eq!(points[0].intensity(), 4.0);
        assert!(list("dense", "head\nother\tmap\tother\t1\t1\t1\n", &times).is_err());
        assert!(list("dense", "head\nsum/d64/avx2 1t\tmap\n", &times).is_err());
    }
}
