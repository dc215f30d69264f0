//! The saved form of a model: little-endian words of 32 bits.
//!
//! | bytes | content |
//! |---|---|
//! | 8 | `avocetSM` |
//! | 4 | version, 1 |
//! | 4 | optimiser: 0 FTRL, 1 Adagrad, 2 SGD |
//! | 4 x 4 | its numbers in f32: alpha, beta, l1, l2; or rate, epsilon, 0, l2; or rate, 0, 0, l2 |
//! | 4 | number of features |
//! | 4 | 1 with an intercept, else 0 |
//! | 2 x 4 | the intercept's coordinate in f32; zeros without one |
//! | 4 | number of entries |
//! | 12 each | feature (strictly ascending), then its coordinate in f32; those that are all zeros are left out |
//! | 8 | checksum of all words before |
//!
//! Words, version and checksum are those of [`crate::saved`].

use super::kernel::Coordinate;
use super::{Optimiser, SparseModel};
use crate::error::{Error, check_size};
use crate::saved::{CHECKSUM, Reader, Writer};

const MAGIC: [u8; 8] = *b"avocetSM";
const VERSION: u32 = 1;

/// Positions of the fields.
const AT_OPTIMISER: usize = 12;
const AT_NUMBERS: usize = 16;
const AT_FEATURES: usize = 32;
const AT_INTERCEPT: usize = 36;
const AT_COORDINATE: usize = 40;
const AT_COUNT: usize = 48;
const HEAD: usize = 52;
const ENTRY: usize = 12;

/// Whether a coordinate is as in a new model.
fn is_new(coordinate: &Coordinate) -> bool {
    coordinate.map(f32::to_bits) == [0; 2]
}

/// An optimiser as its number and four f32.
fn numbers(optimiser: Optimiser) -> (u32, [f32; 4]) {
    match optimiser {
        Optimiser::Ftrl { alpha, beta, l1, l2 } => (0, [alpha, beta, l1, l2]),
        Optimiser::Adagrad { rate, epsilon, l2 } => (1, [rate, epsilon, 0.0, l2]),
        Optimiser::Sgd { rate, l2 } => (2, [rate, 0.0, 0.0, l2]),
    }
}

/// A coordinate that a model can have: finite, and nothing below 0 in the second number.
fn coordinate(reader: Reader<'_>, at: usize) -> Result<Coordinate, Error> {
    let [first, second] = [reader.real(at), reader.real(at + 4)];
    match (first.is_finite(), second.is_finite() && second.is_sign_positive()) {
        (false, _) => Err(Reader::bad(at).real(first.into())),
        (_, false) => Err(Reader::bad(at + 4).real(second.into())),
        _ => Ok([first, second]),
    }
}

fn optimiser(reader: Reader<'_>) -> Result<Optimiser, Error> {
    let [first, second, l1, l2] = [0, 4, 8, 12].map(|at| reader.real(AT_NUMBERS + at));
    let optimiser = match reader.checked(AT_OPTIMISER, |kind| kind < 3)? {
        0 => Optimiser::Ftrl { alpha: first, beta: second, l1, l2 },
        1 => Optimiser::Adagrad { rate: first, epsilon: second, l2 },
        _ => Optimiser::Sgd { rate: first, l2 },
    };
    optimiser.rule().map_err(|error| Error { value: error.value, ..Reader::bad(AT_NUMBERS) })?;
    // What an optimiser has no use for is 0.
    for (at, number) in (AT_NUMBERS..).step_by(4).zip(numbers(optimiser).1) {
        reader.checked(at, |word| word == number.to_bits())?;
    }
    Ok(optimiser)
}

impl SparseModel {
    /// The number of bytes that [`SparseModel::save`] writes: 60, and 12 for each feature that has been learnt. Time: one
    /// pass over the state.
    pub fn saved_bytes(&self) -> usize {
        HEAD + ENTRY * self.learnt() + CHECKSUM
    }

    /// The number of coordinates that are not as in a new model.
    fn learnt(&self) -> usize {
        self.coordinates.iter().filter(|coordinate| !is_new(coordinate)).count()
    }

    /// Writes the model with the state of its optimiser: little-endian, versioned, with a checksum, the same bytes for the
    /// same model everywhere. [`SparseModel::load`] gives back a model that goes on bit for bit.
    ///
    /// Errors, before `bytes` is touched: another length than [`SparseModel::saved_bytes`]. Time: passes over the state.
    pub fn save(&self, bytes: &mut [u8]) -> Result<(), Error> {
        let learnt = self.learnt();
        check_size(bytes.len(), HEAD + ENTRY * learnt + CHECKSUM, c"bytes")?;
        let mut writer = Writer::new(bytes, MAGIC, VERSION);
        let (kind, numbers) = numbers(self.optimiser);
        writer.word(kind);
        numbers.iter().for_each(|&number| writer.real(number));
        // At most 2^28 features.
        writer.word(self.features() as u32);
        writer.word(u32::from(self.intercept.is_some()));
        self.intercept.unwrap_or_default().iter().for_each(|&value| writer.real(value));
        writer.word(learnt as u32);
        for (feature, coordinate) in self.coordinates.iter().enumerate() {
            if !is_new(coordinate) {
                writer.word(feature as u32);
                coordinate.iter().for_each(|&value| writer.real(value));
            }
        }
        writer.seal();
        Ok(())
    }

    /// The model that [`SparseModel::save`] wrote.
    ///
    /// Errors: bytes that end too early or too late ([`crate::Status::ShapeMismatch`] with their number); any that `save` does
    /// not write, found by the checksum or by what it says ([`crate::Status::InvalidArgument`], with the position of the bad
    /// field); no memory. Time: one pass over the bytes, and making the state.
    pub fn load(bytes: &[u8]) -> Result<SparseModel, Error> {
        let reader = Reader::open(bytes, MAGIC, VERSION, HEAD, |reader| {
            (reader.word(AT_COUNT) as usize).checked_mul(ENTRY)?.checked_add(HEAD)
        })?;
        let optimiser = optimiser(reader)?;
        let most = SparseModel::MAX_FEATURES as u32;
        let features = reader.checked(AT_FEATURES, |features| (1..=most).contains(&features))?;
        let intercept = reader.checked(AT_INTERCEPT, |flag| flag < 2)? == 1;
        let of_intercept = coordinate(reader, AT_COORDINATE)?;
        if !intercept && !is_new(&of_intercept) {
            return Err(Reader::bad(AT_COORDINATE));
        }
        // Before memory is asked for.
        let mut next = 0;
        for at in (HEAD..reader.len()).step_by(ENTRY) {
            next = reader.checked(at, |feature| (next..features).contains(&feature))? + 1;
            if is_new(&coordinate(reader, at + 4)?) {
                return Err(Reader::bad(at + 4));
            }
        }
        let mut model = SparseModel::new(features as usize, intercept, optimiser)
            .map_err(|error| error.about(c"bytes"))?;
        model.intercept = intercept.then_some(of_intercept);
        for at in (HEAD..reader.len()).step_by(ENTRY) {
            model.coordinates[reader.word(at) as usize] = coordinate(reader, at + 4)?;
        }
        Ok(model)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Status;
    use crate::saved::sealed;

    /// A model with two learnt features.
    fn saved(intercept: bool) -> Vec<u8> {
        let mut model = SparseModel::new(10, intercept, Optimiser::ftrl()).unwrap();
        (model.coordinates[3], model.coordinates[7]) = ([0.5, 0.25], [-1.0, 2.0]);
        let mut bytes = vec![0; model.saved_bytes()];
        model.save(&mut bytes).unwrap();
        assert_eq!(sealed(bytes.clone()), bytes);
        bytes
    }

    /// What a checksum cannot find is found by what it says.
    #[test]
    fn contents_are_checked() {
        let word = |value: f32| value.to_bits();
        for (intercept, at, value, position) in [
            (true, AT_OPTIMISER, 3, AT_OPTIMISER),
            (true, AT_NUMBERS, word(f32::NAN), AT_NUMBERS),
            (true, AT_NUMBERS + 8, word(-1.0), AT_NUMBERS),
            (true, AT_FEATURES, 0, AT_FEATURES),
            (true, AT_FEATURES, (1 << 28) + 1, AT_FEATURES),
            (true, AT_FEATURES, 7, HEAD + ENTRY),
            (true, AT_INTERCEPT, 2, AT_INTERCEPT),
            (true, AT_COORDINATE, word(f32::INFINITY), AT_COORDINATE),
            (false, AT_COORDINATE, word(1.0), AT_COORDINATE),
            (true, AT_COORDINATE + 4, word(-0.0), AT_COORDINATE + 4),
            (true, HEAD, 7, HEAD + ENTRY),
            (true, HEAD + ENTRY, 10, HEAD + ENTRY),
            (true, HEAD + 4, word(f32::NAN), HEAD + 4),
            (true, HEAD + 8, word(-2.0), HEAD + 8),
            // Gradient descent has no second number.
            (true, AT_OPTIMISER, 2, AT_NUMBERS + 4),
        ] {
            let mut bytes = saved(intercept);
            bytes[at..at + 4].copy_from_slice(&u32::to_le_bytes(value));
            let error = SparseModel::load(&sealed(bytes)).unwrap_err();
            assert_eq!((error.status, error.position), (Status::InvalidArgument, position as u64), "{at}");
        }
    }

    /// An entry that says nothing is none.
    #[test]
    fn entries_of_zeros_are_refused() {
        let mut bytes = saved(true);
        bytes[HEAD + 4..HEAD + ENTRY].fill(0);
        let error = SparseModel::load(&sealed(bytes)).unwrap_err();
        assert_eq!((error.status, error.position), (Status::InvalidArgument, HEAD as u64 + 4));
    }
}
