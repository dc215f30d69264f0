//! The committed file: its bytes, what is in it, and what becomes of altered files.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::{GzEncoder, ZlibEncoder};
use sha2::{Digest, Sha256};
use shared::flights::{
    FORMAT_VERSION, Flights, InvalidFlights, MAGIC, TsvError, default_path, import_tsv, load, pack, unpack,
};
use shared::packed::{DataErrorKind, HEADER_BYTES};

static FLIGHTS: LazyLock<Flights> = LazyLock::new(|| load(None).unwrap());

#[test]
fn the_file_is_the_documented_one() {
    let file = fs::read(default_path()).unwrap();
    let hex: String = Sha256::digest(&file).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "4b4da441b3b45ce01a0d2a505ca9a23362b0add5371510e4790e9222120f3ed1");
    assert!(file.len() <= 3 << 20);
    let readme = fs::read_to_string(default_path().with_file_name("README.md")).unwrap();
    assert!(readme.contains(&hex), "examples/data/README.md gives another checksum");
    // What was unpacked packs to the same bytes.
    assert!(pack(&FLIGHTS) == file);
}

#[test]
fn counts() {
    let all = &*FLIGHTS;
    assert_eq!(all.flights.len(), 336_776);
    assert_eq!([all.carriers.len(), all.origins.len(), all.destinations.len()], [16, 3, 105]);
    assert_eq!(all.planes.len(), 4_043);
    assert_eq!(all.flights.iter().filter(|flight| flight.dep_delay.is_none()).count(), 8_255);
    let first = &all.flights[0];
    let route = &all.routes[first.route as usize];
    assert_eq!((first.minute, first.dep_delay, first.arr_delay), (315, Some(2), Some(11)));
    assert_eq!((route.distance, first.air_time, first.plane), (1_400, Some(227), Some(0)));
    assert_eq!(all.carriers[route.carrier as usize], "UA");
    assert_eq!(all.destinations[route.destination as usize], "IAH");
    let (plane, weather) = (all.planes[0], all.weather_of(first));
    assert_eq!((plane.built, plane.seats), (Some(1999), Some(149)));
    assert_eq!((weather.temperature, weather.wind, weather.rain), (Some(39), Some(13), Some(0)));
}

#[test]
fn altered_files_are_refused() {
    let mut file = fs::read(default_path()).unwrap();
    assert!(matches!(unpack(&file[..HEADER_BYTES - 1]), Err(DataErrorKind::Length { .. })));
    assert!(matches!(unpack(&file[..file.len() - 1]), Err(DataErrorKind::Length { .. })));
    for (at, right) in [
        (0, (|error| matches!(error, DataErrorKind::Magic)) as fn(&DataErrorKind) -> bool),
        (8, |error| matches!(error, DataErrorKind::Version { .. })),
        (12, |error| matches!(error, DataErrorKind::Length { .. })),
        (20, |error| matches!(error, DataErrorKind::Content(_))),
        (27, |error| matches!(error, DataErrorKind::TooLarge { .. })),
        (28, |error| matches!(error, DataErrorKind::Checksum)),
        (HEADER_BYTES, |error| matches!(error, DataErrorKind::Checksum)),
        (file.len() - 1, |error| matches!(error, DataErrorKind::Checksum)),
    ] {
        file[at] ^= 0x40;
        let error = unpack(&file).unwrap_err();
        assert!(right(&error), "byte {at}: {error:?}");
        file[at] ^= 0x40;
    }
}

#[test]
fn flights_that_do_not_fit_are_refused() {
    let refused = |change: fn(&mut Flights)| {
        let mut all = import_tsv(&table("fit.tsv.gz", &[ROW])).unwrap();
        change(&mut all);
        let InvalidFlights(what) = all.check().unwrap_err();
        what
    };
    assert!(refused(|all| all.flights[0].route = 1).contains("route"));
    assert!(refused(|all| all.flights[0].plane = Some(1)).contains("aircraft"));
    assert!(refused(|all| all.flights[0].minute = 365 * 1440).contains("year"));
    assert!(refused(|all| all.flights[0].air_time = Some(i32::MAX)).contains("out of range"));
    assert!(refused(|all| all.routes[0].origin = 1).contains("route"));
    assert!(refused(|all| all.carriers.insert(0, "ZZ".into())).contains("ascending"));
}

/// A file of these columns, with a right header.
fn file_of(columns: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(columns).unwrap();
    let payload = encoder.finish().unwrap();
    let lengths = [payload.len() as u64, columns.len() as u64].map(u64::to_le_bytes).concat();
    let version = FORMAT_VERSION.to_le_bytes();
    [&MAGIC[..], &version, &lengths, &Sha256::digest(&payload), &payload].concat()
}

#[test]
fn malformed_columns_with_a_right_checksum_are_refused() {
    let all = import_tsv(&table("columns.tsv.gz", &[ROW, ROW])).unwrap();
    let mut columns = Vec::new();
    ZlibDecoder::new(&pack(&all)[HEADER_BYTES..]).read_to_end(&mut columns).unwrap();
    assert!(unpack(&file_of(&columns)).unwrap() == all);
    // All but most of the weather.
    let n = columns.len();
    for at in (0..80).chain(n - 80..n) {
        for value in [0, 1, 2, 0x7f, 0x80, 0xff, columns[at].wrapping_add(1)] {
            let mut altered = columns.clone();
            altered[at] = value;
            match unpack(&file_of(&altered)) {
                Ok(read) => assert!(unpack(&pack(&read)).unwrap() == read, "byte {at} to {value}"),
                Err(error) => assert!(matches!(error, DataErrorKind::Content(_)), "byte {at}: {error:?}"),
            }
        }
        assert!(matches!(unpack(&file_of(&columns[..at])), Err(DataErrorKind::Content(_))), "{at} bytes");
    }
}

const HEAD: &str = "sched_minute\tdep_delay\tarr_delay\tcarrier\torigin\tdest\ttail\tdistance\tair_time\tbuilt\tseats\t\
                    temp_f\twind_mph\tprecip_in_x100\tvisib_mi_x10";
const ROW: &str = "315\t2\t11\tUA\tEWR\tIAH\t0\t1400\t227\t1999\t149\t39\t13\t0\t100";

fn table(name: &str, rows: &[&str]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let mut encoder = GzEncoder::new(File::create(&path).unwrap(), Compression::fast());
    encoder.write_all([&[HEAD], rows].concat().join("\n").as_bytes()).unwrap();
    encoder.finish().unwrap();
    path
}

#[test]
fn tables_are_imported() {
    let cancelled = "400\t\t\tAA\tJFK\tMIA\t\t1089\t\t\t\t\t\t\t";
    let all = import_tsv(&table("good.tsv.gz", &[ROW, cancelled])).unwrap();
    assert_eq!(all.carriers, ["AA", "UA"]);
    assert_eq!((all.flights[0].route, all.flights[1].route), (1, 0));
    assert_eq!((all.flights[1].dep_delay, all.flights[1].plane), (None, None));
    assert!(unpack(&pack(&all)).unwrap() == all);
}

#[test]
fn bad_lines_are_named() {
    let other_plane = ROW.replace("1999", "2000");
    let other_weather = ROW.replace("\t39\t", "\t40\t");
    for row in ["315\t2", &ROW.replace("227", "x"), &other_plane, &other_weather, &ROW.replace("315", "")] {
        let error = import_tsv(&table("bad.tsv.gz", &[ROW, row])).unwrap_err();
        assert!(matches!(error, TsvError::Line(3, _)), "{row}: {error}");
    }
    let early = ROW.replace("315", "314");
    assert!(matches!(import_tsv(&table("order.tsv.gz", &[ROW, &early])), Err(TsvError::Flights(_))));
    assert!(matches!(import_tsv(&PathBuf::from("absent.tsv.gz")), Err(TsvError::Io(..))));
}

#[test]
fn errors_say_the_file_and_what_to_do() {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("other.bin");
    fs::write(&path, [0x7f; 200]).unwrap();
    let text = load(Some(&path)).unwrap_err().to_string();
    for part in ["other.bin: ", "is not a file of packed flights", "made by pack_flights"] {
        assert!(text.contains(part), "{text}");
    }
}
