//! What is known about a flight when it is scheduled to leave.

use crate::flights::{Flight, Flights};
use crate::rows::{Rows, feature};

/// Stands for what is not known.
const UNKNOWN: u32 = u32::MAX;

/// The bucket of a value, of the given width.
fn bucket(value: Option<i32>, width: i32) -> u32 {
    value.map_or(UNKNOWN, |value| value.div_euclid(width) as u32)
}

/// The bucket of a value by powers of two.
fn scale(value: Option<i32>) -> u32 {
    value.map_or(UNKNOWN, |value| 32 - value.max(0).leading_zeros())
}

/// The fields of a flight, from which its features and those with a signal are hashed.
struct Fields {
    carrier: u32,
    origin: u32,
    destination: u32,
    hour: u32,
    weekday: u32,
    aircraft: u32,
    age: u32,
    seats: u32,
    distance: u32,
    wind: u32,
    rain: u32,
    visibility: u32,
    temperature: u32,
}

impl Fields {
    fn of(all: &Flights, flight: &Flight) -> Self {
        let route = &all.routes[flight.route as usize];
        let plane = flight.plane.map(|plane| all.planes[plane as usize]).unwrap_or_default();
        let weather = all.weather_of(flight);
        Self {
            carrier: route.carrier,
            origin: route.origin,
            destination: route.destination,
            hour: flight.minute as u32 / 60 % 24,
            // The year began on a Tuesday.
            weekday: (flight.minute as u32 / 1440 + 1) % 7,
            aircraft: flight.plane.unwrap_or(UNKNOWN),
            age: bucket(plane.built.map(|built| 2013 - built), 4),
            seats: bucket(plane.seats, 25),
            distance: bucket(Some(route.distance), 250),
            wind: bucket(weather.wind, 5),
            rain: scale(weather.rain),
            visibility: bucket(weather.visibility, 20),
            temperature: bucket(weather.temperature, 10),
        }
    }

    /// Values of the plain fields and of some pairs, in the order that numbers the fields.
    fn values(&self) -> [u32; 22] {
        let pair = |a: u32, b: u32| (a << 16) ^ (b & 0xffff);
        [
            self.carrier,
            self.origin,
            self.destination,
            self.hour,
            self.weekday,
            self.aircraft,
            self.age,
            self.seats,
            self.distance,
            self.wind,
            self.rain,
            self.visibility,
            self.temperature,
            pair(self.carrier, self.origin),
            pair(self.carrier, self.destination),
            pair(self.origin, self.destination),
            pair(self.carrier, self.hour),
            pair(self.origin, self.hour),
            pair(self.weekday, self.hour),
            pair(self.carrier, self.seats),
            pair(self.rain, self.visibility),
            pair(self.destination, self.hour),
        ]
    }
}

/// The features of some flights.
pub fn features(all: &Flights, flights: &[u32]) -> Rows {
    rows(all, flights, |_, _, _| ())
}

/// The features of some flights and a signal of each, alone and with other fields.
pub fn features_with_signal(all: &Flights, flights: &[u32], signals: &[u8]) -> Rows {
    rows(all, flights, |at, fields, row| {
        let signal = u32::from(signals[at]);
        let with = [0, fields.carrier, fields.destination, fields.hour, fields.distance];
        row.extend((100..).zip(with).map(|(field, value)| feature(field, value << 1 | signal)));
    })
}

fn rows(all: &Flights, flights: &[u32], more: impl Fn(usize, &Fields, &mut Vec<u32>)) -> Rows {
    let mut indices = Vec::new();
    let mut width = 1;
    for (at, &flight) in flights.iter().enumerate() {
        let before = indices.len();
        let fields = Fields::of(all, &all.flights[flight as usize]);
        indices.extend((0..).zip(fields.values()).map(|(field, value)| feature(field, value)));
        more(at, &fields, &mut indices);
        width = indices.len() - before;
    }
    Rows { width, indices }
}
