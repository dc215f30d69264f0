//! The columns of a packed graph: unsigned varints, front-coded strings, sets of ids.
//!
//! A set column stores how often each id occurs. Ids are ranked by that number, the most frequent first, so
//! that the differences between the ascending ranks of a row are small.

use std::cmp::Reverse;

use super::sets::IdSets;

/// Largest number of bytes the strings of one column unpack to.
const MAX_STRING_BYTES: usize = 16 << 20;

/// What is wrong with a column.
pub(super) type ColumnResult<T> = Result<T, &'static str>;

/// Appends columns.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) bytes: Vec<u8>,
}

impl Writer {
    /// An unsigned varint: seven bits a byte, low bits first.
    pub(super) fn number(&mut self, mut value: u32) {
        while value > 0x7f {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    fn length(&mut self, value: usize) {
        self.number(u32::try_from(value).expect("lengths of a graph fit 32 bits"));
    }

    /// Strings in ascending order: their number, the lengths shared with the one before, the lengths of the
    /// rest, the rest.
    pub(super) fn strings(&mut self, strings: &[String]) {
        let shared: Vec<usize> = std::iter::once(0)
            .chain(strings.windows(2).map(|pair| shared_prefix(pair[0].as_bytes(), pair[1].as_bytes())))
            .take(strings.len())
            .collect();
        self.length(strings.len());
        for &length in &shared {
            self.length(length);
        }
        for (string, length) in strings.iter().zip(&shared) {
            self.length(string.len() - length);
        }
        for (string, &length) in strings.iter().zip(&shared) {
            self.bytes.extend_from_slice(&string.as_bytes()[length..]);
        }
    }

    /// Sets of ids below `universe`: the occurrences of each id, the size of each row, the ranks of each row.
    pub(super) fn sets(&mut self, sets: &IdSets, universe: usize) {
        let occurrences = count_occurrences(&sets.ids, universe);
        let mut rank = vec![0u32; universe];
        for (position, &id) in ids_by_frequency(&occurrences).iter().enumerate() {
            rank[id as usize] = position as u32;
        }
        for &count in &occurrences {
            self.number(count);
        }
        for row in sets.rows() {
            self.length(row.len());
        }
        let mut ranks = Vec::new();
        for row in sets.rows() {
            ranks.clear();
            ranks.extend(row.iter().map(|&id| rank[id as usize]));
            ranks.sort_unstable();
            let mut floor = 0;
            for &rank in &ranks {
                self.number(rank - floor);
                floor = rank + 1;
            }
        }
    }
}

/// Takes columns from the front of a slice.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn number(&mut self) -> ColumnResult<u32> {
        let mut value = 0u32;
        for shift in (0..35).step_by(7) {
            let (&byte, rest) = self.rest.split_first().ok_or("a column ends early")?;
            self.rest = rest;
            let bits = u32::from(byte & 0x7f);
            if bits.leading_zeros() < shift {
                return Err("a number does not fit 32 bits");
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err("a number does not fit 32 bits")
    }

    /// `count` numbers. Each takes a byte at least, so a wrong count fails before anything is reserved for
    /// it.
    fn numbers(&mut self, count: usize) -> ColumnResult<Vec<u32>> {
        if count > self.rest.len() {
            return Err("a column ends early");
        }
        (0..count).map(|_| self.number()).collect()
    }

    fn take(&mut self, count: usize) -> ColumnResult<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(count).ok_or("a column ends early")?;
        self.rest = rest;
        Ok(head)
    }

    /// Strings that have to be strictly ascending.
    pub(super) fn strings(&mut self) -> ColumnResult<Vec<String>> {
        let count = self.number()? as usize;
        let shared = self.numbers(count)?;
        let added = self.numbers(count)?;
        let mut strings = Vec::with_capacity(count);
        let mut current = Vec::new();
        let mut total = 0usize;
        for (shared, added) in shared.into_iter().zip(added) {
            if shared as usize > current.len() {
                return Err("a string shares more than its predecessor has");
            }
            let added = self.take(added as usize)?;
            current.truncate(shared as usize);
            current.extend_from_slice(added);
            total += current.len();
            if total > MAX_STRING_BYTES {
                return Err("the strings of a column are too long");
            }
            strings.push(String::from_utf8(current.clone()).map_err(|_| "a string is not UTF-8")?);
        }
        if !strings.is_sorted_by(|a, b| a < b) {
            return Err("strings are not strictly ascending");
        }
        Ok(strings)
    }

    /// `rows` sets of ids below `universe`.
    pub(super) fn sets(&mut self, rows: usize, universe: usize) -> ColumnResult<IdSets> {
        let occurrences = self.numbers(universe)?;
        let sizes = self.numbers(rows)?;
        let total: u64 = sizes.iter().map(|&size| u64::from(size)).sum();
        if total > self.rest.len() as u64 {
            return Err("a column ends early");
        }
        let order = ids_by_frequency(&occurrences);
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(0);
        let mut ids = Vec::with_capacity(total as usize);
        for size in sizes {
            let start = ids.len();
            let mut floor = 0;
            for _ in 0..size {
                let rank = self.number()?.checked_add(floor).ok_or("an id is out of range")?;
                ids.push(*order.get(rank as usize).ok_or("an id is out of range")?);
                floor = rank + 1;
            }
            ids[start..].sort_unstable();
            offsets.push(ids.len());
        }
        if count_occurrences(&ids, universe) != occurrences {
            return Err("the ids of a column do not occur as often as it says");
        }
        Ok(IdSets { offsets, ids })
    }

    /// Checks that nothing is left.
    pub(super) fn finish(self) -> ColumnResult<()> {
        if self.rest.is_empty() { Ok(()) } else { Err("there are bytes after the last column") }
    }
}

fn shared_prefix(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

fn count_occurrences(ids: &[u32], universe: usize) -> Vec<u32> {
    let mut occurrences = vec![0; universe];
    for &id in ids {
        occurrences[id as usize] += 1;
    }
    occurrences
}

fn ids_by_frequency(occurrences: &[u32]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..occurrences.len() as u32).collect();
    order.sort_by_key(|&id| Reverse(occurrences[id as usize]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let values = [0, 1, 127, 128, 16_383, 16_384, u32::MAX - 1, u32::MAX];
        let mut writer = Writer::default();
        values.iter().for_each(|&value| writer.number(value));
        let mut reader = Reader::new(&writer.bytes);
        assert_eq!(reader.numbers(values.len()).unwrap(), values);
        reader.finish().unwrap();
    }

    #[test]
    fn numbers_beyond_32_bits_are_refused() {
        for bytes in [[0xff, 0xff, 0xff, 0xff, 0x10], [0xff, 0xff, 0xff, 0xff, 0x8f]] {
            assert_eq!(Reader::new(&bytes).number(), Err("a number does not fit 32 bits"));
        }
    }

    #[test]
    fn a_count_beyond_the_bytes_is_refused() {
        let mut writer = Writer::default();
        writer.number(u32::MAX);
        assert_eq!(Reader::new(&writer.bytes).strings(), Err("a column ends early"));
        assert_eq!(Reader::new(&writer.bytes).sets(0, usize::MAX), Err("a column ends early"));
        assert_eq!(Reader::new(&writer.bytes).sets(1, 0), Err("a column ends early"));
    }

    #[test]
    fn strings_with_a_split_character_come_back() {
        let strings: Vec<String> = ["", "a", "ab", "é", "ê"].map(String::from).to_vec();
        let mut writer = Writer::default();
        writer.strings(&strings);
        assert_eq!(Reader::new(&writer.bytes).strings().unwrap(), strings);
    }

    #[test]
    fn an_id_out_of_range_is_refused() {
        let mut writer = Writer::default();
        [1, 1, 1, 3].iter().for_each(|&value| writer.number(value));
        assert_eq!(Reader::new(&writer.bytes).sets(1, 2), Err("an id is out of range"));
    }
}
