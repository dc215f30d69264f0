//! The columns of the packed flights: varints, with zigzag for signed numbers and 0 for what is absent, and strings.

/// Longest code of a carrier or airport.
const MAX_CODE_BYTES: u32 = 8;

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

    /// A number that may be absent, of less than 30 bits.
    pub(super) fn optional(&mut self, value: Option<i32>) {
        self.number(value.map_or(0, |value| ((value << 1) ^ (value >> 31)) as u32 + 1));
    }

    /// The number of strings, then each with its length.
    pub(super) fn strings(&mut self, strings: &[String]) {
        self.number(strings.len() as u32);
        for string in strings {
            self.number(string.len() as u32);
            self.bytes.extend_from_slice(string.as_bytes());
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

    pub(super) fn number(&mut self) -> ColumnResult<u32> {
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

    /// A number of things that take a byte each at least, so that a wrong one fails before anything is reserved.
    pub(super) fn count(&mut self) -> ColumnResult<usize> {
        let count = self.number()? as usize;
        if count > self.rest.len() { Err("a column ends early") } else { Ok(count) }
    }

    pub(super) fn optional(&mut self) -> ColumnResult<Option<i32>> {
        match self.number()? {
            0 => Ok(None),
            coded if coded > 1 << 30 => Err("a number is out of range"),
            coded => Ok(Some(((coded - 1) >> 1) as i32 ^ -(((coded - 1) & 1) as i32))),
        }
    }

    pub(super) fn strings(&mut self) -> ColumnResult<Vec<String>> {
        let count = self.count()?;
        (0..count)
            .map(|_| {
                let length = self.number()?;
                if length > MAX_CODE_BYTES {
                    return Err("a code is too long");
                }
                let (head, rest) =
                    self.rest.split_at_checked(length as usize).ok_or("a column ends early")?;
                self.rest = rest;
                String::from_utf8(head.to_vec()).map_err(|_| "a code is not UTF-8")
            })
            .collect()
    }

    /// Checks that nothing is left.
    pub(super) fn finish(self) -> ColumnResult<()> {
        if self.rest.is_empty() { Ok(()) } else { Err("there are bytes after the last column") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let numbers = [0, 1, 127, 128, 16_383, 16_384, u32::MAX];
        let optional = [None, Some(0), Some(-1), Some(1), Some(-100_000), Some((1 << 29) - 1)];
        let mut writer = Writer::default();
        numbers.iter().for_each(|&value| writer.number(value));
        optional.iter().for_each(|&value| writer.optional(value));
        let mut reader = Reader::new(&writer.bytes);
        assert!(numbers.iter().all(|&value| reader.number() == Ok(value)));
        assert!(optional.iter().all(|&value| reader.optional() == Ok(value)));
        reader.finish().unwrap();
    }

    #[test]
    fn bad_numbers_are_refused() {
        assert!(Reader::new(&[0xff, 0xff, 0xff, 0xff, 0x10]).number().is_err());
        assert!(Reader::new(&[0x80]).number().is_err());
        assert!(Reader::new(&[0xff, 0xff, 0xff, 0xff, 0x0f]).optional().is_err());
        assert!(Reader::new(&[5, 1, 2]).count().is_err());
        assert!(Reader::new(&[1, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0]).strings().is_err());
    }
}
