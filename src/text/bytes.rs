//! Counting bytes.

/// How many of the bytes are wanted, many looked at in one step: an ordinary count checks every addition and so takes
/// them one by one.
pub(crate) fn count(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> usize {
    /// So many fit into a byte.
    const FEW: usize = 128;
    let few = |few: &[u8]| few.iter().fold(0_u8, |count, &byte| count.wrapping_add(u8::from(wanted(byte))));
    bytes.chunks(FEW).map(|bytes| usize::from(few(bytes))).sum()
}

/// How many characters begin in the bytes.
pub(crate) fn characters(bytes: &[u8]) -> usize {
    count(bytes, |byte| byte & 0xC0 != 0x80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_over_any_length() {
        for length in [0, 1, 127, 128, 129, 1_000] {
            let text = "规".repeat(length) + "a\n";
            assert_eq!(characters(text.as_bytes()), length + 2);
            assert_eq!(count(text.as_bytes(), |byte| byte == 0xE8), length);
        }
    }
}
