//! Import of the tab-separated file that `make_flights.py` writes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use super::tables::{Flight, Flights, InvalidFlights, Plane, Route, Weather};

/// The columns, in the order of the file.
const COLUMNS: &str = "sched_minute\tdep_delay\tarr_delay\tcarrier\torigin\tdest\ttail\tdistance\tair_time\tbuilt\t\
                       seats\ttemp_f\twind_mph\tprecip_in_x100\tvisib_mi_x10";

/// Why a tab-separated file could not be imported.
#[derive(Debug)]
pub enum TsvError {
    /// The file could not be read.
    Io(PathBuf, io::Error),
    /// A line (the first is 1) is not what it should be.
    Line(usize, &'static str),
    /// The lines do not fit together.
    Flights(InvalidFlights),
}

impl fmt::Display for TsvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Line(line, what) => write!(f, "line {line}: {what}"),
            Self::Flights(InvalidFlights(what)) => write!(f, "the lines do not fit together: {what}"),
        }
    }
}

impl std::error::Error for TsvError {}

/// Reads the flights of a file.
pub fn import_tsv(path: &Path) -> Result<Flights, TsvError> {
    let mut text = String::new();
    File::open(path)
        .and_then(|file| GzDecoder::new(file).read_to_string(&mut text))
        .map_err(|error| TsvError::Io(path.to_path_buf(), error))?;
    let mut lines = text.lines();
    if lines.next() != Some(COLUMNS) {
        return Err(TsvError::Line(1, "the columns are other ones"));
    }
    let rows: Vec<[&str; 15]> = (2..)
        .zip(lines)
        .map(|(line, text)| {
            let fields: Vec<&str> = text.split('\t').collect();
            fields.try_into().map_err(|_| TsvError::Line(line, "there are not 15 columns"))
        })
        .collect::<Result<_, _>>()?;
    let names = |column: usize| -> Vec<String> {
        let distinct: BTreeSet<&str> = rows.iter().map(|row| row[column]).collect();
        distinct.into_iter().map(String::from).collect()
    };
    let (carriers, origins, destinations) = (names(3), names(4), names(5));
    let mut all = Flights {
        weather: vec![Weather::default(); origins.len() * Flights::HOURS],
        planes: Vec::new(),
        routes: Vec::new(),
        flights: Vec::new(),
        carriers,
        origins,
        destinations,
    };
    let mut routes = Vec::new();
    for (line, row) in (2..).zip(&rows) {
        routes.push(all.take(row).map_err(|what| TsvError::Line(line, what))?);
    }
    all.number_routes(&routes);
    all.check().map_err(TsvError::Flights)?;
    Ok(all)
}

impl Flights {
    /// Takes the flight of a row, and its aircraft and weather if they are new; returns its route.
    fn take(&mut self, row: &[&str; 15]) -> Result<Route, &'static str> {
        let position = |names: &[String], name: &str| {
            names.binary_search_by(|other| other.as_str().cmp(name)).map(|at| at as u32)
        };
        let code = |names, name| position(names, name).map_err(|_| "a code is not known");
        let route = Route {
            carrier: code(&self.carriers, row[3])?,
            origin: code(&self.origins, row[4])?,
            destination: code(&self.destinations, row[5])?,
            distance: number(row[7])?.ok_or("there is no distance")?,
        };
        let minute = number(row[0])?.ok_or("there is no scheduled departure")?;
        let plane = number(row[6])?.map(|plane| u32::try_from(plane).map_err(|_| "an aircraft is negative"));
        let plane = plane.transpose()?;
        let described = Plane { built: number(row[9])?, seats: number(row[10])? };
        match plane.map(|plane| plane as usize) {
            Some(new) if new == self.planes.len() => self.planes.push(described),
            Some(known) if self.planes.get(known) == Some(&described) => {}
            None if described == Plane::default() => {}
            _ => return Err("an aircraft is not the one it was"),
        }
        let hour = usize::try_from(minute / 60).ok().filter(|&hour| hour < Flights::HOURS);
        let hour = route.origin as usize * Flights::HOURS + hour.ok_or("a minute is not of the year")?;
        let weather = Weather {
            temperature: number(row[11])?,
            wind: number(row[12])?,
            rain: number(row[13])?,
            visibility: number(row[14])?,
        };
        let known = &mut self.weather[hour];
        if *known != Weather::default() && *known != weather {
            return Err("the weather of an hour is not what it was");
        }
        *known = weather;
        self.flights.push(Flight {
            minute,
            dep_delay: number(row[1])?,
            arr_delay: number(row[2])?,
            air_time: number(row[8])?,
            route: 0,
            plane,
        });
        Ok(route)
    }

    /// Numbers the routes of the flights in ascending order.
    fn number_routes(&mut self, routes: &[Route]) {
        let distinct: BTreeSet<Route> = routes.iter().copied().collect();
        let positions: BTreeMap<Route, u32> = distinct.iter().copied().zip(0..).collect();
        self.routes = distinct.into_iter().collect();
        for (flight, route) in self.flights.iter_mut().zip(routes) {
            flight.route = positions[route];
        }
    }
}

/// A number, absent if the field is empty.
fn number(field: &str) -> Result<Option<i32>, &'static str> {
    let parse = |field: &str| field.parse().map_err(|_| "a field is not a number");
    if field.is_empty() { Ok(None) } else { parse(field).map(Some) }
}
