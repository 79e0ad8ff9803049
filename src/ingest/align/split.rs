//! Cuts digit runs that lost their separators, by the sums that must hold.

/// One number of a run: which token it stands in, and its digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slice {
    /// Index of the token.
    pub token: usize,
    /// First digit in the token.
    pub from: usize,
    /// The digits.
    pub digits: String,
}

/// Steps of the search before it gives up: a run that long is not one row.
const STEPS: usize = 200_000;
/// Longest number looked for.
const DIGITS: usize = 9;
/// Powers of ten.
const POWERS: [i64; DIGITS] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/// Every way of cutting the tokens into blocks of numbers where the last number of each block is the
/// sum of the others, at most `most` of them. `None` when the search had to give up.
///
/// No number begins with a zero that it does not consist of: offices print 0, not 00, where nothing
/// stands between the numbers.
pub(crate) fn by_sums(tokens: &[&str], blocks: &[usize], most: usize) -> Option<Vec<Vec<Slice>>> {
    search(tokens, blocks, most, true)
}

/// Every way of cutting the tokens into `count` numbers, with no sum to go by.
pub(crate) fn freely(tokens: &[&str], count: usize, most: usize) -> Option<Vec<Vec<Slice>>> {
    search(tokens, &[count], most, false)
}

fn search(tokens: &[&str], blocks: &[usize], most: usize, sums: bool) -> Option<Vec<Vec<Slice>>> {
    if tokens.iter().any(|token| !token.bytes().all(|byte| byte.is_ascii_digit())) {
        return Some(Vec::new());
    }
    let mut digits: Vec<Digit> = Vec::new();
    for (token, text) in tokens.iter().enumerate() {
        let end = digits.len() + text.len();
        digits.extend(text.bytes().map(|byte| Digit { value: i64::from(byte - b'0'), token, end }));
    }
    let numbers = blocks.iter().sum();
    let mut search =
        Search { digits: &digits, blocks, most, sums, total: None, steps: 0, path: Vec::new(), found: Vec::new() };
    match (blocks, tokens.last()) {
        // The last number of a single block ends the run: one length of it after the other, and no part is more.
        ([_], Some(last)) if sums => {
            for size in 1..=last.len().min(DIGITS) {
                search.total = search.number(digits.len() - size, size).map(|value| (value, size));
                if search.total.is_some() {
                    search.step(0, numbers, 0, 0, 0);
                }
            }
        }
        _ => search.step(0, numbers, 0, 0, 0),
    }
    let slice = |&(at, size): &(usize, usize)| {
        let digit = digits.get(at)?;
        let text = tokens.get(digit.token)?;
        let from = at + text.len() - digit.end;
        Some(Slice { token: digit.token, from, digits: text.get(from..from + size)?.to_owned() })
    };
    let found = search.found.iter().map(|way| way.iter().filter_map(slice).collect()).collect();
    (search.steps < STEPS).then_some(found)
}

/// How many digits a number has.
fn width(number: i64) -> usize {
    number.checked_ilog10().map_or(1, |log| usize::try_from(log).unwrap_or_default() + 1)
}

/// A digit of a run: its value, its token, and where in the run that token ends.
struct Digit {
    value: i64,
    token: usize,
    end: usize,
}

struct Search<'a> {
    digits: &'a [Digit],
    blocks: &'a [usize],
    most: usize,
    sums: bool,
    /// What the parts of the only block add up to, and in how many digits that stands at the end.
    total: Option<(i64, usize)>,
    steps: usize,
    /// First digit and length of each number so far.
    path: Vec<(usize, usize)>,
    found: Vec<Vec<(usize, usize)>>,
}

impl Search<'_> {
    /// Takes the number at a digit, of which `open` are still to come, in every length in which the rest can work out.
    ///
    /// Without the bounds on the length this was a quarter of the time of reading text.
    fn step(&mut self, at: usize, open: usize, block: usize, number: usize, sum: i64) {
        self.steps += 1;
        if self.steps >= STEPS || self.found.len() >= self.most {
            return;
        }
        let Some(digit) = self.digits.get(at) else {
            if open == 0 {
                self.found.push(self.path.clone());
            }
            return;
        };
        let Some(&length) = self.blocks.get(block) else { return };
        let left = self.digits.len() - at;
        let last = number + 1 == length;
        let longest = if digit.value == 0 { 1 } else { (digit.end - at).min(DIGITS) };
        if self.sums && last {
            // It is the sum, so its length is known.
            let size = self.total.map_or(width(sum), |(_, size)| size);
            if size <= longest && self.number(at, size) == Some(sum) {
                self.path.push((at, size));
                self.step(at + size, open - 1, block + 1, 0, 0);
                self.path.pop();
            }
            return;
        }
        let (shortest, longest) = match self.total {
            Some((total, ending)) => {
                // The parts behind this one are none of them more than what is left of the total, and all of them
                // together are most with one digit each but for one.
                let Some(parts) = left.checked_sub(ending) else { return };
                let (rest, behind) = (total - sum, open - 2);
                let most = parts.saturating_sub(behind);
                let nines = i64::try_from(9 * behind).unwrap_or(i64::MAX);
                if POWERS.get(most).is_some_and(|power| rest > power - 1 + nines) {
                    return;
                }
                (parts.saturating_sub(behind * width(rest)), longest.min(width(rest)).min(most))
            }
            // The last number of the block is at least this one and the sum so far, and has at least as many digits.
            None if self.sums => {
                let Some(spare) = (left + 2).checked_sub(open) else { return };
                (1, longest.min(spare / 2).min(spare.saturating_sub(width(sum))))
            }
            None => (left.saturating_sub((open - 1) * DIGITS), longest.min((left + 1).saturating_sub(open))),
        };
        let mut value = 0;
        for size in 1..=longest {
            let Some(digit) = self.digits.get(at + size - 1) else { break };
            value = value * 10 + digit.value;
            if self.total.is_some_and(|(total, _)| sum + value > total) {
                break;
            }
            if size < shortest {
                continue;
            }
            self.path.push((at, size));
            let (block, number, sum) = if last { (block + 1, 0, 0) } else { (block, number + 1, sum + value) };
            self.step(at + size, open - 1, block, number, sum);
            self.path.pop();
        }
    }

    /// The number that so many digits make, unless they run over a token or begin with a zero.
    fn number(&self, at: usize, size: usize) -> Option<i64> {
        let digits = self.digits.get(at..at + size)?;
        let first = digits.first()?;
        let whole = at + size <= first.end && (size == 1 || first.value != 0);
        whole.then(|| digits.iter().fold(0, |value, digit| value * 10 + digit.value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(found: Option<Vec<Vec<Slice>>>) -> Vec<Vec<i64>> {
        found.unwrap().iter().map(|cut| cut.iter().map(|slice| slice.digits.parse().unwrap()).collect()).collect()
    }

    #[test]
    fn most_rows_have_one_cut() {
        assert_eq!(values(by_sums(&["640020470"], &[7], 9)), [[64, 0, 0, 2, 0, 4, 70]]);
        assert_eq!(values(by_sums(&["500000", "5"], &[7], 9)), [[5, 0, 0, 0, 0, 0, 5]]);
        assert_eq!(values(by_sums(&["21710000218"], &[7], 9)), [[217, 1, 0, 0, 0, 0, 218]]);
    }

    #[test]
    fn some_rows_have_two() {
        // 1 + 9 + 10 = 20 and 19 + 1 = 20.
        assert_eq!(values(by_sums(&["191000020"], &[7], 9)), [[1, 9, 10, 0, 0, 0, 20], [19, 1, 0, 0, 0, 0, 20]]);
    }

    #[test]
    fn fifteen_numbers_in_one_run() {
        assert_eq!(
            values(by_sums(&["10203120001200000"], &[5, 5, 5], 9)),
            [[1, 0, 2, 0, 3, 12, 0, 0, 0, 12, 0, 0, 0, 0, 0]]
        );
    }

    #[test]
    fn without_a_sum_several_cuts_stand() {
        assert_eq!(values(freely(&["000"], 3, 9)), [[0, 0, 0]]);
        assert!(values(freely(&["693665"], 3, 9)).len() > 1);
    }
}
