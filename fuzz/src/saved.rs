//! Bytes of saved forms: with a right checksum, or changed.

/// The bytes with a right checksum behind them: FNV-1a with 64 bits over words.
pub fn sealed(mut content: Vec<u8>) -> Vec<u8> {
    let words = content.as_chunks::<4>().0.iter().map(|&word| u64::from(u32::from_le_bytes(word)));
    let sum =
        words.fold(0xcbf2_9ce4_8422_2325u64, |hash, word| (hash ^ word).wrapping_mul(0x0000_0100_0000_01b3));
    content.extend(sum.to_le_bytes());
    content
}

/// A place, a bit of what is done there, and a word: the word set, or one of its bytes changed.
pub fn change(bytes: &mut [u8], changes: &[u8]) {
    for &[place, how, a, b, c, d] in changes.as_chunks().0 {
        let at = usize::from(place) % (bytes.len() / 4) * 4;
        if how.is_multiple_of(2) {
            bytes[at..at + 4].copy_from_slice(&[a, b, c, d]);
        } else {
            bytes[at + usize::from(how / 2 % 4)] ^= a;
        }
    }
}
