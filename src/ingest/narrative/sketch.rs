//! What a text is worded like, in 64 bytes: two sketches have about as many bytes in common as their texts have
//! runs of five characters, so that copied wording shows without keeping the text.

use crate::text::is_han;

/// Characters in a run.
const RUN: usize = 5;
/// Shorter texts are alike by chance.
const SHORTEST: usize = 100;
/// Bytes of a sketch.
const BINS: usize = 64;

/// The sketch of a text in hexadecimal, its digits and marks left out of account; nothing for a short text.
///
/// Each run falls into one of 64 bins, and of each bin the smallest is kept: in two texts it is the same as often as
/// their runs are (`MinHash` with one permutation: Li, Owen and Zhang, 2012). Mixing every run once for each of the 64
/// instead took a ninth of the time of reading a report.
pub(super) fn sketch<'a>(pieces: impl Iterator<Item = &'a str>) -> Option<String> {
    let characters =
        pieces.flat_map(str::chars).filter(|&one| is_han(one) || one.is_alphanumeric() && !one.is_ascii_digit());
    // As many as most reports have.
    let mut words: Vec<u64> = Vec::with_capacity(2_000);
    words.extend(characters.map(|one| mixed(u32::from(one).into())));
    if words.len() < SHORTEST {
        return None;
    }
    let mut bins = [None; BINS];
    for run in words.windows(RUN) {
        let run = mixed(run.iter().fold(0, |run: u64, &character| run.rotate_left(13) ^ character));
        // The upper six bits choose the bin.
        if let Some(bin) = bins.get_mut(usize::try_from(run >> 58).unwrap_or_default()) {
            *bin = Some(bin.map_or(run, |least: u64| least.min(run)));
        }
    }
    let mut sketch = String::with_capacity(BINS * 2);
    for at in 0..BINS {
        // An empty bin, which only a short text has, takes that of the next one that is not (Shrivastava and Li, 2014).
        let mut ahead = (0_u64..).zip(bins.iter().cycle().skip(at).take(BINS));
        let least = ahead.find_map(|(steps, bin)| bin.map(|least| mixed(least ^ steps))).unwrap_or(0);
        let digit = |value: u64| u32::try_from(value & 0xf).ok().and_then(|value| char::from_digit(value, 16));
        sketch.extend(digit(least >> 4).into_iter().chain(digit(least)));
    }
    Some(sketch)
}

/// A number without any likeness to the one it came from (SplitMix64): the same in every version of the program.
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text of so many different runs, from a place in an endless one.
    fn text(from: u32, length: u32) -> String {
        (from..from + length).filter_map(|at| char::from_u32(0x4e00 + (at * 7919) % 20_000)).collect()
    }

    fn equal(one: &str, other: &str) -> usize {
        let (one, other) = (sketch([one].into_iter()).unwrap(), sketch([other].into_iter()).unwrap());
        let bytes = |text: &str| text.as_bytes().chunks(2).map(<[u8]>::to_vec).collect::<Vec<_>>();
        bytes(&one).iter().zip(bytes(&other)).filter(|(a, b)| **a == *b).count()
    }

    #[test]
    fn figures_and_marks_do_not_count() {
        let (one, other) = (text(0, 400), text(0, 200) + "，2024年" + &text(200, 200).replace('年', ""));
        assert_eq!(equal(&one, &one), 64);
        assert!(equal(&one, &other) > 56, "one character of 400 stands between");
        assert_eq!(sketch(["12", "收到申请3件。"].into_iter()), None);
    }

    #[test]
    fn half_the_runs_are_about_half_the_bytes() {
        // 300 of 900 runs in common: a third of 64 is 21, and chance moves that by 4.
        let found = equal(&text(0, 600), &text(300, 600));
        assert!((10..=33).contains(&found), "{found}");
        assert!(equal(&text(0, 600), &text(5_000, 600)) < 6);
    }
}
