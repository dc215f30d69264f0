//! Flights with the tables that they refer to.

/// A scheduled flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flight {
    /// Scheduled departure, local time, minutes since the year began.
    pub minute: i32,
    /// Minutes that it left late (negative: early); absent if it did not leave.
    pub dep_delay: Option<i32>,
    /// Minutes that it arrived late; absent if unknown.
    pub arr_delay: Option<i32>,
    /// Minutes in the air; absent if unknown.
    pub air_time: Option<i32>,
    /// Position in [`Flights::routes`].
    pub route: u32,
    /// Position in [`Flights::planes`]; absent if unknown.
    pub plane: Option<u32>,
}

/// Who flies where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// Position in [`Flights::carriers`].
    pub carrier: u32,
    /// Position in [`Flights::origins`].
    pub origin: u32,
    /// Position in [`Flights::destinations`].
    pub destination: u32,
    /// Miles.
    pub distance: i32,
}

/// An aircraft.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Plane {
    /// The year it was built; absent if unknown.
    pub built: Option<i32>,
    /// Its seats; absent if unknown.
    pub seats: Option<i32>,
}

/// The weather at an origin in one hour; what is not known is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weather {
    /// Degrees Fahrenheit.
    pub temperature: Option<i32>,
    /// Wind, miles an hour.
    pub wind: Option<i32>,
    /// Hundredths of an inch of rain.
    pub rain: Option<i32>,
    /// Tenths of a mile that one sees.
    pub visibility: Option<i32>,
}

/// All flights in the order of their scheduled departure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flights {
    /// Codes of the carriers, ascending.
    pub carriers: Vec<String>,
    /// Codes of the airports of departure, ascending.
    pub origins: Vec<String>,
    /// Codes of the destinations, ascending.
    pub destinations: Vec<String>,
    /// The routes, ascending.
    pub routes: Vec<Route>,
    /// The aircraft in the order of their first flight.
    pub planes: Vec<Plane>,
    /// The weather by origin (its position), then by hour of the year: [`Flights::HOURS`] for each origin.
    pub weather: Vec<Weather>,
    /// The flights.
    pub flights: Vec<Flight>,
}

/// What is wrong with flights that do not fit together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidFlights(pub &'static str);

impl Flights {
    /// Hours of the year 2013.
    pub const HOURS: usize = 365 * 24;

    /// Checks that positions are in range, values of a size that no sum of them overflows, and flights in order.
    pub fn check(&self) -> Result<(), InvalidFlights> {
        let ensure = |good: bool, what| if good { Ok(()) } else { Err(InvalidFlights(what)) };
        let Self { carriers, origins, destinations, routes, planes, weather, flights } = self;
        for names in [carriers, origins, destinations] {
            ensure(names.is_sorted_by(|a, b| a < b), "names are not strictly ascending")?;
        }
        let within = |position: u32, of: usize| (position as usize) < of;
        ensure(routes.is_sorted_by(|a, b| a < b), "routes are not strictly ascending")?;
        let known = |route: &Route| {
            within(route.carrier, carriers.len())
                && within(route.origin, origins.len())
                && within(route.destination, destinations.len())
        };
        ensure(routes.iter().all(known), "a route has an end or carrier that is not known")?;
        ensure(origins.len() < 256, "there are too many origins")?;
        ensure(weather.len() == origins.len() * Self::HOURS, "the weather is not that of a year")?;
        let year = 0..Self::HOURS as i32 * 60;
        ensure(
            flights.iter().all(|flight| year.contains(&flight.minute)),
            "a flight is not within the year",
        )?;
        ensure(flights.is_sorted_by_key(|flight| flight.minute), "flights are not in order")?;
        let good = |flight: &Flight| {
            within(flight.route, routes.len())
                && flight.plane.is_none_or(|plane| within(plane, planes.len()))
                && [flight.dep_delay, flight.arr_delay, flight.air_time]
                    .into_iter()
                    .flatten()
                    .all(|minutes| (-100_000..100_000).contains(&minutes))
        };
        ensure(flights.iter().all(good), "a flight has a route, aircraft or time out of range")
    }

    /// The weather when a flight was to leave.
    pub fn weather_of(&self, flight: &Flight) -> &Weather {
        let origin = self.routes[flight.route as usize].origin as usize;
        &self.weather[origin * Self::HOURS + flight.minute as usize / 60]
    }
}
