//! The file of the packed flights: a header, then the columns, deflated.
//!
//! | bytes | content |
//! |---|---|
//! | 0..8 | [`MAGIC`] |
//! | 8..12 | [`FORMAT_VERSION`], little-endian |
//! | 12..20 | length of the payload in the file, little-endian |
//! | 20..28 | length of the payload unpacked, little-endian |
//! | 28..60 | SHA-256 of the payload as it is in the file |
//! | 60.. | the payload |
//!
//! The payload unpacks to: the codes of carriers, origins and destinations; the routes; the aircraft; the weather, each
//! value of an hour as its difference to the last one known; then the flights by column: minutes (differences), routes,
//! aircraft, departure delays, arrival delays (differences to departure), air times (differences to the route's last).

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use sha2::{Digest, Sha256};

use super::columns::{ColumnResult, Reader, Writer};
use super::error::DataErrorKind;
use super::flights::{Flight, Flights, InvalidFlights, Plane, Route, Weather};

/// The first bytes of the packed flights.
pub const MAGIC: [u8; 8] = *b"NYCFLT13";
/// The version of the format that is written and read.
pub const FORMAT_VERSION: u32 = 1;
/// Length of the header.
pub const HEADER_BYTES: usize = 60;

/// Largest payload that is unpacked, eight times that of the flights.
const MAX_UNPACKED_BYTES: u64 = 32 << 20;

/// Packs flights into the bytes of a file. The same flights give the same bytes.
pub fn pack(flights: &Flights) -> Vec<u8> {
    let columns = write_columns(flights);
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let payload = encoder
        .write_all(&columns)
        .and_then(|()| encoder.finish())
        .expect("writing to a vector does not fail");
    let mut file = Vec::with_capacity(HEADER_BYTES + payload.len());
    file.extend_from_slice(&MAGIC);
    file.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
    file.extend_from_slice(&(payload.len() as u64).to_le_bytes());
    file.extend_from_slice(&(columns.len() as u64).to_le_bytes());
    file.extend_from_slice(&Sha256::digest(&payload));
    file.extend_from_slice(&payload);
    file
}

/// Unpacks the bytes of a file.
pub fn unpack(file: &[u8]) -> Result<Flights, DataErrorKind> {
    let found = file.len() as u64;
    let (header, payload) = file
        .split_first_chunk::<HEADER_BYTES>()
        .ok_or(DataErrorKind::Length { expected: HEADER_BYTES as u64, found })?;
    if header[..8] != MAGIC {
        return Err(DataErrorKind::NotFlights);
    }
    let version = u32::from_le_bytes(field(header, 8));
    if version != FORMAT_VERSION {
        return Err(DataErrorKind::Version { found: version });
    }
    let expected = u64::from_le_bytes(field(header, 12)).saturating_add(HEADER_BYTES as u64);
    if found != expected {
        return Err(DataErrorKind::Length { expected, found });
    }
    if Sha256::digest(payload)[..] != header[28..] {
        return Err(DataErrorKind::Checksum);
    }
    let columns = inflate(payload, u64::from_le_bytes(field(header, 20)))?;
    let flights = read_columns(&columns).map_err(DataErrorKind::Content)?;
    flights.check().map_err(|InvalidFlights(what)| DataErrorKind::Content(what))?;
    Ok(flights)
}

fn field<const N: usize>(header: &[u8; HEADER_BYTES], at: usize) -> [u8; N] {
    std::array::from_fn(|byte| header[at + byte])
}

fn inflate(payload: &[u8], length: u64) -> Result<Vec<u8>, DataErrorKind> {
    if length > MAX_UNPACKED_BYTES {
        return Err(DataErrorKind::TooLarge { limit: MAX_UNPACKED_BYTES });
    }
    let mut columns = Vec::new();
    ZlibDecoder::new(payload)
        .take(length + 1)
        .read_to_end(&mut columns)
        .map_err(|_| DataErrorKind::Content("the payload is not a zlib stream"))?;
    if columns.len() as u64 != length {
        return Err(DataErrorKind::Content("the payload does not unpack to the length in the header"));
    }
    Ok(columns)
}

/// The fields of an hour's weather.
const WEATHER: [fn(&mut Weather) -> &mut Option<i32>; 4] =
    [|w| &mut w.temperature, |w| &mut w.wind, |w| &mut w.rain, |w| &mut w.visibility];

fn write_columns(all: &Flights) -> Vec<u8> {
    let mut writer = Writer::default();
    for names in [&all.carriers, &all.origins, &all.destinations] {
        writer.strings(names);
    }
    writer.number(all.routes.len() as u32);
    for route in &all.routes {
        [route.carrier, route.origin, route.destination].into_iter().for_each(|part| writer.number(part));
        writer.optional(Some(route.distance));
    }
    writer.number(all.planes.len() as u32);
    for plane in &all.planes {
        writer.optional(plane.built);
        writer.optional(plane.seats);
    }
    for of in WEATHER {
        let mut last = 0;
        for hour in &all.weather {
            let value = *of(&mut hour.clone());
            writer.optional(value.map(|value| value - last));
            last = value.unwrap_or(last);
        }
    }
    writer.number(all.flights.len() as u32);
    let mut last = 0;
    for flight in &all.flights {
        writer.number((flight.minute - last) as u32);
        last = flight.minute;
    }
    all.flights.iter().for_each(|flight| writer.number(flight.route));
    all.flights.iter().for_each(|flight| writer.optional(flight.plane.map(|plane| plane as i32)));
    all.flights.iter().for_each(|flight| writer.optional(flight.dep_delay));
    for flight in &all.flights {
        writer.optional(flight.arr_delay.map(|delay| delay - flight.dep_delay.unwrap_or(0)));
    }
    let mut usual = vec![0; all.routes.len()];
    for flight in &all.flights {
        let usual = &mut usual[flight.route as usize];
        writer.optional(flight.air_time.map(|time| time - *usual));
        *usual = flight.air_time.unwrap_or(*usual);
    }
    writer.bytes
}

fn read_columns(columns: &[u8]) -> ColumnResult<Flights> {
    const TOO_LARGE: &str = "a number is out of range";
    let mut reader = Reader::new(columns);
    let [carriers, origins, destinations] = [reader.strings()?, reader.strings()?, reader.strings()?];
    let mut routes = Vec::new();
    for _ in 0..reader.count()? {
        let [carrier, origin, destination] = [reader.number()?, reader.number()?, reader.number()?];
        let distance = reader.optional()?.ok_or("a route has no distance")?;
        routes.push(Route { carrier, origin, destination, distance });
    }
    let mut planes = Vec::new();
    for _ in 0..reader.count()? {
        planes.push(Plane { built: reader.optional()?, seats: reader.optional()? });
    }
    let mut weather = vec![Weather::default(); origins.len().min(256) * Flights::HOURS];
    let sum = |value: Option<i32>, last: i32| {
        value.map(|value| value.checked_add(last).ok_or(TOO_LARGE)).transpose()
    };
    for of in WEATHER {
        let mut last = 0;
        for hour in &mut weather {
            let value = sum(reader.optional()?, last)?;
            *of(hour) = value;
            last = value.unwrap_or(last);
        }
    }
    let count = reader.count()?;
    let empty = Flight { minute: 0, dep_delay: None, arr_delay: None, air_time: None, route: 0, plane: None };
    let mut flights = vec![empty; count];
    let mut last = 0;
    for flight in &mut flights {
        let step = i32::try_from(reader.number()?).map_err(|_| TOO_LARGE)?;
        flight.minute = step.checked_add(last).ok_or(TOO_LARGE)?;
        last = flight.minute;
    }
    for flight in &mut flights {
        flight.route = reader.number()?;
    }
    for flight in &mut flights {
        let plane = reader.optional()?;
        flight.plane = plane.map(|plane| u32::try_from(plane).map_err(|_| TOO_LARGE)).transpose()?;
    }
    for flight in &mut flights {
        flight.dep_delay = reader.optional()?;
    }
    for flight in &mut flights {
        flight.arr_delay = sum(reader.optional()?, flight.dep_delay.unwrap_or(0))?;
    }
    let mut usual = vec![0; routes.len()];
    for flight in &mut flights {
        let usual = usual.get_mut(flight.route as usize).ok_or("a flight has no route")?;
        flight.air_time = sum(reader.optional()?, *usual)?;
        *usual = flight.air_time.unwrap_or(*usual);
    }
    reader.finish()?;
    Ok(Flights { carriers, origins, destinations, routes, planes, weather, flights })
}
