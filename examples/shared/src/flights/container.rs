//! The file of the packed flights: a header, then the columns, deflated.
//!
//! The payload unpacks to: the codes of carriers, origins and destinations; the routes; the aircraft; the weather, each
//! value of an hour as its difference to the last one known; then the flights by column: minutes (differences), routes,
//! aircraft, departure delays, arrival delays (differences to departure), air times (differences to the route's last).

use super::columns::{ColumnResult, Reader, Writer};
use super::tables::{Flight, Flights, InvalidFlights, Plane, Route, Weather};
use crate::packed::{DataErrorKind, Format};

/// The first bytes of the packed flights.
pub const MAGIC: [u8; 8] = *b"NYCFLT13";
/// The version of the format that is written and read.
pub const FORMAT_VERSION: u32 = 1;

/// The kind of file.
pub static FORMAT: Format =
    Format { magic: MAGIC, version: FORMAT_VERSION, name: "a file of packed flights", maker: "pack_flights" };

/// Packs flights into the bytes of a file. The same flights give the same bytes.
pub fn pack(flights: &Flights) -> Vec<u8> {
    FORMAT.pack(&write_columns(flights))
}

/// Unpacks the bytes of a file.
pub fn unpack(file: &[u8]) -> Result<Flights, DataErrorKind> {
    let flights = read_columns(&FORMAT.unpack(file)?).map_err(DataErrorKind::Content)?;
    flights.check().map_err(|InvalidFlights(what)| DataErrorKind::Content(what))?;
    Ok(flights)
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
